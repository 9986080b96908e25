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
from search.rerank_weights import constant

if TYPE_CHECKING:
    from numpy.typing import NDArray




class Reranker:
    """Ranks candidates of one open index. Where the engine keeps no word numbers, stored texts are analysed."""

    def __init__(self, reader: Reader, analyzer: Analyzer, generation: Path | None) -> None:
        self.reader = reader
        self.analyzer = analyzer
        self.keys = map_keys(generation) if generation else None
        manifest = reader.manifest
        self.statistics = Statistics(max(1, manifest.clauses), manifest.tokens / max(1, manifest.clauses), reader.frequency)

    def rank(self, tokens: Sequence[Token], matches: Sequence[Match]) -> list[tuple[Match, dict[str, float]]]:
        """Return the matches best first, each with the parts of its new score. Ties keep the engine's order."""
        words = query_words(tokens, term_key, self.statistics)
        if not words or not matches:
            return [(match, {"engine": match.score}) for match in matches]
        parts = scores(tokens, words, self._candidates(matches), self.statistics)
        total = np.sum(list(parts.values()), axis=0)
        order = np.argsort(-total, kind="stable")
        return [(matches[n], {name: float(values[n]) for name, values in parts.items()}) for n in order]

    def _candidates(self, matches: Sequence[Match]) -> Candidates:
        numbers = self.reader.words(matches) if self.keys is not None else None
        if numbers is not None and self.keys is not None:
            rows = [self.keys[np.asarray(clause, dtype=np.int64)] for clause in numbers]
        else:
            rows = [self._analysed(row) for row in self.reader.rows(matches)]
        # A clause without a single word still needs a place, or the sums over clauses would shift.
        rows = [row if len(row) else np.zeros((1, 5), dtype=np.uint32) for row in rows]
        return Candidates(np.concatenate(rows), np.array([len(row) for row in rows], dtype=np.int64))

    def _analysed(self, row: bytes) -> NDArray[np.uint32]:
        import orjson

        terms = self.analyzer.terms_of(orjson.loads(row)["text"])
        return np.array([word_keys(t.folded, t.stem, t.plural, t.root) for t in terms], dtype=np.uint32).reshape(-1, 5)
