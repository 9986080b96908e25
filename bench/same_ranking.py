"""`python -m bench.same_ranking write|check FILE`: whether real queries still find the same clauses in the same order.

Three hundred queries of `shared/data/language` on the hadith: the first twenty ids and scores, all totals, facets and
highlights. `write` before a change that may only make things faster, `check` after it; exit code 1 names differences.
"""

from __future__ import annotations

import sys
from pathlib import Path

import orjson

from bench.indexes import index_of
from bench.places import BenchProblem, data_file
from search.searcher import Searcher

QUERIES, FIRST = 300, 20


def answers() -> dict[str, object]:
    """Return query → what it finds: total, totals, ids with scores and highlights, facets."""
    lines = data_file("language", "query_log_miracl_train.txt").read_text("utf-8").splitlines()
    step = max(1, len(lines) // QUERIES)
    queries = lines[::step][:QUERIES]
    quoted = [f'"{" ".join(query.split()[:2])}"' for query in queries[::20]]
    searcher = Searcher.open(str(index_of("hadith", [data_file("corpora", "hadith.jsonl.gz")])))
    found: dict[str, object] = {}
    try:
        for query in [*queries, *quoted]:
            results = searcher.search(query, limit=FIRST)
            hits = [[hit.id, round(hit.score, 6), hit.highlights, hit.snippet] for hit in results.hits]
            facets = {name: [[value.value, value.count] for value in values] for name, values in results.facets.items()}
            told = {"total": results.total, "totals": results.totals, "hits": hits, "facets": facets}
            found[query] = orjson.loads(orjson.dumps(told))
    finally:
        searcher.close()
    return found


def main() -> int:
    """Write or check; 0 for the same answers, 1 with the queries that differ, 2 for a wrong call."""
    if len(sys.argv) != 3 or sys.argv[1] not in ("write", "check"):
        print("python -m bench.same_ranking write|check FILE", file=sys.stderr)
        return 2
    path = Path(sys.argv[2])
    try:
        now = answers()
    except BenchProblem as problem:
        print(problem, file=sys.stderr)
        return 2
    if sys.argv[1] == "write":
        path.write_bytes(orjson.dumps(now))
        return 0
    before = orjson.loads(path.read_bytes())
    differing = [query for query, found in now.items() if before.get(query) != found]
    print(f"{len(now)} queries, {len(differing)} differ", *differing[:20], sep="\n")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
