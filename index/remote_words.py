"""What a feeder of a cluster tells of the words it has met: tallied clause by clause, written at each checkpoint."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from index.engine import Entry, IndexProblem
from index.engines.opensearch_mapping import WORD_BYTES
from index.engines.opensearch_state import State
from index.engines.opensearch_tables import piece
from index.intake import Intake, row_hash
from index.words import COLUMNS

Json = dict[str, Any]
MOST_WORDS = 1 << 8 * WORD_BYTES  # of one feeder


class WordTally:
    """Counts since the last checkpoint; `fed` is what was fed in all, up to there."""

    def __init__(self, state: State, generation: str, table: str, run: Intake, fed: Json, number: int,
                 known: int) -> None:
        self._state, self._generation, self._table, self._run = state, generation, table, run
        self.fed = fed
        self._number = number  # of the next piece
        self._known = known  # words of an earlier run, whose keys are not at hand
        self._written = known  # words that stand in pieces
        self._begin()

    def _begin(self) -> None:
        self.clauses = self._tokens = self._corpus = 0
        self._totals = np.zeros(0, np.int64)
        self._held = np.zeros(0, np.int64)
        self._marked: Counter[str] = Counter()

    def count(self, batch: Sequence[Entry], chain: str = "") -> None:
        """Add a batch; `chain` is the hash over the ids of all rows of the share up to its end."""
        lengths = [len(entry.words) for entry in batch]
        numbers = np.concatenate([np.asarray(entry.words, np.int64) for entry in batch])
        owners = np.repeat(np.arange(len(batch), dtype=np.int64), lengths)
        once = np.unique(owners << 32 | numbers) & 0xFFFFFFFF
        self._totals = _added(self._totals, numbers)
        self._held = _added(self._held, once)
        for entry in batch:
            self._marked.update(set(entry.terms["marked"].split()))
            self._corpus ^= row_hash(entry.row)
        self.clauses += len(batch)
        self._tokens += sum(lengths)
        self.fed = self.fed | {"chain": chain}

    def write(self, done: bool = False) -> str:
        """Write a piece: everything counted so far is acknowledged. Return the id of its document.

        Raises `IndexProblem` where there are more words than numbers of 24 bits.
        """
        if len(self._run.numbers) >= MOST_WORDS:
            raise IndexProblem(f"The texts have more than {MOST_WORDS:,} distinct words; feed them in more parts.")
        words = list(self._run.numbers)[self._written :]
        keys = self._run.numbers.keys_of_new[COLUMNS * (self._written - self._known) :]
        met = np.flatnonzero(self._totals)
        held = np.zeros(len(self._totals), np.int64)
        held[: len(self._held)] = self._held
        grown = {"numbers": met, "totals": self._totals[met], "clauses": held[met]}
        self.fed = self.fed | {
            "clauses": int(self.fed["clauses"]) + self.clauses,
            "tokens": int(self.fed["tokens"]) + self._tokens,
            "corpus": f"{int(str(self.fed['corpus']), 16) ^ self._corpus:016x}",
        }
        name = f"{self._generation}/{self._table}/{self._number:06}"
        self._state.put(name, {"generation": self._generation, "part": self._table, "number": self._number,
                               "made": time.time(), "done": done, "fed": self.fed,
                               **piece(words, keys, grown, self._marked)}, refresh="true")
        self._number += 1
        self._written += len(words)
        self._begin()
        return name


def _added(counts: np.ndarray[Any, Any], numbers: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    more = np.bincount(numbers, minlength=len(counts))
    more[: len(counts)] += counts
    return more
