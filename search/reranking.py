"""The first hundred hits in a new order: fetch their words, score them (`search.rerank`), sort, explain."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.analysis import Analyzer, Token
from index.engine import Match, Reader
from index.words import map_keys, term_key, word_keys
from search.rerank import Candidates, Statistics, query_words, scores
from search.rerank_grams import GramScorer

if TYPE_CHECKING:
    from numpy.typing import NDArray


_NO_WORD = np.zeros((1, 5), dtype=np.uint32)


class Reranker:
    """Ranks candidates of one open index. Where the engine keeps no word numbers, stored texts are analysed."""

    def __init__(self, reader: Reader, analyzer: Analyzer, generation: Path | None) -> None:
        self.reader = reader
        self.analyzer = analyzer
        self.keys = map_keys(generation) if generation else None
        manifest = reader.manifest
        mean = manifest.tokens / max(1, manifest.clauses)
        self.grams = GramScorer(generation, manifest.clauses, mean) if generation and self.keys is not None else None
        self.statistics = Statistics(max(1, manifest.clauses), mean, reader.frequency)

    def rank(
        self, tokens: Sequence[Token], typed: Sequence[Token], matches: Sequence[Match]
    ) -> list[tuple[Match, dict[str, float]]]:
        """Return the matches best first, each with the parts of its new score. Ties keep the engine's order."""
        words = query_words(tokens, term_key, self.statistics)
        if not words or not matches:
            return [(match, {"engine": match.score}) for match in matches]
        parts = scores(tokens, typed, words, self._candidates(tokens, matches), self.statistics)
        total = np.sum(list(parts.values()), axis=0)
        order = np.argsort(-total, kind="stable")
        return [(matches[n], {name: float(values[n]) for name, values in parts.items()}) for n in order]

    def _candidates(self, tokens: Sequence[Token], matches: Sequence[Match]) -> Candidates:
        stored = self.reader.words(matches) if self.keys is not None and self.grams is not None else None
        if stored is None or self.keys is None or self.grams is None:
            rows = [self._analysed(row) for row in self.reader.rows(matches)]
            lengths = np.array([max(1, len(row)) for row in rows], dtype=np.int64)
            return Candidates(
                np.concatenate([row if len(row) else _NO_WORD for row in rows]), np.zeros(len(rows)), lengths
            )
        numbers = [np.asarray(clause, dtype=np.int64) for clause in stored]
        lengths = np.array([len(clause) for clause in numbers], dtype=np.int64)
        if not lengths.all():  # a clause without a single word still needs a place, or the sums would shift
            rows = [self.keys[clause] if len(clause) else _NO_WORD for clause in numbers]
            return Candidates(np.concatenate(rows), np.zeros(len(rows)), np.maximum(lengths, 1))
        places = np.concatenate(numbers)
        return Candidates(self.keys[places], self.grams.score(tokens, places, lengths), lengths)

    def _analysed(self, row: bytes) -> NDArray[np.uint32]:
        import orjson

        terms = self.analyzer.terms_of(orjson.loads(row)["text"])
        return np.array([word_keys(t.folded, t.stem, t.plural, t.root) for t in terms], dtype=np.uint32).reshape(-1, 5)
