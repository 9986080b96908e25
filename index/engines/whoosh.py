"""The engine Whoosh: its index files, its table of contents and its term dictionaries, in pure Python and NumPy.

What is written is an index that Whoosh itself can open and search. Postings are written a term at a time
(`whoosh_codec`), segments a batch of clauses at a time (`whoosh_segment`), and questions are answered on whole arrays
(`whoosh_scoring`); docs/decisions/0001-whoosh-package.md says what that gains over Whoosh's own writer and matchers.
"""

# Whoosh is typed in part only.
# mypy: allow-untyped-calls

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.index import _DEF_INDEX_NAME as INDEX_NAME
from whoosh.index import TOC, EmptyIndexError, clean_files

from index.clause import Clause
from index.engine import Entry, IndexProblem, Manifest, Match, Matches, OrderBy
from index.engines.fields import cut_value
from index.engines.whoosh_cache import FacetCounts, PostingsCache
from index.engines.whoosh_scoring import Evaluator, Found, Statistics
from index.engines.whoosh_segment import Batch, MappedStorage, SegmentFiles, join, schema, write_batch
from index.store import Store, StoreWriter

ENGINE, STORE = "engine", "store"
BATCH_TERMS = 10_000_000  # terms of all fields that are collected for one segment: about 200 MB
JOIN_CLAUSES = 30_000  # segments of more clauses together are not joined
LATEST = 1 << 31  # in place of the date of an undated clause where it must come last


class WhooshReader:
    """A snapshot of an index in a folder. See `index.engine.Reader`."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        """Open the index below `folder`. Raises IndexProblem where it is missing or damaged.

        Whoosh's table of contents is a pickle: whoever opens an index must trust it, see `index.opening`.
        """
        self.manifest = manifest
        self._segments = _open_segments(folder)
        self._store = Store(folder / STORE)
        self._lock = threading.Lock()
        cache = PostingsCache()
        self._statistics = Statistics(self._segments, cache.get)
        self._evaluators = [Evaluator(segment, self._statistics, partial(cache.get, segment))
                            for segment in self._segments]
        self._facets: dict[tuple[int, str], FacetCounts] = {}

    def _find(self, clause: Clause) -> list[Found]:
        with self._lock:
            return [evaluator.find(clause) for evaluator in self._evaluators]

    def search(self, clause: Clause, *, limit: int, offset: int = 0, order: OrderBy = "relevance",
               facets: Sequence[str] = (), rows: bool = True) -> Matches:
        """Return one page of hits, the exact total and counts of facet values, as the protocol says."""
        found = self._find(clause)
        total = sum(len(part.documents) for part in found)
        offset, limit = max(offset, 0), max(limit, 0)
        store, hits = self._store, []
        if total and limit:
            ordinals = self._column(found, "ordinal")
            scores = np.concatenate([part.scores for part in found])
            if order == "relevance":
                keys = -scores
            else:
                dates, scores = self._column(found, "date"), np.zeros(total)
                keys = np.where(dates > 0, dates, LATEST) if order == "date" else -dates
            for place in _first(keys, ordinals, offset + limit)[offset:]:
                ordinal = int(ordinals[place])
                row = store.row(ordinal) if rows else b""
                hits.append(Match(store.id(ordinal), float(scores[place]), ordinal, row))
        return Matches(total, hits, {field: self._facet(field, found) for field in facets})

    def _column(self, found: Sequence[Found], name: str) -> NDArray[np.int64]:
        return np.concatenate([segment.numbers[name][part.documents].astype(np.int64)
                               for segment, part in zip(self._segments, found, strict=True)])

    def _facet(self, field: str, found: Sequence[Found]) -> dict[str, int]:
        """Return value → number of hits that hold it, largest first."""
        counts: dict[str, int] = {}
        for number, (segment, part) in enumerate(zip(self._segments, found, strict=True)):
            with self._lock:
                if (number, field) not in self._facets:
                    self._facets[number, field] = FacetCounts(segment, field)
            there = np.zeros(segment.size, bool)
            there[part.documents] = True
            for value, count in self._facets[number, field].counts(there).items():
                counts[value] = counts.get(value, 0) + count
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def rows(self, matches: Sequence[Match]) -> list[bytes]:
        """Return the stored rows of hits."""
        return [match.row or self._store.row(match.ordinal) for match in matches]

    def words(self, matches: Sequence[Match]) -> list[Sequence[int]]:
        """Return the word numbers of each hit's text."""
        return self._store.words([match.ordinal for match in matches])  # type: ignore[return-value]

    def count(self, clause: Clause) -> int:
        """Return how many clauses match."""
        return sum(len(part.documents) for part in self._find(clause))

    def vocabulary(self, field: str, prefix: str = "", limit: int | None = None) -> list[tuple[str, int]]:
        """Return (term, number of clauses) in code point order."""
        counts: dict[str, int] = {}
        with self._lock:
            for segment in self._segments:
                for term, held in segment.counted_terms(field, prefix.encode()):
                    counts[term.decode()] = counts.get(term.decode(), 0) + held
        return sorted(counts.items())[:None if limit is None else max(limit, 0)]

    def frequency(self, field: str, term: str) -> int:
        """Return in how many clauses the term or value stands, removed ones counted until they are merged away."""
        with self._lock:
            return sum(segment.frequency(field, cut_value(term).encode()) for segment in self._segments)

    def fetch(self, ids: Sequence[str]) -> list[bytes | None]:
        """Return the rows of these ids, in their order."""
        rows: dict[str, bytes] = {}
        with self._lock:
            for id_ in ids:
                for segment in self._segments:
                    for document in segment.postings("id", cut_value(id_).encode()).documents:
                        ordinal = int(segment.numbers["ordinal"][document])
                        if segment.alive[document] and self._store.id(ordinal) == id_:
                            rows[id_] = self._store.row(ordinal)
        return [rows.get(id_) for id_ in ids]

    def close(self) -> None:
        """Let go of the files."""
        for segment in self._segments:
            segment.close()
        self._segments, self._evaluators = [], []
        self._store.close()


def _first(keys: NDArray[Any], ordinals: NDArray[np.int64], end: int) -> NDArray[np.int64]:
    """Return the places of the `end` smallest keys in order, equal ones in the order of their ordinals."""
    places = np.arange(len(keys))
    if end < len(keys):
        places = np.flatnonzero(keys <= np.partition(keys, end - 1)[end - 1])
    return places[np.lexsort((ordinals[places], keys[places]))][:end]


def _open_segments(folder: Path) -> list[SegmentFiles]:
    storage = MappedStorage(str(folder / ENGINE))
    layout = schema()
    for attempt in range(5):  # a writer may remove a segment between the table of contents and the opening
        try:
            return [SegmentFiles(storage, layout, segment) for segment in TOC.read(storage, INDEX_NAME).segments]
        except FileNotFoundError as problem:
            if attempt == 4:
                raise IndexProblem(f"The index in {folder} lacks {problem.filename}; build it again.") from None
        except EmptyIndexError:
            raise IndexProblem(f"There is no Whoosh index in {folder}; build it.") from None
        except Exception as problem:  # Whoosh has no error of its own for a damaged file
            raise IndexProblem(f"The index in {folder} is damaged ({problem}); build it again.") from problem
    return []


class WhooshWriter:
    """Writes an index in a folder. See `index.engine.Writer`."""

    def __init__(self, folder: Path, *, create: bool) -> None:
        """Open `folder` for writing. Raises IndexProblem if another process writes to it or it cannot be opened."""
        self._store: StoreWriter | None = StoreWriter(folder / STORE)
        try:
            (folder / ENGINE).mkdir(parents=True, exist_ok=True)
            self._storage = MappedStorage(str(folder / ENGINE))
            if create:
                TOC.create(self._storage, schema(), INDEX_NAME)
            toc = TOC.read(self._storage, INDEX_NAME)
        except EmptyIndexError:
            self._store.close()
            raise IndexProblem(f"There is no Whoosh index in {folder}; build it.") from None
        except BaseException:
            self._store.close()
            raise
        self._generation: int = toc.generation
        self._segments: list[Any] = toc.segments
        self._batch = Batch()

    def _open(self) -> StoreWriter:
        if self._store is None:
            raise IndexProblem("This writer is closed; open the index for writing once more.")
        return self._store

    def add(self, entries: Iterable[Entry]) -> None:
        """Add clauses; the next commit makes them visible."""
        store = self._open()
        for entry in entries:
            self._batch.add(entry, store.append(entry))
            if self._batch.size >= BATCH_TERMS:
                self._flush()

    def _flush(self) -> None:
        if len(self._batch):
            batch, self._batch = self._batch, Batch()
            self._segments.append(write_batch(self._storage, batch))

    def remove(self, field: str, values: Iterable[str]) -> None:
        """Remove all clauses that hold one of the values."""
        self._open()
        cut = list(map(cut_value, values))
        for segment in self._segments:
            files = SegmentFiles(self._storage, schema(), segment)
            for value in cut:
                for document in files.postings(field, value.encode()).documents.tolist():
                    segment.delete_document(document)
            files.close()
        for value in cut:
            self._batch.remove(field, value)

    def commit(self) -> None:
        """Make everything durable and visible: rows, then segments, then the table of contents that names them."""
        self._open().commit()
        self._flush()
        self._join()
        self._generation += 1
        _sync(Path(self._storage.folder))
        TOC(schema(), self._segments, self._generation).write(self._storage, INDEX_NAME)
        _sync(Path(self._storage.folder))
        clean_files(self._storage, INDEX_NAME, self._generation, self._segments)

    def _join(self) -> None:
        """Drop empty segments, and join the newest ones as long as each is no longer than all after it together."""
        self._segments = [segment for segment in self._segments if segment.doc_count_all() > segment.deleted_count()]
        at, clauses = len(self._segments), 0
        while at and (not clauses or self._segments[at - 1].doc_count_all() <= clauses):
            if clauses + self._segments[at - 1].doc_count_all() > JOIN_CLAUSES:
                break
            at -= 1
            clauses += self._segments[at].doc_count_all()
        if len(self._segments) - at > 1:
            self._segments[at:] = [join(self._storage, self._segments[at:])]

    def rollback(self) -> None:
        """Forget everything since the last commit and release the lock."""
        self.close()

    def close(self) -> None:
        """Release the lock; uncommitted work is forgotten, its files go with the next commit."""
        if self._store is not None:
            self._store.close()
            self._store = None


def _sync(folder: Path) -> None:
    """Make the files of a folder durable, and their names."""
    for path in [*folder.iterdir(), folder]:
        if path.is_file() or os.name != "nt":
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
