"""Tokens: offsets into the original, five levels, and the fast form equal to the plain one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import LEVELS, MAX_TERM, Analyzer
from index.arabic import TATWEEL
from index.clause import TERM_FIELDS
from index.entry import entry_of
from index.symbol import symbol_keys
from tests.conftest import cases

ANALYZER = Analyzer()
# Letters, marks, digits, controls and separators that real pages mix.
ALPHABET = st.sampled_from(
    "ابتةثجحخدرسشعفقكلمنهويىءآأإؤئ"
    + "\u064b\u064e\u0651\u0652\u0670\u0640\u0654\u0655"
    + "کیہۃﻻﷲﺎ"
    + "0123٠١٢۳"
    + "abcéZ"
    + " \n\t\u00a0.,،؛/-()\u200c\u200d\u200e\u200f\u202b\ufeff\u00ad²ßḥ\U0001d400𞸀"
)
TEXTS = st.text(ALPHABET, max_size=60) | st.text(max_size=40)


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_tokens_lie_in_order_inside_the_text_and_equal_their_slices(text: str) -> None:
    end = 0
    for token in ANALYZER.tokens(text):
        assert end <= token.start < token.end <= len(text)
        assert text[token.start : token.end] == token.text
        end = token.end


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_every_term_is_one_word_and_none_is_empty(text: str) -> None:
    for token in ANALYZER.tokens(text):
        for term in token.terms:
            assert term
            assert len(term.split()) == 1
            assert term == term.strip()


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_the_fast_form_gives_what_the_plain_form_gives(text: str) -> None:
    plain = [token.terms for token in ANALYZER.tokens(text)]
    assert ANALYZER.terms_of(text) == plain
    fed = entry_of({"id": "x", "text": text}, ANALYZER, symbol_keys).terms
    indexed = [level for level in LEVELS if level in TERM_FIELDS]
    assert {level: fed[level].split() for level in indexed} == {
        level: [getattr(terms, level) for terms in plain] for level in indexed
    }


# Real words with and without spaces between them, so that words run together and torn apart come up.
_LETTERS = "منظمة التعاون الا سلامي ال أمن ا لإسلامي في الدورة 38 هـ 1432 اللُّغَةُ العربيّة لل التنمبة وال"
PIECES = (*_LETTERS.split(), " ", "\u00a0", "\u200f", "، ")
DAMAGED = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.lists(
    st.sampled_from(PIECES), max_size=9
).map(" ".join)


@given(DAMAGED)
@settings(max_examples=100, deadline=None)
def test_damaged_texts_keep_exact_offsets_in_both_forms(text: str) -> None:
    end = 0
    for token in ANALYZER.tokens(text):
        assert end <= token.start < token.end <= len(text)
        assert text[token.start : token.end] == token.text
        end = token.end
    assert ANALYZER.terms_of(text) == [token.terms for token in ANALYZER.tokens(text)]
    letters = "".join(c for token in ANALYZER.tokens(text) for c in token.text if c.isalnum() and c != TATWEEL)
    assert letters == "".join(c for c in text if c.isalnum() and c != TATWEEL), "a letter was lost"


@given(TEXTS)
@settings(max_examples=50, deadline=None)
def test_what_is_remembered_changes_no_answer(text: str) -> None:
    forgetful = Analyzer(memory=1)
    assert [t.terms for t in forgetful.tokens(text)] == [t.terms for t in ANALYZER.tokens(text)]


@pytest.mark.parametrize("case", cases("tokens"), ids=lambda case: case["why"][:50])
def test_tokens_of(case: dict[str, str]) -> None:
    shown = " ".join(f"{token.text}={token.terms.folded}" for token in ANALYZER.tokens(case["input"]))
    assert shown == case["expected"], case["why"]


def test_a_word_of_a_hundred_thousand_letters_is_cut_not_refused() -> None:
    (token,) = ANALYZER.tokens("م" * 100_000)
    assert (token.start, token.end) == (0, 100_000)
    assert all(0 < len(term) <= 2 * MAX_TERM for term in token.terms)


@pytest.mark.parametrize(
    ("text", "rule"),
    [("يستذكرالقرارات", "run together"), ("الا سلامي", "torn apart"), ("التنمبة", "misread letter")],
)
def test_what_was_mended_is_explained(text: str, rule: str) -> None:
    fired = [step.rule for _, steps in ANALYZER.explain(text) for step in steps if step.fired]
    assert rule in fired
    assert rule not in [step.rule for _, steps in ANALYZER.explain("20شعبان قرارات التنمية") for step in steps]


def test_a_query_keeps_its_slips() -> None:
    (found,), (typed,) = ANALYZER.tokens("التنمبة"), ANALYZER.typed("التنمبة")
    assert found.terms.stem == ANALYZER.word("التنمية").stem
    assert typed.terms.stem != found.terms.stem
    assert typed[:3] == found[:3]
    assert ANALYZER.typed("منظمة التعاون") == ANALYZER.tokens("منظمة التعاون")
