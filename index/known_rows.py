"""The rows of a living index that a change replaces or removes: which there are, and what leaves the corpus hash."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.clause import Or, Term
from index.engine import IndexUnavailable, Reader
from index.intake import row_hash

MOST_ROWS = 1_000_000  # of one resolution


class KnownRows:
    """The rows of the living index that a change replaces or removes, for counts and the corpus hash."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.replaced = 0
        self.corpus = 0
        self.found: set[str] = set()

    def find(self, field_name: str, values: Sequence[str]) -> set[str]:
        """Return the ids of the clauses that hold one of `values`."""
        ids: set[str] = set()
        for value in values:
            matches = self.reader.search(Or((Term(field_name, value),)), limit=MOST_ROWS)
            if matches.partial:
                raise IndexUnavailable("A part of the index does not answer, so nothing is changed. Try again later.")
            ids.update(match.id for match in matches.hits)
            if matches.hits:
                self.found.add(value)
        return ids

    def forget(self, ids: Iterable[str]) -> list[str]:
        """Note that these ids go, if they exist; return those that do."""
        wanted = list(ids)
        rows = self.reader.fetch(wanted)
        gone = [name for name, row in zip(wanted, rows, strict=True) if row is not None]
        for row in rows:
            if row is not None:
                self.corpus ^= row_hash(row)
        self.replaced += len(gone)
        return gone
