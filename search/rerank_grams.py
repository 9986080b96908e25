"""How much of the query's words, three letters at a time, each candidate holds: names in other spellings, derivations.

The words that hold a gram are looked up (`index.word_grams`), their places in the candidates marked, and each gram is
scored by BM25. In how many clauses a gram stands is estimated from how often its words do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.analysis import Token
from index.word_grams import WordGrams, gram_keys
from index.words import map_counts
from search.rerank_weights import constant

_MARKS = 32  # grams marked at once, one bit each


class GramScorer:
    """Scores candidates of one open index by grams."""

    def __init__(self, generation: Path, clauses: int, mean_length: float) -> None:
        self.grams = WordGrams(generation)
        self.counts = map_counts(generation)
        self.clauses = max(1, clauses)
        self.mean_length = max(1.0, mean_length)
        self._known: dict[int, float] = {}
        self._sizes: NDArray[np.int64] | None = None

    def score(
        self, tokens: Sequence[Token], numbers: NDArray[np.int64], lengths: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return one score a clause; `numbers` are the word numbers of all places, one clause after another."""
        wanted = Counter(key for token in tokens for key in set(gram_keys(token.terms.folded).tolist()))
        lists = [
            (count, self._idf(key, words), words)
            for key, count in wanted.items()
            if len(words := self.grams.words(np.uint64(key)))
        ]
        distinct, place_of = np.unique(numbers, return_inverse=True)
        starts = np.concatenate(([0], np.cumsum(lengths)[:-1])).astype(np.int64)
        k1, b = constant("gram_k1"), constant("b")
        norm = k1 * (1 - b + b * lengths / self.mean_length)
        total = np.zeros(len(lengths))
        for begin in range(0, len(lists), _MARKS):
            chunk = lists[begin : begin + _MARKS]
            marks = np.zeros(len(distinct), np.uint32)
            for bit, (_, _, words) in enumerate(chunk):
                near = np.minimum(np.searchsorted(words, distinct), len(words) - 1)
                marks |= (words[near] == distinct).astype(np.uint32) << np.uint32(bit)
            at_places = marks[place_of]
            for bit, (count, idf, _) in enumerate(chunk):
                frequency = np.add.reduceat((at_places >> np.uint32(bit)) & np.uint32(1), starts).astype(np.float64)
                total += count * idf * frequency * (k1 + 1) / (frequency + norm)
        return total

    def similar(
        self, words: Sequence[str | None], numbers: NDArray[np.int64], lengths: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return for each word, unless it is None, how like the nearest word of each clause is: [words, clauses]."""
        best = np.zeros((len(words), len(lengths)))
        if not any(words):
            return best
        distinct, place_of = np.unique(numbers, return_inverse=True)
        starts = np.concatenate(([0], np.cumsum(lengths)[:-1])).astype(np.int64)
        if self._sizes is None:
            self._sizes = self.grams.sizes(len(self.counts))
        for row, word in enumerate(words):
            keys = set(gram_keys(word).tolist()) if word else set()
            common = np.zeros(len(self.counts), np.uint8)
            for key in keys:
                common[self.grams.words(np.uint64(key))] += 1
            likeness = 2 * common[distinct] / (len(keys) + self._sizes[distinct])
            likeness[likeness < constant("similar_least")] = 0
            if likeness.any():
                best[row] = np.maximum.reduceat(likeness[place_of], starts)
        return best

    def _idf(self, key: int, words: NDArray[np.int32]) -> float:
        """Standing `n` times in all, a gram is expected in N·(1 - e^(-n/N)) of N clauses."""
        known = self._known.get(key)
        if known is None:
            clauses = self.clauses * (1 - np.exp(-float(self.counts[words].sum()) / self.clauses))
            known = self._known[key] = float(np.log(1 + (self.clauses - clauses + 0.5) / (clauses + 0.5)))
        return known
