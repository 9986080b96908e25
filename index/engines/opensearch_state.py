"""The small index beside the large ones, `NAME-state`: who writes, how far a build is, and the lists of words.

Documents are read by their ids, which OpenSearch answers in real time. The lock is a lease: whoever writes renews it,
and one that was not renewed for `LEASE` seconds, or whose process on this machine has ended, can be taken over.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import quote

from index.engine import IndexProblem
from index.engines.opensearch_connection import Connection, Missing, Refused

Json = dict[str, Any]

LEASE = 90.0  # seconds without a sign of life after which a lock is free
RENEW = 15.0  # seconds between two signs of life
_MAPPING: Json = {
    "settings": {"number_of_shards": 1, "auto_expand_replicas": "0-1", "refresh_interval": "-1"},
    "mappings": {
        "dynamic": False,
        "properties": {"generation": {"type": "keyword"}, "part": {"type": "keyword"}, "number": {"type": "long"}},
    },
}


class State:
    """The state index of one named index; made when something is first written."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.index = f"{connection.address.name}-state"

    def get(self, name: str) -> Json | None:
        """Return a document, None where there is none."""
        try:
            return dict(self.connection.ask("GET", f"/{self.index}/_doc/{quote(name, safe='')}")["_source"])
        except Missing:
            return None

    def put(self, name: str, body: Json, **how: object) -> None:
        """Write a document, durable when this returns."""
        self.make()
        self.connection.ask("PUT", f"/{self.index}/_doc/{quote(name, safe='')}", body, seconds=60.0, **how)

    def make(self) -> None:
        """Make the state index unless it is there."""
        if self.connection.exists(f"/{self.index}"):
            return
        try:
            self.connection.ask("PUT", f"/{self.index}", _MAPPING, seconds=60.0)
        except Refused as problem:
            if problem.kind != "resource_already_exists_exception":
                raise

    def listed(self, generation: str, kept: list[str]) -> list[Json]:
        """Return all documents of a generation by part and number, with only these of their keys.

        Those are found that were written with `refresh`; readers need no right to refresh.
        """
        if not self.connection.exists(f"/{self.index}"):
            return []
        found: list[Json] = []
        after: Json = {}
        while True:
            hits = self.connection.ask("POST", f"/{self.index}/_search", {
                "query": {"term": {"generation": generation}}, "_source": ["part", "number", *kept], "size": 100,
                "track_total_hits": True,
                "sort": [{"part": "asc"}, {"number": "asc"}], **after},
                allow_partial_search_results="false")["hits"]["hits"]
            found += [hit["_source"] | {"id": hit["_id"]} for hit in hits]
            if len(hits) < 100:
                return found
            after = {"search_after": hits[-1]["sort"]}

    def forget(self, generation: str) -> None:
        """Remove all documents of a generation."""
        if self.connection.exists(f"/{self.index}"):
            self.connection.ask("POST", f"/{self.index}/_refresh")
            query = {"query": {"term": {"generation": generation}}}
            self.connection.ask("POST", f"/{self.index}/_delete_by_query", query, seconds=60.0, conflicts="proceed",
                                refresh="true")

    def holder(self, name: str) -> Json | None:
        """Return who holds a lock, None where it is free or its holder is gone."""
        held = self.get(f"lock/{name}")
        return held if held and not _gone(held) else None

    @contextmanager
    def lock(self, name: str, doing: str) -> Iterator[None]:
        """Hold a lock while this runs. Raises `IndexProblem` that names the holder when another process has it."""
        self.make()
        mine = {"host": socket.gethostname(), "process": os.getpid(), "since": time.strftime("%Y-%m-%d %H:%M:%S"),
                "doing": doing, "seen": time.time(), "thread": threading.get_ident()}
        self._acquire(name, mine)
        done = threading.Event()
        keeper = threading.Thread(target=self._renew, args=(name, mine, done), daemon=True)
        keeper.start()
        try:
            yield
        finally:
            done.set()
            keeper.join()
            with suppress(IndexProblem):  # it is free by itself after the lease
                self.connection.ask("DELETE", f"/{self.index}/_doc/{quote(f'lock/{name}', safe='')}")

    def _acquire(self, name: str, mine: Json) -> None:
        path = f"/{self.index}/_doc/{quote(f'lock/{name}', safe='')}"
        how: Json = {"op_type": "create"}
        try:
            found = self.connection.ask("GET", path)
            held = found["_source"]
            if not _gone(held):
                raise _busy(self.connection, held)
            how = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
        except Missing:
            pass  # nobody holds it: the document is made below, and "create" fails where another is quicker
        try:
            self.connection.ask("PUT", path, mine, seconds=30.0, **how)
        except Refused as problem:
            if problem.kind != "version_conflict_engine_exception":
                raise
            raise _busy(self.connection, self.get(f"lock/{name}") or mine) from None

    def _renew(self, name: str, mine: Json, done: threading.Event) -> None:
        while not done.wait(RENEW):
            try:
                self.put(f"lock/{name}", mine | {"seen": time.time()})
            except IndexProblem:
                continue  # a cluster in trouble is told by what is being done, not by its lock


def _gone(held: Json) -> bool:
    """Say whether a lock's holder is no more: silent for too long, or a process of this machine that has ended."""
    if time.time() - float(held.get("seen", 0)) > LEASE:
        return True
    if held.get("host") != socket.gethostname():
        return False
    try:
        os.kill(int(held["process"]), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _busy(connection: Connection, held: Json) -> IndexProblem:
    return IndexProblem(
        f"The index {connection.address} is being written by process {held.get('process')} on {held.get('host')} since "
        f"{held.get('since')} ({held.get('doing')}). Wait until it is done, or end that process, and try again.")
