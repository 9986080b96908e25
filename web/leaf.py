"""A resolution as a document: its parts in order, lit words, steps to the next hit, what it cites and what cites it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from web.described import Row, about, address, anchor, one
from web.downloads import searched
from web.languages import Texts
from web.links import url_for
from web.parameters import Asked
from web.security import clean
from web.settings import Settings

# kind of clause → part of the document it stands in; what is not named continues the part before it.
PARTS = {"preamble": "preamble", "operative": "operative", "annex": "annex", "note": "notes", "paragraph": "paragraphs"}
CITERS_SHOWN = 30
CITED_KINDS = ("resolution", "un")  # articles and whole sessions are no documents


@dataclass(frozen=True, slots=True)
class Item:
    """One clause of the document."""

    anchor: str
    kind: str
    number: str
    row: Row
    spans: list[tuple[int, int]]
    href: str


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the document under one label; `name` is a key of the catalogue."""

    name: str
    items: list[Item]


@dataclass(frozen=True, slots=True)
class Cited:
    """A resolution that is cited or cites: how it is called, its address where the collection has it, where."""

    name: str
    href: str = ""
    place: str = ""


def parts(rows: Sequence[Row], lit: Mapping[str, list[tuple[int, int]]], texts: Texts) -> list[Part]:
    """Return the document's parts: clauses of one kind that follow each other, sub-items with their clause."""
    named_rows: list[tuple[str, Row]] = []
    name = "paragraphs"
    for row in rows:
        name = PARTS.get(one(row, "kind"), name)
        named_rows.append((name, row))
    return [
        Part(name, [_item(row, lit) for _, row in group]) for name, group in groupby(named_rows, lambda pair: pair[0])
    ]


def _item(row: Row, lit: Mapping[str, list[tuple[int, int]]]) -> Item:
    return Item(
        anchor(row), one(row, "kind"), clean(one(row, "clause_number")), row, lit.get(one(row, "id"), []), address(row)
    )


def lights(searcher: Any, asked: Asked, rows: Sequence[Row]) -> dict[str, list[tuple[int, int]]]:
    """Return clause id → spans of the words that the query lights in it; nothing for a page without a query."""
    if not asked.q:
        return {}
    found: dict[str, list[tuple[int, int]]] = searcher.lights(asked.text, rows, asked.level, asked.expand)
    return found


def lit_clauses(rows: Sequence[Row], lit: Mapping[str, list[tuple[int, int]]], texts: Texts) -> list[Cited]:
    """Return the clauses of this document that hold words of the query, as links to their anchors."""
    return [Cited(about(row, texts).clause or anchor(row), "#" + anchor(row)) for row in rows if one(row, "id") in lit]


def steps(searcher: Any, asked: Asked, at: str, settings: Settings) -> dict[str, Any]:
    """Return the addresses of the hits before and after hit number `at` of the search; {} without one."""
    if not at.isdecimal() or not 1 <= len(at) <= 6 or not (asked.q or asked.filtered()):
        return {}
    place = int(at)
    found: dict[str, Any] = {"at": place}
    for name, rank in (("previous", place - 1), ("next", place + 1)):
        if not 1 <= rank <= settings.deepest_hit:
            continue
        results = searcher.search(
            asked.text,
            **searched(asked),
            limit=1,
            page=rank,
            facets=(),
        )
        found["total"] = results.total
        for hit in results.hits:
            query = asked.address(settings.page_size, limit=settings.page_size)
            found[name] = address({**hit.row, "id": hit.id}, f"{query}&at={rank}")
    return found


def heading(searcher: Any, id: str, texts: Texts) -> Cited:
    """Return a resolution as a link with its title."""
    rows = searcher.resolution(id)
    head = about(rows[0], texts) if rows else None
    return Cited(head.name if head else id, url_for("pages.resolution", id=id), head.title if head else "")


def cites(searcher: Any, rows: Sequence[Row], texts: Texts) -> list[Cited]:
    """Return what the resolution cites, each once; a link where the collection has exactly that one or several."""
    found: dict[str, Cited] = {}
    for citation in _listed(rows, "citations"):
        if not isinstance(citation, Mapping):
            continue
        if citation.get("what", "resolution") not in CITED_KINDS:
            continue
        symbol = "/".join(str(citation[key]) for key in ("number", "session") if citation.get(key))
        name = clean(citation.get("symbol") or citation.get("raw") or symbol)
        ids = [id for id in searcher.cited(citation, rows[0]) if id != rows[0].get("resolution")]
        if len(ids) == 1:
            found.setdefault(ids[0], heading(searcher, ids[0], texts))
        else:  # several have this number: the symbol's own page offers them all
            found.setdefault(name, Cited(name, url_for("pages.results", q=symbol) if ids else ""))
    return sorted(found.values(), key=lambda cited: not cited.href)[:CITERS_SHOWN]


def cited_by(searcher: Any, id: str, texts: Texts) -> list[Cited]:
    """Return the resolutions whose clauses cite this one."""
    return [heading(searcher, other, texts) for other in searcher.cited_by(id)[:CITERS_SHOWN]]


def told(rows: Sequence[Row], key: str) -> list[str]:
    """Return the sentences of a list that the rows of a resolution carry, each once."""
    found = (item.get("message") if isinstance(item, Mapping) else item for item in _listed(rows, key))
    return list(dict.fromkeys(clean(item) for item in found if item))


def sources(rows: Sequence[Row]) -> list[Cited]:
    """Return where the document came from: names, and addresses of the web as links."""
    found: dict[str, Cited] = {}
    for key in ("source", "address", "url"):
        for value in map(str, _listed(rows, key)):
            web = urlsplit(value) if value.startswith(("http://", "https://")) else None
            found.setdefault(value, Cited(clean(web.netloc + web.path if web else value), value if web else ""))
    return list(found.values())


def _listed(rows: Sequence[Row], key: str) -> list[Any]:
    values: list[Any] = []
    for row in rows:
        value = row.get(key)
        for item in value if isinstance(value, (list, tuple)) else [value]:
            if item not in (None, "") and item not in values:
                values.append(item)
    return values
