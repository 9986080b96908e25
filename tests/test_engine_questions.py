"""Questions that are easily answered wrongly, values of any kind, and long lists, on every embedded engine."""

from __future__ import annotations

from pathlib import Path

import oracle
from engine_samples import EVERY_ENGINE, entry, ids, opened, write

from index.clause import (
    MISSING,
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
    Term,
)
from index.engine import Entry

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
    data = [Entry(f"c{n}", {"stem": stem, "plural": root}, {}, 0, b"{}") for n, (stem, root) in
            enumerate([("a b", "x y"), ("b b", "x x"), ("a a", "y y"), ("b", "y"), ("b c", "z z")])]
    clause = Best((Term("stem", "a"), Term("plural", "x")))
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
def test_wide_windows_of_several_terms(engine: str) -> None:
    gap = " x" * 30
    data = [entry(0, f"a{gap} b{gap} c d"), entry(1, f"d c{gap} b{gap} a"), entry(2, f"a{gap}{gap} b{gap}{gap} c d"),
            entry(3, "a b c")]
    four = ("a", "b", "c", "d")
    with opened(engine, data) as index:
        assert set(ids(index, Near("stem", four, 60))) == {"c0", "c1"}
        assert ids(index, Near("stem", four, 60, ordered=True)) == ["c0"]
        assert set(ids(index, Near("stem", four[:3], 60))) == {"c0", "c1", "c3"}
        assert set(ids(index, Near("stem", four, 59))) == set()
        assert set(ids(index, Near("stem", four, 200))) == {"c0", "c1", "c2"}
        assert ids(index, Near("stem", ("c", "d", "d", "a"), 100)) == []


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
