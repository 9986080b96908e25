"""Entries and questions for the tests of the engines, and opening an engine without an address around it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

import cluster_nodes
import pytest
from hypothesis import strategies as st

from index.clause import (
    MISSING,
    POSITIONAL_FIELDS,
    TERM_FIELDS,
    And,
    Best,
    Boost,
    Clause,
    Everything,
    Near,
    Not,
    Or,
    Phrase,
    Prefer,
    Prefix,
    Range,
    Term,
)
from index.engine import Entry, Manifest, Reader, Writer
from index.opening import open_writer as open_folder_writer

ENGINES = ("tantivy", "whoosh")
EMBEDDED = pytest.mark.parametrize("engine", ENGINES)
CLUSTER = "opensearch"
EVERY_ENGINE = pytest.mark.parametrize("engine", [*ENGINES, pytest.param(CLUSTER, marks=cluster_nodes.MARK)])


def entry(number: int, text: str, date: int = 0, **values: object) -> Entry:
    """Return an entry whose term fields all hold the words of `text`."""
    held = {field: (value,) if isinstance(value, str) else tuple(value) for field, value in values.items()}  # type: ignore[call-overload]
    row = json.dumps({"id": f"c{number}", "text": text}, ensure_ascii=False).encode()
    words = tuple(range(number, number + len(text.split())))
    return Entry(f"c{number}", dict.fromkeys(TERM_FIELDS, text), held, date, row, words)


def open_writer(engine: str, folder: Path, *, create: bool) -> Writer:
    """Open an engine's folder for writing; a cluster has an index that stands for the folder."""
    if engine == CLUSTER:
        from index.engines.opensearch_writer import OpenSearchWriter

        return OpenSearchWriter(cluster_nodes.connection(folder), cluster_nodes.index_name(folder), create=create)
    return open_folder_writer(engine, folder, create=create)


def reader(engine: str, folder: Path) -> Reader:
    """Open an engine's folder without manifest and address around it."""
    if engine == CLUSTER:
        from index.engines.opensearch import OpenSearchReader

        manifest = Manifest("opensearch", "light", "test")
        return OpenSearchReader(cluster_nodes.connection(folder), cluster_nodes.index_name(folder), manifest)
    if engine == "whoosh":
        from index.engines.whoosh import WhooshReader

        return WhooshReader(folder, Manifest("whoosh", "light", "test"))
    from index.engines.tantivy import TantivyReader

    return TantivyReader(folder, Manifest("tantivy", "light", "test"))


def write(engine: str, folder: Path, *commits: Sequence[Entry]) -> None:
    """Write the entries, one commit for each group."""
    for number, entries in enumerate(commits):
        writer = open_writer(engine, folder, create=number == 0)
        writer.add(entries)
        writer.commit()
        writer.close()


@contextmanager
def opened(engine: str, *commits: Sequence[Entry]) -> Iterator[Reader]:
    """Yield a reader of a new index that holds the entries."""
    with tempfile.TemporaryDirectory() as folder:
        write(engine, Path(folder), *commits)
        index = reader(engine, Path(folder))
        yield index
        index.close()
        if engine == CLUSTER:
            cluster_nodes.delete(folder)


def ids(index: Reader, clause: Clause, limit: int = 1000) -> list[str]:
    return [match.id for match in index.search(clause, limit=limit).hits]


LETTERS = "abcd"
words = st.lists(st.sampled_from([*LETTERS, "ab", "ا", "اب"]), max_size=8).map(" ".join)


@st.composite
def entries(draw: st.DrawFn, size: int = 14) -> list[Entry]:
    """Draw entries whose fields differ from each other."""
    drawn = []
    for number in range(draw(st.integers(1, size))):
        texts = draw(st.lists(words, min_size=2, max_size=2))
        terms = dict(zip(TERM_FIELDS, cycle(texts), strict=False))
        some = st.lists(st.sampled_from(["x", "xy", "y z", "é"]), max_size=2).map(tuple)
        values = {field: draw(some) for field in ("session", "theme", "symbol")}
        date = draw(st.sampled_from([0, 0, 20100101, 20110628, 20110630]))
        row = f'{{"id": "c{number}"}}'.encode()
        drawn.append(Entry(f"c{number}", terms, {f: v for f, v in values.items() if v}, date, row))
    return drawn


term = st.builds(Term, st.sampled_from(["stem", "marked", "plural"]), st.sampled_from([*LETTERS, "ab", "z"]))
value = st.one_of(
    st.builds(Term, st.sampled_from(["session", "theme", "symbol"]), st.sampled_from(["x", "y z", MISSING])),
    st.builds(Term, st.just("id"), st.sampled_from(["c0", "c3", "c99"])))
place = st.lists(st.sampled_from([*LETTERS, "ab", "z"]), max_size=3, unique=True).map(tuple)
phrase = st.builds(Phrase, st.sampled_from(POSITIONAL_FIELDS), st.lists(place, min_size=1, max_size=3).map(tuple))
near_terms = st.lists(st.sampled_from(LETTERS), min_size=2, max_size=4).map(tuple)
near = st.builds(Near, st.sampled_from(POSITIONAL_FIELDS), near_terms, st.integers(0, 5), st.booleans())
# Few terms with much between them, so that the edges of windows are met.
sparse_text = st.lists(st.sampled_from("abcxxxxx"), min_size=4, max_size=12).map(" ".join)
sparse_texts = st.lists(sparse_text, min_size=8, max_size=24)
sparse_near = st.builds(Near, st.just("stem"), st.lists(st.sampled_from("aabc"), min_size=2, max_size=4).map(tuple),
                        st.integers(0, 5), st.booleans())
prefix = st.builds(Prefix, st.sampled_from(["stem", "plural", "session", "id"]),
                   st.sampled_from(["", "a", "c", "ا", "x", "c1"]))
dates = st.one_of(st.none(), st.sampled_from([0, 20100101, 20110629, 99999999]))
leaf = st.one_of(term, term, value, phrase, near, prefix, st.builds(Range, st.just("date"), dates, dates),
                 st.just(Everything()), st.just(And(())), st.just(Or(())), st.just(Best(())))


def _larger(inner: st.SearchStrategy[Clause]) -> st.SearchStrategy[Clause]:
    several = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(st.builds(And, several), st.builds(Or, several), st.builds(Best, several), st.builds(Not, inner),
                     st.builds(Boost, inner, st.sampled_from([0.0, 0.15, 1.0, 3.0])), st.builds(Prefer, inner, several))


clauses = st.recursive(leaf, _larger, max_leaves=6)
