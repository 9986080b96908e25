"""Whole answers kept in memory: what was asked once of an index is answered again without asking the index."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from flask import Response

ENTRY_BYTES = 1024  # what an answer takes beside its body, about: headers, key, place in the table
LARGEST_SHARE = 16  # an answer of more than this part of the whole memory is not kept

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer: its body as sent, its headers, and when it was made (seconds of the monotonic clock)."""

    body: bytes
    headers: list[tuple[str, str]]
    made: float


class Answers:
    """Answers by key, at most `megabytes` of them; those not asked for the longest go first. Safe between threads.

    A key holds everything an answer depends on, the index's version among it: so nothing in here is ever outdated, and
    what an older index answered is not asked for again and goes by itself.
    """

    def __init__(self, megabytes: int) -> None:
        self.room = megabytes * 1_000_000
        self.bytes = 0
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Response | None:
        """Return the answer of `key` with its `Age`; None for one that is not kept."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            self._kept.move_to_end(key)
        response = Response(kept.body, headers=kept.headers)
        response.headers["Age"] = str(int(time.monotonic() - kept.made))
        return response

    def keep(self, key: Key, response: Response) -> None:
        """Keep a whole answer, if there is room for one of its size."""
        body = response.get_data()
        size = len(body) + ENTRY_BYTES
        if size * LARGEST_SHARE > self.room:
            return
        headers = [(name, value) for name, value in response.headers if name not in ("Date", "Age")]
        with self._lock:
            old = self._kept.pop(key, None)
            self.bytes += size - (len(old.body) + ENTRY_BYTES if old else 0)
            self._kept[key] = Kept(body, headers, time.monotonic())
            while self.bytes > self.room:
                _, gone = self._kept.popitem(last=False)
                self.bytes -= len(gone.body) + ENTRY_BYTES
