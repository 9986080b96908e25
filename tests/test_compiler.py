"""What a query is compiled to where that is not seen from its results: limits told, questions kept exact."""

from __future__ import annotations

import pytest

from index.clause import Near
from search.compiler import MAX_NEAR_DISTANCE
from search.query import parse
from search.searcher import Searcher


@pytest.mark.parametrize(
    ("query", "distance", "told"),
    [
        ('"الأمن التعاون"~90', 90, False),
        ('"منظمة الأمن التعاون"~20', 20, False),
        ('"منظمة الأمن التعاون"~50', MAX_NEAR_DISTANCE[3], True),
        ('"منظمة الأمن التعاون الدول"~50', MAX_NEAR_DISTANCE[4], True),
    ],
)
def test_a_distance_that_cannot_be_asked_exactly_is_cut_and_told(
    searcher: Searcher, query: str, distance: int, told: bool
) -> None:
    plan = searcher.plan(parse(query))
    near = plan.any
    while not isinstance(near, Near):
        near = near.clauses[0]  # type: ignore[union-attr]
    assert near.distance == distance
    assert [problem.code for problem in plan.problems] == (["distance"] if told else [])


def test_a_root_is_asked_for_by_the_words_that_have_it(searcher: Searcher) -> None:
    words = searcher.vocabulary.of_root("كتب")
    assert len(words) > 3
    assert all(searcher.analyzer.stemmer.terms(word).root == "كتب" for word in words)
    known = {word for word, _ in searcher.vocabulary.words}
    assert set(words) <= known
    missing = [word for word in known - set(words) if searcher.analyzer.stemmer.terms(word).root == "كتب"]
    assert not missing
