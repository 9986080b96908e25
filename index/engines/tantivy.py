"""The embedded default engine: tantivy, fed with ready terms. Texts lie beside it in the store, never in it.

Documents have no stored field: the fast field `ordinal` leads to the store. They are kept sorted by it, so that hits of
one score come in the order of addition wherever the index is one segment; `_ranked` sees to it where it is more.
`oldest` and `newest` join date and ordinal into one number each, so that an order by date has no ties.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from threading import Thread

import tantivy

from index.clause import BAG_FIELDS, FACET_FIELDS, POSITIONAL_FIELDS, TERM_FIELDS, VALUE_FIELDS, Clause
from index.engine import Entry, IndexProblem, Manifest, Match, Matches, OrderBy
from index.engines.fields import all_values, cut_value
from index.engines.fixed_scores import fixed_score, listing
from index.engines.tantivy_clauses import Compiler
from index.store import Store, StoreWriter

HEAP_BYTES = 100_000_000  # what the indexing thread collects before it writes a segment
TIE_ROOM = 50  # hits fetched beyond the page, so that those of one score can be put in order
LARGE = 300_000  # clauses; in smaller indexes counting takes no longer than starting a thread
MAX_BUCKETS = 60_000  # tantivy refuses aggregations of more than 65,000
LATEST = (1 << 31) - 1  # in place of the date of an undated clause where it must come last; i64 holds it
ENGINE, STORE = "engine", "store"


def _schema(fields: Sequence[str] = TERM_FIELDS) -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for field in (field for field in POSITIONAL_FIELDS if field in fields):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="position")
    for field in (field for field in BAG_FIELDS if field in fields):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    for field in VALUE_FIELDS:
        builder.add_text_field(field, fast=field in FACET_FIELDS, tokenizer_name="raw", index_option="basic")
    for field in ("ordinal", "date", "oldest", "newest"):
        builder.add_integer_field(field, fast=True)
    return builder.build()


def _still(index: tantivy.Index) -> tantivy.Index:
    """Return the index, no longer watching its folder: a reader is a snapshot, and a watcher writes lock files."""
    index.config_reader("manual")
    return index


class TantivyReader:
    """A snapshot of an index in a folder. See `index.engine.Reader`."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        """Open the index below `folder`. Raises IndexProblem where it is missing or damaged."""
        self.manifest = manifest
        try:
            index = _still(tantivy.Index.open(str(folder / ENGINE)))
        except (ValueError, OSError) as problem:
            raise IndexProblem(f"The index in {folder} is missing or damaged ({problem}); build it again.") from problem
        self._schema = index.schema
        self._searcher = index.searcher()
        self._store = Store(folder / STORE)  # after the engine: the store may know more clauses, never fewer
        self._compiler = Compiler(self._schema, self.frequency)

    def search(self, clause: Clause, *, limit: int, offset: int = 0, order: OrderBy = "relevance",
               facets: Sequence[str] = (), rows: bool = True) -> Matches:
        """Return one page of hits, the exact total and counts of facet values, as the protocol says."""
        query = self._compiler.query(clause)
        counted = self._facets_beside(self._compiler.query(listing(clause)), facets) if facets else dict
        offset, limit = max(offset, 0), min(limit, self._searcher.num_docs - offset)  # tantivy makes room for all of it
        if limit <= 0:
            scored: list[tuple[float, int]] = []
            total = self._total(query)
        elif order == "relevance":
            score = fixed_score(clause)
            if score is None:
                scored, total = self._ranked(query, offset, limit)
            else:
                scored, total = self._by_field(query, "ordinal", tantivy.Order.Asc, offset, limit)
                scored = [(score, ordinal) for _, ordinal in scored]
        else:
            field, way = ("oldest", tantivy.Order.Asc) if order == "date" else ("newest", tantivy.Order.Desc)
            scored, total = self._by_field(query, field, way, offset, limit)
        store = self._store
        hits = [Match(store.id(n), score, n, store.row(n) if rows else b"") for score, n in scored]
        return Matches(total, hits, counted())

    def _total(self, query: tantivy.Query) -> int:
        """Count by an aggregation: it scores nothing, and takes half the time of a search for one hit."""
        return int(self._searcher.aggregate(query, {"n": {"value_count": {"field": "ordinal"}}})["n"]["value"])

    def _ordinals(self, addresses: list[tantivy.DocAddress]) -> list[int]:
        return self._searcher.fast_field_values("ordinal", addresses)  # type: ignore[return-value]

    def _by_field(self, query: tantivy.Query, field: str, way: tantivy.Order, offset: int,
                  limit: int) -> tuple[list[tuple[float, int]], int]:
        """Return (score 0, ordinal) of one page in the order of a fast field without ties, and the total."""
        found = self._searcher.search(query, limit=limit, offset=offset, order_by_field=field, order=way)
        ordinals = self._ordinals([address for _, address in found.hits])
        return [(0.0, ordinal) for ordinal in ordinals], found.count  # type: ignore[attr-defined]

    def _ranked(self, query: tantivy.Query, offset: int, limit: int) -> tuple[list[tuple[float, int]], int]:
        """Return (score, ordinal) of one page by score, hits of one score in the order of addition, and the total.

        tantivy breaks ties by segment, whose order is arbitrary. So more is fetched than asked for, until the last hit
        fetched has a lower score than the last one of the page: then all hits of that score are there to be sorted.
        """
        end = offset + limit
        fetch = end if self._searcher.num_segments == 1 else end + TIE_ROOM
        while True:
            found = self._searcher.search(query, limit=fetch)
            hits, total = found.hits, found.count  # type: ignore[attr-defined]
            if self._searcher.num_segments == 1 or len(hits) < fetch or hits[-1][0] < hits[end - 1][0]:
                break
            fetch = min(fetch * 4, total + 1)
        ordinals = self._ordinals([address for _, address in hits])
        scored = [(score, ordinal) for (score, _), ordinal in zip(hits, ordinals, strict=True)]
        scored.sort(key=lambda hit: (-hit[0], hit[1]))
        return scored[offset:end], total

    def _facets_beside(self, query: tantivy.Query, fields: Sequence[str]) -> Callable[[], dict[str, dict[str, int]]]:
        """Return what waits for the counts of facet values: of a large index, a second thread counts from now on.

        tantivy works without the interpreter's lock, so that hits are found meanwhile.
        """
        if self._searcher.num_docs < LARGE:
            return lambda: self._facets(query, fields)
        found: dict[str, dict[str, int]] = {}
        thread = Thread(target=lambda: found.update(self._facets(query, fields)))
        thread.start()

        def wait() -> dict[str, dict[str, int]]:
            thread.join()
            return found if len(found) == len(fields) else self._facets(query, fields)  # tells what went wrong there

        return wait

    def _facets(self, query: tantivy.Query, fields: Sequence[str]) -> dict[str, dict[str, int]]:
        """Return field → value → number of hits that hold it, largest first."""
        if not fields:
            return {}
        wanted = {field: {"terms": {"field": field, "size": MAX_BUCKETS}} for field in fields}
        try:
            answer = self._searcher.aggregate(query, wanted)
        except ValueError:  # too many values for an aggregation: walk the vocabulary instead
            answer = {}
        counts = {}
        for field in fields:
            if field in answer and not answer[field].get("sum_other_doc_count"):
                counts[field] = {bucket["key"]: int(bucket["doc_count"]) for bucket in answer[field]["buckets"]}
            else:
                counts[field] = {value: count for value, count in self._searcher.terms_with_prefix(field, "", query)
                                 if count}
        return counts

    def count(self, clause: Clause) -> int:
        """Return how many clauses match."""
        return self._total(self._compiler.unscored(clause))

    def vocabulary(self, field: str, prefix: str = "", limit: int | None = None) -> list[tuple[str, int]]:
        """Return (term, number of clauses) in code point order; after removals by a count of all clauses."""
        removed = len(self._store) != self._searcher.num_docs
        only = tantivy.Query.all_query() if removed else None
        found = sorted((term, count) for term, count in self._searcher.terms_with_prefix(field, prefix, only) if count)
        return found if limit is None else found[:max(limit, 0)]

    def frequency(self, field: str, term: str) -> int:
        """Return in how many clauses the term or value stands, removed ones counted until they are merged away."""
        return self._searcher.doc_freq(field, cut_value(term))

    def fetch(self, ids: Sequence[str]) -> list[bytes | None]:
        """Return the rows of these ids, in their order."""
        rows: dict[str, bytes] = {}
        wanted = list(dict.fromkeys(ids))
        if wanted:
            query = tantivy.Query.term_set_query(self._schema, "id", [cut_value(id_) for id_ in wanted])
            found = self._searcher.search(query, limit=len(wanted) + TIE_ROOM, count=False)
            for ordinal in self._ordinals([address for _, address in found.hits]):
                rows[self._store.id(ordinal)] = self._store.row(ordinal)
        return [rows.get(id_) for id_ in ids]

    def rows(self, matches: Sequence[Match]) -> list[bytes]:
        """Return the stored rows of hits."""
        return [match.row or self._store.row(match.ordinal) for match in matches]

    def words(self, matches: Sequence[Match]) -> list[Sequence[int]]:
        """Return the word numbers of each hit's text."""
        return self._store.words([match.ordinal for match in matches])  # type: ignore[return-value]

    def close(self) -> None:
        """Let go of the files."""
        self._store.close()


class TantivyWriter:
    """Writes an index in a folder. See `index.engine.Writer`."""

    def __init__(
        self,
        folder: Path,
        *,
        create: bool,
        heap_bytes: int = HEAP_BYTES,
        threads: int = 1,
        fields: Sequence[str] = TERM_FIELDS,
    ) -> None:
        """Open `folder` for writing. Raises IndexProblem if another process writes to it or it cannot be opened.

        With fewer term `fields` nothing can be searched in the others: only `bench` builds so, to compare with engines
        of one field.
        One thread beside the caller's is as fast as two on two cores, as the caller analyses meanwhile.
        """
        self._store = StoreWriter(folder / STORE)
        self._fields = fields
        try:
            engine = folder / ENGINE
            if create:
                engine.mkdir(parents=True, exist_ok=True)
                index = _still(tantivy.Index(_schema(fields), path=str(engine), sort_by_field="ordinal"))
            else:
                index = _still(tantivy.Index.open(str(engine)))
            self._schema = index.schema
            self._writer: tantivy.IndexWriter | None = index.writer(heap_bytes, threads)
        except (ValueError, OSError) as problem:
            self._store.close()
            raise IndexProblem(f"The index in {folder} cannot be written ({problem}); "
                               "if no other program uses it, build it again.") from problem
        except BaseException:
            self._store.close()
            raise

    def _open(self) -> tantivy.IndexWriter:
        if self._writer is None:
            raise IndexProblem("This writer is closed; open the index for writing once more.")
        return self._writer

    def add(self, entries: Iterable[Entry]) -> None:
        """Add clauses; the next commit makes them visible."""
        writer = self._open()
        for entry in entries:
            ordinal = self._store.append(entry)
            fields: dict[str, object] = {
                **{field: entry.terms.get(field, "") for field in self._fields},
                **all_values(entry),
                "ordinal": ordinal,
                "date": entry.date,
                "oldest": (entry.date or LATEST) << 32 | ordinal,
                "newest": entry.date << 32 | 0xFFFFFFFF - ordinal,
            }
            writer.add_document(tantivy.Document.from_dict(fields))  # checked against a schema it takes twice as long

    def remove(self, field: str, values: Iterable[str]) -> None:
        """Remove all clauses that hold one of the values."""
        writer = self._open()
        for value in values:
            writer.delete_documents_by_term(field, cut_value(value))

    def commit(self) -> None:
        """Make everything durable and visible: first the rows, then the engine, whose one file decides."""
        writer = self._open()
        self._store.commit()
        writer.commit()

    def rollback(self) -> None:
        """Forget everything since the last commit and release the lock."""
        self.close()

    def close(self) -> None:
        """Release the lock, after merges at work have ended; uncommitted work is forgotten."""
        if self._writer is None:
            return
        writer, self._writer = self._writer, None
        writer.rollback()
        writer.wait_merging_threads()
        self._store.close()
