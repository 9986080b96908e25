"""Results → what the results page shows: hits, facets as bars, chips, levels, matched forms, ways on and out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from web.described import About, Row, about, address, named, one, session_name
from web.languages import Texts
from web.links import url_for
from web.parameters import FACETS, LEVELS, SORTS, Asked
from web.security import clean
from web.settings import Settings

FORMS_SHOWN = 40
PAGES_AROUND = 2
UNFILTERED: dict[str, Any] = {**dict.fromkeys((*FACETS, "without"), ()), "date_from": "", "date_to": ""}
LONGEST_PANEL = 300  # values of a facet after "all of them"


@dataclass(frozen=True, slots=True)
class Choice:
    """One link that changes the search: a facet's value, a chip, a level, an order."""

    label: str
    href: str
    count: int = 0
    share: int = 0  # per cent of the largest, for the bar
    chosen: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One facet: its values, how many more there are, and the address that shows them all."""

    name: str
    choices: list[Choice]
    more: int
    href: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One hit as shown."""

    rank: int
    hit: Any
    about: About
    href: str
    whole: str  # address of the whole text where only a part is shown
    resolution: str


class Links:
    """Builds the addresses of searches that differ from the one asked for."""

    def __init__(self, asked: Asked, settings: Settings) -> None:
        self.asked, self.limit = asked, settings.page_size
        self.base = url_for("pages.results")

    def search(self, **changes: Any) -> str:
        """Return the address of the results page with `changes`."""
        query = self.asked.address(self.limit, **changes)
        return f"{self.base}?{query}" if query else self.base

    def hit(self, row: Row, rank: int) -> str:
        """Return the address of a hit: its clause, the query that lights it, and its rank for going on."""
        query = self.own
        return address(row, f"{query}&at={rank}" if query else "")

    @cached_property
    def own(self) -> str:
        """Return the query string of this search, which every hit carries."""
        return self.asked.address(self.limit, limit=self.limit)


def shown_hits(results: Any, asked: Asked, links: Links, texts: Texts) -> list[Shown]:
    """Return the hits of this page with everything that is said about each."""
    first = (asked.page - 1) * asked.limit + 1
    found = []
    for rank, hit in enumerate(results.hits, first):
        row = {**hit.row, "id": hit.id}
        href = links.hit(row, rank)
        found.append(Shown(rank, hit, about(row, texts), href, href if hit.snippet else "", one(row, "resolution")))
    return found


def shown_nearest(results: Any, asked: Asked, links: Links, texts: Texts) -> list[Shown]:
    """Return the clauses near in meaning, which stand in a list of their own."""
    found = []
    for rank, hit in enumerate(results.nearest, 1):
        row = {**hit.row, "id": hit.id}
        href = address(row, "")
        found.append(Shown(rank, hit, about(row, texts), href, href if hit.snippet else "", one(row, "resolution")))
    return found


def grouped(hits: Sequence[Shown]) -> list[list[Shown]]:
    """Return the hits of a page under their resolutions, best hit first; hits without one stand alone."""
    first: dict[str, int] = {}
    for hit in hits:
        first.setdefault(hit.resolution or hit.hit.id, hit.rank)

    def place(hit: Shown) -> int:
        return first[hit.resolution or hit.hit.id]

    return [list(group) for _, group in groupby(sorted(hits, key=lambda hit: (place(hit), hit.rank)), key=place)]


def panels(results: Any, asked: Asked, links: Links, texts: Texts, most: int, open_panel: str = "") -> list[Panel]:
    """Return the facets that divide the results, each with its largest values and every chosen one."""
    found = []
    for name in FACETS:
        values = results.facets.get(name) or []
        known = {facet.value for facet in values}
        if len(values) < 2 and not getattr(asked, name):
            continue
        top = LONGEST_PANEL if open_panel == name else most
        kept = [facet for place, facet in enumerate(values) if place < top or facet.selected]
        largest = max((facet.count for facet in values), default=1) or 1
        choices = [
            Choice(
                value_name(name, facet.value, texts, facet.label),
                links.search(**asked.toggled(name, facet.value)),
                facet.count,
                round(100 * facet.count / largest),
                facet.selected,
            )
            for facet in kept
        ]
        choices += [
            Choice(value_name(name, value, texts), links.search(**asked.toggled(name, value)), 0, 0, True)
            for value in getattr(asked, name)
            if value not in known
        ]
        found.append(Panel(name, choices, len(values) - len(kept), f"{links.search()}&more={name}#facet-{name}"))
    return found


def value_name(field: str, value: str, texts: Texts, given: str = "") -> str:
    """Return what a facet's value is called; in Arabic the searcher's own label comes first."""
    if texts.language.code == "ar" and given and given != value:
        return clean(given)
    return session_name(value, texts) if field == "session" else named(field, value, texts)


def chips(asked: Asked, links: Links, texts: Texts) -> list[Choice]:
    """Return one chip per filter that is on; its address is the search without it."""
    found = [
        Choice(
            value_name(name, value, texts), links.search(**asked.toggled(name, value)), name=texts.t(f"facet.{name}")
        )
        for name in FACETS
        for value in getattr(asked, name)
    ]
    found += [
        Choice(form, links.search(**asked.toggled("without", form)), name=texts.t("chips.without"))
        for form in asked.without
    ]
    for attribute, key in (("date_from", "facet.from"), ("date_to", "facet.to")):
        if value := getattr(asked, attribute):
            found.append(Choice(texts.date(value), links.search(**{attribute: ""}), name=texts.t(key)))
    return found


def levels(searcher: Any, asked: Asked, results: Any, links: Links, texts: Texts, most_ms: int) -> list[Choice]:
    """Return the four levels with how many clauses the query finds at each, -1 for one that there is no time to count.

    A level may take as long as the search itself did, so that time is set apart from the `most_ms` of them all.
    """
    if not asked.q or results.partial:
        return []
    counts = searcher.levels(
        asked.text,
        **asked.filters(),
        match=asked.match,
        expand=asked.expand,
        known={asked.level: results.total},
        seconds=max(0.0, most_ms - 2 * results.took_ms) / 1000,
    )
    return [
        Choice(texts.t(f"level.{level}"), links.search(level=level), counts.get(level, -1), chosen=asked.level == level)
        for level in LEVELS
    ]


def forms(searcher: Any, asked: Asked, links: Links, most_ms: float) -> list[Choice]:
    """Return the written forms that the query finds with their counts; those ticked off are chosen and have none."""
    if not asked.q:
        return []
    found = searcher.forms(
        asked.text,
        limit=FORMS_SHOWN,
        expand=asked.expand,
        level=asked.level,
        match=asked.match,
        seconds=max(0.0, most_ms) / 1000,
        **asked.filters(),
    )
    kept = [Choice(clean(form), links.search(q=f"={form}", without=()), count) for form, count in found]
    return kept + [Choice(clean(form), links.search(q=f"={form}", without=()), chosen=True) for form in asked.without]


def orders(asked: Asked, links: Links, texts: Texts) -> list[Choice]:
    """Return the orders of the hits."""
    return [Choice(texts.t(f"sort.{sort}"), links.search(sort=sort), chosen=asked.sort == sort) for sort in SORTS]


def paging(asked: Asked, total_pages: int, links: Links, settings: Settings) -> dict[str, Any]:
    """Return previous, next and the numbered pages around this one; None stands for a gap."""
    last = min(total_pages, max(1, settings.deepest_hit // max(1, asked.limit)))
    near = {1, last, *range(asked.page - PAGES_AROUND, asked.page + PAGES_AROUND + 1)}
    numbers: list[Choice | None] = []
    for n in sorted(n for n in near if 1 <= n <= last):
        if numbers and numbers[-1] is not None and n - numbers[-1].count > 1:
            numbers.append(None)
        numbers.append(Choice(str(n), links.search(page=n), n, chosen=n == asked.page))
    return {
        "numbers": numbers if last > 1 else [],
        "previous": links.search(page=asked.page - 1) if 1 < asked.page <= last + 1 else "",
        "next": links.search(page=asked.page + 1) if asked.page < last else "",
    }
