"""Filters → clauses: which stored values a typed value, label or range means, and dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from index.arabic import fold
from index.clause import Clause, Or, Range, Term
from index.entry import date_number
from search.labels import matching_values

Values = Callable[[str], list[str]]  # value field → its stored values in natural order

_DIGITS = re.compile(r"(\d+)")


@lru_cache(maxsize=20_000)
def natural_key(value: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key: numbers in a text by value ("9" before "38"), before letters, which go by code point."""
    parts = (part for part in _DIGITS.split(value) if part)
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)


def value_clause(field: str, typed: Iterable[str], values: Values) -> tuple[Or, list[str]]:
    """Return the clauses that hold one of the `typed` values, and the typed ones that no clause holds.

    A typed value is a stored value, the same in other letters or digits (٣٨ for 38), or one of its labels.
    """
    found: dict[str, None] = {}
    unknown = []
    stored = values(field)
    for text in typed:
        meant = matching_values(field, " ".join(text.split()), stored)
        found.update(dict.fromkeys(meant))
        if not meant:
            unknown.append(text)
    return Or(tuple(Term(field, value) for value in found)), unknown


def range_clause(field: str, low: str | None, high: str | None, values: Values) -> Clause:
    """Return the clauses whose `field` lies between two typed values, both included, in natural order."""
    if field == "date":
        return date_clause(low, high)
    least = natural_key(_digits(low)) if low else None
    most = natural_key(_digits(high)) if high else None
    inside = [
        value
        for value in values(field)
        if (least is None or least <= natural_key(_digits(value)))
        and (most is None or natural_key(_digits(value)) <= most)
    ]
    return Or(tuple(Term(field, value) for value in inside))


def date_clause(low: str | None, high: str | None) -> Range:
    """Return the clauses dated between two ISO dates; "2010" as the end means its last day.

    A bound that is no date leaves its side open; `date_problem` says so to the person.
    """
    return Range(
        "date",
        date_number(_digits(low)) or None if low else None,
        date_number(_digits(high), end=True) or None if high else None,
    )


def is_date(text: str) -> bool:
    """Say whether a typed date can be read: YYYY, YYYY-MM or YYYY-MM-DD, in any digits."""
    number = date_number(_digits(text))
    return bool(number) and 1 <= number // 100 % 100 <= 12 and 1 <= number % 100 <= 31


def _digits(text: str) -> str:
    """Return the text with ASCII digits."""
    return "".join(fold(letter) if letter.isdigit() else letter for letter in text.strip())
