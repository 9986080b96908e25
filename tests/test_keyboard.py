"""The keyboard in the wrong language: a table, and that both directions undo each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.keyboard import PLAIN, arabic_keys, latin_keys, other_layout
from tests.conftest import cases


@pytest.mark.parametrize("case", cases("keyboard"), ids=lambda case: case["why"])
def test_reads_the_other_layout(case: dict[str, str]) -> None:
    assert " | ".join(other_layout(case["input"])) == case["expected"]


@given(st.text(alphabet=[*PLAIN, " ", "3"], max_size=12))
def test_what_was_typed_blindly_comes_back(text: str) -> None:
    assert text in latin_keys(arabic_keys(text)) or text.count("b") + text.count("gh") > 3


@given(st.text(max_size=200))
def test_any_text_has_few_readings(text: str) -> None:
    assert len(other_layout(text)) <= 9
