"""The contract of all engines on a real OpenSearch node: fewer indexes, more questions to each."""

from __future__ import annotations

import tempfile
from pathlib import Path

import cluster_nodes
import oracle
import pytest
from engine_samples import CLUSTER, clauses, entries, entry, ids, open_writer, opened, sparse_near, sparse_texts, write
from engine_samples import reader as open_cluster
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_engines import check_removed, check_scores, check_what_is_found

from index.clause import TERM_FIELDS, Clause, Everything, Or, Prefer, Range, Term
from index.engine import Entry, IndexProblem
from index.engines.opensearch_bulk import operations, send
from index.engines.opensearch_writer import refresh

pytestmark = cluster_nodes.MARK
FEW = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
asked_many = st.lists(clauses, min_size=60, max_size=60)


@given(data=entries(), asked=asked_many, split=st.integers(0, 14))
@FEW
def test_any_question_finds_what_a_scan_finds_with_the_scores_of_the_formula(
        data: list[Entry], asked: list[Clause], split: int) -> None:
    with opened(CLUSTER, data[:split], data[split:]) as index:
        for clause in asked:
            check_what_is_found(index, data, clause)
            check_scores(index, data, clause, shortest=1)


@given(texts=sparse_texts, asked=st.lists(sparse_near, min_size=100, max_size=100))
@settings(FEW, max_examples=4)
def test_windows_of_few_terms_far_apart(texts: list[str], asked: list[Clause]) -> None:
    data = [entry(number, text) for number, text in enumerate(texts)]
    with opened(CLUSTER, data[:5], data[5:]) as index:
        for clause in asked:
            assert set(ids(index, clause)) == {one.id for one in oracle.found(clause, data)}, clause


@given(data=entries(), removed=st.lists(st.sampled_from(["c0", "c1", "c2", "c5"]), max_size=3),
       split=st.integers(0, 14), asked=st.lists(clauses, min_size=10, max_size=10))
@FEW
def test_removed_clauses_are_gone_from_everything(data: list[Entry], removed: list[str], split: int,
                                                  asked: list[Clause]) -> None:
    with tempfile.TemporaryDirectory() as name:
        check_removed(CLUSTER, Path(name), data, removed, split, asked)
        cluster_nodes.delete(name)


@given(data=entries(), asked=st.lists(clauses, min_size=10, max_size=10))
@settings(FEW, max_examples=3)
def test_vocabulary_is_that_of_a_scan_and_pages_joined_are_the_whole_list(
        data: list[Entry], asked: list[Clause]) -> None:
    with opened(CLUSTER, data[:5], data[5:]) as index:
        for field in (*TERM_FIELDS, "session", "symbol", "id"):
            for prefix in ("", "a", "ا", "\x00"):
                expected = oracle.vocabulary(field, prefix, data)
                assert [index.vocabulary(field, prefix, n) for n in (None, 0, 2)] == [expected, [], expected[:2]]
            everything = [term for term, _ in oracle.vocabulary(field, "", data)]
            assert index.frequencies(field, everything) == [n for _, n in oracle.vocabulary(field, "", data)]
        for clause in asked:
            whole = [match.ordinal for match in index.search(clause, limit=50).hits]
            pages = [index.search(clause, limit=3, offset=offset) for offset in range(0, len(data) + 3, 3)]
            assert [match.ordinal for page in pages for match in page.hits] == whole


def test_pages_beyond_ten_thousand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits are made small: what is tested is the way from page to page, in each order."""
    monkeypatch.setattr("index.engines.opensearch.WINDOW", 20)
    monkeypatch.setattr("index.engines.opensearch.ROWS_AT_ONCE", 7)
    monkeypatch.setattr("index.engines.opensearch.PLACES_AT_ONCE", 9)
    monkeypatch.setattr("index.engines.opensearch.BUCKETS", 5)
    data = [entry(n, "a " * (n % 5 + 1), date=20100101 + n % 3, session=str(n % 13)) for n in range(90)]
    with opened(CLUSTER, data) as index:
        for clause in (Term("stem", "a"), Everything(), Or((Term("stem", "a"), Term("plural", "a")))):
            for order in ("relevance", "date", "-date"):
                whole = [m.id for m in index.search(clause, limit=1000, order=order, rows=False).hits]  # type: ignore[arg-type]
                assert len(whole) == len(set(whole)) == 90
                for offset, limit in ((0, 90), (15, 4), (15, 30), (19, 1), (20, 20), (55, 8), (85, 20), (90, 5)):
                    page = index.search(clause, limit=limit, offset=offset, order=order)  # type: ignore[arg-type]
                    assert [m.id for m in page.hits] == whole[offset : offset + limit], (order, offset, limit)
                    assert page.total == 90
                    assert all(m.row for m in page.hits)
        assert index.search(Everything(), limit=0, facets=("session",)).facets["session"] == oracle.facet(
            "session", Everything(), data)
        assert list(index.scan()) == [one.row for one in data]  # type: ignore[attr-defined]


def test_lists_by_a_number_are_whole_where_documents_were_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an exact total OpenSearch 3.8 answers these approximately, and replaced documents take places."""
    monkeypatch.setattr("index.engines.opensearch.ROWS_AT_ONCE", 500)
    monkeypatch.setattr("index.engines.opensearch.PLACES_AT_ONCE", 500)
    data = [entry(n, "a", date=20100101 + n) for n in range(3_000)]
    with tempfile.TemporaryDirectory() as name:
        write(CLUSTER, Path(name), [])
        connection, index = cluster_nodes.connection(name), cluster_nodes.index_name(name)
        for start, end in ((0, 1_500), (700, 1_500), (1_500, 3_000)):  # some are sent once more, to the same places
            send(connection, index, operations(data[start:end], range(start, end), ""))
        refresh(connection, index)
        reader = open_cluster(CLUSTER, Path(name))
        assert list(reader.scan()) == [one.row for one in data]  # type: ignore[attr-defined]
        for order in ("relevance", "date", "-date"):
            whole = [one.id for one in (data[::-1] if order == "-date" else data)]
            for clause in (Everything(), Range("date", 20100101, None)):
                assert [m.id for m in reader.search(clause, limit=3_000, order=order).hits] == whole  # type: ignore[arg-type]
        reader.close()
        cluster_nodes.delete(name)


def test_what_an_earlier_run_sent_never_replaces_what_a_later_one_did() -> None:
    early, late = entry(1, "early"), entry(1, "late")
    with tempfile.TemporaryDirectory() as name:
        write(CLUSTER, Path(name), [])
        connection, index = cluster_nodes.connection(name), cluster_nodes.index_name(name)
        send(connection, index, operations([late], [0], ""), run=2)
        with pytest.raises(IndexProblem, match="version conflict"):
            send(connection, index, operations([early], [0], ""), run=1)
        send(connection, index, operations([late], [0], ""), run=2)
        refresh(connection, index)
        write_more = open_writer(CLUSTER, Path(name), create=False)
        write_more.add([entry(1, "newest")])
        write_more.commit()
        write_more.close()
        reader = open_cluster(CLUSTER, Path(name))
        assert reader.vocabulary("stem") == [("newest", 1)]
        reader.close()
        cluster_nodes.delete(name)


def test_questions_of_more_terms_than_a_cluster_takes() -> None:
    data = [entry(n, f"w{n} w{n + 1} all") for n in range(120)]
    many = tuple(Term("stem", f"w{n}") for n in range(3_000))
    with opened(CLUSTER, data) as index:
        scored = index.search(Or(many), limit=1000)
        assert (scored.total, len(scored.hits)) == (120, 120)
        preferred = index.search(Prefer(Term("stem", "all"), many), limit=1000)
        assert preferred.total == 120
        assert preferred.hits[0].score > preferred.hits[-1].score
