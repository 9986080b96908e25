"""One contract for all embedded engines: whatever is asked, they find what the oracle finds by scanning."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.clause import (
    FACET_FIELDS,
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
from index.engine import Entry, IndexProblem, Manifest, Reader, Writer
from index.opening import open_writer

ENGINES = ("tantivy", "whoosh")
EVERY_ENGINE = pytest.mark.parametrize("engine", ENGINES)


def entry(number: int, text: str, date: int = 0, **values: object) -> Entry:
    """Return an entry whose term fields all hold the words of `text`."""
    held = {field: (value,) if isinstance(value, str) else tuple(value) for field, value in values.items()}  # type: ignore[call-overload]
    row = json.dumps({"id": f"c{number}", "text": text}, ensure_ascii=False).encode()
    words = tuple(range(number, number + len(text.split())))
    return Entry(f"c{number}", dict.fromkeys(TERM_FIELDS, text), held, date, row, words)


def reader(engine: str, folder: Path) -> Reader:
    """Open an engine's folder without manifest and address around it."""
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


def ids(index: Reader, clause: Clause, limit: int = 1000) -> list[str]:
    return [match.id for match in index.search(clause, limit=limit).hits]


# Documents and questions at random

LETTERS = "abcd"
words = st.lists(st.sampled_from([*LETTERS, "ab", "ا", "اب"]), max_size=8).map(" ".join)


@st.composite
def entries(draw: st.DrawFn, size: int = 14) -> list[Entry]:
    """Draw entries whose fields differ from each other."""
    drawn = []
    for number in range(draw(st.integers(1, size))):
        texts = draw(st.lists(words, min_size=2, max_size=2))
        terms = dict(zip(TERM_FIELDS, texts * 3, strict=True))
        some = st.lists(st.sampled_from(["x", "xy", "y z", "é"]), max_size=2).map(tuple)
        values = {field: draw(some) for field in ("session", "theme", "symbol")}
        date = draw(st.sampled_from([0, 0, 20100101, 20110628, 20110630]))
        row = f'{{"id": "c{number}"}}'.encode()
        drawn.append(Entry(f"c{number}", terms, {f: v for f, v in values.items() if v}, date, row))
    return drawn


term = st.builds(Term, st.sampled_from(["stem", "marked", "root"]), st.sampled_from([*LETTERS, "ab", "z"]))
value = st.one_of(st.builds(Term, st.sampled_from(["session", "theme", "symbol"]), st.sampled_from(["x", "y z", MISSING])),
                  st.builds(Term, st.just("id"), st.sampled_from(["c0", "c3", "c99"])))
place = st.lists(st.sampled_from([*LETTERS, "ab", "z"]), max_size=3, unique=True).map(tuple)
phrase = st.builds(Phrase, st.sampled_from(POSITIONAL_FIELDS), st.lists(place, min_size=1, max_size=3).map(tuple))
near = st.builds(Near, st.sampled_from(POSITIONAL_FIELDS),
                 st.lists(st.sampled_from(LETTERS), min_size=2, max_size=4).map(tuple), st.integers(0, 5), st.booleans())
prefix = st.builds(Prefix, st.sampled_from(["stem", "root", "session", "id"]), st.sampled_from(["", "a", "c", "ا", "x", "c1"]))
dates = st.one_of(st.none(), st.sampled_from([0, 20100101, 20110629, 99999999]))
leaf = st.one_of(term, term, value, phrase, near, prefix, st.builds(Range, st.just("date"), dates, dates),
                 st.just(Everything()), st.just(And(())), st.just(Or(())), st.just(Best(())))


def _larger(inner: st.SearchStrategy[Clause]) -> st.SearchStrategy[Clause]:
    several = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(st.builds(And, several), st.builds(Or, several), st.builds(Best, several), st.builds(Not, inner),
                     st.builds(Boost, inner, st.sampled_from([0.0, 0.15, 1.0, 3.0])), st.builds(Prefer, inner, several))


clauses = st.recursive(leaf, _larger, max_leaves=6)


@EVERY_ENGINE
@given(data=entries(), asked=st.lists(clauses, min_size=8, max_size=8), split=st.integers(0, 14))
@settings(max_examples=40, deadline=None)
def test_any_question_finds_what_a_scan_finds(engine: str, data: list[Entry], asked: list[Clause], split: int) -> None:
    with opened(engine, data[:split], data[split:]) as index:
        for clause in asked:
            answer = index.search(clause, limit=50, facets=FACET_FIELDS)
            expected = oracle.found(clause, data)
            assert {match.id for match in answer.hits} == {one.id for one in expected}, clause
            assert answer.total == index.count(clause) == len(expected)
            assert answer.facets == {field: oracle.facet(field, clause, data) for field in FACET_FIELDS}
            assert [m.id for m in index.search(clause, limit=50, order="date").hits] == [
                one.id for one in oracle.by_date(clause, data)]
            assert [m.id for m in index.search(clause, limit=50, order="-date").hits] == [
                one.id for one in oracle.by_date(clause, data, newest=True)]


@EVERY_ENGINE
@given(data=entries(), asked=st.lists(clauses, min_size=8, max_size=8), split=st.integers(0, 14))
@settings(max_examples=40, deadline=None)
def test_scores_are_those_of_the_formula_and_ties_keep_the_order_of_addition(
        engine: str, data: list[Entry], asked: list[Clause], split: int) -> None:
    place = {one.id: number for number, one in enumerate(data)}
    with opened(engine, data[:split], data[split:]) as index:
        for clause in asked:
            hits = index.search(clause, limit=50).hits
            assert [(-m.score, place[m.id]) for m in hits] == sorted((-m.score, place[m.id]) for m in hits)
            for match in hits:
                expected = oracle.score(clause, data[place[match.id]], data)
                assert expected is None or match.score == pytest.approx(expected, rel=1e-4, abs=1e-4), clause


@EVERY_ENGINE
@given(data=entries(), clause=clauses, step=st.integers(1, 5))
@settings(max_examples=25, deadline=None)
def test_pages_joined_are_the_whole_list(engine: str, data: list[Entry], clause: Clause, step: int) -> None:
    with opened(engine, data[::2], data[1::2]) as index:
        whole = [match.ordinal for match in index.search(clause, limit=50).hits]
        pages = [index.search(clause, limit=step, offset=offset) for offset in range(0, len(data) + step, step)]
        assert [match.ordinal for page in pages for match in page.hits] == whole
        assert {page.total for page in pages} == {len(whole)}


@EVERY_ENGINE
@given(data=entries(), removed=st.lists(st.sampled_from(["c0", "c1", "c2", "c5"]), max_size=3), split=st.integers(0, 14),
       clause=clauses)
@settings(max_examples=30, deadline=None)
def test_removed_clauses_are_gone_from_everything(engine: str, data: list[Entry], removed: list[str], split: int,
                                                  clause: Clause) -> None:
    left = [one for one in data if one.id not in removed]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(engine, folder, data[:split])
        writer = open_writer(engine, folder, create=False)
        writer.add(data[split:])
        writer.remove("id", removed)
        writer.commit()
        writer.close()
        index = reader(engine, folder)
        assert set(ids(index, clause)) == {one.id for one in oracle.found(clause, left)}
        assert index.search(clause, limit=0, facets=("theme",)).facets == {"theme": oracle.facet("theme", clause, left)}
        for field in ("stem", "session", "id"):
            assert index.vocabulary(field) == oracle.vocabulary(field, "", left)
        assert index.fetch([one.id for one in data]) == [None if one.id in removed else one.row for one in data]
        index.close()


@EVERY_ENGINE
@given(data=entries(), prefix=st.sampled_from(["", "a", "x", "ا", "\x00", "q"]), limit=st.sampled_from([None, 0, 2]))
@settings(max_examples=25, deadline=None)
def test_vocabulary_is_that_of_a_scan(engine: str, data: list[Entry], prefix: str, limit: int | None) -> None:
    with opened(engine, data[:5], data[5:]) as index:
        for field in (*TERM_FIELDS, "session", "symbol", "id"):
            expected = oracle.vocabulary(field, prefix, data)
            assert index.vocabulary(field, prefix, limit) == expected[:limit]
            assert all(index.frequency(field, term) == count for term, count in expected)
        assert index.frequency("stem", "never") == 0


# Questions that are easily answered wrongly

TEXTS = ["a b c", "c b a", "a x b", "a x x b", "a a", "a", "", "b a x c", "a b a b", "x c x b x a"]
QUESTIONS: list[tuple[Clause, set[int]]] = [
    (Phrase("stem", (("a",), ("b",))), {0, 8}),
    (Phrase("stem", (("a", "c"), ("b", "nowhere"))), {0, 1, 8}),
    (Phrase("stem", (("a",), ())), set()),
    (Phrase("stem", (("a",),)), {0, 1, 2, 3, 4, 5, 7, 8, 9}),
    (Phrase("stem", (("a",), ("a",))), {4}),
    (Phrase("stem", (("nowhere",), ("a",))), set()),
    (Near("stem", ("a", "b"), 0), {0, 1, 7, 8}),
    (Near("stem", ("a", "b"), 0, ordered=True), {0, 8}),
    (Near("stem", ("b", "a"), 0, ordered=True), {1, 7, 8}),
    (Near("stem", ("a", "b"), 1), {0, 1, 2, 7, 8, 9}),
    (Near("stem", ("a", "b"), 1, ordered=True), {0, 2, 8}),
    (Near("stem", ("a", "b"), 2, ordered=True), {0, 2, 3, 8}),
    (Near("stem", ("a", "a"), 0), {4}),
    (Near("stem", ("a", "a"), 1), {4, 8}),
    (Near("stem", ("c", "a", "b"), 0), {0, 1}),
    (Near("stem", ("c", "a", "b"), 1), {0, 1, 7}),
    (Near("stem", ("a", "b", "c"), 1, ordered=True), {0}),
    (Near("stem", ("a", "b", "c"), 2), {0, 1, 7, 9}),
    (Near("stem", ("a", "b", "a", "b"), 0), {8}),
    (Near("stem", ("a", "b", "b", "b"), 5), set()),
    (And(()), set(range(10))),
    (Or(()), set()),
    (Best(()), set()),
    (Not(Term("stem", "a")), {6}),
    (Not(Not(Term("stem", "a"))), {0, 1, 2, 3, 4, 5, 7, 8, 9}),
    (Not(Everything()), set()),
    (And((Not(Term("stem", "a")), Not(Term("stem", "b")))), {6}),
    (And((Term("stem", "c"), Not(Term("stem", "x")))), {0, 1}),
    (Or((Not(Term("stem", "a")), Term("stem", "c"))), {0, 1, 6, 7, 9}),
    (Prefer(Term("stem", "c"), (Term("stem", "x"),)), {0, 1, 7, 9}),
    (Prefer(Everything(), ()), set(range(10))),
    (Boost(Term("stem", "c"), 0), {0, 1, 7, 9}),
    (Prefix("stem", ""), {0, 1, 2, 3, 4, 5, 7, 8, 9}),
    (Prefix("id", "c"), set(range(10))),
    (Term("session", MISSING), set(range(10))),
]


@EVERY_ENGINE
def test_questions_that_are_easily_answered_wrongly(engine: str) -> None:
    data = [entry(number, text) for number, text in enumerate(TEXTS)]
    with opened(engine, data[:6], data[6:]) as index:
        for clause, expected in QUESTIONS:
            assert set(ids(index, clause)) == {f"c{number}" for number in expected}, clause
            assert {one.id for one in oracle.found(clause, data)} == {f"c{number}" for number in expected}, clause


@EVERY_ENGINE
def test_a_filter_of_factor_0_never_changes_the_order(engine: str) -> None:
    data = [entry(n, "a " * (n % 4 + 1) + "b " * (n % 3), session=str(n % 2)) for n in range(30)]
    asked = Term("stem", "a")
    with opened(engine, data) as index:
        plain = ids(index, And((asked, Or((Term("session", "1"), Term("session", "0"))))))
        filtered = ids(index, And((asked, Boost(Or((Term("stem", "b"), Not(Term("stem", "b")))), 0))))
        preferred = ids(index, Prefer(asked, (Boost(Term("stem", "b"), 0),)))
        assert plain == filtered == preferred == ids(index, asked)


@EVERY_ENGINE
def test_the_best_of_several_fields_is_not_their_sum(engine: str) -> None:
    data = [Entry(f"c{n}", {"stem": stem, "root": root}, {}, 0, b"{}") for n, (stem, root) in
            enumerate([("a b", "x y"), ("b b", "x x"), ("a a", "y y"), ("b", "y"), ("b c", "z z")])]
    clause = Best((Term("stem", "a"), Term("root", "x")))
    with opened(engine, data) as index:
        scores = {match.id: match.score for match in index.search(clause, limit=9).hits}
        singly = [{match.id: match.score for match in index.search(one, limit=9).hits} for one in clause.clauses]
        assert scores == {"c0": max(one["c0"] for one in singly), "c1": singly[1]["c1"], "c2": singly[0]["c2"]}


@EVERY_ENGINE
def test_many_ties_in_many_segments_keep_the_order_of_addition(engine: str) -> None:
    data = [entry(n, "same words here", session="s") for n in range(300)]
    groups = [data[:7], data[7:190], data[190:200], data[200:]]
    with opened(engine, *groups) as index:
        for clause in (Term("stem", "words"), Or((Term("stem", "words"), Term("stem", "here"))), Term("session", "s")):
            assert ids(index, clause) == [one.id for one in data]
            page = index.search(clause, limit=5, offset=198).hits
            assert [match.id for match in page] == ["c198", "c199", "c200", "c201", "c202"]
            beyond = index.search(clause, limit=5, offset=300)
            assert (beyond.total, beyond.hits) == (300, [])


@EVERY_ENGINE
def test_twenty_thousand_terms_in_one_question(engine: str) -> None:
    data = [entry(n, f"w{n} w{n + 1} all") for n in range(200)]
    many = tuple(Term("stem", f"w{n}") for n in range(20_000))
    with opened(engine, data) as index:
        assert index.count(Or(many)) == index.count(Boost(Or(many), 0)) == index.count(Best(many)) == 200
        assert index.count(And((Not(Or(many)), Term("stem", "all")))) == 0


@EVERY_ENGINE
def test_a_phrase_of_very_many_combinations(engine: str) -> None:
    signs = [f"a{sign}" for sign in r".\+*?()|[]{}^$#&-~"]
    data = [entry(0, "a. x a("), entry(1, "a. x"), entry(2, "a( y a)"), entry(3, "ab x ab")]
    places = (tuple(signs), ("x", "y"), tuple(signs))
    with opened(engine, [*data, entry(4, " ".join(signs))]) as index:
        assert len(signs) * len(signs) * 2 > 256
        assert set(ids(index, Phrase("stem", places))) == {"c0", "c2"}


ODD_VALUES = ["a b", "\u200fقرار\u200e", "tab\tand\nline", "ـ", "\U0001f4dc", "x" * 32_000, '"\\*?', "38/32-س"]


@EVERY_ENGINE
def test_any_text_is_a_value(engine: str) -> None:
    data = [entry(n, "a", session=value, theme=(value, "t")) for n, value in enumerate(ODD_VALUES)]
    with opened(engine, data) as index:
        for number, value in enumerate(ODD_VALUES):
            assert ids(index, Term("session", value)) == ids(index, Or((Term("session", value),))) == [f"c{number}"]
            assert ids(index, Prefix("session", value[:100])) == [f"c{number}"]
        facets = index.search(Everything(), limit=0, facets=("session", "theme", "kind")).facets
        assert facets["session"] == dict.fromkeys(ODD_VALUES, 1)
        assert facets["theme"] == dict.fromkeys(ODD_VALUES, 1) | {"t": len(ODD_VALUES)}
        assert facets["kind"] == {MISSING: len(ODD_VALUES)}


@EVERY_ENGINE
def test_a_value_beyond_the_limit_is_cut_in_the_index_and_in_the_question(engine: str) -> None:
    long = "ق" * 40_000
    with opened(engine, [entry(0, "a", session=long, theme=("t", "t"))]) as index:
        assert ids(index, Term("session", long)) == ["c0"]
        assert index.frequency("session", long) == 1
        assert index.vocabulary("session") == [("ق" * (32_766 // 2), 1)]
        assert index.search(Everything(), limit=0, facets=("theme",)).facets == {"theme": {"t": 1}}


@EVERY_ENGINE
def test_ids_are_any_text_and_long_ids_with_one_beginning_are_told_apart(engine: str) -> None:
    names = ["a b/ج", "x" * 50_000 + "1", "x" * 50_000 + "2", "\u202e"]
    data = [Entry(name, {"stem": "a"}, {}, 0, f"row {n}".encode()) for n, name in enumerate(names)]
    with opened(engine, data) as index:
        assert index.fetch([*names, "nowhere", names[0]]) == [b"row 0", b"row 1", b"row 2", b"row 3", None, b"row 0"]
        assert index.fetch([]) == []


@EVERY_ENGINE
def test_terms_of_256_letters_are_whole(engine: str) -> None:
    long = "س" * 256
    with opened(engine, [entry(0, f"{long} a"), entry(1, f"{long}س a")]) as index:
        assert ids(index, Term("stem", long)) == ids(index, Phrase("stem", ((long,), ("a",)))) == ["c0"]
        assert index.count(Prefix("stem", long)) == 2


@EVERY_ENGINE
def test_rows_and_word_numbers_come_back(engine: str) -> None:
    data = [entry(n, "a b c" if n % 3 else "") for n in range(50)]
    with opened(engine, data[:20], data[20:]) as index:
        matches = index.search(Everything(), limit=50, rows=False).hits
        assert [match.row for match in matches] == [b""] * 50
        assert index.rows(matches) == [one.row for one in data]
        numbers = index.words(matches)
        assert numbers is not None
        assert [tuple(map(int, one)) for one in numbers] == [one.words for one in data]


# The life of an index


@EVERY_ENGINE
def test_a_clause_is_replaced_in_one_commit_and_in_a_later_one(engine: str, tmp_path: Path) -> None:
    write(engine, tmp_path, [entry(0, "old"), entry(1, "other")])
    for text in ("new", "newer"):
        writer = open_writer(engine, tmp_path, create=False)
        writer.remove("id", ["c0"])
        writer.add([entry(0, "draft")])
        writer.remove("id", ["c0"])
        writer.add([entry(0, text)])
        writer.commit()
        writer.close()
        index = reader(engine, tmp_path)
        assert ids(index, Everything()) == ["c1", "c0"]
        assert index.vocabulary("stem") == sorted([(text, 1), ("other", 1)])
        assert index.fetch(["c0"]) == [entry(0, text).row]
        index.close()


@EVERY_ENGINE
def test_a_resolution_is_removed_with_all_its_clauses(engine: str, tmp_path: Path) -> None:
    write(engine, tmp_path, [entry(n, "a", resolution=f"r{n % 2}") for n in range(6)])
    writer = open_writer(engine, tmp_path, create=False)
    writer.remove("resolution", ["r1", "nowhere"])
    writer.commit()
    writer.close()
    index = reader(engine, tmp_path)
    assert ids(index, Everything()) == ["c0", "c2", "c4"]
    index.close()


@EVERY_ENGINE
def test_an_open_reader_keeps_its_snapshot(engine: str, tmp_path: Path) -> None:
    write(engine, tmp_path, [entry(0, "a"), entry(1, "b")])
    old = reader(engine, tmp_path)
    for number in range(2, 12):
        writer = open_writer(engine, tmp_path, create=False)
        writer.add([entry(number, "a b")])
        writer.remove("id", [f"c{number - 2}"])
        writer.commit()
        writer.close()
    assert ids(old, Everything()) == ["c0", "c1"]
    assert old.search(Term("stem", "a"), limit=1, facets=("theme",)).facets == {"theme": {MISSING: 1}}
    assert old.fetch(["c0", "c5"]) == [entry(0, "a").row, None]
    assert old.vocabulary("stem") == [("a", 1), ("b", 1)]
    new = reader(engine, tmp_path)
    assert ids(new, Everything()) == ["c10", "c11"]
    old.close()
    new.close()


@EVERY_ENGINE
@pytest.mark.parametrize("leave", ["rollback", "close"])
def test_what_is_not_committed_is_forgotten_and_the_lock_is_free(engine: str, leave: str, tmp_path: Path) -> None:
    write(engine, tmp_path, [entry(0, "a")])
    writer = open_writer(engine, tmp_path, create=False)
    writer.add([entry(n, "b") for n in range(1, 50)])
    writer.remove("id", ["c0"])
    getattr(writer, leave)()
    writer.close()
    writer = open_writer(engine, tmp_path, create=False)
    writer.add([entry(50, "c")])
    writer.commit()
    writer.close()
    index = reader(engine, tmp_path)
    assert ids(index, Everything()) == ["c0", "c50"]
    index.close()


@EVERY_ENGINE
def test_a_second_writer_is_told_who_writes(engine: str, tmp_path: Path) -> None:
    first = open_writer(engine, tmp_path, create=True)
    first.commit()
    with pytest.raises(IndexProblem, match=r"process \d+ .*try again"):
        open_writer(engine, tmp_path, create=False)
    first.close()
    open_writer(engine, tmp_path, create=False).close()


@EVERY_ENGINE
def test_a_folder_without_an_index_is_said_so(engine: str, tmp_path: Path) -> None:
    with pytest.raises(IndexProblem, match="build it"):
        reader(engine, tmp_path)
    with pytest.raises(IndexProblem, match="build it"):
        open_writer(engine, tmp_path, create=False)


@EVERY_ENGINE
def test_an_empty_index_answers(engine: str) -> None:
    with opened(engine, []) as index:
        assert (index.count(Everything()), index.vocabulary("stem"), index.fetch(["c0"])) == (0, [], [None])
        answer = index.search(Or((Term("stem", "a"),)), limit=5, facets=("theme",))
        assert (answer.total, answer.hits, answer.facets) == (0, [], {"theme": {}})


@EVERY_ENGINE
def test_what_was_committed_survives_a_kill(engine: str, tmp_path: Path) -> None:
    """A killed writer leaves files that nobody names; readers and the next writer do without them."""
    import subprocess
    import sys

    write(engine, tmp_path, [entry(0, "a")])
    program = (
        "import os, sys; sys.path[:0] = [sys.argv[1], sys.argv[2]]\n"
        "from pathlib import Path; from test_engines import entry, open_writer\n"
        "writer = open_writer(sys.argv[3], Path(sys.argv[4]), create=False)\n"
        "writer.remove('id', ['c0']); writer.add(entry(n, f'b{n}') for n in range(1, 400))\n"
        "writer._store.commit(); writer._flush() if sys.argv[3] == 'whoosh' else None\n"
        "os._exit(9)"
    )
    here = Path(__file__).parent
    run = subprocess.run([sys.executable, "-c", program, str(here), str(here.parent), engine, str(tmp_path)], check=False)
    assert run.returncode == 9
    index = reader(engine, tmp_path)
    assert ids(index, Everything()) == ["c0"]
    index.close()
    writer: Writer = open_writer(engine, tmp_path, create=False)
    writer.add([entry(1, "c")])
    writer.commit()
    writer.close()
    index = reader(engine, tmp_path)
    assert [match.row for match in index.search(Everything(), limit=9).hits] == [entry(0, "a").row, entry(1, "c").row]
    index.close()


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


def test_whoosh_itself_reads_what_is_written(tmp_path: Path) -> None:
    from whoosh import query
    from whoosh.index import open_dir

    data = [entry(n, text) for n, text in enumerate(TEXTS)]
    write("whoosh", tmp_path, data[:6], data[6:])
    with open_dir(str(tmp_path / "engine")).searcher() as searcher:
        ordinals = sorted(searcher.docs_for_query(query.And([query.Term("stem", "a"), query.Term("stem", "c")])))
        assert len(ordinals) == 4
        phrase = query.Phrase("stem", ["a", "b"])
        assert len(list(searcher.docs_for_query(phrase))) == 2
