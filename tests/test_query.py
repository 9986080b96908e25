"""The query language: a table of what is read as what, and properties that hold for any text at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.limits import LIMITS, limit
from search.problem import MESSAGES, caret_lines
from search.problem_french import MESSAGES as FRENCH
from search.query import Query, parse, to_text, words
from search.query_tree import All, Any, Bag, Must, Node, Not, Word, children, leaves
from tests.conftest import cases
from tests.tree_text import tree_text

PIECES = (
    *'ابجد ab12 *?~"«»()|+-−=:\\/.,_', "\u0640", "\u064e", "\u200f", " AND ", " OR ", " NOT ", "أو", " أو ", " و ",
    " وليس ", "NEAR/3", " قرب/2 ", "session:", "دورة:", "root:", "جذر:", "date:",
    "from:", "symbol:", "38/32-س", "..", "…", "~2",
    '"a b"~3', ' "', '" ', '=="', "word ", "(a b) ", "title:", " foo", " م.ت ",
)  # fmt: skip
QUERIES = st.one_of(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.text(max_size=40))


def written(cell: str) -> str:
    """The text of a cell: escapes for what an editor would not show."""
    return cell.replace("\\\\", "\0").replace("\\t", "\t").replace("\\u200f", "\u200f").replace(
        "\\u0640", "\u0640").replace("\0", "\\")  # fmt: skip


@pytest.mark.parametrize("case", cases("query"), ids=lambda case: case["why"])
def test_reads_as_the_table_says(case: dict[str, str]) -> None:
    query = parse(written(case["input"]))
    assert tree_text(query.tree) == written(case["expected"])
    assert " ".join(f"{p.code}[{p.start}:{p.end}]" for p in query.problems) == case["problems"]


@pytest.mark.parametrize("case", cases("query"), ids=lambda case: case["why"])
def test_is_written_again_as_the_same_tree(case: dict[str, str]) -> None:
    tree = parse(written(case["input"])).tree
    again = parse(to_text(tree))
    assert again.tree == tree
    assert not again.problems


@settings(max_examples=100, deadline=None)
@given(QUERIES)
def test_any_text_round_trips(text: str) -> None:
    query = parse(text)
    assert parse(to_text(query.tree)).tree == query.tree


def check_shape(node: Node) -> None:
    """The canonical form that the head of query_tree.py describes."""
    inside = children(node)
    if isinstance(node, (Bag, All, Any)):
        assert len(inside) >= 2
    for child in inside:
        if isinstance(child, Must):
            assert isinstance(node, Bag)
            assert not isinstance(child.child, (Must, Not))
        if isinstance(node, Bag):
            assert not isinstance(child, All), "an All in a Bag is a Must"
            if isinstance(child, Bag):
                assert any(isinstance(grandchild, (Must, Not)) for grandchild in child.children)
        if isinstance(node, (All, Any)):
            assert type(child) is not type(node)
        assert not (isinstance(node, Not) and isinstance(child, Not))
        check_shape(child)


@settings(max_examples=100, deadline=None)
@given(QUERIES)
def test_trees_are_canonical_and_places_lie_in_the_text(text: str) -> None:
    query = parse(text)
    if query.tree != Bag(()):
        check_shape(query.tree)
    for leaf in leaves(query.tree, negated=True):
        assert 0 <= leaf.start < leaf.end <= len(text)
    for word in words(query.tree, negated=True):
        assert not any(c.isspace() for c in word.text)
        assert any(c.isalnum() for c in word.text)
    for remark in query.problems:
        assert 0 <= remark.start <= remark.end <= len(text)
        assert remark.message
        assert remark.message_en
        assert remark.code in MESSAGES


@settings(max_examples=100, deadline=None)
@given(QUERIES)
def test_without_syntax_every_query_is_plain_words_without_problems(text: str) -> None:
    query = parse(text, syntax=False)
    assert query.problems == ()
    nodes = query.tree.children if isinstance(query.tree, Bag) else (query.tree,)
    assert all(isinstance(node, Word) and node.level is None for node in nodes)


PLAIN = [
    ("session:38", "bag(session 38)", "a colon is a space"),
    ('"منظمة الأمن" -حرب', "bag(منظمة الأمن حرب)", "quotes and minus are spaces"),
    ("a AND b أو c", "bag(a AND b أو c)", "operators are words, which the analyzer may drop"),
    ("من* كلمة~1 =x", "bag(من كلمة 1 x)", "so are the signs of wildcards and levels"),
    ("38/32-س", "bag(38 32 س)", "a symbol is its parts"),
    ("(", "bag()", "a lone bracket"),
]


@pytest.mark.parametrize(("text", "expected", "why"), PLAIN)
def test_without_syntax(text: str, expected: str, why: str) -> None:
    assert tree_text(parse(text, syntax=False).tree) == expected, why


def test_places_are_those_of_the_text_typed() -> None:
    text = "\u200fدورة:38 «منظمة الأمن» كتب~1"
    places = [text[leaf.start : leaf.end] for leaf in leaves(parse(text).tree)]
    assert places == ["دورة:38", "«منظمة الأمن»", "كتب~1"]
    assert [text[w.start : w.end] for w in words(parse(text).tree)] == ["منظمة", "الأمن"]


HOSTILE = [
    ("(" * 1500 + "a" + ")" * 1500, "too_deep", "1,500 nested brackets"),
    ("(" * 1500 + "a", "more_problems", "1,500 open brackets: the remarks are limited too"),
    ("كلمة " * 20_000, "too_many_terms", "20,000 terms"),
    ("كلمة|" * 20_000, "too_many_terms", "20,000 alternatives"),
    ("كلمة NEAR/3 " * 5_000, "too_many_terms", "a chain of NEAR"),
    ("NOT " * 500 + "كلمة", "double_negation", "NOT 500 times"),
    ("ا" * 100_000, "long_word", "one token of 100,000 letters"),
    ("*" * 100_000, "lone_wildcard", "stars without a letter"),
    ('"' * 100_000, "more_problems", "quotes without words"),
    ("~" * 4_000, "more_problems", "tildes"),
    ("-" * 4_000, "lone_mark", "dashes"),
    ("=" * 4_000, "equals", "equals signs"),
    ("x:" * 2_000, "more_problems", "fields that do not exist"),
    ("38/" * 1_300, "", "slashes and numbers"),
    ("\\" * 4_000, "", "backslashes"),
    ("\u200f" * 4_000, "", "nothing but direction marks"),
    ("a-" * 2_000, "too_many_terms", "one chunk of 2,000 words"),
    ("\ud800 \x00 a", "", "a lone surrogate and a NUL"),
]


@pytest.mark.parametrize(("text", "code", "why"), HOSTILE, ids=[why for _, _, why in HOSTILE])
def test_hostile_queries_are_read_and_reported(text: str, code: str, why: str) -> None:
    query = parse(text)
    assert isinstance(query, Query)
    assert code in {p.code for p in query.problems} or not code
    assert len(query.problems) <= limit("problems")
    assert sum(1 for _ in leaves(query.tree, negated=True)) <= limit("terms")
    assert len(words(query.tree, negated=True)) <= limit("terms")
    assert all(len(word.text) <= limit("word") for word in words(query.tree))
    assert all(len(p.message) < 400 and len(p.message_en) < 400 for p in query.problems)


def test_a_long_query_is_cut_between_words_and_the_cut_is_reported() -> None:
    text = "منظمة " * 2_000
    query = parse(text, syntax=False)
    assert {p.code for p in query.problems} == {"too_long", "too_many_terms"}
    assert {word.text for word in words(query.tree)} == {"منظمة"}


def test_every_limit_and_message_is_explained() -> None:
    assert all(row.value > 0 and row.help.endswith(".") for row in LIMITS.values())
    for code, (arabic, english) in MESSAGES.items():
        blanks = [part.split("}")[0] for part in arabic.split("{")[1:]]
        assert sorted(blanks) == sorted(part.split("}")[0] for part in english.split("{")[1:]), code
        assert sorted(blanks) == sorted(part.split("}")[0] for part in FRENCH[code].split("{")[1:]), code
    assert FRENCH.keys() == MESSAGES.keys()


def test_a_problem_is_shown_under_its_place() -> None:
    query = parse("منظمة) x")
    shown = caret_lines(query.text, query.problems[0], "en").split("\n")
    assert shown[0] == "منظمة) x"
    assert shown[1] == "     ^"
    assert shown[2] == "a bracket without its partner; it was ignored"
