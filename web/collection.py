"""What the collection holds: sessions by themes, years, bodies; which numbers of a session are there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from index.clause import MISSING
from web.described import About, about, named, one, session_name
from web.languages import Texts
from web.links import url_for
from web.memory import remembered
from web.parameters import FACETS
from web.settings import Settings

SHELF = 200  # values of a field that the browse page lists
SESSION_CLAUSES = 5000  # clauses read for one session's page


@dataclass(frozen=True, slots=True)
class Count:
    """A value with its name, its number of clauses, and its address."""

    label: str
    count: int
    href: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The resolutions of one theme in one session, and which numbers are missing among them."""

    label: str
    documents: list[tuple[About, str, int]]
    missing: list[str]
    share: int
    have: int = 0
    highest: int = 0


def table(searcher: Any, settings: Settings, texts: Texts) -> dict[str, Any]:
    """Return the table sessions × themes: its columns (sessions), rows (theme, counts), the largest count, the rest."""
    grid: dict[tuple[str, str], int] = remembered(searcher, "grid", searcher.grid)
    by_session: dict[str, int] = defaultdict(int)
    by_theme: dict[str, int] = defaultdict(int)
    for (session, theme), count in grid.items():
        by_session[session] += count
        by_theme[theme] += count
    known = [value for value, _, _ in searcher.values("session") if value in by_session and value != MISSING]
    kept = set(sorted(known, key=lambda value: -by_session[value])[: settings.grid_sessions])
    columns = [value for value in known if value in kept]
    themes = [theme for theme in sorted(by_theme, key=lambda theme: -by_theme[theme]) if theme != MISSING]
    rows = themes[: settings.grid_themes]
    return {
        "columns": [_session(value, by_session[value], texts) for value in columns],
        "grid": [
            (
                Count(named("theme", theme, texts), by_theme[theme], url_for("pages.results", theme=theme)),
                [
                    Count("", grid.get((session, theme), 0), url_for("pages.results", session=session, theme=theme))
                    for session in columns
                ],
            )
            for theme in rows
        ],
        "largest": max((grid.get((s, t), 0) for s in columns for t in rows), default=0),
        "sessions": len(known),
        "rest": len(known) > len(columns) or len(themes) > len(rows),
    }


def _session(value: str, count: int, texts: Texts) -> Count:
    return Count(session_name(value, texts), count, url_for("pages.session", value=value), value)


def facets(searcher: Any) -> tuple[str, ...]:
    """Return the facets that some clause of the collection has a value of: the others need not be counted."""
    found: tuple[str, ...] = remembered(
        searcher, "facets", lambda: tuple(name for name in FACETS if searcher.stored_values(name))
    )
    return found


def years(searcher: Any) -> list[Count]:
    """Return the years of the collection without gaps, each with its clauses; [] when fewer than two are known."""
    found = {int(value): count for value, _, count in searcher.values("year") if value.isdecimal()}
    if len(found) < 2 or max(found) - min(found) > 400:
        return []
    return [
        Count(str(year), found.get(year, 0), url_for("pages.results", year=year))
        for year in range(min(found), max(found) + 1)
    ]


def shelves(searcher: Any, texts: Texts) -> dict[str, Any]:
    """Return the values of session, theme and body with their counts, at most `SHELF` each."""
    sessions = [_session(value, count, texts) for value, _, count in searcher.values("session") if value != MISSING]
    shelf: dict[str, list[Count]] = {"session": sessions}
    for name in ("theme", "body", "kind"):
        values = [
            Count(named(name, value, texts), count, url_for("pages.results", **{name: value}))
            for value, _, count in searcher.values(name)
            if value != MISSING
        ]
        shelf[name] = sorted(values, key=lambda value: -value.count)
    return {
        "shelves": {name: values[:SHELF] for name, values in shelf.items() if values},
        "cut": {name: len(values) - SHELF for name, values in shelf.items() if len(values) > SHELF},
    }


def session(searcher: Any, value: str, texts: Texts) -> dict[str, Any]:
    """Return the resolutions of one session by theme; `groups` is empty where clauses belong to no resolution."""
    results = searcher.search("", session=(value,), limit=SESSION_CLAUSES, facets=())
    documents: dict[str, list[Any]] = {}
    for hit in results.hits:
        if id := one(hit.row, "resolution"):
            documents.setdefault(id, []).append(hit)
    by_theme: dict[str, list[tuple[About, str, int]]] = defaultdict(list)
    for id, hits in documents.items():
        row = {**hits[0].row, "id": hits[0].id}
        by_theme[one(row, "theme")].append((about(row, texts), url_for("pages.resolution", id=id), len(hits)))
    groups = [
        _group(named("theme", theme, texts), found, documents, theme) for theme, found in sorted(by_theme.items())
    ]
    return {
        "value": value,
        "name": session_name(value, texts),
        "groups": groups,
        "total": results.total,
        "cut": results.total > len(results.hits),
        "filter": url_for("pages.results", session=value),
    }


def _group(label: str, found: list[tuple[About, str, int]], documents: dict[str, list[Any]], theme: str) -> Group:
    numbers = sorted(
        {
            int(number)
            for hits in documents.values()
            if one(hits[0].row, "theme") == theme and (number := one(hits[0].row, "number")).isdecimal()
        }
    )
    missing = [n for n in range(1, numbers[-1]) if n not in numbers] if numbers else []
    share = round(100 * len(numbers) / numbers[-1]) if numbers else 100
    return Group(
        label,
        sorted(found, key=lambda item: _order(item[0])),
        _runs(missing),
        share,
        len(numbers),
        numbers[-1] if numbers else 0,
    )


def _order(document: About) -> tuple[int, str]:
    digits = document.symbol.partition("/")[0].strip()
    return (int(digits) if digits.isdecimal() else 10**6, document.name)


def _runs(numbers: list[int]) -> list[str]:
    """Return numbers as runs: [1, 2, 3, 7] → ["1–3", "7"]."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return [str(a) if a == b else f"{a}–{b}" for a, b in runs]
