"""The parameters of a search: one table that checks them, links with them, and describes them in OpenAPI."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from web.parameter_kinds import READERS, Fault, Parameter
from web.security import clean
from web.settings import Settings

LEVELS = ("marked", "folded", "stem", "root")
SORTS = ("relevance", "date", "session")
FACETS = ("session", "theme", "kind", "verb", "body", "year", "hijri_year")


TABLE: tuple[Parameter, ...] = (
    Parameter("q", "q", "text", "The query, in the query language of docs/query-syntax.md."),
    *(
        Parameter(name, name, "many", f"Only clauses with this {name}; repeat it for several values, joined by or.")
        for name in FACETS
    ),
    Parameter("without", "without", "many", "A written form that is left out; repeat it for several."),
    Parameter("from", "date_from", "date", "Only clauses of this date or later: YYYY, YYYY-MM or YYYY-MM-DD."),
    Parameter("to", "date_to", "date", "Only clauses of this date or earlier: YYYY, YYYY-MM or YYYY-MM-DD."),
    Parameter(
        "match",
        "match",
        "choice",
        "List clauses that hold any word, best first, or only those that hold all.",
        ("best", "all"),
    ),
    Parameter(
        "level",
        "level",
        "choice",
        "Compare words with their marks, by letters, by stem and plural, or by root.",
        ("stem", "folded", "marked", "root"),
    ),
    Parameter("sort", "sort", "choice", "Order of the hits.", SORTS),
    Parameter(
        "meaning",
        "meaning",
        "choice",
        "Rank by meaning too and list near clauses apart, where the index has vectors; only: those clauses alone.",
        ("on", "off", "only"),
    ),
    Parameter("expand", "expand", "flag", "0 searches for the names as typed only, without their other spellings."),
    Parameter(
        "group",
        "group",
        "choice",
        "Show the hits of a page one by one or under their resolutions.",
        ("clause", "resolution"),
        api=False,
    ),
    Parameter("limit", "limit", "integer", "Hits on a page.", lower=0),
    Parameter("page", "page", "integer", "Page, from 1.", lower=1),
)
ALIASES = {"clause": "kind"}  # the name that conventions.md gives the facet in addresses of pages


@dataclass(frozen=True, slots=True)
class Asked:
    """One search as asked for, checked; every value is within its limits."""

    q: str = ""
    session: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    verb: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    hijri_year: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    date_from: str = ""
    date_to: str = ""
    match: str = "best"
    level: str = "stem"
    sort: str = "relevance"
    meaning: str = "on"
    expand: bool = True
    group: str = "clause"
    limit: int = 10
    page: int = 1
    faults: tuple[Fault, ...] = field(default=(), compare=False)

    def filters(self) -> dict[str, Any]:
        """Return the filters as the searcher's arguments."""
        found: dict[str, Any] = {name: getattr(self, name) for name in FACETS}
        return found | {"date_from": self.date_from or None, "date_to": self.date_to or None}

    def filtered(self) -> bool:
        """Return whether any filter is on."""
        return any(self.filters().values())

    @property
    def text(self) -> str:
        """Return the query with the written forms that are ticked off: `q -=form`."""
        return " ".join((self.q, *(f"-={form}" for form in self.without))) if self.q else ""

    def pairs(self, default_limit: int = 10) -> list[tuple[str, str]]:
        """Return what is not by default as (name, value) in the order of the table."""
        return self.changed_pairs({}, default_limit)

    def changed_pairs(self, changes: Mapping[str, Any], default_limit: int = 10) -> list[tuple[str, str]]:
        """Return the pairs of this search with `changes` (attribute → value)."""
        found: list[tuple[str, str]] = []
        for row in TABLE:
            name = row.attribute
            value = changes[name] if name in changes else getattr(self, name)
            if value == (default_limit if name == "limit" else DEFAULTS[name]):
                continue
            many = value if isinstance(value, tuple) else (value,)
            found += [(row.name, str(int(one) if isinstance(one, bool) else one)) for one in many]
        return found

    def address(self, default_limit: int = 10, **changes: Any) -> str:
        """Return the query string of this search with `changes`; another search begins at its first page."""
        changes.setdefault("page", 1)
        return "&".join(_encoded(*pair) for pair in self.changed_pairs(changes, default_limit))

    def toggled(self, name: str, value: str) -> dict[str, tuple[str, ...]]:
        """Return the change that adds `value` to the filter `name`, or takes it off where it is on."""
        now: tuple[str, ...] = getattr(self, name)
        return {name: tuple(v for v in now if v != value) if value in now else (*now, value)}


DEFAULTS: dict[str, Any] = {field.name: field.default for field in fields(Asked)}


@lru_cache(maxsize=4096)
def _encoded(name: str, value: str) -> str:
    return f"{name}={quote(value, safe='/:،')}"


def check(
    rows: Iterable[Parameter], arguments: Mapping[str, Sequence[str]], settings: Settings, *, strict: bool = False
) -> tuple[dict[str, Any], list[Fault]]:
    """Return the values that `arguments` (name → values) give for `rows`, by attribute, and what is wrong with them.

    With `strict` (the API) a name that is no parameter is a fault too; pages let it pass.
    """
    known = {row.name: row for row in rows}
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, given in arguments.items():
        row = known.get(name if strict else ALIASES.get(name, name))
        if row is None or not given:
            if strict:
                faults.append(Fault(clean(name)[:60], f"is no parameter here; known ones: {', '.join(known)}"))
            continue
        value, fault = READERS[row.kind](row, list(given), settings)
        if strict and row.kind in ("integer", "choice", "flag") and not given[-1].strip():
            fault = Fault(row.name, "must not be empty")
        if fault:
            faults.append(fault)
        if value is not None:
            values[row.attribute] = value
    return values, faults


def read(arguments: Mapping[str, Sequence[str]], settings: Settings, *, strict: bool = False) -> Asked:
    """Return the search that `arguments` asks for; what is wrong with them is in its `faults`."""
    values, faults = check([row for row in TABLE if row.page], arguments, settings, strict=strict)
    return asked_for(values, faults, settings)


def asked_for(values: Mapping[str, Any], faults: Sequence[Fault], settings: Settings) -> Asked:
    """Return the search of checked `values`; a page beyond the deepest hit becomes the last one and a fault."""
    asked = Asked(**({"limit": settings.page_size} | dict(values)), faults=tuple(faults))
    if asked.page > 1 and asked.page * asked.limit > settings.deepest_hit:
        last = max(1, settings.deepest_hit // max(1, asked.limit))
        fault = Fault(
            "page", f"paging ends at hit {settings.deepest_hit}, page {last}; an export goes further", str(asked.page)
        )
        asked = replace(
            asked, page=min(asked.page, last), faults=(*(told for told in asked.faults if told.name != "page"), fault)
        )
    return asked
