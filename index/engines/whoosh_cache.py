"""What a Whoosh reader keeps in memory: posting lists lately read, and which documents hold which facet value."""

from __future__ import annotations

import threading
from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from index.engines.whoosh_codec import Postings
from index.engines.whoosh_segment import SegmentFiles

CACHE_BYTES = 48_000_000  # of posting lists


class PostingsCache:
    """The posting lists that were read lately."""

    def __init__(self) -> None:
        self._lists: OrderedDict[tuple[SegmentFiles, str, str], Postings] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, segment: SegmentFiles, field: str, term: str) -> Postings:
        """Return the list of a term in a segment."""
        key = (segment, field, term)
        with self._lock:  # Whoosh's files have one reading position for all threads
            if key in self._lists:
                self._lists.move_to_end(key)
                return self._lists[key]
            found = self._lists[key] = segment.postings(field, term.encode())
            self._bytes += sum(numbers.nbytes for numbers in found) + 300
            while self._bytes > CACHE_BYTES and len(self._lists) > 1:
                _, old = self._lists.popitem(last=False)
                self._bytes -= sum(numbers.nbytes for numbers in old) + 300
            return found


class FacetCounts:
    """Which documents of a segment hold which value of a field."""

    def __init__(self, segment: SegmentFiles, field: str) -> None:
        self.values = [term.decode() for term in segment.terms(field)]
        lists = [segment.postings(field, value.encode()).documents for value in self.values]
        self.documents = np.concatenate(lists) if lists else np.empty(0, np.uint32)
        self.numbers = np.repeat(np.arange(len(lists)), [len(documents) for documents in lists])

    def counts(self, there: NDArray[np.bool_]) -> dict[str, int]:
        """Return value → number of the documents for which `there` is true."""
        counts = np.bincount(self.numbers[there[self.documents]], minlength=len(self.values))
        return {self.values[number]: int(counts[number]) for number in np.flatnonzero(counts)}
