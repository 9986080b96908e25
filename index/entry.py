"""A row (one clause as JSON) → an `Entry`: what the engine is fed with."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import orjson

from index.analysis import LEVELS, Analyzer
from index.clause import FACET_FIELDS, TERM_FIELDS
from index.engine import Entry

if TYPE_CHECKING:
    from index.form_columns import Texts

# Facet fields that are read from the row as they are; `kind` and the years are composed below.
_PLAIN_FIELDS = tuple(field for field in FACET_FIELDS if field not in ("kind", "year", "hijri_year"))
_HIJRI_YEAR = re.compile(r"(?<!\d)[1١][0-5٠-٥]\d\d(?!\d)")  # \d takes the digits of every script
_DATE = re.compile(r"(\d{1,4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
MAX_VALUE = 8_000  # letters of a facet value; Lucene-like engines take 32,766 bytes

_INDEXED_LEVELS = [(level, column) for column, level in enumerate(LEVELS) if level in TERM_FIELDS]


def entry_of(
    row: Mapping[str, object],
    analyzer: Analyzer,
    symbol_keys: Callable[[str, str], tuple[str, ...]],
) -> Entry:
    """Return the entry of a row that has `id` and `text`; every key of the row is stored. Words have no numbers yet."""
    analysed = analyzer.terms_of(str(row["text"]))
    levels = list(zip(*analysed, strict=True))  # one tuple of terms per level
    terms = {level: " ".join(levels[column]) if levels else "" for level, column in _INDEXED_LEVELS}
    title = row.get("title")
    terms["title"] = title_stems(title, analyzer) if isinstance(title, str) else ""
    return Entry(
        str(row["id"]),
        terms,
        _values(row, symbol_keys),
        date_number(row.get("date")),
        orjson.dumps(row),
    )


def batch_entries(rows: Sequence[Mapping[str, object]], texts: Texts, analyzer: Analyzer) -> list[Entry]:
    """Return the entries of rows whose texts were read together: those of `entry_of`, with the numbers of the words."""
    from index.symbol import symbol_keys  # its tables are needed at index time only

    entries = []
    begin = 0
    levels = tuple(texts.terms)
    for row, end, *joined in zip(rows, texts.ends, *texts.terms.values(), strict=True):
        title = row.get("title")
        terms: dict[str, str] = dict(zip(levels, joined, strict=True))
        terms["title"] = title_stems(title, analyzer) if isinstance(title, str) else ""
        entries.append(
            Entry(
                str(row["id"]),
                terms,
                _values(row, symbol_keys),
                date_number(row.get("date")),
                orjson.dumps(row),
                texts.words[begin:end],  # type: ignore[arg-type]
            )
        )
        begin = end
    return entries


@lru_cache(maxsize=1_000)
def title_stems(title: str, analyzer: Analyzer) -> str:
    """Return the stems of a title, joined by spaces; all clauses of a document share one title."""
    return " ".join(terms.stem for terms in analyzer.terms_of(title))


def _values(
    row: Mapping[str, object], symbol_keys: Callable[[str, str], tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    values: dict[str, tuple[str, ...]] = {"id": (str(row["id"]),)}
    for field in (*_PLAIN_FIELDS, "resolution"):
        if found := as_values(row.get(field)):
            values[field] = found
    # A clause is found by its own kind (operative) and by its document's (resolution).
    if kinds := tuple(dict.fromkeys(as_values(row.get("kind")) + as_values(row.get("document_kind")))):
        values["kind"] = kinds
    if date := date_number(row.get("date")):
        values["year"] = (str(date // 10_000),)
    if hijri := hijri_year(row):
        values["hijri_year"] = (hijri,)
    if row.get("citations"):
        from index.cited import citation_keys  # its tables are needed at index time only

        if cites := citation_keys(row):
            values["cites"] = cites
    if row.get("session") and row.get("number"):
        keys = symbol_keys(str(row["session"]), str(row["number"]))
        # A session counts each theme's resolutions from 1: with its suffix a symbol names one resolution.
        themes = as_values(row.get("theme"))
        values["symbol"] = (*keys, *(f"{key}-{theme}" for key in keys for theme in themes))
    return values


def hijri_year(row: Mapping[str, object]) -> str:
    """Return the year of a row's Hijri date: of `hijri_start` in ISO form, else the first one printed in `hijri`."""
    for key in ("hijri_start", "hijri"):
        value = row.get(key)
        if isinstance(value, str) and (found := _HIJRI_YEAR.search(value)):
            return str(int(found.group()))
    return ""


def as_values(value: object) -> tuple[str, ...]:
    """Return a row's value as a tuple of non-empty texts: a list gives several, numbers become text."""
    if value is None or value == "":
        return ()
    if isinstance(value, (list, tuple)):
        return tuple(dict.fromkeys(text for item in value for text in as_values(item)))
    text = " ".join(str(value).split())[:MAX_VALUE]
    return (text,) if text else ()


def date_number(date: object, *, end: bool = False) -> int:
    """Return year·10000 + month·100 + day of an ISO date; 0 where there is none.

    A date without month or day stands for its first day, or its last one with `end`: "2010" is 20100101 or 20101231.
    """
    found = _DATE.match(date.strip()) if isinstance(date, str) else None
    if not found:
        return 0
    year, month, day = (int(part) if part else 0 for part in found.groups())
    return year * 10_000 + (month or (12 if end else 1)) * 100 + (day or (31 if end else 1))
