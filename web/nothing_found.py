"""Why a search finds nothing: which word is not there, what a filter takes away, near queries that find something."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from web.languages import Texts
from web.parameters import FACETS, Asked
from web.results_view import UNFILTERED, Choice, Links, chips
from web.security import clean

WORD = re.compile(r"\w[\w\u064b-\u0652]*")
WORDS_EXPLAINED = 6  # of a query that finds nothing
NEARER = 3  # queries that do find something


def reasons(searcher: Any, asked: Asked, links: Links, texts: Texts) -> dict[str, Any]:
    """Return why nothing was found: how many clauses hold each word, and how many each filter takes away."""

    def count(changed: Asked, text: str | None = None) -> int:
        found = searcher.search(
            changed.text if text is None else text,
            **changed.filters(),
            match=changed.match,
            level=changed.level,
            expand=changed.expand,
            limit=0,
            facets=(),
        )
        return int(found.total)

    plain = replace(asked, **UNFILTERED)
    typed = list(dict.fromkeys(WORD.findall(re.sub(r"\b\w+:\S+", " ", asked.q))))[:WORDS_EXPLAINED]
    words = [Choice(clean(word), links.search(q=word, **UNFILTERED), count(plain, word)) for word in typed]
    filters = []
    for chip, change in zip(chips(asked, links, texts), _changes(asked), strict=True):
        filters.append(replace(chip, count=count(replace(asked, **change))))
    return {
        "words": words,
        "filters": filters,
        "nearer": _nearer(asked, typed, links, count),
        "unfiltered": count(plain) if asked.filtered() else 0,
        "href": links.search(**UNFILTERED),
    }


def _nearer(asked: Asked, typed: Sequence[str], links: Links, count: Callable[[Asked, str], int]) -> list[Choice]:
    """Return the queries of all words but one, or of the words without signs, that do find clauses, most first."""
    texts = [" ".join(word for word in typed if word != left_out) for left_out in typed] if len(typed) > 1 else []
    loose = replace(asked, match="all", without=())
    tried = {text: count(loose, text) for text in (" ".join(typed), *texts) if text and text != asked.q}
    found = [
        Choice(clean(text), links.search(q=text, match="all", without=()), number)
        for text, number in tried.items()
        if number
    ]
    return sorted(found, key=lambda choice: -choice.count)[:NEARER]


def _changes(asked: Asked) -> list[dict[str, Any]]:
    taken: list[dict[str, Any]] = [asked.toggled(name, value) for name in FACETS for value in getattr(asked, name)]
    taken += [asked.toggled("without", form) for form in asked.without]
    return taken + [{name: ""} for name in ("date_from", "date_to") if getattr(asked, name)]
