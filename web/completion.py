"""What a half-typed query may become: symbols, titles and words of the collection, each with its count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from index.arabic import fold
from web.described import about
from web.languages import Texts
from web.memory import remembered
from web.security import clean

WORDS, TITLES, SYMBOLS = 6, 3, 3
SHORTEST = 2  # letters before anything is offered


@dataclass(frozen=True, slots=True)
class Completion:
    """One offer: the query it makes, what kind it is, how many clauses it finds, where it leads."""

    text: str
    kind: str  # word, title, symbol
    count: int
    href: str


def complete(searcher: Any, typed: str, texts: Texts) -> list[Completion]:
    """Return at most twelve offers for what is `typed`, the likeliest of each kind first."""
    typed = clean(typed).strip()
    if len(typed) < SHORTEST:
        return []
    return [*_symbols(searcher, typed, texts), *_words(searcher, typed), *_titles(searcher, typed)]


def _symbols(searcher: Any, typed: str, texts: Texts) -> list[Completion]:
    found = []
    for id in searcher.symbol(typed)[:SYMBOLS]:
        rows = searcher.resolution(id)
        name = about(rows[0], texts).name if rows else id
        found.append(Completion(name, "symbol", len(rows), url_for("pages.resolution", id=id)))
    return found


def _words(searcher: Any, typed: str) -> list[Completion]:
    offers = searcher.suggester.complete(typed, WORDS)
    return [Completion(one.text, "word", one.count, url_for("pages.results", q=one.text)) for one in offers]


def _titles(searcher: Any, typed: str) -> list[Completion]:
    words = fold(typed).split()
    titles: dict[str, tuple[str, str, int]] = remembered(searcher, "titles", lambda: _all_titles(searcher))
    found = [entry for folded, entry in titles.items() if all(word in folded for word in words)]
    return [
        Completion(title, "title", count, url_for("pages.resolution", id=id)) for title, id, count in found[:TITLES]
    ]


def _all_titles(searcher: Any) -> dict[str, tuple[str, str, int]]:
    titles: dict[str, tuple[str, str, int]] = {}
    for id, _, count in searcher.values("resolution"):
        rows = searcher.resolution(id)
        if rows and (title := clean(rows[0].get("title") or "")):
            titles.setdefault(" ".join(map(fold, title.split())), (title, id, count))
    return titles
