"""The engine for what is too large for one machine: an index on an OpenSearch cluster, fed with ready terms.

Every question of one reader is asked at one point in time (`opensearch_snapshot`). Hits of one score come in the order
of addition, by `ordinal`; places beyond the first 10,000 are reached by `search_after`.

Every question asks for an exact total (`track_total_hits`), also where it is not needed: without it OpenSearch 3.8
answers everything and ranges that are sorted by a number approximately, and where documents were replaced, lists lack
some.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from index.clause import TERM_FIELDS, Clause
from index.engine import Manifest, Match, Matches, OrderBy
from index.engines.fixed_scores import fixed_score, listing
from index.engines.opensearch_clauses import Compiler, cut
from index.engines.opensearch_connection import Connection
from index.engines.opensearch_mapping import NO_TERM, document_id, unpack_words
from index.engines.opensearch_snapshot import Snapshot, lacking

if TYPE_CHECKING:
    from index.engines.opensearch_tables import Tables

Json = dict[str, Any]

WINDOW = 10_000  # hits that can be asked for without search_after
ROWS_AT_ONCE = 1_000  # rows of one answer
PLACES_AT_ONCE = 5_000  # hits without rows of one answer
WORDS_WITH_HITS = 200  # a list of up to so many hits is soon ranked anew, so that their word numbers come with it
BUCKETS = 10_000  # facet values of one answer
FEW_CLAUSES = 200_000  # up to here the words of an index that lost clauses are counted anew on the cluster
KEPT = 50_000  # word numbers of clauses and frequencies of terms kept in memory
ORDERS: dict[str, list[Json]] = {
    "date": [{"date": {"order": "asc", "missing": "_last"}}, {"ordinal": "asc"}],
    "-date": [{"date": {"order": "desc", "missing": "_last"}}, {"ordinal": "asc"}],
}


class OpenSearchReader:
    """An index on a cluster at one point in time. See `index.engine.Reader`."""

    def __init__(self, connection: Connection, index: str, manifest: Manifest) -> None:
        """Take a view of the index. Raises IndexProblem where it is not there."""
        self.manifest = manifest
        self.snapshot = Snapshot(connection, index)
        self._compiler = Compiler(self.frequencies)
        self._lock = threading.Lock()
        self._words: dict[int, tuple[str, str]] = {}
        self._known: dict[tuple[str, str], int] = {}
        self._tables: Tables | None = None

    def use_tables(self, tables: Tables) -> None:
        """Take the joined words of the index."""
        self._tables = tables

    def search(self, clause: Clause, *, limit: int, offset: int = 0, order: OrderBy = "relevance",
               facets: Sequence[str] = (), rows: bool = True) -> Matches:
        """Return one page of hits, the exact total and counts of facet values, as the protocol says."""
        body = self._body(clause, order)
        wanted = {name: {"terms": {"field": name, "size": BUCKETS}} for name in facets}
        first = {**body, "aggs": wanted} if facets else body
        offset, limit = max(offset, 0), max(limit, 0)
        kept, at_once = self._kept(limit, rows), ROWS_AT_ONCE if rows else PLACES_AT_ONCE
        size = min(limit, at_once)
        near = offset + size <= WINDOW
        answer, partial = self.snapshot.ask(
            {**first, "from": offset if near else 0, "size": size if near else 0, "_source": kept})
        total = int(answer["hits"]["total"]["value"])
        found = list(answer["hits"]["hits"])
        if near and len(found) == size and limit > size:
            rest, short = self._after(body, found[-1]["sort"], min(limit, total - offset) - size, kept, at_once)
            found += rest
            partial |= short
        elif not near and offset < total and limit:
            found, short = self._deep(body, offset, min(limit, total - offset), kept, at_once)
            partial |= short
        counts = {name: self._counts(name, answer["aggregations"][name], body) for name in facets}
        score = fixed_score(clause) if order == "relevance" else 0.0
        return Matches(total, [self._match(hit, score) for hit in found], counts, partial)

    def _body(self, clause: Clause, order: OrderBy) -> Json:
        if order != "relevance":
            return {"query": self._compiler.filter(listing(clause)), "sort": ORDERS[order], "track_total_hits": True}
        if fixed_score(clause) is not None:
            query, sort = self._compiler.filter(listing(clause)), [{"ordinal": "asc"}]
        else:
            query, sort = self._compiler.query(clause), [{"_score": "desc"}, {"ordinal": "asc"}]
        return {"query": query, "sort": sort, "track_total_hits": True}

    def _kept(self, limit: int, rows: bool) -> list[str]:
        if rows:
            return ["row", "long_id"]
        return ["words", "table", "long_id"] if 0 < limit <= WORDS_WITH_HITS else ["long_id"]

    def _after(self, body: Json, after: list[Any], wanted: int, kept: object,
               at_once: int) -> tuple[list[Json], bool]:
        """Return up to `wanted` hits after a place, and whether any answer was partial."""
        found: list[Json] = []
        partial = False
        while wanted > len(found):
            size = min(wanted - len(found), at_once)
            answer, short = self.snapshot.ask({**body, "track_total_hits": True, "size": size, "_source": kept,
                                               "search_after": after})
            hits = answer["hits"]["hits"]
            found += hits
            partial |= short
            if len(hits) < size:
                break
            after = hits[-1]["sort"]
        return found, partial

    def _deep(self, body: Json, offset: int, limit: int, kept: object, at_once: int) -> tuple[list[Json], bool]:
        """Return a page that ends beyond the first 10,000, by walking there without reading anything."""
        if offset + limit <= WINDOW:
            answer, partial = self.snapshot.ask(
                {**body, "track_total_hits": True, "from": offset, "size": limit, "_source": kept})
            return list(answer["hits"]["hits"]), partial
        answer, partial = self.snapshot.ask(
            {**body, "track_total_hits": True, "from": WINDOW - 1, "size": 1, "_source": False})
        passed, after = WINDOW, answer["hits"]["hits"][-1]["sort"]
        while passed < offset:
            step = min(offset - passed, WINDOW)
            answer, short = self.snapshot.ask({**body, "track_total_hits": True, "size": step, "_source": False,
                                               "search_after": after})
            hits = answer["hits"]["hits"]
            partial |= short
            if len(hits) < step:
                return [], partial
            passed, after = passed + step, hits[-1]["sort"]
        if passed > offset:  # the page begins within the window: its first hits lie before `after`
            head, short = self.snapshot.ask({**body, "track_total_hits": True, "from": offset,
                                             "size": min(limit, passed - offset), "_source": kept})
            found = list(head["hits"]["hits"])
            rest, more = self._after(body, after, limit - len(found), kept, at_once)
            return found + rest, partial | short | more
        found, short = self._after(body, after, limit, kept, at_once)
        return found, partial | short

    def _match(self, hit: Json, score: float | None) -> Match:
        source = hit.get("_source") or {}
        name = str(source.get("long_id", hit["_id"]))
        ordinal = int(hit["sort"][-1])
        if "words" in source:
            with self._lock:
                if len(self._words) >= KEPT:
                    self._words.clear()
                self._words[ordinal] = (source.get("table", ""), source["words"])
        row = source.get("row")
        return Match(name, float(hit["sort"][0]) if score is None else score, ordinal, row.encode() if row else b"")

    def _counts(self, field: str, answer: Json, body: Json) -> dict[str, int]:
        """Return value → number of hits; a field of very many values is counted in several answers."""
        if not answer.get("sum_other_doc_count"):
            return {bucket["key"]: int(bucket["doc_count"]) for bucket in answer["buckets"]}
        return dict(self._buckets(field, body["query"]))

    def _buckets(self, field: str, query: object, *, whole: bool = False) -> Iterator[tuple[str, int]]:
        """Yield every term or value of a field with its number of hits, in the order of their bytes."""
        after: Json = {}
        while True:
            parts = {"size": BUCKETS, "sources": [{"value": {"terms": {"field": field}}}], **after}
            answer, partial = self.snapshot.ask({"size": 0, "query": query, "aggs": {"all": {"composite": parts}}})
            if whole and partial:
                raise lacking()
            found = answer["aggregations"]["all"]
            for bucket in found["buckets"]:
                yield bucket["key"]["value"], int(bucket["doc_count"])
            if len(found["buckets"]) < BUCKETS:
                return
            after = {"after": found["after_key"]}

    def count(self, clause: Clause) -> int:
        """Return how many clauses match; of an index that lacks parts, how many of the rest."""
        answer, _ = self.snapshot.ask({"size": 0, "track_total_hits": True, "query": self._compiler.filter(clause)})
        return int(answer["hits"]["total"]["value"])

    def vocabulary(self, field: str, prefix: str = "", limit: int | None = None) -> list[tuple[str, int]]:
        """Return (term, number of clauses) in code point order, from the tables made at building where it has some.

        After removals these count too much: up to `FEW_CLAUSES` the cluster then counts anew, beyond they stay. Raises
        `IndexUnavailable` where the cluster counts and parts of the index do not answer.
        """
        from index.engines.opensearch_tables import read_vocabulary

        found, clauses = None, self.manifest.clauses
        if self._tables and (clauses == self._tables.fed or clauses > FEW_CLAUSES):
            found = read_vocabulary(self._tables.folder, field)
        if found is None:
            query = {"prefix": {field: cut(field, prefix)}} if prefix else {"match_all": {}}
            found = sorted(self._buckets(field, query, whole=True))
        if field in TERM_FIELDS:
            found = [entry for entry in found if entry[0] != NO_TERM]
        if prefix:
            found = [entry for entry in found if entry[0].startswith(prefix)]
        return found if limit is None else found[: max(limit, 0)]

    def frequency(self, field: str, term: str) -> int:
        """Return in how many clauses the term or value stands."""
        return self.frequencies(field, [term])[0]

    def frequencies(self, field: str, terms: Sequence[str]) -> list[int]:
        """Return in how many clauses each term or value of a field stands; what is not known is asked in one piece."""
        asked = [(field, cut(field, term)) for term in terms]
        self.learn(asked)
        with self._lock:
            return [self._known.get(one, 0) for one in asked]

    def learn(self, asked: Sequence[tuple[str, str]]) -> None:
        """Ask in one piece for the frequencies of (field, term) that will be needed."""
        with self._lock:
            if len(self._known) + len(asked) > KEPT:
                self._known.clear()
            new = [one for one in dict.fromkeys(asked) if one not in self._known]
        for start in range(0, len(new), 200):
            some = new[start : start + 200]
            answers = self.snapshot.ask_all(
                [{"size": 0, "track_total_hits": True, "query": {"term": {field: term}}} for field, term in some])
            with self._lock:
                for one, answer in zip(some, answers, strict=True):
                    self._known[one] = int(answer["hits"]["total"]["value"])

    def fetch(self, ids: Sequence[str]) -> list[bytes | None]:
        """Return the rows of these ids, in their order.

        Raises `IndexUnavailable` where one may be in a part of the index that does not answer.
        """
        wanted = list(dict.fromkeys(map(document_id, ids)))
        rows: dict[str, bytes] = {}
        for start in range(0, len(wanted), ROWS_AT_ONCE):
            some = wanted[start : start + ROWS_AT_ONCE]
            hits, partial = self._by_id(some, ["row"])
            if partial and len(hits) < len(some):
                raise lacking()
            for hit in hits:
                rows[hit["_id"]] = hit["_source"]["row"].encode()
        return [rows.get(document_id(id_)) for id_ in ids]

    def _by_id(self, documents: Sequence[str], kept: list[str]) -> tuple[list[Json], bool]:
        answer, partial = self.snapshot.ask({"size": len(documents), "_source": kept, "track_total_hits": True,
                                       "sort": [{"ordinal": "asc"}], "query": {"ids": {"values": list(documents)}}})
        return list(answer["hits"]["hits"]), partial

    def rows(self, matches: Sequence[Match]) -> list[bytes]:
        """Return the stored rows of hits. Raises as `fetch`."""
        missing = [match for match in matches if not match.row]
        found = dict(zip([match.id for match in missing], self.fetch([match.id for match in missing]), strict=True))
        return [match.row or found.get(match.id) or b"" for match in matches]

    def words(self, matches: Sequence[Match]) -> list[Sequence[int]] | None:
        """Return the word numbers of each hit's text; None where the lists that they belong to are not at hand."""
        with self._lock:
            known = {match.ordinal: self._words[match.ordinal] for match in matches if match.ordinal in self._words}
        missing = [document_id(match.id) for match in matches if match.ordinal not in known]
        for start in range(0, len(missing), ROWS_AT_ONCE):
            for hit in self._by_id(missing[start : start + ROWS_AT_ONCE], ["words", "table"])[0]:
                source = hit.get("_source") or {}
                known[int(hit["sort"][-1])] = (source.get("table", ""), source.get("words", ""))
        found: list[Sequence[int]] = []
        for match in matches:
            table, packed = known.get(match.ordinal, ("", ""))
            numbers = unpack_words(packed)
            if table and len(numbers):
                renumbered = self._tables.maps.get(table) if self._tables else None
                if renumbered is None or int(numbers.max()) >= len(renumbered):
                    return None
                numbers = renumbered[numbers]
            found.append(numbers)  # type: ignore[arg-type]
        return found

    def scan(self) -> Iterator[bytes]:
        """Yield every stored row in the order of addition, of one view: what changes meanwhile is not seen.

        Raises `IndexUnavailable` where the view is lost on the way.
        """
        view = self.snapshot.view()
        after: Json = {}
        while True:
            answer, _ = self.snapshot.ask({"query": {"match_all": {}}, "size": ROWS_AT_ONCE, "_source": ["row"],
                                           "sort": [{"ordinal": "asc"}], "track_total_hits": True, **after}, held=view)
            hits = answer["hits"]["hits"]
            for hit in hits:
                yield hit["_source"]["row"].encode()
            if len(hits) < ROWS_AT_ONCE:
                return
            after = {"search_after": hits[-1]["sort"]}

    @property
    def stale(self) -> bool:
        """Return whether an answer was partial some time ago: a new reader may see all."""
        return self.snapshot.stale

    def close(self) -> None:
        """Give the view back; the connection is shared and stays."""
        self.snapshot.close()


