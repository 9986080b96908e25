"""Folding and marking: the cases of ../shared/design/arabic.md about letters, and what must hold for any text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.arabic import COMPOSING, FOLD, IGNORED, PRESENTATION, finish, fold, marked
from tests.cases_reader import cases

ARABIC_OR_ANY = st.text(alphabet=st.one_of(st.characters(min_codepoint=0x600, max_codepoint=0x6FF), st.characters()))


@pytest.mark.parametrize(("word", "expected", "why"), cases("fold"))
def test_fold(word: str, expected: str, why: str) -> None:
    assert fold(word) == expected, why


@pytest.mark.parametrize(("word", "expected", "why"), cases("marked"))
def test_marked(word: str, expected: str, why: str) -> None:
    assert marked(word) == expected, why


@settings(max_examples=100, deadline=None)
@given(ARABIC_OR_ANY)
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert marked(marked(text)) == marked(text)
    assert fold(marked(text)) == once


@settings(max_examples=100, deadline=None)
@given(ARABIC_OR_ANY)
def test_a_folded_word_holds_no_space_and_no_mark(text: str) -> None:
    folded = fold(text)
    assert not any(character.isspace() or character in IGNORED for character in folded)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهوياأإآىئؤءةـًٌٍَُِّْٰ١٢۳abcXYZ", min_size=1))
def test_the_fast_path_folds_the_same(text: str) -> None:
    """`finish(translate)` is what the indexer does with whole batches; it must agree where nothing needs composing."""
    if COMPOSING.isdisjoint(text) and PRESENTATION.isdisjoint(text):
        assert finish(text.translate(FOLD)) == fold(text)


def test_nothing_but_marks_folds_to_nothing() -> None:
    assert fold("\u064b\u0640\u200f") == ""
