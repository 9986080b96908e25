"""From a user's string to ranked, highlighted results. Imports `index`, never `web`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.searcher import Searcher


def open_index(address: str | None = None) -> Searcher:
    """Return a `Searcher` on the index at `address` (default: `KASHSHAF_INDEX`, then `./kashshaf-index`).

    Raises `index.engine.IndexProblem`, whose text says what to do, when there is no usable index there.
    """
    from search.searcher import Searcher

    return Searcher.open(address)
