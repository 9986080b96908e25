"""`python -m bench.speed`: every goal of speed, memory and size, side by side with its peer, as ratios.

Ours and the peer's repetitions alternate in one run and the medians are compared, so that a machine that is busy or
slow for a while is so for both. The collections are those of `bench.corpora`: S 12,500 clauses, A 125,000, B 1,250,000.
Peers are fetched by themselves (Lucene by Maven, Datasette and apsw by pip), and left out with a reason where that
fails.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence

from bench import lucene_peer
from bench.machine import describe
from bench.places import BenchProblem
from bench.rows import Row, rows_table
from bench.runs_on_file import keep
from index.engine import IndexProblem

PARTS = ("analysis", "building", "query", "lights", "process", "adding", "web", "whoosh")
OF_B = ("building", "query")  # what the issue asks for of B
LUCENE = ("analysis", "building", "query")


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    top = argparse.ArgumentParser("python -m bench.speed", description=__doc__,
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--parts", default="", help=f"some of {','.join(PARTS)} (default: all; of B {','.join(OF_B)})")
    top.add_argument("--size", choices=("S", "A", "B"), default="A", help="the collection (default A; Whoosh always S)")
    top.add_argument("--repeats", type=int, default=0, metavar="N", help="repetitions (default 3, of B 1)")
    top.add_argument("--queries", type=int, default=100, metavar="N", help="queries of every class (default 100)")
    top.add_argument("--growth", action="store_true", help="125 thousand, 1.25 and 5 million clauses: times and sizes")
    top.add_argument("--no-save", action="store_true", help="do not write to bench/runs")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, save; exit code 0, or 2 with a sentence where something is missing."""
    options = parser().parse_args(arguments)
    try:
        return _growing(options) if options.growth else _run(options)
    except (BenchProblem, IndexProblem) as problem:
        print(problem, file=sys.stderr)
        return 2


def _growing(options: argparse.Namespace) -> int:
    from bench.growth import growing

    machine = describe()
    found = growing(options.queries)
    if not options.no_save:
        keep(found, machine)
        _tell()
    return 0


def _run(options: argparse.Namespace) -> int:
    machine = describe()
    parts = _chosen(options)
    found: list[Row] = []
    reason = lucene_peer.missing()
    for name in parts:
        if reason and name in LUCENE:
            print(f"{name} is left out: {reason}", flush=True)
            continue
        started = time.perf_counter()
        rows = _measures(options)[name]()
        found += rows
        print(f"\n### {name}: {time.perf_counter() - started:.0f} s\n\n{rows_table(rows)}", flush=True)
        if not options.no_save:
            keep(rows, machine)
    if not options.no_save:
        _tell()
    return 0


def _tell() -> None:
    from bench.performance_page import write

    print("\nwritten:", *write())


def _chosen(options: argparse.Namespace) -> Sequence[str]:
    parts = options.parts.split(",") if options.parts else OF_B if options.size == "B" else PARTS
    for name in parts:
        if name not in PARTS:
            raise BenchProblem(f"There is no part {name!r}. The parts are: {', '.join(PARTS)}.")
    return parts


def _measures(options: argparse.Namespace) -> dict[str, Callable[[], list[Row]]]:
    """Return what measures each part; the modules are imported where they are needed."""
    from bench import asking, building, processes

    size = options.size
    repeats = options.repeats or (1 if size == "B" else 3)

    def whoosh() -> list[Row]:
        from bench.whoosh_peer import comparing

        return comparing("S", repeats, options.queries)

    return {
        "analysis": lambda: building.analysing(size, repeats),
        "building": lambda: building.building(size, repeats),
        "query": lambda: asking.asking(size, max(3, repeats), options.queries),
        "lights": lambda: asking.lighting(size, repeats, options.queries),
        "process": lambda: processes.starting(size, 3 * repeats),
        "adding": lambda: processes.adding(size, 3 * repeats),
        "web": lambda: processes.serving(size),
        "whoosh": whoosh,
    }


if __name__ == "__main__":
    sys.exit(main())
