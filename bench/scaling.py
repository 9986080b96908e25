"""`python -m bench.scaling`: the table of docs/scaling.md, reckoned from the runs on file; `--check` compares alone."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.places import CHECKOUT, RUNS, BenchProblem
from bench.report import table

PAGE = CHECKOUT / "docs" / "scaling.md"
BEGIN, END = "<!-- made by python -m bench.scaling -->", "<!-- end of what bench.scaling made -->"
SIZES = (10**6, 10**7, 10**8, 10**9)
# What the table takes for granted. Change a row and the table follows.
ASSUMED: dict[str, tuple[float, str]] = {
    "shard_clauses": (5e6, "clauses of one shard at most: small enough to be copied to another node within minutes"),
    "node_cores": (8, "cores of a node; each primary shard is searched on one of them at a time"),
    "copies": (2, "of every shard: one node may be lost"),
    "generations": (2, "on the disks while a new index is built beside the old one"),
    "disk_full": (0.8, "of a disk at most: from 85 % on OpenSearch places no more shards there"),
    "cached": (0.5, "of a node's living data that memory should hold beside the heap"),
    "heap_gb": (8, "of a node"),
    "feeding_cores": (16, "that analyse and send, as parts of one build: `build --part 1/16` …"),
}
FURTHEST = 10  # times the largest measured shard: beyond, milliseconds are not told
PRICES = ((1, "one small server"), (3, "hundreds of euros a month"), (12, "thousands a month"),
          (10**6, "tens of thousands a month"))  # up to so many nodes; orders of magnitude of rented machines
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """What the plan is made of: figures of `bench.cluster --growth`, by the clauses of the shard."""

    run: str  # its folder in bench/runs
    steps: tuple[Json, ...]
    load: object = None  # of the machine before the run

    @property
    def largest(self) -> Json:
        """Return the figures of the largest shard."""
        return self.steps[-1]

    def line(self, key: str) -> tuple[float, float]:
        """Return (ms of an empty shard, ms a million clauses): the straight line of least squares, never falling."""
        xs, ys = [one["clauses"] / 1e6 for one in self.steps], [one[key] for one in self.steps]
        x, y = sum(xs) / len(xs), sum(ys) / len(ys)
        spread = sum((one - x) ** 2 for one in xs)
        slope = sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / spread if spread else 0.0
        return (y - max(0.0, slope) * x, max(0.0, slope))

    def work(self, key: str) -> float:
        """Return the seconds of work of one more clause; what a process costs before its first is left out."""
        return self.line(key)[1] / 1e6 or self.largest[key] / self.largest["clauses"]


def assumed(name: str) -> float:
    """Return a value of `ASSUMED`."""
    return ASSUMED[name][0]


def newest(name: str) -> tuple[str, Json] | None:
    """Return the newest run that has NAME.json: its folder's name and its content; None without one."""
    for folder in sorted(RUNS.iterdir(), reverse=True):
        path = folder / f"{name}.json"
        if path.is_file():
            return folder.name, json.loads(path.read_text("utf-8"))
    return None


def measured() -> Measured:
    """Return the newest growth on file. Raises BenchProblem without any."""
    found = newest("cluster-growth")
    if not found:
        raise BenchProblem("No run of a growing shard is on file: python -m bench.cluster --growth")
    return Measured(found[0], tuple(found[1]["cluster-growth"]), found[1]["machine"]["load_before"])


def plan(clauses: int, seen: Measured) -> list[object]:
    """Return one row of the table for a number of clauses."""
    shards = max(1, math.ceil(clauses / assumed("shard_clauses")))
    nodes = max(3, math.ceil(shards / assumed("node_cores")))
    living = clauses * seen.largest["bytes_per_clause"] * assumed("copies") / nodes / 1e9
    disk = living * assumed("generations") / assumed("disk_full")
    memory = assumed("heap_gb") + living * assumed("cached")
    feeding = clauses * seen.work("client_cpu_seconds") / assumed("feeding_cores")
    taking = clauses * seen.work("node_cpu_seconds") * assumed("copies") / (nodes * assumed("node_cores"))
    each = clauses / shards / 1e6
    times = [sum(part * by for part, by in zip(seen.line(key), (1, each), strict=True))
             for key in ("page_p50_ms", "page_p99_ms")]
    beyond = each * 1e6 / seen.largest["clauses"]
    told = [str(_round(ms)) if beyond <= FURTHEST else "not told" for ms in times]
    return [f"10{_raised(round(math.log10(clauses)))}", shards, nodes, f"{_round(memory)} GB", f"{_round(disk)} GB",
            _hours(max(feeding, taking)), *told,
            "measured size" if beyond <= 1 else f"{beyond:.0f} × the measured shard",
            next(price for most, price in PRICES if nodes <= most)]


def text() -> str:
    """Return the part of the page that is made here: what was measured, what is assumed, the table."""
    seen = measured()
    heads = ("clauses", "shards", "nodes", "memory a node", "disk a node", "hours to build", "page p50 ms",
             "page p99 ms", "how far extrapolated", "price class")
    steps = [[one["clauses"], one["clauses_per_second"], round(1e6 * one["client_cpu_seconds"] / one["clauses"]),
              round(1e6 * one["node_cpu_seconds"] / one["clauses"]), one["bytes_per_clause"],
              f"{one['ten_hits_p50_ms']:.1f} ({one['ten_hits_p99_ms']:.0f})",
              f"{one['page_p50_ms']:.0f} ({one['page_p99_ms']:.0f})"] for one in seen.steps]
    grown = table(("clauses in one shard", "clauses/s", "µs of work a clause, feeding", "µs of work a clause, node",
                   "bytes a clause", "ten hits p50 (p99) ms", "page p50 (p99) ms"), steps)
    rows = table(heads, [plan(clauses, seen) for clauses in SIZES])
    base, slope = seen.line("page_p50_ms")
    feeding, taking = (1e6 * seen.work(f"{one}_cpu_seconds") for one in ("client", "node"))
    given = "\n".join(f"- {value:,.9g}: {why}" for value, why in ASSUMED.values())
    return (f"**Measured** (run `bench/runs/{seen.run}/cluster-growth.json`; one node, one shard, all on one machine, "
            f"whose load before the run was {seen.load}; milliseconds are of every question the best of several times):"
            f"\n\n{grown}\n\nThe straight line through the pages' p50: "
            f"{base:.0f} ms + {slope:.0f} ms a million clauses of a shard. One more clause costs {feeding:.0f} µs of "
            f"feeding and {taking:.0f} µs of a node.\n\n**Assumed:**\n\n{given}\n\n"
            f"**Reckoned** from both, and therefore an extrapolation in every row; milliseconds are told for shards "
            f"of up to {FURTHEST} times the measured size:\n\n{rows}\n")


def whole(page: str) -> str:
    """Return the page with the made part put in. Raises BenchProblem where its place is not marked."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise BenchProblem(f"{PAGE.name} does not mark where the table goes: {BEGIN} … {END}")
    return f"{before}{BEGIN}\n\n{text()}\n{END}{after}"


def write() -> Path:
    """Put the table into the page and return it."""
    PAGE.write_text(whole(PAGE.read_text("utf-8")), "utf-8")
    return PAGE


def _round(value: float) -> int:
    """Return a number of two valid figures: an estimate has no more."""
    return int(round(value, 1 - math.floor(math.log10(value)))) if value >= 100 else round(value)


def _hours(seconds: float) -> str:
    hours = seconds / 3600
    return f"{hours:.2f}" if hours < 1 else f"{hours:.1f}" if hours < 10 else f"{hours:.0f}"


def _raised(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table, or compare; exit code 1 where the page says something else than the runs."""
    top = argparse.ArgumentParser("python -m bench.scaling", description=__doc__)
    top.add_argument("--check", action="store_true", help="say whether the page agrees with the runs; write nothing")
    options = top.parse_args(arguments)
    try:
        page = PAGE.read_text("utf-8")
        agrees = whole(page) == page
        if not agrees and not options.check:
            print(f"written: {write().relative_to(CHECKOUT)}")
        elif options.check:
            print("The page agrees with the runs." if agrees else "The page does not agree: python -m bench.scaling")
        return 1 if options.check and not agrees else 0
    except BenchProblem as problem:
        print(problem, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
