"""An open index as a collection: its values with counts, its resolutions and clauses by id and by symbol."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self

import orjson

from index.analysis import Analyzer
from index.clause import FACET_FIELDS, MISSING, Everything, Or, Term
from index.engine import Distant, IndexUnavailable, Manifest, Reader, resolve_address
from index.opening import check_analyzer, open_reader, published
from search.filters import natural_key
from search.labels import label
from search.vocabulary import Vocabulary

MOST_CLAUSES = 100_000  # of one resolution
MOST_SYMBOL_HITS = 1_000


class Collection:
    """An open index, checked against this program's analyzer. Safe to use from several threads."""

    def __init__(self, address: str, reader: Reader, analyzer: Analyzer, generation: Path | None = None) -> None:
        self.address = address
        self.reader = reader
        self.analyzer = analyzer
        self.generation = generation
        self.vocabulary = Vocabulary(reader, analyzer, generation)
        self._values: dict[str, list[tuple[str, int]]] = {}
        self._version = published(address)

    @classmethod
    def open(cls, address: str | None = None) -> Self:
        """Return the index at `address`, opened. Raises `index.engine.IndexProblem` with what to do."""
        where = resolve_address(address)
        # Taken before opening: what is published meanwhile then counts as new, and is opened by the next `refresh`.
        version = published(where)
        reader, generation = open_reader(where)
        analyzer = Analyzer(reader.manifest.analyzer)
        check_analyzer(where, reader.manifest, analyzer.fingerprint)
        opened = cls(where, reader, analyzer, generation)
        opened._version = version
        return opened

    @property
    def manifest(self) -> Manifest:
        """Return what the index says of itself."""
        return self.reader.manifest

    def refresh(self) -> Self:
        """Return the newest published generation, opened: this one, unless there is a newer one."""
        stale = isinstance(self.reader, Distant) and self.reader.stale
        if not stale and published(self.address) == self._version:
            return self
        return type(self).open(self.address)

    def close(self) -> None:
        """Release the index's files."""
        self.reader.close()

    def stored_values(self, field: str) -> list[str]:
        """Return the values of a field that some clause holds, in natural order."""
        return [value for value, _ in self._counted(field)]

    def values(self, field: str) -> list[tuple[str, str, int]]:
        """Return (value, label, number of clauses) of a field in natural order."""
        return [(value, label(field, value), count) for value, count in self._counted(field)]

    def _counted(self, field: str) -> list[tuple[str, int]]:
        if field not in self._values:
            if field in FACET_FIELDS:  # counts without what was deleted
                found: Iterable[tuple[str, int]] = (
                    self.reader.search(Everything(), limit=0, facets=(field,)).facets[field].items()
                )
            else:
                found = self.reader.vocabulary(field)
            self._values[field] = sorted(
                ((v, n) for v, n in found if v != MISSING), key=lambda entry: natural_key(entry[0])
            )
        return self._values[field]

    def grid(self) -> dict[tuple[str, str], int]:
        """Return how many clauses each (session, theme) holds."""
        cells = {}
        for session in self.stored_values("session"):
            counts = self.reader.search(Term("session", session), limit=0, facets=("theme",)).facets["theme"]
            cells.update({(session, theme): count for theme, count in counts.items() if theme != MISSING})
        return cells

    def resolution(self, name: str) -> list[dict[str, Any]]:
        """Return the rows of a resolution's clauses in their order; empty for an unknown id."""
        found = self.reader.search(Term("resolution", name), limit=MOST_CLAUSES)
        if found.partial:  # a document is shown whole or not at all
            raise IndexUnavailable("A part of the index does not answer, so the document cannot be shown. Try again.")
        return sorted((orjson.loads(hit.row) for hit in found.hits), key=lambda row: row.get("position", 0))

    def clause(self, name: str) -> dict[str, Any] | None:
        """Return the row of one clause by its id; None for an unknown one."""
        row = self.reader.fetch([name])[0]
        return orjson.loads(row) if row is not None else None

    def symbol(self, text: str) -> list[str]:
        """Return the ids of the resolutions that a symbol ("38/32-س", "القرار 32 الدورة 38") may mean."""
        from search.symbols import lookup_keys

        keys = lookup_keys(text)
        if not keys:
            return []
        counts = self.reader.search(Or(tuple(Term("symbol", key) for key in keys)), limit=MOST_SYMBOL_HITS).hits
        return list(
            dict.fromkeys(
                row["resolution"] for row in map(orjson.loads, (hit.row for hit in counts)) if row.get("resolution")
            )
        )

    def cited(self, citation: Mapping[str, Any], row: Mapping[str, Any]) -> list[str]:
        """Return the ids of the resolutions that one citation of `row` may mean; [] where the collection has none."""
        from search.citing import cited

        return cited(self.reader, citation, row)

    def cited_by(self, name: str) -> list[str]:
        """Return the ids of the resolutions whose clauses cite the resolution called `name`."""
        from search.citing import citing

        return citing(self.reader, self.resolution(name))
