"""The first hundred hits in a new order: fetch their words, score them (`search.rerank`), sort, explain."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.analysis import Analyzer, Token
from index.engine import Distant, Match, Reader
from index.words import ROOT_COLUMN, map_keys, term_key, word_keys
from search.ranking import content_of
from search.rerank import Candidates, Statistics, query_words, scores
from search.rerank_grams import GramScorer
from search.rerank_weights import constant

_COUNTED = ("folded", "stem", "plural")  # levels whose terms are counted by the engine
_NO_WORD = np.zeros((1, 5), dtype=np.uint32)


@dataclass(frozen=True, slots=True)
class _Stored:
    """The candidates' places, one clause after another: keys, lengths, and word numbers where they are known."""

    keys: NDArray[np.uint32]
    lengths: NDArray[np.int64]
    numbers: NDArray[np.int64] | None = None


def _joined(rows: Sequence[NDArray[np.uint32]]) -> _Stored:
    """A clause without a single word still needs a place, or the sums over clauses would shift."""
    rows = [row if len(row) else _NO_WORD for row in rows]
    return _Stored(np.concatenate(rows), np.array([len(row) for row in rows], dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Ranking:
    """The new order of some matches: `order` holds places in `matches`, best first."""

    matches: Sequence[Match]
    order: list[int]
    totals: NDArray[np.float64]
    scored: list[dict[str, NDArray[np.float64]]]
    variant: NDArray[np.int64]
    added: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)  # what other scores gave, see search.meaning

    def hits(self) -> list[Match]:
        """Return the matches best first, each with its new score."""
        for place in self.order:
            self.matches[place].score = float(self.totals[place])
        return [self.matches[place] for place in self.order]

    def parts(self) -> dict[int, dict[str, float]]:
        """Return what each part gave to the score of each match, by its ordinal."""
        factors = np.where(self.variant > 0, constant("other_name"), 1.0)
        return {
            match.ordinal: {name: float(values[n] * factors[n]) for name, values in self.scored[variant].items()}
            | {name: float(values[n]) for name, values in self.added.items()}
            for n, (match, variant) in enumerate(zip(self.matches, self.variant, strict=True))
        }


class Reranker:
    """Ranks candidates of one open index. Where the engine keeps no word numbers, stored texts are analysed."""

    def __init__(self, reader: Reader, analyzer: Analyzer, generation: Path | None) -> None:
        self.reader = reader
        self.analyzer = analyzer
        self.keys = map_keys(generation) if generation else None
        manifest = reader.manifest
        mean = manifest.tokens / max(1, manifest.clauses)
        self.grams = GramScorer(generation, manifest.clauses, mean) if generation and self.keys is not None else None
        self.statistics = Statistics(max(1, manifest.clauses), mean, self._frequency)
        self._of_roots: dict[str, int] = {}

    def _frequency(self, field: str, term: str) -> int:
        """In how many clauses a term stands; for a root, not indexed, estimated from how often its words do."""
        if field != "root":
            return self.reader.frequency(field, term)
        if self.keys is None or self.grams is None:
            return 0
        known = self._of_roots.get(term)
        if known is None:
            total = float(self.grams.counts[self._roots == np.uint32(term_key(term))].sum())
            clauses = self.reader.manifest.clauses
            known = self._of_roots[term] = round(clauses * (1 - math.exp(-total / max(1, clauses))))
        return known

    @cached_property
    def _roots(self) -> NDArray[np.uint32]:
        """Return the root's key of every word side by side, which is read four times as fast as in rows of five."""
        assert self.keys is not None
        return np.ascontiguousarray(self.keys[:, ROOT_COLUMN])

    def rank(
        self, typed: Sequence[Sequence[Token]], matches: Sequence[Match], titles: Mapping[int, float] | None = None
    ) -> Ranking:
        """Return the matches ranked anew. Ties keep the engine's order.

        `typed` are the tokens of the query, stop words too, and of its variants under other names: a clause counts by
        the one that fits it best. `titles`: ordinal → the engine's score of the title, of clauses that have any.
        """
        if isinstance(self.reader, Distant):
            words = [token.terms for tokens in typed for token in tokens]
            self.reader.learn([(field, getattr(terms, field)) for terms in words for field in _COUNTED])
        places = self._places(matches)
        scored = [self._scored(tokens, places) for tokens in typed if tokens]
        if titles:
            title = np.array([titles.get(match.ordinal, 0.0) for match in matches]) * constant("title")
            scored = [parts | {"title": title} for parts in scored]
        totals = np.array([np.sum(list(parts.values()), axis=0) for parts in scored])
        totals[1:] *= constant("other_name")
        best = totals.argmax(axis=0)
        total = totals.max(axis=0)
        order = np.argsort(-total, kind="stable")
        return Ranking(matches, [int(n) for n in order], total, scored, best)

    def _scored(self, typed: Sequence[Token], places: _Stored) -> dict[str, NDArray[np.float64]]:
        tokens = content_of(list(typed))
        words = query_words(tokens, term_key, self.statistics)
        grams = (
            self.grams.score(tokens, places.numbers, places.lengths)
            if self.grams and places.numbers is not None
            else np.zeros(len(places.lengths))
        )
        similar = None
        if self.grams and places.numbers is not None:
            rare = constant("similar_most") * self.statistics.clauses
            asked = [
                word.token.terms.folded if self._frequency("stem", word.token.terms.stem) <= rare else None
                for word in words
            ]
            similar = self.grams.similar(asked, places.numbers, places.lengths)
        candidates = Candidates(places.keys, grams, places.lengths, similar)
        return scores(tokens, typed, words, candidates, self.statistics)

    def _places(self, matches: Sequence[Match]) -> _Stored:
        stored = self.reader.words(matches) if self.keys is not None and self.grams is not None else None
        if stored is None or self.keys is None:
            rows = [self._analysed(row) for row in self.reader.rows(matches)]
            return _joined(rows)
        numbers = [np.asarray(clause, dtype=np.int64) for clause in stored]
        if not all(map(len, numbers)):
            return _joined([self.keys[clause] for clause in numbers])
        places = np.concatenate(numbers)
        return _Stored(self.keys[places], np.array([len(clause) for clause in numbers], dtype=np.int64), places)

    def _analysed(self, row: bytes) -> NDArray[np.uint32]:
        import orjson

        terms = self.analyzer.terms_of(orjson.loads(row)["text"])
        return np.array([word_keys(t.folded, t.stem, t.plural, t.root) for t in terms], dtype=np.uint32).reshape(-1, 5)
