"""A stored row → what the page says about it: its symbol, place in the document, session, theme, dates, address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from index.ordinals import ordinal_forms
from search.labels import label
from web.languages import Texts
from web.links import url_for
from web.security import clean

Row = Mapping[str, Any]

# Keys that have a place of their own on the page; every other key of a row is shown in a list.
KNOWN = frozenset(
    """id text resolution session theme title kind document_kind number symbol date date_end verb
    clause_number body place session_title hijri hijri_end hijri_start date_start source url language start end
    citations warnings score highlights snippet raw position address hijri_dates""".split()
)


@dataclass(frozen=True, slots=True)
class About:
    """What is said under a clause or over a resolution; empty where the row does not have it."""

    name: str  # the symbol, else the title, else the id
    symbol: str
    title: str
    clause: str
    session: str
    theme: str
    kind: str
    body: str
    place: str
    dates: tuple[str, ...]  # Hijri first, then Gregorian
    others: list[tuple[str, str]] = field(default_factory=list)


def about(row: Row, texts: Texts) -> About:
    """Return what to say about `row` in the language of `texts`."""
    said = {name: clean(one(row, name)) for name in ("symbol", "title", "place", "hijri", "hijri_end")}
    dates = tuple(filter(None, (said["hijri"], between(one(row, "date"), one(row, "date_end"), texts))))
    others = [
        (clean(key), clean(joined(value)))
        for key, value in row.items()
        if key not in KNOWN and value not in (None, "", [], {})
    ]
    return About(
        name=said["symbol"] or said["title"] or clean(one(row, "id")),
        symbol=said["symbol"],
        title=said["title"],
        clause=clause_name(row, texts),
        session=session_name(one(row, "session"), texts),
        theme=named("theme", one(row, "theme"), texts),
        kind=named("kind", one(row, "kind"), texts),
        body=named("body", one(row, "body"), texts),
        place=said["place"],
        dates=dates,
        others=others,
    )


def one(row: Row, key: str) -> str:
    """Return the value of `key` as text; of several values, all of them with a comma."""
    return joined(row.get(key))


def joined(value: Any) -> str:
    """Return a value of a row as text."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return "، ".join(joined(part) for part in value)
    if isinstance(value, dict):
        return "، ".join(f"{key}: {joined(part)}" for key, part in value.items())
    return str(value)


def named(field_name: str, value: str, texts: Texts) -> str:
    """Return what a value is called in the language of the page."""
    return clean(label(field_name, value, texts.language.code)) if value else ""


def session_name(value: str, texts: Texts) -> str:
    """Return a session as words: "الدورة السابعة" for a number, a year or a book's name as it is."""
    if not value:
        return ""
    shown = named("session", value, texts)
    if shown == value and re.fullmatch(r"[0-9]{1,2}", value):
        return texts.t("session.number", n=ordinal(int(value)) if texts.language.code == "ar" else value)
    return shown


def ordinal(number: int) -> str:
    """Return the feminine ordinal of `number` as it stands in "الدورة السابعة"; the number itself outside 1..99."""
    forms = ordinal_forms(number)
    return next((form for form in forms if form.split()[0].endswith(("ة", "ى"))), str(number))


def clause_name(row: Row, texts: Texts) -> str:
    """Return the place of a clause in its document: "الفقرة 3", "الديباجة 2"."""
    kind, number = one(row, "kind"), clean(one(row, "clause_number"))
    if not number and (found := re.fullmatch(r"p(\d+)", anchor(row))):
        number = found[1]  # a preamble's clauses are not numbered in print; their anchors count them
    if kind in ("operative", "preamble", "sub", "paragraph", "annex") and number:
        return texts.t(f"clause.{kind}", n=number)
    return named("kind", kind, texts)


def between(first: str, last: str, texts: Texts) -> str:
    """Return one date or a span of two as words, what both share said once."""
    if not last or last == first:
        return texts.date(first)
    if first[:7] == last[:7] and len(first) == len(last) == 10:
        return f"{int(first[8:])}–{texts.date(last)}"
    return f"{texts.date(first)} – {texts.date(last)}"


def anchor(row: Row) -> str:
    """Return the anchor of a clause on its resolution's page, "" for a clause without resolution."""
    resolution, own = one(row, "resolution"), one(row, "id")
    return own[len(resolution) + 1 :] if resolution and own.startswith(resolution + "#") else ""


def address(row: Row, query: str = "", *, external: bool = False) -> str:
    """Return the permalink of a clause: its anchor on the resolution's page, or a page of its own."""
    tail = f"?{query}" if query else ""
    if at := anchor(row):
        return url_for("pages.resolution", id=one(row, "resolution"), _external=external) + tail + "#" + quote(at)
    return url_for("pages.clause", id=one(row, "id"), _external=external) + tail
