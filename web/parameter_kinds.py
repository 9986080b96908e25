"""What a parameter is, and how a value of its kind is read: text, several values, choice, number, date, flag."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from web.security import clean
from web.settings import Settings

DATE = re.compile(r"^(?!0+(-|$))[0-9]{1,4}(-(0?[1-9]|1[0-2])(-(0?[1-9]|[12][0-9]|3[01]))?)?$")
FIGURES = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
INTEGER = re.compile(r"[+-]?\d{1,9}\Z")
MANY_VALUES = 50  # values of one filter; more are cut off and said so
VALUE_LETTERS = 300


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row: its name in an address, the attribute of `Asked`, what values it takes, and what it does."""

    name: str
    attribute: str
    kind: str  # text, many, choice, integer, date, flag
    help: str
    choices: tuple[str, ...] = ()
    lower: int = 0
    upper: int = 0  # 0: read from the settings
    page: bool = True  # on pages
    api: bool = True  # in the API


@dataclass(frozen=True, slots=True)
class Fault:
    """A parameter that could not be taken as it came: its name, what is wrong, what was done instead."""

    name: str
    message: str
    value: str = ""


Read = tuple[Any, Fault | None]


def _text(row: Parameter, given: list[str], settings: Settings) -> Read:
    typed = given[-1]
    text = " ".join(clean(typed[: settings.query_letters]).split())
    if len(typed) <= settings.query_letters:
        return text, None
    message = f"has {len(typed)} letters; the first {settings.query_letters} are taken"
    return text, Fault(row.name, message)


def _many(row: Parameter, given: list[str], settings: Settings) -> Read:
    values = tuple(dict.fromkeys(value[:VALUE_LETTERS] for value in given if value.strip()))
    if len(values) <= MANY_VALUES:
        return values, None
    return values[:MANY_VALUES], Fault(row.name, f"has {len(values)} values; the first {MANY_VALUES} were taken")


def _choice(row: Parameter, given: list[str], settings: Settings) -> Read:
    value = given[-1].strip()
    if value in row.choices:
        return value, None
    return None, Fault(row.name, f"must be one of {', '.join(row.choices)}", clean(value)[:60]) if value else None


def _integer(row: Parameter, given: list[str], settings: Settings) -> Read:
    value = given[-1].strip()
    upper = row.upper or (settings.largest_page if row.name == "limit" else settings.deepest_hit)
    if not INTEGER.match(value):
        return None, Fault(
            row.name, f"must be a whole number from {row.lower} to {upper}", clean(value)[:60]
        ) if value else None
    number = int(value)
    if row.lower <= number <= upper:
        return number, None
    return min(max(number, row.lower), upper), Fault(row.name, f"must be from {row.lower} to {upper}", value)


def _date(row: Parameter, given: list[str], settings: Settings) -> Read:
    value = given[-1].strip().translate(FIGURES)
    if DATE.match(value):
        parts = map(int, value.split("-"))
        return "-".join(f"{p:0{width}d}" for p, width in zip(parts, (4, 2, 2), strict=False)), None
    return None, Fault(row.name, "must be a date: YYYY, YYYY-MM or YYYY-MM-DD", clean(value)[:60]) if value else None


def _flag(row: Parameter, given: list[str], settings: Settings) -> Read:
    value = given[-1].strip()
    if value in ("0", "1", "true", "false"):
        return value in ("1", "true"), None
    return None, Fault(row.name, "must be 0 or 1", clean(value)[:60]) if value else None


READERS: dict[str, Callable[[Parameter, list[str], Settings], Read]] = {
    "text": _text,
    "many": _many,
    "choice": _choice,
    "integer": _integer,
    "date": _date,
    "flag": _flag,
}
