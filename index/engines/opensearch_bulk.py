"""Feeding a cluster: documents in bulk, several bulks at a time, and no more than the cluster takes.

A bulk that a full queue refuses (429), or whose node has gone, is sent again after a pause that doubles; each document
has its own id, so that sending one twice does no harm. What is reported as acknowledged is on disk on every copy.
"""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from index.engine import Entry, IndexProblem, IndexUnavailable
from index.engines.opensearch_connection import Connection, encoded
from index.engines.opensearch_mapping import document, document_id

Json = dict[str, Any]
Operation = tuple[str, Json | None]  # the document's id, and the document; None removes it

THREADS = 4  # bulks on their way
AHEAD = 2 * THREADS  # batches made and not yet acknowledged: beyond it, making more waits
ATTEMPTS = 9  # of one bulk: pauses of .5, 1, 2 … 30 s, two minutes in all
MOST_SECONDS = 300.0  # after which no further attempt is made
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
BULK_SECONDS = 60.0  # that one bulk may take
SHARD_SECONDS = "20s"  # that a bulk waits for a shard that has no place just now
MOST_BYTES = 8 << 20  # of one bulk; larger batches are parted
_AGAIN = frozenset({429, 500, 502, 503, 504})


def operations(entries: Iterable[Entry], ordinals: Iterable[int], table: str) -> list[Operation]:
    """Return what adds these clauses under these ordinals."""
    return [(document_id(entry.id), document(entry, ordinal, table))
            for entry, ordinal in zip(entries, ordinals, strict=False)]


def lines_of(operation: Operation, run: int = 0) -> bytes:
    """Return the lines of a bulk that say one operation; what an earlier `run` sent never replaces a later one's."""
    name, body = operation
    if body is None:
        return encoded({"delete": {"_id": name}}) + b"\n"
    versions: Json = {"version": run, "version_type": "external_gte"} if run else {}
    return encoded({"index": {"_id": name, **versions}}) + b"\n" + encoded(body) + b"\n"


def send(connection: Connection, index: str, wanted: Sequence[Operation], stop: threading.Event | None = None,
         run: int = 0) -> None:
    """Send operations and return when all are acknowledged.

    Raises `IndexProblem` for one that is refused for good, `IndexUnavailable` when the cluster does not take them in
    time.
    """
    left = [(name, lines_of((name, body), run)) for name, body in wanted]
    pause, end = FIRST_PAUSE, time.monotonic() + MOST_SECONDS
    for attempt in range(1, ATTEMPTS + 1):
        reason: object = ""
        try:
            left, reason = _send_once(connection, index, left)
        except IndexUnavailable as problem:
            reason = problem
        if not left:
            return
        if attempt == ATTEMPTS or time.monotonic() > end:
            raise IndexUnavailable(
                f"The cluster at {connection.address.cluster} did not take {len(left):,} clauses after {attempt} "
                f"attempts ({reason}). Nothing that was acknowledged is lost. When it is well again, run the command "
                "again, a build with --resume.")
        if (stop or _NEVER).wait(pause * random.uniform(0.7, 1.3)):
            raise IndexUnavailable("Another part of the feeding failed.")
        pause = min(pause * 2, LONGEST_PAUSE)


_NEVER = threading.Event()
Lines = list[tuple[str, bytes]]


def _send_once(connection: Connection, index: str, left: Lines) -> tuple[Lines, str]:
    """Send everything once; return what is to be sent again, and why."""
    again: Lines = []
    reason = ""
    for some in _parted(left):
        answer = connection.ask("POST", f"/{index}/_bulk", b"".join(line for _, line in some), seconds=BULK_SECONDS,
                                timeout=SHARD_SECONDS)
        if not answer.get("errors"):
            continue
        for one, item in zip(some, answer["items"], strict=True):
            ((kind, said),) = item.items()
            if said["status"] < 300 or (kind == "delete" and said["status"] == 404):
                continue
            error = said.get("error") or {}
            if said["status"] not in _AGAIN:
                cause = (error.get("caused_by") or {}).get("reason") or error.get("reason")
                raise IndexProblem(f"The cluster refuses the clause {one[0]!r}: {cause}.")
            reason = str(error.get("reason") or error.get("type"))
            again.append(one)
    return again, reason


def _parted(left: Lines) -> Iterator[Lines]:
    some: Lines = []
    size = 0
    for one in left:
        if some and size + len(one[1]) > MOST_BYTES:
            yield some
            some, size = [], 0
        some.append(one)
        size += len(one[1])
    if some:
        yield some


class Feeder:
    """Sends batches beside the work of making them; `acknowledged` counts those done, in the order given.

    A killed feeder's last bulks may still wait in a node's queue when the next one sends the same clauses: with a
    higher `run` those are kept.
    """

    def __init__(self, connection: Connection, index: str, run: int = 0) -> None:
        self._connection = connection
        self._index = index
        self._run = run
        self._threads = ThreadPoolExecutor(THREADS, "feeding")
        self._waiting: deque[Future[None]] = deque()
        self._stop = threading.Event()
        self.acknowledged = 0

    def feed(self, batch: Sequence[Operation]) -> None:
        """Send a batch; waits while too many are on their way. Raises what an earlier one met."""
        while len(self._waiting) >= AHEAD or (self._waiting and self._waiting[0].done()):
            self._take()
        self._waiting.append(self._threads.submit(send, self._connection, self._index, batch, self._stop, self._run))

    def wait(self) -> None:
        """Return when everything given so far is acknowledged. Raises what a batch met."""
        while self._waiting:
            self._take()

    def _take(self) -> None:
        self._waiting.popleft().result()
        self.acknowledged += 1

    def close(self) -> None:
        """Let go of the threads; what waits is not sent any more."""
        self._stop.set()
        self._threads.shutdown(wait=True, cancel_futures=True)
