"""Which ids a run has met, in eight bytes each: a small set of the latest, and a sorted array of all before them."""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left

import numpy as np

LATEST = 250_000  # ids in the set, which takes ten times as much for each


class SeenIds:
    """Remembers 64-bit hashes of ids: of a hundred million ids, two share one with a probability of 1 in 3,700."""

    def __init__(self, latest: int = LATEST) -> None:
        self._most = latest
        self._latest: set[int] = set()
        self._before = array("Q")

    def add(self, name: str) -> bool:
        """Return whether an id is new, and remember it."""
        key = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest())
        if key in self._latest:
            return False
        if self._before:
            place = bisect_left(self._before, key)
            if place < len(self._before) and self._before[place] == key:
                return False
        self._latest.add(key)
        if len(self._latest) >= self._most:
            joined = np.concatenate((np.frombuffer(self._before, np.uint64), np.array(sorted(self._latest), np.uint64)))
            joined.sort(kind="stable")  # two sorted runs: one pass
            self._before = array("Q", joined.tobytes())
            self._latest.clear()
        return True
