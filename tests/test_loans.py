"""Spellings of foreign names: which meet in a skeleton, and how far apart two are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.arabic import fold
from index.loans import FAR, distance, limit, skeleton
from tests.cases_reader import cases

WORDS = st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويءة", min_size=1, max_size=10)


@pytest.mark.parametrize(("one", "other", "why"), cases("loans"))
def test_spellings_of_one_name_are_near(one: str, other: str, why: str) -> None:
    left, right = fold(one.removeprefix("!")), fold(other)
    near = skeleton(left) == skeleton(right) and distance(left, right) <= limit(min(left, right, key=len))
    assert near != one.startswith("!"), why


@settings(max_examples=100, deadline=None)
@given(WORDS, WORDS)
def test_distance_is_the_same_both_ways_and_nothing_to_itself(one: str, other: str) -> None:
    assert distance(one, one) == 0 or distance(one, one) >= FAR
    assert distance(one, other) == pytest.approx(distance(other, one))
