"""Highlights are whole words of the original with their marks, and only what made the text a hit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import Analyzer
from index.clause import And, Best, Boost, Clause, Near, Not, Or, Phrase, Prefer, Prefix, Term
from search.highlight import SNIPPET_FROM, highlights, snippet

ANALYZER = Analyzer()


def folded(word: str) -> Term:
    return Term("folded", ANALYZER.word(word).folded)


def phrase(*words: str) -> Phrase:
    return Phrase("folded", tuple((ANALYZER.word(word).folded,) for word in words))


CASES: list[tuple[str, Clause, str, list[str]]] = [
    ("مُنَظَّمَةُ الأَمْنِ", folded("منظمة"), "a plain word lights the vowelled one, with its marks", ["مُنَظَّمَةُ"]),
    (
        "الأمن والتعاون والأمن",
        phrase("الأمن", "والتعاون"),
        "a phrase lights where it stands, not each of its words",
        ["الأمن", "والتعاون"],
    ),
    ("التعاون في أوروبا", phrase("التعاون", "أوروبا"), "a stop word between two words is a word: no phrase", []),
    ("كتاب وكتاب", Phrase("folded", (("كتاب", "وكتاب"),)), "alternatives of one place", ["كتاب", "وكتاب"]),
    (
        "a b c",
        Or((And((Term("folded", "a"), Term("folded", "x"))), Term("folded", "c"))),
        "the side of an OR that fails lights nothing",
        ["c"],
    ),
    ("a b c", And((Term("folded", "a"), Not(Term("folded", "x")))), "what is excluded lights nothing", ["a"]),
    ("a b c", And((Term("session", "9"), Term("folded", "b"))), "a filter lights nothing and stops nothing", ["b"]),
    ("a x b y a", Near("folded", ("a", "b"), 1), "near lights both, in either order", ["a", "b", "a"]),
    ("a x x b", Near("folded", ("a", "b"), 1), "too far apart", []),
    ("b a", Near("folded", ("a", "b"), 3, ordered=True), "ordered near wants the order", []),
    ("abc abd b", Prefix("folded", "ab"), "a prefix lights whole words", ["abc", "abd"]),
    ("a b", Prefer(Boost(Term("folded", "a"), 0), (Term("folded", "b"),)), "what only ranks lights nothing", ["a"]),
    ("a b", Best((Term("folded", "a"), Term("folded", "b"))), "dis_max lights all its sides", ["a", "b"]),
    ("", folded("منظمة"), "an empty text", []),
    ("منظمة\u200f، الأمن", folded("منظمة"), "a direction mark after a word stays outside the light", ["منظمة"]),
]


@pytest.mark.parametrize(("text", "clause", "why", "lit"), CASES, ids=[case[2][:40] for case in CASES])
def test_what_is_lit(text: str, clause: Clause, why: str, lit: list[str]) -> None:
    spans = highlights(clause, ANALYZER.tokens(text))
    assert [text[start:end] for start, end in spans] == lit, why


@given(st.lists(st.sampled_from(["a", "b", "x", "y", "،"]), max_size=12), st.integers(0, 3), st.booleans())
@settings(max_examples=100, deadline=None)
def test_spans_are_in_order_and_whole_words(words: list[str], distance: int, ordered: bool) -> None:
    text = " ".join(words)
    spans = highlights(Near("folded", ("a", "b"), distance, ordered), ANALYZER.tokens(text))
    assert spans == sorted(set(spans))
    assert all(text[start:end] in ("a", "b") for start, end in spans)


def test_a_short_text_is_shown_whole() -> None:
    assert snippet("كلمة " * 20, []) is None


def test_a_long_text_is_shown_where_most_is_lit() -> None:
    text = "مقدمة طويلة لا تهم. " * 60 + "هنا الأمن والتعاون معا. " + "خاتمة أخرى لا تهم. " * 60
    spans = highlights(Or((folded("الأمن"), folded("والتعاون"))), ANALYZER.tokens(text))
    start, end = snippet(text, spans) or (0, 0)
    assert len(text) > SNIPPET_FROM
    assert "هنا الأمن والتعاون" in text[start:end]
    assert text[start:].startswith("هنا") or text[start - 1].isspace()
    assert end - start < len(text)
