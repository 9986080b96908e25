"""What meaning adds to a search: a query's vector, the first hundred ranked by words and meaning, the nearest clauses.

Only loaded where an index has vectors and a search asks for meaning. Lists, counts, lit words and facets never change.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.engine import IndexProblem, Manifest, Match
from index.meaning.encoder import Encoder, open_encoder
from index.meaning.making import refuse_other
from index.meaning.prepared import prepared
from index.meaning.vectors import Vectors
from index.store import Store
from search.meaning_weights import weight

if TYPE_CHECKING:
    from index.meaning.model_file import Floats
    from search.reranking import Ranking

REMEMBERED = 1_000  # queries whose vectors are kept: 1.5 MB
LONGEST_QUERY = 2_000  # characters that are encoded


@lru_cache(maxsize=2)
def encoder_of(source: str) -> Encoder:
    """Return the encoder for queries; one for all searchers of a process, so that a new generation costs nothing."""
    return open_encoder(source)


@dataclass(frozen=True, slots=True)
class Near:
    """A clause near in meaning: its ordinal and its cosine, -1 to 1."""

    ordinal: int
    cosine: float


class Meaning:
    """The vectors of one open index and the encoder that made them. Safe to use from several threads.

    Raises `IndexProblem` with a sentence where vectors are damaged, or the model is missing or another one.
    """

    def __init__(self, generation: Path, manifest: Manifest) -> None:
        self.vectors = Vectors(generation, manifest.meaning)
        self.encoder = encoder_of(os.environ.get("KASHSHAF_ENCODER") or str(manifest.meaning.get("encoder", "")))
        refuse_other(self.encoder, manifest)
        self._store = Store(generation / "store")
        self._known: OrderedDict[str, Floats] = OrderedDict()
        self._lock = threading.Lock()
        self.centre = self._centre()

    def _centre(self) -> Floats:
        """The mean of a sample of the vectors: what all clauses have in common, which says nothing of any query."""
        count = len(self.vectors)
        step = max(1, count // 2_000)
        vectors, known = self.vectors.at(range(0, count, step))
        found: Floats = vectors[known].mean(axis=0) if known.any() else np.zeros(self.vectors.dimension, np.float32)
        return found

    def query(self, text: str) -> Floats:
        """Return the vector of a query; those of recent queries are remembered."""
        text = prepared(text[:LONGEST_QUERY])
        with self._lock:
            if text in self._known:
                self._known.move_to_end(text)
                return self._known[text]
        found: Floats = self.encoder.queries([text])[0]
        with self._lock:
            self._known[text] = found
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return found

    def fused(self, ranking: Ranking, query: Floats) -> Ranking:
        """Return the ranking by both scores: words + best of them × weight × (cosine - mean cosine of these clauses).

        A clause without a vector counts as one of mean cosine.
        """
        cosines = self._cosines(ranking.matches, query)
        best = float(ranking.totals.max(initial=0.0))
        added: NDArray[np.float64] = max(best, 1e-6) * weight("cosine") * cosines
        totals = ranking.totals + added
        order = np.argsort(-totals, kind="stable")
        return replace(ranking, order=[int(n) for n in order], totals=totals, added={"meaning": added})

    def _cosines(self, matches: Sequence[Match], query: Floats) -> NDArray[np.float64]:
        vectors, known = self.vectors.at([match.ordinal for match in matches])
        cosines = (vectors @ query).astype(np.float64)
        if not known.any():
            return np.zeros(len(matches))
        return np.where(known, cosines - cosines[known].mean(), 0.0)

    def nearest(self, vector: Floats, count: int) -> list[Near]:
        """Return the clauses nearest to a vector, best first; removed ones may be among them."""
        ordinals, cosines = self.vectors.nearest(vector, count)
        return [Near(int(ordinal), float(cosine)) for ordinal, cosine in zip(ordinals, cosines, strict=True)]

    def ids(self, ordinals: Sequence[int]) -> list[str]:
        """Return the ids of clauses by their ordinals; removed ones have theirs still."""
        return [self._store.id(ordinal) for ordinal in ordinals]

    def common(self, vector: Floats) -> float:
        """Return the cosine that any clause of the collection has with this vector, about."""
        return float(self.centre @ vector)


def opened(generation: Path | None, manifest: Manifest) -> Meaning:
    """Return what meaning needs of an index. Raises `IndexProblem` where it has no vectors or they cannot be used."""
    if generation is None or not manifest.meaning:
        raise IndexProblem("The index has no vectors. Make them: python -m index.cli meaning")
    return Meaning(generation, manifest)
