"""What a clause finds in one segment, and with which scores: sorted arrays of documents, combined by NumPy.

Whoosh's own matchers go from posting to posting in Python, score dis_max wrongly (the maximum is taken without a look
whether both sides stand on the same document) and count all hits only by visiting each. Here a node of the question is
one function from arrays to arrays. Scores are tantivy's, so that both engines rank alike: BM25 with k1 1.2 and b .75,
with lengths rounded down to 256 steps; a phrase counts as one term, whose idf is the sum over its terms.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from math import log, prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.clause import (
    NUMBER_FIELDS,
    TERM_FIELDS,
    And,
    Best,
    Boost,
    Clause,
    Everything,
    Near,
    Not,
    Or,
    Phrase,
    Prefer,
    Prefix,
    Range,
    Term,
)
from index.engines.fields import MAX_COMBINATIONS, cut_value
from index.engines.fixed_scores import PREFIX_SCORE
from index.engines.whoosh_codec import Postings
from index.engines.whoosh_segment import SegmentFiles

K1, B = 1.2, 0.75
_FIRST_STEPS = 40  # lengths up to here are exact
_PLACE_BITS = 32

_NONE = np.empty(0, np.int64)

Documents = NDArray[np.int64]
Scores = NDArray[np.float64]


class Found(NamedTuple):
    """Documents of a segment in ascending order, and their scores."""

    documents: Documents
    scores: Scores


def _length_steps() -> NDArray[np.float64]:
    """Return the 256 lengths that tantivy can tell apart: 0 to 40, then eight steps each of 2, 4, 8 …"""
    steps = list(range(_FIRST_STEPS))
    width = 2
    at = _FIRST_STEPS
    while len(steps) < 256:
        steps += [at + width * step for step in range(8)]
        at += width * 8
        width *= 2
    return np.array(steps[:256], np.float64)


LENGTH_STEPS = _length_steps()


class Statistics:
    """What BM25 needs to know of the whole index: number of documents, mean lengths, frequencies of terms."""

    def __init__(self, segments: Sequence[SegmentFiles],
                 postings: Callable[[SegmentFiles, str, str], Postings]) -> None:
        self._segments, self._postings = segments, postings
        self.documents = sum(segment.size for segment in segments)
        self.mean = {field: sum(int(segment.numbers[field].sum()) for segment in segments) / max(1, self.documents)
                     for field in TERM_FIELDS}
        self._idf: dict[tuple[str, str], float] = {}

    def frequency(self, field: str, term: str) -> int:
        """Return in how many documents of the index a term stands."""
        return sum(len(self._postings(segment, field, term).documents) for segment in self._segments)

    def idf(self, field: str, term: str) -> float:
        """Return log(1 + (N - n + .5) / (n + .5)), the form that is never negative (Lucene, tantivy)."""
        key = (field, term)
        if key not in self._idf:
            held = self.frequency(field, term)
            self._idf[key] = log(1 + (self.documents - held + 0.5) / (held + 0.5))
        return self._idf[key]


class Evaluator:
    """Answers clauses on one segment. `postings` fetches a term's list, perhaps from a cache."""

    def __init__(self, segment: SegmentFiles, statistics: Statistics, postings: Callable[[str, str], Postings]) -> None:
        self._segment, self._statistics, self._postings = segment, statistics, postings
        self._norms: dict[str, NDArray[np.float64]] = {}

    def find(self, clause: Clause) -> Found:
        """Return the documents that match, without removed ones. Raises ValueError for unknown fields."""
        found = self._find(clause)
        if self._segment.has_removed:
            alive = self._segment.alive[found.documents]
            found = Found(found.documents[alive], found.scores[alive])
        return found

    def _find(self, clause: Clause) -> Found:
        match clause:
            case Term(field, term):
                return self._term(field, term)
            case Phrase():
                return self._phrase(clause)
            case Near():
                return self._near(clause)
            case Prefix(field, prefix):
                return self._prefix(field, prefix)
            case And(clauses):
                return self._and(clauses)
            case Or(clauses):
                return self._or(clauses)
            case Best(clauses):
                return self._best([self._find(inner) for inner in clauses])
            case Not(inner):
                there = np.ones(self._segment.size, bool)
                there[self._find(inner).documents] = False
                return _silent(np.flatnonzero(there))
            case Boost(inner, factor):
                found = self._find(inner)
                return Found(found.documents, found.scores * factor)
            case Prefer(inner, also):
                found, extra = self._find(inner), self._or(also)
                scores = np.zeros(self._segment.size)
                scores[extra.documents] = extra.scores
                return Found(found.documents, found.scores + scores[found.documents])
            case Range(field, low, high):
                return self._range(field, low, high)
            case Everything():
                return _silent(np.arange(self._segment.size))

    def _term(self, field: str, term: str) -> Found:
        if field not in TERM_FIELDS:
            return _silent(self._postings(field, cut_value(term)).documents.astype(np.int64))
        found = self._postings(field, term)
        return self._scored(field, found.documents.astype(np.int64), found.counts, self._statistics.idf(field, term))

    def _scored(self, field: str, documents: Documents, counts: NDArray[np.unsignedinteger], idf: float) -> Found:
        """Return the documents with BM25 scores for a term, or what counts as one, that stands `counts` times."""
        if field not in self._norms:
            lengths = self._segment.numbers[field]
            rounded = LENGTH_STEPS[np.searchsorted(LENGTH_STEPS, lengths, "right") - 1]
            self._norms[field] = K1 * (1 - B + B * rounded / max(self._statistics.mean[field], 1e-9))
        scores = idf * (1 + K1) * counts / (counts + self._norms[field][documents])
        return Found(documents, scores)

    def _and(self, clauses: Sequence[Clause]) -> Found:
        found = _silent(np.arange(self._segment.size))
        for clause in clauses:
            other = self._find(clause)
            both, here, there = np.intersect1d(found.documents, other.documents, True, True)
            found = Found(both, found.scores[here] + other.scores[there])
        return found

    def _or(self, clauses: Sequence[Clause]) -> Found:
        there = np.zeros(self._segment.size, bool)
        scores = np.zeros(self._segment.size)
        for clause in clauses:
            found = self._find(clause)
            there[found.documents] = True
            scores[found.documents] += found.scores
        documents = np.flatnonzero(there)
        return Found(documents, scores[documents])

    def _best(self, parts: Sequence[Found]) -> Found:
        there = np.zeros(self._segment.size, bool)
        scores = np.zeros(self._segment.size)
        for found in parts:
            there[found.documents] = True
            scores[found.documents] = np.maximum(scores[found.documents], found.scores)
        documents = np.flatnonzero(there)
        return Found(documents, scores[documents])

    def _prefix(self, field: str, prefix: str) -> Found:
        there = np.zeros(self._segment.size, bool)
        for term in self._segment.terms(field, prefix.encode()):
            there[self._postings(field, term.decode()).documents] = True
        documents = np.flatnonzero(there)
        return Found(documents, np.full(len(documents), PREFIX_SCORE if field in TERM_FIELDS else 0.0))

    def _range(self, field: str, low: int | None, high: int | None) -> Found:
        if field not in NUMBER_FIELDS:
            raise ValueError(f"{field!r} is no field of numbers")
        numbers = self._segment.numbers[field].astype(np.int64)
        there = (numbers >= max(1 if low is None else low, 1)) & (numbers <= (numbers if high is None else high))
        return _silent(np.flatnonzero(there))

    def _with_all(self, field: str, places: Sequence[Sequence[str]]) -> NDArray[np.bool_]:
        """Return for each document whether it holds one of the terms of every place."""
        held = np.zeros(self._segment.size, np.int32)
        for number, terms in enumerate(places):
            for term in terms:
                documents = self._postings(field, term).documents
                held[documents[held[documents] == number]] = number + 1
        there: NDArray[np.bool_] = held == len(places)
        return there

    def _occurrences(self, field: str, term: str, there: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return the occurrences of a term in the documents that are `there`, in order: document · 2³² + place."""
        found = self._postings(field, term)
        keep = there[found.documents]
        counts = found.counts[keep]
        documents = np.repeat(found.documents[keep].astype(np.int64), counts)
        return (documents << _PLACE_BITS) + found.places[np.repeat(keep, found.counts)]

    def _phrase(self, phrase: Phrase) -> Found:
        """Return the best of all combinations of alternatives; very many share one score.

        First the places where any combination begins are found, then which combinations these are.
        """
        field = phrase.field
        places = [[term for term in dict.fromkeys(place) if self._statistics.frequency(field, term)]
                  for place in phrase.places]
        if len(places) == 1:
            return self._or([Term(field, term) for term in places[0]])
        there = self._with_all(field, places)
        starts = [{term: self._occurrences(field, term, there) - place for term in terms}
                  for place, terms in enumerate(places)]
        several = sorted((np.sort(np.concatenate([_NONE, *held.values()])) for held in starts), key=len)
        begins = several[0]
        for others in several[1:]:
            begins = begins[_among(begins, others)]
        combinations = prod(map(len, places))
        if combinations == 1 or combinations > MAX_COMBINATIONS:
            idf = sum(max(self._statistics.idf(field, term) for term in terms) for terms in places)
            return self._counted(field, begins, idf)
        left = [{term: kept for term, held in place.items() if len(kept := begins[_among(begins, held)])}
                for place in starts]
        parts = []
        for row in product(*left):
            both = begins
            for place, term in zip(left, row, strict=True):
                both = both[_among(both, place[term])]
            if len(both):
                parts.append(self._counted(field, both, sum(self._statistics.idf(field, term) for term in row)))
        return self._best(parts)

    def _counted(self, field: str, occurrences: NDArray[np.int64], idf: float) -> Found:
        """Return the documents of these occurrences, scored for how many they have."""
        documents, counts = np.unique(occurrences >> _PLACE_BITS, return_counts=True)
        return self._scored(field, documents, counts.astype(np.uint64), idf)

    def _near(self, near: Near) -> Found:
        """Return where every term finds a place in a window that begins with one of them.

        In order, the next place of each term after the one before is the best choice. In any order a window must hold
        each term as often as the list does.
        """
        width = len(near.terms) + near.distance
        there = self._with_all(near.field, [[term] for term in near.terms])
        held = {term: self._occurrences(near.field, term, there) for term in near.terms}
        idf = sum(self._statistics.idf(near.field, term) for term in near.terms)
        if near.ordered:
            starts = ends = held[near.terms[0]]
            for term in near.terms[1:]:
                after = np.searchsorted(held[term], ends, "right")
                fits = after < len(held[term])
                starts, ends = starts[fits], held[term][after[fits]]
            return self._counted(near.field, starts[ends - starts < width], idf)
        starts = np.sort(np.concatenate(list(held.values())))
        for term, places in held.items():
            inside = np.searchsorted(places, starts + width) - np.searchsorted(places, starts)
            starts = starts[inside >= near.terms.count(term)]
        return self._counted(near.field, starts, idf)


def _among(numbers: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which of the numbers are among the others, which are sorted."""
    if not len(others):
        return np.zeros(len(numbers), bool)
    at = np.minimum(np.searchsorted(others, numbers), len(others) - 1)
    return np.equal(others[at], numbers)


def _silent(documents: Documents) -> Found:
    """Return the documents with score 0."""
    return Found(documents, np.zeros(len(documents)))
