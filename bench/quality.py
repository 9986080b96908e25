"""`python -m bench.quality`: how well we find, beside Lucene's Arabic analyzer and Snowball, with paired tests."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from bench import lucene_peer
from bench.collections import NAMES, WHAT, Collection, load
from bench.indexes import index_of
from bench.machine import describe
from bench.metrics import compare, ndcg, percentile, recall
from bench.places import CACHE, BenchProblem
from bench.quality_page import PAGE, page
from bench.report import save, table
from bench.variants import changed, parse_variant
from index.engine import ENGINES, IndexProblem

BASELINE = "Lucene ArabicAnalyzer"
DEPTH = 100  # hits that are judged
TIMED = 300  # queries whose first ten hits are timed, at most
HEADS = ("system", "nDCG@10", "recall@100", "× Lucene", "difference [95 %]", "p", "better/worse", "p50 ms", "p99 ms")

Rankings = dict[str, list[str]]
Measured = tuple[Rankings, list[float]]  # ids per query, and milliseconds of ten hits


@dataclass(slots=True)
class System:
    """Something that answers a collection's queries; `ask` raises BenchProblem where it cannot be had."""

    name: str
    ask: Callable[[Collection], Measured]


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    top = argparse.ArgumentParser("python -m bench.quality", description=__doc__)
    top.add_argument("--collections", default=",".join(NAMES), help=f"some of {','.join(NAMES)} (default: all)")
    top.add_argument("--engines", help="some of tantivy,whoosh (default: both, but Whoosh only on small collections)")
    top.add_argument("--no-rerank", action="store_true", help="measure the engines' order alone")
    top.add_argument("--no-lucene", action="store_true", help="leave Lucene out")
    top.add_argument("--no-snowball", action="store_true", help="leave our own Snowball analyzer out")
    top.add_argument("--variant", action="append", default=[], metavar="NAME=VALUE,…",
                     help="also measure with other constants, as pair=0 or rerank.k1=1.2 (on the first engine)")
    top.add_argument("--meaning", action="store_true", help="also rank by meaning (the first engine); give --queries "
                     "300 with wikiqa, whose candidates take a second each to encode the first time")
    top.add_argument("--queries", type=int, metavar="N", help="only N queries of each, drawn with a fixed seed")
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
    names = options.collections.split(",")
    parts, figures, notes = [], {}, list[str]()
    for name in names:
        collection = load(name).sample(options.queries)
        rows, told = measure(collection, systems(options, name))
        notes += [note for note in told if note not in notes]
        figures[name] = {"queries": len(collection.queries), "systems": rows}
        parts.append(f"### {name}: {WHAT[name]} ({len(collection.queries):,} queries)\n\n" + render(rows))
        print(f"\n{parts[-1]}", flush=True)
    parts += [summary(figures)] + [f"Left out: {note}" for note in notes]
    print("\n" + "\n\n".join(parts[len(names):]))
    other = options.variant or options.engines or options.meaning or options.no_rerank
    partial = other or options.queries or set(names) != set(NAMES)
    if not partial and not options.no_save:
        folder = save("quality", {"collections": figures}, "\n\n".join(parts), machine)
        PAGE.write_text(page(), "utf-8")
        print(f"\nwritten to bench/runs/{folder.name}/ and docs/quality.md")
    return 0


def systems(options: argparse.Namespace, collection: str) -> list[System]:
    """Return the systems to measure on a collection, the baseline first."""
    found = [] if options.no_lucene else [System(BASELINE, lambda c: ask_lucene(c, "arabic")),
                                          System("Lucene, Snowball stemmer", lambda c: ask_lucene(c, "snowball"))]
    engines = ["tantivy"] if collection == "wikiqa" else list(ENGINES)  # Whoosh takes minutes for 108k paragraphs
    if options.engines:
        engines = options.engines.split(",")
    rerank = not options.no_rerank
    for engine in engines:
        if rerank:
            found.append(System(f"Kashshaf {engine}", _asker(engine)))
        found.append(System(f"Kashshaf {engine}, no re-ranking", _asker(engine, rerank=False)))
    if not options.no_snowball:
        found.append(System(f"Kashshaf {engines[0]}, analyzer snowball", _asker(engines[0], "snowball", rerank=rerank)))
    if options.meaning:
        found.append(System(f"Kashshaf {engines[0]} with meaning", _asker(engines[0], meaning=True)))
    for text in options.variant:
        other = _asker(engines[0], rerank=rerank, values=parse_variant(text))
        found.append(System(f"Kashshaf {engines[0]}, {text}", other))
    return found


def _asker(engine: str, analyzer: str = "light", *, rerank: bool = True,
           values: Mapping[str, float] | None = None, meaning: bool = False) -> Callable[[Collection], Measured]:
    def ask(collection: Collection) -> Measured:
        with changed(dict(values or {})):
            return ask_kashshaf(collection, engine, analyzer, rerank, meaning)

    return ask


def ask_kashshaf(collection: Collection, engine: str, analyzer: str, rerank: bool, meaning: bool = False) -> Measured:
    """Return our answers, one process, one query after the other."""
    from search.searcher import Searcher

    how: dict[str, Any] = {"syntax": False, "facets": (), "rerank": rerank, "meaning": "off"}
    if meaning:
        from bench.meaning import opened

        searcher, how = opened(collection, engine), how | {"meaning": "on", "nearest": 0}
    else:
        searcher = Searcher.open(str(index_of(collection.name, [collection.documents], engine, analyzer)))
    try:
        rankings = {qid: [hit.id for hit in searcher.search(text, limit=DEPTH, rows=False, **how).hits]
                    for qid, text in collection.queries.items()}
        milliseconds = []
        for text in collection.sample(TIMED).queries.values():
            started = time.perf_counter()
            searcher.search(text, limit=10, **how)
            milliseconds.append((time.perf_counter() - started) * 1000)
        return rankings, milliseconds
    finally:
        searcher.close()


def ask_lucene(collection: Collection, analyzer: str) -> Measured:
    """Return Lucene's answers: the text in one field, any word, BM25 with 1.2 and .75."""
    folder = CACHE / "lucene" / f"{collection.name}-{analyzer}-{collection.fingerprint()}"
    lines = CACHE / "lucene" / f"{collection.name}.tsv"
    lucene_peer.prepare()
    if not folder.exists():
        lucene_peer.write_lines(collection.rows(), lines)
        lucene_peer.build(lines, folder, analyzer)
    rankings = _kept_rankings(folder, analyzer, collection)
    timed = [("query", "any", text) for text in collection.sample(TIMED).queries.values()]
    return rankings, lucene_peer.times(folder, timed, analyzer, limit=10, repeats=1)[0]["query"]


def _kept_rankings(folder: Path, analyzer: str, collection: Collection) -> Rankings:
    """Lucene never changes, so what it answered to all queries of a collection is kept beside its index."""
    kept = folder.parent / f"{folder.name}.rankings.json"
    if not kept.exists():
        answers = lucene_peer.answer(folder, analyzer, load(collection.name).queries, DEPTH)
        kept.write_bytes(orjson.dumps(answers))
    found: Rankings = orjson.loads(kept.read_bytes())
    return found


def measure(collection: Collection, asked: Sequence[System]) -> tuple[list[dict[str, object]], list[str]]:
    """Return a row of figures per system, compared with the first one that answered, and why others did not."""
    rows: list[dict[str, object]] = []
    notes = []
    base: list[float] = []
    for system in asked:
        try:
            rankings, milliseconds = system.ask(collection)
        except BenchProblem as problem:
            notes.append(f"{system.name}: {problem}")
            continue
        gains = [ndcg(rankings.get(qid, []), collection.judged[qid]) for qid in collection.queries]
        found = [recall(rankings.get(qid, []), collection.judged[qid], DEPTH) for qid in collection.queries]
        row: dict[str, object] = {"system": system.name, "ndcg_10": sum(gains) / len(gains),
                                  "recall_100": sum(found) / len(found), "p50_ms": percentile(milliseconds, 0.5),
                                  "p99_ms": percentile(milliseconds, 0.99)}
        if base:
            row |= {"against": rows[0]["system"], "ratio": sum(gains) / sum(base)} | compare(gains, base)._asdict()
        rows.append(row)
        base = base or gains
    return rows, notes


def render(rows: Sequence[Mapping[str, object]]) -> str:
    """Return the rows of `measure` as a table."""
    cells: list[list[object]] = []
    for row in rows:
        if "p" in row:
            interval = f"{row['difference']:+.3f} [{row['low']:+.3f}, {row['high']:+.3f}]"
            against = [row["ratio"], interval, f"{row['p']:.4f}", f"{row['better']}/{row['worse']}"]
        else:
            against = [None, "", "", ""]
        cells.append([row["system"], row["ndcg_10"], row["recall_100"], *against, row["p50_ms"], row["p99_ms"]])
    return table(HEADS, cells)


def summary(figures: Mapping[str, Mapping[str, object]]) -> str:
    """Return the mean nDCG@10 over the collections of every system that answered all of them."""
    by_system: dict[str, list[float]] = {}
    for found in figures.values():
        for row in found["systems"]:  # type: ignore[attr-defined]
            by_system.setdefault(row["system"], []).append(row["ndcg_10"])
    means = {name: sum(values) / len(values) for name, values in by_system.items() if len(values) == len(figures)}
    base = means.get(BASELINE)
    rows = [[name, mean, mean / base if base else None] for name, mean in means.items()]
    return f"### mean of {len(figures)} collections\n\n" + table(("system", "nDCG@10", "× Lucene"), rows)


if __name__ == "__main__":
    sys.exit(main())
