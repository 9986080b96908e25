"""docs/scaling.md says what the runs on file say, and its reckoning does what a reader expects of it."""

from __future__ import annotations

import re

import pytest

from bench import opensearch_peer, scaling
from bench.cluster import growth_table, sides_table
from bench.metrics import percentile
from bench.places import BenchProblem
from bench.query_samples import Question


def step(clauses: int, ms: float) -> dict[str, float]:
    return {"clauses": clauses, "clauses_per_second": 1000, "client_cpu_seconds": clauses / 4000,
            "node_cpu_seconds": clauses / 2000, "bytes_per_clause": 1000, "ten_hits_p50_ms": ms, "ten_hits_p99_ms": ms,
            "page_p50_ms": ms, "page_p99_ms": 3 * ms}


SEEN = scaling.Measured("a-run", (step(100_000, 21.0), step(500_000, 25.0)))


def test_the_page_says_what_the_runs_on_file_say() -> None:
    page = scaling.PAGE.read_text("utf-8")
    assert scaling.whole(page) == page, "run: python -m bench.scaling"
    assert f"bench/runs/{scaling.measured().run}/cluster-growth.json" in page


@pytest.mark.parametrize(("clauses", "column", "value", "why"), [
    (10**6, 1, 1, "a million fits into one shard"),
    (10**6, 2, 3, "never fewer than three nodes"),
    (10**8, 1, 20, "five million a shard"),
    (10**9, 2, 25, "eight shards a node"),
    (10**9, 4, "200 GB", "10⁹ × 1,000 bytes, twice for copies and generations, 25 nodes, 80 % full"),
    (10**9, 3, "48 GB", "heap, and half of what lies on the node"),
    (10**9, 5, "4.3", "fed by 16 cores of 4,000 a second: 4.3 hours; the nodes' 200 cores need 1.4"),
    (10**7, 6, "70", "the line: 20 ms + 10 ms a million, five million a shard"),
    (10**7, 8, "10 × the measured shard", "extrapolation is called so"),
])
def test_a_row_is_reckoned_as_the_page_says(clauses: int, column: int, value: object, why: str) -> None:
    assert scaling.plan(clauses, SEEN)[column] == value, why


def test_milliseconds_far_beyond_what_was_measured_are_not_told() -> None:
    small = scaling.Measured("a-run", (step(20_000, 30.0), step(60_000, 50.0)))
    assert scaling.plan(10**9, small)[6:9] == ["not told", "not told", "83 × the measured shard"]


def test_noise_that_falls_is_no_gain_by_growing() -> None:
    falling = scaling.Measured("a-run", (step(100_000, 30.0), step(500_000, 20.0)))
    assert falling.line("page_p50_ms") == (25.0, 0.0)


def test_a_page_without_the_place_is_told() -> None:
    with pytest.raises(BenchProblem, match="does not mark"):
        scaling.whole("# no place\n")


def test_every_figure_in_the_prose_comes_from_the_made_part() -> None:
    page = scaling.PAGE.read_text("utf-8")
    prose = page[: page.index(scaling.BEGIN)] + page[page.index(scaling.END):]
    assert not re.search(r"\d+([.,]\d+)? ?(ms|clauses/s|bytes a clause|GB|hours)\b", prose)


@pytest.mark.parametrize(("kind", "inside"), [
    ("any", "'match': {'text': 'a b'}"), ("all", "'operator': 'and'"), ("phrase", "match_phrase"),
    ("prefix", "'prefix': {'text': 'a b'}"), ("session", "'filter': {'term': {'session': '9'}}"),
])
def test_the_peer_is_asked_for_as_full_a_page(kind: str, inside: str) -> None:
    body = opensearch_peer.body(Question("x", kind, "a b", "9"))
    assert inside in str(body["query"])
    assert set(body["aggs"]) == {"session", "theme", "kind", "all"}
    assert body["track_total_hits"] is True
    assert body["highlight"]["fields"] == {"text": {"number_of_fragments": 0}}


def test_tables_hold_every_figure() -> None:
    asked = [{"clients": n, "p50_ms": 1.5, "p99_ms": 9.0, "per_second": 70.0} for n in (1, 8, 32)]
    side = {"nodes": 3, "system": "x", "clauses": 10, "clauses_per_second": 5, "bytes_per_clause": 7, "asked": asked}
    assert sides_table([side]).count("1.5 (9), 70") == 3
    assert "100,000" in growth_table([*SEEN.steps])
    assert percentile([1.0, 2.0], 0.5) == 1.0
