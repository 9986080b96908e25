"""Typed values find stored ones, in any digits and by label; ranges follow the natural order; dates may be partial."""

from __future__ import annotations

import pytest

from index.clause import Or, Range, Term
from index.entry import as_values, date_number
from search.filters import date_clause, is_date, natural_key, range_clause, value_clause

STORED = {"session": ["9", "36", "37", "38", "الأربعون النووية"], "theme": ["political", "كتاب الصلاة"]}


def values(field: str) -> list[str]:
    return STORED[field]


@pytest.mark.parametrize(
    ("field", "typed", "found", "why"),
    [
        ("session", "38", ["38"], "as stored"),
        ("session", "٣٨", ["38"], "Arabic-Indic digits are the same number"),
        ("session", "الاربعون النوويه", [], "ة and ه are two letters at this level, and no guess is made"),
        ("session", "الاربعون النووية", ["الأربعون النووية"], "hamza as people type it"),
        ("theme", "السياسية", ["political"], "the Arabic label"),
        ("theme", "سياسية", ["political"], "the label without its article"),
        ("theme", "Political", ["political"], "the English label in any case"),
        ("theme", "كتاب  الصلاة", ["كتاب الصلاة"], "white space does not count"),
        ("theme", "nonsense", [], "an unknown value finds nothing, and is told"),
    ],
)
def test_typed_values(field: str, typed: str, found: list[str], why: str) -> None:
    clause, unknown = value_clause(field, [typed], values)
    assert clause == Or(tuple(Term(field, value) for value in found)), why
    assert unknown == ([] if found else [typed])


def test_a_range_of_sessions_follows_numbers_not_letters() -> None:
    assert range_clause("session", "8", "37", values) == Or(
        (Term("session", "9"), Term("session", "36"), Term("session", "37"))
    )


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("2010", "2012", Range("date", 20100101, 20121231)),
        ("٢٠١٠-٠٦", None, Range("date", 20100601, None)),
        (None, "2010-02", Range("date", None, 20100231)),
    ],
)
def test_dates(low: str | None, high: str | None, expected: Range) -> None:
    assert date_clause(low, high) == expected


@pytest.mark.parametrize(
    ("text", "good"), [("2010", True), ("2010-13", False), ("امس", False), ("2010-06-31", True), ("", False)]
)
def test_what_is_a_date(text: str, good: bool) -> None:
    assert is_date(text) is good


def test_natural_order() -> None:
    assert sorted(["38", "9", "كتاب 10", "كتاب 9", "1441"], key=natural_key) == ["9", "38", "1441", "كتاب 9", "كتاب 10"]


def test_values_of_rows() -> None:
    assert as_values(["a", " b ", "a", None, 3]) == ("a", "b", "3")
    assert as_values(0) == ("0",)
    assert as_values("") == ()
    assert date_number("2011-06-28") == 20110628
    assert date_number(None) == 0
