"""Rank the engine's first hundred hits anew, by where the words of the query stand in each clause.

Works on word numbers (`index.words`), so that it ranks the same on every engine: all places of all candidates lie in
one array, and each part of the score is a few array operations over it. Lists and counts never change by it, only the
order.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.analysis import Token
from index.words import term_key
from search.rerank_weights import constant

Floats = NDArray[np.float64]

_GAP = 16  # empty places between two clauses, so that no window or pair reaches from one into the next
_STEM, _PLURAL, _ROOT = 1, 2, 3  # columns of the term keys; 0 is folded
WHEN = frozenset("متى متي تاريخ عام سنة سنه العام السنة".split())
HOW_MANY = frozenset("كم وكم بكم عدد نسبة نسبه".split())


@dataclass(frozen=True, slots=True)
class Candidates:
    """The engine's first hits: for each place of each clause the four keys of its word, clauses one after another."""

    keys: NDArray[np.uint32]  # [places, 5]: the columns of `index.words`
    grams: Floats  # [clauses]: BM25 of the query's three-letter grams, see search/rerank_grams.py
    lengths: NDArray[np.int64]  # [clauses]: places of each
    similar: Floats | None = None  # [words, clauses]: likeness of the nearest word to each content word, 0–1


@dataclass(frozen=True, slots=True)
class Statistics:
    """What BM25 needs of the whole index."""

    clauses: int
    mean_length: float
    frequency: Callable[[str, str], int]  # field, term → clauses that hold it


@dataclass(frozen=True, slots=True)
class QueryWord:
    """One distinct content word of the query: its keys, how often it was typed, its idf at each level."""

    token: Token
    keys: tuple[int, int, int, int]
    count: int
    idf: tuple[float, float, float, float]


def query_words(tokens: Sequence[Token], key: Callable[[str], int], statistics: Statistics) -> list[QueryWord]:
    """Return the distinct content words of a query in order of first appearance."""
    counts = Counter(token.terms.folded for token in tokens)
    words = []
    for token in {token.terms.folded: token for token in reversed(tokens)}.values():
        terms = token.terms
        levels = (("folded", terms.folded), ("stem", terms.stem), ("plural", terms.plural), ("root", terms.root))
        idf = [_idf(statistics.frequency(field, term), statistics.clauses) for field, term in levels]
        keys = [key(term) for _, term in levels]
        words.append(
            QueryWord(
                token, (keys[0], keys[1], keys[2], keys[3]), counts[terms.folded], (idf[0], idf[1], idf[2], idf[3])
            )
        )
    return sorted(words, key=lambda word: word.token.start)


def _idf(frequency: int, clauses: int) -> float:
    return math.log(1 + (clauses - frequency + 0.5) / (frequency + 0.5)) if frequency <= clauses else 0.0


def scores(
    tokens: Sequence[Token],
    typed: Sequence[Token],
    words: Sequence[QueryWord],
    candidates: Candidates,
    statistics: Statistics,
) -> dict[str, Floats]:
    """Return each part of the score for every candidate, in their order; the score is the sum of the parts."""
    places = _Places(words, candidates)
    total_idf = sum(word.idf[_STEM] * word.count for word in words)
    parts = {
        "words": _word_part(words, places, candidates, statistics),
        "pairs": _pair_part(tokens, words, places),
        "letters": constant("grams") * candidates.grams,
    }
    window, value = places.window(int(constant("window_size")))
    opening = places.opening(int(constant("opening_size")))
    if total_idf:
        parts["window"] = constant("window") * total_idf * (window / total_idf) ** constant("window_power")
        parts["opening"] = constant("opening") * total_idf * (opening / total_idf) ** constant("opening_power")
    per_word = total_idf / max(1, len(tokens))
    parts["adjacent"] = constant("adjacent") * per_word * places.neighbours(typed)
    parts["place"] = -constant("first") * per_word * np.log1p(places.first())
    parts["all words"] = constant("all_words") * total_idf * places.holds_all()
    hint = _hint_part(typed, places, value, per_word)
    if hint is not None:
        parts["hint"] = hint
    return parts


class _Places:
    """Where the query's words stand: `level[w, p]` is how surely place p holds word w (1 stem … 0 not at all)."""

    def __init__(self, words: Sequence[QueryWord], candidates: Candidates) -> None:
        self.words = words
        self.lengths = candidates.lengths
        self._counts: dict[int, Floats] = {}
        # Spread the clauses out with gaps between them; `starts` are their first places in the spread array.
        self.starts = np.concatenate(([0], np.cumsum(candidates.lengths + _GAP)[:-1])).astype(np.int64)
        size = int((candidates.lengths + _GAP).sum())
        self.begins = self.starts - _GAP * np.arange(len(self.starts))  # the first places without gaps
        self.spread = np.arange(len(candidates.keys)) + np.repeat(self.starts - self.begins, candidates.lengths)
        self.within = np.arange(len(candidates.keys)) - np.repeat(self.begins, candidates.lengths)
        keys = candidates.keys
        self.stems = keys[:, _STEM]
        self.matches = {
            column: np.stack([keys[:, column] == np.uint32(word.keys[column]) for word in words]) for column in range(4)
        }
        self.found = np.maximum.reduce([
            self.matches[_STEM].astype(float),
            self.matches[_PLURAL] * constant("plural_level"),
            self.matches[_ROOT] * constant("root_level"),
        ])  # fmt: skip
        self.level = np.zeros((len(words), size))
        self.level[:, self.spread] = self.found
        self.numbers = np.zeros(size)
        self.numbers[self.spread] = keys[:, 4]
        self.idf = np.array([word.idf[_STEM] for word in words])

    def per_clause(self, values: NDArray[np.generic], how: np.ufunc = np.add) -> Floats:
        """Return the sum (or maximum …) of `values[..., place]` over each clause."""
        return np.asarray(how.reduceat(values, self.starts, axis=-1), dtype=float)

    def counts(self, column: int) -> Floats:
        """Return how often each clause holds each word at one level: [words, clauses]."""
        if column not in self._counts:
            self._counts[column] = np.add.reduceat(self.matches[column], self.begins, axis=1, dtype=float)
        return self._counts[column]

    def window(self, size: int) -> tuple[Floats, Floats]:
        """Return each clause's best Σ idf·level (best per word) within `size` places, and that of every place."""
        value = np.asarray(self.idf @ _sliding_maximum(self.level, size), dtype=float)
        return self.per_clause(value, np.maximum), value

    def opening(self, size: int) -> Floats:
        """Return Σ idf·level (best per word) within the first `size` places of each clause."""
        inside = np.where(self.within < size, self.found, 0.0)
        return np.asarray(self.idf @ np.maximum.reduceat(inside, self.begins, axis=1), dtype=float)

    def neighbours(self, typed: Sequence[Token]) -> Floats:
        """Return how many neighbouring words of the query, stop words too, stand side by side in each clause."""
        stems = np.zeros(self.level.shape[1], np.uint32)
        stems[self.spread] = self.stems
        held = np.zeros(len(self.lengths))
        for left, right in {(term_key(a.terms.stem), term_key(b.terms.stem)) for a, b in pairwise(typed)}:
            found = (stems[:-1] == np.uint32(left)) & (stems[1:] == np.uint32(right))
            held += np.logical_or.reduceat(np.append(found, False), self.starts)
        return held

    def first(self) -> Floats:
        """Return the place of the first match in each clause; the length of a clause without any."""
        any_level = self.level.max(axis=0) > 0
        place = np.arange(self.level.shape[1])
        found = np.minimum.reduceat(np.where(any_level, place, self.level.shape[1]), self.starts) - self.starts
        return np.asarray(np.minimum(found, self.lengths), dtype=float)

    def holds_all(self) -> Floats:
        """Return 1 for each clause that holds every word by stem or plural, else 0."""
        held = (self.counts(_STEM) + self.counts(_PLURAL)) > 0
        return np.asarray(held.all(axis=0), dtype=float)


def _sliding_maximum(values: Floats, size: int) -> Floats:
    """Return at each place the maximum of it and the `size` - 1 places after it, along the last axis."""
    result, width = values, 1
    while width < size:
        step = min(width, size - width)
        shifted = np.zeros_like(result)
        shifted[:, :-step] = result[:, step:]
        result = np.maximum(result, shifted)
        width += step
    return result


def _word_part(words: Sequence[QueryWord], places: _Places, candidates: Candidates, statistics: Statistics) -> Floats:
    """BM25 of each word at its best level, times its value: how little the first hits agree on it."""
    k1, b = constant("k1"), constant("b")
    norm = k1 * (1 - b + b * candidates.lengths / max(1.0, statistics.mean_length))

    def bm25(column: int) -> Floats:
        frequency = places.counts(column)
        idf = np.array([word.idf[column] for word in words])[:, None]
        return np.asarray(idf * frequency * (k1 + 1) / (frequency + norm), dtype=float)

    best = np.maximum.reduce([bm25(_STEM), constant("plural") * bm25(_PLURAL), constant("root") * bm25(_ROOT)])
    score = best + constant("exact") * bm25(0)
    if candidates.similar is not None:  # only where the word stands at no level
        missing = (places.counts(_STEM) + places.counts(_PLURAL) + places.counts(_ROOT)) == 0
        idf = np.array([word.idf[_STEM] for word in words])[:, None]
        score = score + constant("similar") * missing * idf * candidates.similar ** constant("similar_power")
    sample = int(constant("share_sample"))
    held = (places.counts(_STEM) + places.counts(_PLURAL))[:, :sample] > 0
    value = (constant("share_base") - held.mean(axis=1)) ** constant("share_power")
    count = np.array([word.count for word in words])
    return np.asarray((value * count) @ score, dtype=float)


def _pair_part(tokens: Sequence[Token], words: Sequence[QueryWord], places: _Places) -> Floats:
    """Neighbouring words a, b of the query: each b that stands 1–3 places after the latest a."""
    index = {word.token.terms.folded: number for number, word in enumerate(words)}
    total = np.zeros(len(places.lengths))
    for left, right in pairwise(tokens):
        a, b = index[left.terms.folded], index[right.terms.folded]
        latest = np.zeros(places.level.shape[1])
        for reach in range(int(constant("pair_reach")), 0, -1):  # the nearest a is written last and stays
            before = np.zeros_like(latest)
            before[reach:] = places.level[a, :-reach]
            latest = np.where(before > 0, before, latest)
        found = places.per_clause(np.minimum(latest, places.level[b]))
        total += (places.idf[a] + places.idf[b]) * found / (found + 1)
    return constant("pair") * total


def _hint_part(
    typed: Sequence[Token], places: _Places, value: Floats, per_word: float
) -> Floats | None:
    """A query that asks when or how many is answered where numbers stand near the best window."""
    asked = {token.terms.folded for token in typed}
    when, how_many = bool(asked & WHEN), bool(asked & HOW_MANY)
    if not (when or how_many):
        return None
    near = int(constant("window_size"))
    best = [
        start + int(np.argmax(value[start : start + max(1, length)]))
        for start, length in zip(places.starts, places.lengths, strict=True)
    ]
    numbers = np.array(
        [
            places.numbers[max(start, at - near) : at + 2 * near].sum()
            for start, at in zip(places.starts, best, strict=True)
        ]
    )
    if when:
        return np.asarray(constant("when") * per_word * (numbers > 0), dtype=float)
    return np.asarray(constant("how_many") * per_word * np.minimum(2, numbers), dtype=float)
