"""Changes to a living index on a cluster: kept here until they are committed, then sent and made visible together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from index.engine import Entry, IndexProblem
from index.engines.fields import cut_value
from index.engines.opensearch_bulk import Feeder, Operation, operations
from index.engines.opensearch_connection import Connection, Missing
from index.engines.opensearch_generations import HEALTH_SECONDS
from index.engines.opensearch_mapping import document_id, index_body
from index.engines.opensearch_snapshot import Snapshot
from index.engines.opensearch_state import State

Json = dict[str, Any]

BATCH = 512  # operations sent in one bulk
SET = 1_000  # values that are looked up in one question


class OpenSearchWriter:
    """Writes to one index on a cluster. See `index.engine.Writer`."""

    def __init__(self, connection: Connection, index: str, *, create: bool, table: str = "") -> None:
        """Take the lock and find the end of the index. Raises IndexProblem where another process is writing."""
        self._connection = connection
        self._index = index
        self._table = table
        self._state = State(connection)
        self._held = self._state.lock(f"{index}/writer", "changing")
        self._held.__enter__()
        self._open = True
        try:
            if create:
                self._create()
            self._next = self._end()
        except BaseException:
            self.close()
            raise
        self._forget()

    def _create(self) -> None:
        access = self._connection.access
        self._connection.ask("PUT", f"/{self._index}", index_body(access.shards or 1, access.replicas, {}),
                             seconds=HEALTH_SECONDS)

    def _end(self) -> int:
        try:
            answer = self._connection.ask(
                "POST", f"/{self._index}/_search", {"size": 0, "aggs": {"end": {"max": {"field": "ordinal"}}}},
                allow_partial_search_results="false")
        except Missing:
            raise IndexProblem(f"There is no index {self._index} at {self._connection.address.cluster}; "
                               "build it.") from None
        last = answer["aggregations"]["end"]["value"]
        return 0 if last is None else int(last) + 1

    def _forget(self) -> None:
        self._added: dict[str, Entry] = {}
        self._removed: dict[str, list[str]] = {}

    def add(self, entries: Iterable[Entry]) -> None:
        """Add clauses; the next commit sends them."""
        self._check()
        for entry in entries:
            self._added.pop(entry.id, None)  # to stand at the end
            self._added[entry.id] = entry

    def remove(self, field: str, values: Iterable[str]) -> None:
        """Remove all clauses that hold one of the values, also those that were added and not yet committed."""
        self._check()
        wanted = set(values)
        self._removed.setdefault(field, []).extend(sorted(wanted))
        if field == "id":
            for value in wanted:
                self._added.pop(value, None)
        else:
            self._added = {name: entry for name, entry in self._added.items()
                           if not wanted.intersection(entry.values.get(field, ()))}

    def commit(self) -> None:
        """Send everything, and make it visible when all of it is acknowledged."""
        self._check()
        entries = list(self._added.values())
        wanted: list[Operation] = [(name, None) for name in self._leaving() - {document_id(e.id) for e in entries}]
        wanted += operations(entries, range(self._next, self._next + len(entries)), self._table)
        feeder = Feeder(self._connection, self._index)
        try:
            for start in range(0, len(wanted), BATCH):
                feeder.feed(wanted[start : start + BATCH])
            feeder.wait()
        finally:
            feeder.close()
        refresh(self._connection, self._index)
        self._next += len(entries)
        self._forget()

    def _leaving(self) -> set[str]:
        """Return the documents' ids of what is removed."""
        found = {document_id(value) for value in self._removed.get("id", ())}
        others = {field: values for field, values in self._removed.items() if field != "id"}
        if others:
            snapshot = Snapshot(self._connection, self._index)
            try:
                for field, values in others.items():
                    for start in range(0, len(values), SET):
                        found |= _holding(snapshot, field, values[start : start + SET])
            finally:
                snapshot.close()
        return found

    def _check(self) -> None:
        if not self._open:
            raise IndexProblem("This writer is closed; open the index for writing once more.")

    def rollback(self) -> None:
        """Forget everything since the last commit and release the lock."""
        self.close()

    def close(self) -> None:
        """Release the lock; uncommitted work is forgotten."""
        if self._open:
            self._open = False
            self._held.__exit__(None, None, None)


def refresh(connection: Connection, index: str) -> None:
    """Make all that was acknowledged visible on every copy."""
    connection.ask("POST", f"/{index}/_refresh", seconds=60.0)


def _holding(snapshot: Snapshot, field: str, values: Sequence[str]) -> set[str]:
    found: set[str] = set()
    after: Json = {}
    while True:
        answer, _ = snapshot.ask(
            {"query": {"terms": {field: [cut_value(value) for value in values]}}, "size": BATCH, "_source": False,
             "sort": [{"ordinal": "asc"}], "track_total_hits": True, **after}, held=snapshot.view())
        hits = answer["hits"]["hits"]
        found.update(hit["_id"] for hit in hits)
        if len(hits) < BATCH:
            return found
        after = {"search_after": hits[-1]["sort"]}
