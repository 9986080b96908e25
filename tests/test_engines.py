"""One contract for all embedded engines: whatever is asked, they find what the oracle finds by scanning."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import oracle
import pytest
from engine_samples import (
    EMBEDDED,
    clauses,
    entries,
    entry,
    ids,
    open_writer,
    opened,
    reader,
    sparse_near,
    sparse_texts,
    write,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from index.clause import (
    FACET_FIELDS,
    TERM_FIELDS,
    And,
    Best,
    Boost,
    Clause,
    Near,
    Not,
    Or,
    Prefer,
)
from index.engine import Entry, Reader


def check_what_is_found(index: Reader, data: list[Entry], clause: Clause) -> None:
    """The set, the total, the facets and the orders by date are those of a scan."""
    answer = index.search(clause, limit=50, facets=FACET_FIELDS)
    expected = oracle.found(clause, data)
    assert {match.id for match in answer.hits} == {one.id for one in expected}, clause
    assert answer.total == index.count(clause) == len(expected)
    assert answer.facets == {field: oracle.facet(field, clause, data) for field in FACET_FIELDS}
    assert [m.id for m in index.search(clause, limit=50, order="date").hits] == [
        one.id for one in oracle.by_date(clause, data)]
    assert [m.id for m in index.search(clause, limit=50, order="-date").hits] == [
        one.id for one in oracle.by_date(clause, data, newest=True)]


def check_scores(index: Reader, data: list[Entry], clause: Clause, shortest: int = 0) -> None:
    """Scores are those of the formula, hits come by score, and those of one score in the order of addition."""
    place = {one.id: number for number, one in enumerate(data)}
    hits = index.search(clause, limit=50).hits
    assert [(-m.score, place[m.id]) for m in hits] == sorted((-m.score, place[m.id]) for m in hits)
    for match in hits:
        expected = oracle.score(clause, data[place[match.id]], data, shortest)
        assert expected is None or match.score == pytest.approx(expected, rel=1e-4, abs=1e-4), clause


@EMBEDDED
@given(data=entries(), asked=st.lists(clauses, min_size=8, max_size=8), split=st.integers(0, 14))
@settings(max_examples=40, deadline=None)
def test_any_question_finds_what_a_scan_finds(engine: str, data: list[Entry], asked: list[Clause], split: int) -> None:
    with opened(engine, data[:split], data[split:]) as index:
        for clause in asked:
            check_what_is_found(index, data, clause)


@EMBEDDED
@given(data=entries(), asked=st.lists(clauses, min_size=8, max_size=8), split=st.integers(0, 14))
@settings(max_examples=40, deadline=None)
def test_scores_are_those_of_the_formula_and_ties_keep_the_order_of_addition(
        engine: str, data: list[Entry], asked: list[Clause], split: int) -> None:
    with opened(engine, data[:split], data[split:]) as index:
        for clause in asked:
            check_scores(index, data, clause)


@EMBEDDED
@given(texts=sparse_texts, asked=st.lists(sparse_near, min_size=25, max_size=25))
@settings(max_examples=40, deadline=None)
def test_windows_of_few_terms_far_apart(engine: str, texts: list[str], asked: list[Clause]) -> None:
    data = [entry(number, text) for number, text in enumerate(texts)]
    with opened(engine, data[:5], data[5:]) as index:
        for clause in asked:
            assert set(ids(index, clause)) == {one.id for one in oracle.found(clause, data)}, clause


@EMBEDDED
@given(data=entries(), clause=clauses, step=st.integers(1, 5))
@settings(max_examples=25, deadline=None)
def test_pages_joined_are_the_whole_list(engine: str, data: list[Entry], clause: Clause, step: int) -> None:
    with opened(engine, data[::2], data[1::2]) as index:
        whole = [match.ordinal for match in index.search(clause, limit=50).hits]
        pages = [index.search(clause, limit=step, offset=offset) for offset in range(0, len(data) + step, step)]
        assert [match.ordinal for page in pages for match in page.hits] == whole
        assert {page.total for page in pages} == {len(whole)}


@EMBEDDED
@given(data=entries(), removed=st.lists(st.sampled_from(["c0", "c1", "c2", "c5"]), max_size=3),
       split=st.integers(0, 14), clause=clauses)
@settings(max_examples=30, deadline=None)
def test_removed_clauses_are_gone_from_everything(engine: str, data: list[Entry], removed: list[str], split: int,
                                                  clause: Clause) -> None:
    with tempfile.TemporaryDirectory() as name:
        check_removed(engine, Path(name), data, removed, split, [clause])


def check_removed(engine: str, folder: Path, data: list[Entry], removed: list[str], split: int,
                  asked: list[Clause]) -> None:
    """Removed clauses are in no answer, facet, vocabulary and row any more."""
    left = [one for one in data if one.id not in removed]
    write(engine, folder, data[:split])
    writer = open_writer(engine, folder, create=False)
    writer.add(data[split:])
    writer.remove("id", removed)
    writer.commit()
    writer.close()
    index = reader(engine, folder)
    for clause in asked:
        assert set(ids(index, clause)) == {one.id for one in oracle.found(clause, left)}
        assert index.search(clause, limit=0, facets=("theme",)).facets == {"theme": oracle.facet("theme", clause, left)}
    for field in ("stem", "session", "id"):
        assert index.vocabulary(field) == oracle.vocabulary(field, "", left)
    assert index.fetch([one.id for one in data]) == [None if one.id in removed else one.row for one in data]
    index.close()


@given(data=entries(), asked=st.lists(clauses, min_size=5, max_size=5))
@settings(max_examples=20, deadline=None)
def test_a_second_thread_counts_the_same(data: list[Entry], asked: list[Clause]) -> None:
    fields = ("session", "theme")
    with pytest.MonkeyPatch.context() as patch, opened("tantivy", data[:5], data[5:]) as index:
        patch.setattr("index.engines.tantivy.LARGE", 0)
        for clause in asked:
            expected = {field: oracle.facet(field, clause, data) for field in fields}
            assert index.search(clause, limit=3, facets=fields).facets == expected


@EMBEDDED
@given(data=entries(), prefix=st.sampled_from(["", "a", "x", "ا", "\x00", "q"]), limit=st.sampled_from([None, 0, 2]))
@settings(max_examples=25, deadline=None)
def test_vocabulary_is_that_of_a_scan(engine: str, data: list[Entry], prefix: str, limit: int | None) -> None:
    with opened(engine, data[:5], data[5:]) as index:
        for field in (*TERM_FIELDS, "session", "symbol", "id"):
            expected = oracle.vocabulary(field, prefix, data)
            assert index.vocabulary(field, prefix, limit) == expected[:limit]
            assert all(index.frequency(field, term) == count for term, count in expected)
        assert index.frequency("stem", "never") == 0


@given(data=entries(), asked=st.lists(clauses, min_size=8, max_size=8))
@settings(max_examples=25, deadline=None)
def test_both_engines_rank_alike(data: list[Entry], asked: list[Clause]) -> None:
    with opened("tantivy", data) as one, opened("whoosh", data) as other:
        for clause in asked:
            scores = [{m.id: m.score for m in index.search(clause, limit=50).hits} for index in (one, other)]
            if not any(isinstance(node, Near) for node in _nodes(clause)):  # how often a Near matches is the engine's
                assert scores[0] == pytest.approx(scores[1], rel=1e-4, abs=1e-4), clause


def _nodes(clause: Clause) -> Iterator[Clause]:
    yield clause
    match clause:
        case And(inner) | Or(inner) | Best(inner):
            for one in inner:
                yield from _nodes(one)
        case Not(one) | Boost(one, _):
            yield from _nodes(one)
        case Prefer(one, also):
            for inside in (one, *also):
                yield from _nodes(inside)
