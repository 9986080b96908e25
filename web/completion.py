"""What a half-typed query may become: symbols, words, names and titles of the collection, each with its count."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from index.arabic import fold
from web.described import about
from web.languages import Texts
from web.links import url_for
from web.memory import remembered
from web.security import clean

WORDS, TITLES, SYMBOLS, NAMES = 6, 3, 3, 3
SHORTEST = 2  # letters before anything is offered
NAMES_COUNTED = 12  # names that begin as typed, of which the first ones that find something are offered


@dataclass(frozen=True, slots=True)
class Completion:
    """One offer: the query it makes, what kind it is, how many clauses it finds, where it leads."""

    text: str
    kind: str  # symbol, word, name, title
    count: int
    href: str


def complete(searcher: Any, typed: str, texts: Texts) -> list[Completion]:
    """Return at most fifteen offers for what is `typed`, the likeliest of each kind first."""
    typed = clean(typed).strip()
    if len(typed) < SHORTEST:
        return []
    return [
        *_symbols(searcher, typed, texts),
        *_words(searcher, typed),
        *_names(searcher, typed),
        *_titles(searcher, typed),
    ]


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


def _names(searcher: Any, typed: str) -> list[Completion]:
    """Names of bodies and places that begin as typed, one of several spellings, each with its clauses."""
    wanted = " ".join(map(fold, typed.split()))
    known: list[tuple[str, str, str]] = remembered(searcher, "names", lambda: _all_names(searcher))
    begun = [(name, group) for folded, name, group in known if folded.startswith(wanted) and folded != wanted]
    found: dict[str, Completion] = {}
    for name, group in begun[:NAMES_COUNTED]:
        query = f'"{name}"'
        count = remembered(searcher, ("name", name), partial(_found, searcher, query))
        if count > (found[group].count if group in found else 0):
            found[group] = Completion(name, "name", count, url_for("pages.results", q=query))
    return sorted(found.values(), key=lambda offer: -offer.count)[:NAMES]


def _found(searcher: Any, query: str) -> int:
    return int(searcher.search(query, limit=0, facets=(), suggest=False).total)


def _all_names(searcher: Any) -> list[tuple[str, str, str]]:
    """Every name of several words: its folded letters, itself, its group; single words are completed as words."""
    names = {row.name: row.group for row in searcher.names.rows if " " in row.name and '"' not in row.name}
    return [(" ".join(map(fold, name.split())), name, group) for name, group in names.items()]


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
