"""The measures of bench/: cases worked out by hand, and what must hold for any ranking."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.collections import Collection, read_qrels
from bench.metrics import compare, ndcg, percentile, recall
from bench.places import BenchProblem
from bench.report import table
from bench.variants import changed, parse_variant
from search.weights import WEIGHTS, weight

CASES = Path(__file__).parent / "cases" / "bench_metrics.tsv"


def _cases() -> list[tuple[str, int, list[str], dict[str, int], float, str]]:
    rows = []
    for line in CASES.read_text("utf-8").splitlines()[1:]:
        measure, k, ranking, grades, expected, why = line.split("\t")
        pairs = (pair.split(":") for pair in grades.split())
        judged = {name: int(grade) for name, grade in pairs}
        rows.append((measure, int(k), ranking.split(), judged, float(expected), why))
    return rows


@pytest.mark.parametrize(("measure", "k", "ranking", "grades", "expected", "why"), _cases())
def test_hand_computed(measure: str, k: int, ranking: list[str], grades: dict[str, int], expected: float,
                       why: str) -> None:
    found = {"ndcg": ndcg, "recall": recall}[measure](ranking, grades, k)
    assert found == pytest.approx(expected, abs=5e-5), why


NAMES = st.lists(st.sampled_from("abcdefghij"), unique=True)
GRADES = st.dictionaries(st.sampled_from("abcdefghij"), st.integers(-1, 3))


@settings(max_examples=100, deadline=None)
@given(NAMES, GRADES)
def test_measures_stay_between_0_and_1(ranking: list[str], grades: dict[str, int]) -> None:
    assert 0 <= ndcg(ranking, grades) <= 1 + 1e-12
    assert 0 <= recall(ranking, grades) <= 1


@settings(max_examples=100, deadline=None)
@given(GRADES)
def test_the_best_order_gives_1(grades: dict[str, int]) -> None:
    best = sorted(grades, key=lambda name: -grades[name])
    assert ndcg(best, grades) == pytest.approx(1.0 if any(grade > 0 for grade in grades.values()) else 0.0)


def test_equal_systems_do_not_differ() -> None:
    found = compare([0.1, 0.5, 0.9], [0.1, 0.5, 0.9])
    assert found == (0, 0, 0, 1, 0, 0)


def test_ten_of_ten_better_has_the_exact_p() -> None:
    # Only all signs equal is as extreme: 2 of 2^10 exchanges, p = .00195.
    found = compare([0.5] * 10, [0.4] * 10)
    assert found.difference == pytest.approx(0.1)
    assert found.p == pytest.approx(2 / 2**10, abs=0.0015)
    assert (found.better, found.worse) == (10, 0)


def test_one_up_one_down_is_chance() -> None:
    found = compare([1.0, 0.0], [0.0, 1.0])
    assert (found.difference, found.p) == (0, 1)
    assert found.low <= 0 <= found.high


def test_comparison_wants_the_same_queries() -> None:
    with pytest.raises(ValueError, match="2 and 1"):
        compare([1.0, 0.0], [1.0])


@pytest.mark.parametrize(("share", "expected"), [(0.5, 3), (0.99, 5), (1.0, 5), (0.0, 1), (0.2, 1), (0.21, 2)])
def test_percentile_is_the_nearest_rank(share: float, expected: float) -> None:
    assert percentile([5, 1, 4, 2, 3], share) == expected


def test_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_qrels_are_read_by_query() -> None:
    assert read_qrels("7 0 a:1 1\n7 0 b 0\n\n8 0 a:1 2\n") == {"7": {"a:1": 1, "b": 0}, "8": {"a:1": 2}}


def test_a_sample_is_the_same_every_time() -> None:
    whole = Collection("invented", Path("none"), {str(n): f"word {n}" for n in range(50)})
    first, second = whole.sample(7), whole.sample(7)
    assert list(first.queries) == list(second.queries)
    assert len(first.queries) == 7
    assert whole.sample(None) is whole.sample(50) is whole


def test_a_variant_holds_only_inside_its_context() -> None:
    before = weight("title")
    with changed(parse_variant("engine.title=2.5, rerank.k1=1.2")):
        assert weight("title") == 2.5
    assert weight("title") == before


@pytest.mark.parametrize("text", ["nonsense=1", "k1", "k1=much", ""])
def test_a_wrong_variant_is_told(text: str) -> None:
    with pytest.raises(BenchProblem):
        parse_variant(text)


def test_a_name_of_both_tables_must_say_which() -> None:
    for name in _shared_names():
        with pytest.raises(BenchProblem, match=f"engine.{name} or rerank.{name}"):
            parse_variant(f"{name}=1")
        assert parse_variant(f"rerank.{name}=1") == {f"rerank.{name}": 1.0}


def test_a_table_is_padded_and_says_what_is_missing() -> None:
    assert table(("system", "ms"), [["a", 1.5], ["long name", None]]) == (
        "| system    |    ms |\n|-----------|------:|\n| a         | 1.500 |\n| long name |     – |")


def _shared_names() -> list[str]:
    from search.rerank_weights import CONSTANTS

    return sorted(WEIGHTS.keys() & CONSTANTS.keys())


def test_log_discount_is_base_2() -> None:
    assert ndcg(["x", "y", "a"], {"a": 1}) == pytest.approx(1 / math.log2(4))
