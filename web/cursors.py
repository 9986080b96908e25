"""Cursors of the API: where a page ended, so that the next one is right although the index was rebuilt in between."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from index.engine import IndexProblem
from web.application import Site

LOOKED_AT = 1_000  # hits of one look for the last hit of the page before


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: in which generation of the index, after how many hits, and after which one."""

    generation: str
    offset: int
    last: str

    def written(self) -> str:
        """Return the cursor that says so."""
        data = json.dumps([self.generation, self.offset, self.last], ensure_ascii=False)
        return base64.urlsafe_b64encode(data.encode("utf-8", "surrogatepass")).decode().rstrip("=")


def read(cursor: str) -> Place | None:
    """Return the place that a cursor says, None for what is no cursor of ours."""
    try:
        generation, offset, last = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, TypeError):
        return None
    right = isinstance(generation, str) and isinstance(last, str) and type(offset) is int and 0 <= offset <= 10**7
    return Place(generation, offset, last) if right else None


def follow(here: Site, place: Place, text: str, how: dict[str, Any], most: int) -> tuple[Any, int, bool]:
    """Return the searcher that goes on from a place, after how many of its hits, and whether it is another index.

    The generation that the page before came from goes on answering for as long as this process has it open. After that
    the newest one does, from behind the hit that came last; where it no longer finds that, from behind as many hits.
    """
    newest = here.searcher
    if place.generation == newest.manifest.generation:
        return newest, place.offset, False
    if past := here.past.get(place.generation):
        try:
            past.search(text, **how, limit=0, facets=(), suggest=False)
            return past, place.offset, False
        except IndexProblem:
            here.past.pop(place.generation, None)  # its files are gone
    for page in range(1, -(-most // LOOKED_AT) + 1):
        hits = newest.search(text, **how, limit=LOOKED_AT, page=page, facets=(), rows=False, suggest=False).hits
        ids = [hit.id for hit in hits]
        if place.last in ids:
            return newest, (page - 1) * LOOKED_AT + ids.index(place.last) + 1, True
        if len(ids) < LOOKED_AT:
            break
    return newest, place.offset, True
