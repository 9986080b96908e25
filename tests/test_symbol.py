"""Symbols, ordinals and dates, by table."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.calendar_dates import day_number, find_dates
from index.page_text import PageText, fold
from index.symbol import ordinal_forms, ordinal_value, parse_symbol, symbol_keys, theme_of_suffix

_CASES = Path(__file__).parent / "cases"


def _rows(name: str) -> list[list[str]]:
    lines = (_CASES / name).read_text(encoding="utf-8").splitlines()[1:]
    return [line.split("\t") for line in lines if line]


@pytest.mark.parametrize(("text", "expected", "why"), _rows("symbols.tsv"))
def test_a_symbol_is_read(text: str, expected: str, why: str) -> None:
    readings = parse_symbol(text)
    got = (
        " ".join(str(part) for part in (readings[0].number, readings[0].session, readings[0].theme))
        if readings
        else "none"
    )
    assert got == expected, why


@pytest.mark.parametrize(("text", "expected", "why"), _rows("ordinals.tsv"))
def test_an_ordinal_has_its_value(text: str, expected: str, why: str) -> None:
    assert str(ordinal_value(text)) == expected, why


@pytest.mark.parametrize(("text", "expected", "why"), _rows("dates.tsv"))
def test_dates_are_found(text: str, expected: str, why: str) -> None:
    assert " ".join(f"{d.start}..{d.end}" for d in find_dates(fold(text))) == expected, why


@pytest.mark.parametrize("number", range(1, 100))
def test_every_form_of_an_ordinal_is_read_back(number: int) -> None:
    assert ordinal_forms(number)
    assert {ordinal_value(form) for form in ordinal_forms(number)} == {number}


def test_both_readings_of_a_symbol_are_given_and_keys_meet_in_either_order() -> None:
    assert [(r.number, r.session) for r in parse_symbol("38/32-س")] == [("38", "32"), ("32", "38")]
    assert set(symbol_keys("38", "32")) == {"32/38", "38/32"}
    asked = {key for r in parse_symbol("القرار 32 الدورة 38") for key in symbol_keys(r.session, r.number)}
    assert asked & set(symbol_keys("38", "32"))
    assert symbol_keys(None, "687") == ("687",)
    assert symbol_keys("38", None) == ()


def test_a_suffix_may_change_its_meaning_with_the_session() -> None:
    assert (theme_of_suffix("أم", "16"), theme_of_suffix("أم", "37")) == ("finance", "minorities")
    assert theme_of_suffix("س", None) == "political"
    assert theme_of_suffix(None, "3") is None


def test_the_two_calendars_meet_on_known_days() -> None:
    for hijri, gregorian in [("1432-07-26", "2011-06-28"), ("1390-01-15", "1970-03-23"), ("1440-06-24", "2019-03-01")]:
        assert abs(day_number(hijri, "hijri") - day_number(gregorian, "gregorian")) <= 2


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_reading_never_raises_and_offsets_come_back(text: str) -> None:
    parse_symbol(text)
    page = PageText(text)
    assert find_dates(page.folded) is not None
    offsets = [page.to_raw(i) for i in range(len(page.folded) + 1)]
    assert offsets == sorted(offsets)
    assert all(0 <= offset <= len(text) for offset in offsets)
