"""`python -m bench.speed`: building, asking and starting, end to end, beside Whoosh and Lucene."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence

from bench import latency, lucene_peer
from bench.building import CORPORA, building, rows_of
from bench.child import run
from bench.indexes import index_of
from bench.machine import describe
from bench.metrics import percentile
from bench.places import CACHE, CHECKOUT, BenchProblem, data_file
from bench.query_samples import CLASSES, Question, draw
from bench.report import save, table
from index.engine import IndexProblem

PARTS = ("build", "query", "process")
STARTS = 7  # whole processes whose median is given
SPECIMEN_QUERY = "منظمة الأمن والتعاون"


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    top = argparse.ArgumentParser("python -m bench.speed", description=__doc__)
    top.add_argument("--parts", default=",".join(PARTS), help=f"some of {','.join(PARTS)} (default: all)")
    top.add_argument("--engines", default="tantivy,whoosh", help="some of tantivy,whoosh (default: both)")
    top.add_argument("--queries", type=int, default=200, metavar="N", help="queries of every class (default 200)")
    top.add_argument("--no-lucene", action="store_true", help="leave Lucene out")
    top.add_argument("--no-save", action="store_true", help="do not write to bench/runs (a part is never written)")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, save; exit code 0, or 2 with a sentence where something is missing."""
    options = parser().parse_args(arguments)
    try:
        return _run(options)
    except (BenchProblem, IndexProblem) as problem:
        print(problem, file=sys.stderr)
        return 2


def _run(options: argparse.Namespace) -> int:
    machine = describe()
    parts, engines = options.parts.split(","), options.engines.split(",")
    reason = "--no-lucene was given" if options.no_lucene else lucene_peer.missing()
    figures: dict[str, object] = {}
    texts = [f"Lucene is left out: {reason}"] if reason else []
    for name in parts:
        if name == "build":
            figures[name], text = building(engines, with_lucene=not reason)
        elif name == "query":
            figures[name], text = asking(engines, options.queries, with_lucene=not reason)
        elif name == "process":
            figures[name], text = starting()
        else:
            raise BenchProblem(f"There is no part {name!r}. The parts are: {', '.join(PARTS)}.")
        texts.append(text)
        print(f"\n{text}", flush=True)
    if set(parts) == set(PARTS) and len(engines) == 2 and not reason and not options.no_save:
        print(f"\nwritten to bench/runs/{save('speed', figures, chr(10).join(texts), machine).name}/")
    return 0


def asking(engines: Sequence[str], count: int, *, with_lucene: bool) -> tuple[dict[str, object], str]:
    """Return figures and tables of asking: hadith on tantivy, laws on both engines, Lucene beside them."""
    figures: dict[str, object] = {}
    parts = []
    for corpus in CORPORA:
        questions = draw(rows_of(corpus), count)
        columns: dict[str, dict[str, dict[str, float]]] = {}
        for engine in engines:
            if engine == "whoosh" and corpus != "laws":
                continue
            few = questions if engine == "tantivy" else questions[: 60 * len(CLASSES)]
            folder = index_of(corpus, [data_file("corpora", f"{corpus}.jsonl.gz")], engine)
            for page, what in ((True, "page"), (False, "ten hits")):
                times, opening = latency.ours(folder, few, page=page)
                columns[f"{engine}, {what}"] = latency.spread(times)
            figures[f"{corpus} {engine} opening ms"] = round(opening, 1)
        if with_lucene:
            columns["Lucene, ten hits"] = _lucene_times(corpus, questions)
        figures[corpus] = columns
        cells = [[name, *(_cell(column.get(name)) for column in columns.values())] for name in CLASSES]
        parts.append(f"### Asking {corpus}: p50 (p99) in ms\n\n" + table(("query", *columns), cells))
    told = ("A page is re-ranked, highlighted and has three facets and both totals; ten hits are stored texts in the "
            "engine's order.")
    return figures, "\n\n".join([*parts, told])


def _lucene_times(corpus: str, questions: Sequence[Question]) -> dict[str, dict[str, float]]:
    lines, folder = CACHE / "lucene" / f"{corpus}.tsv", CACHE / "lucene" / f"{corpus}-speed"
    if not folder.exists():
        lucene_peer.write_lines(rows_of(corpus), lines)
        lucene_peer.build(lines, folder)
    return latency.spread(latency.lucene(folder, questions))


def _cell(found: dict[str, float] | None) -> str | None:
    return f"{found['p50_ms']:.2f} ({found['p99_ms']:.1f})" if found else None


def starting() -> tuple[dict[str, object], str]:
    """Return figures and a table of whole processes on the specimen."""
    index = CACHE / "specimen"
    shutil.rmtree(index, ignore_errors=True)
    built = run(["-m", "index.cli", "build", str(CHECKOUT / "samples"), "--index", str(index), "--quiet"])
    asked = {"search.cli, three words": ["-m", "search.cli", SPECIMEN_QUERY],
             "search.cli, JSON": ["-m", "search.cli", SPECIMEN_QUERY, "--format", "json"],
             "search.cli, phrase": ["-m", "search.cli", f'"{SPECIMEN_QUERY}"'],
             "index.cli info": ["-m", "index.cli", "info"]}
    rows: list[list[object]] = []
    for name, arguments in asked.items():
        taken = [run([*arguments, "--index", str(index)]) for _ in range(STARTS)]
        rows.append([name, percentile([ran.seconds for ran in taken], 0.5), min(ran.seconds for ran in taken),
                     max(ran.peak for ran in taken) // 1_000_000])
    rows.append(["python -c pass", percentile([run(["-c", "pass"]).seconds for _ in range(STARTS)], 0.5), None, None])
    rows.append(["index.cli build samples", built.seconds, None, built.peak // 1_000_000])
    heads = ("process", "median s", "best s", "peak MB")
    figures: dict[str, object] = {str(row[0]): dict(zip(heads[1:], row[1:], strict=True)) for row in rows}
    return figures, "### Whole processes on the specimen\n\n" + table(heads, rows)


if __name__ == "__main__":
    sys.exit(main())
