"""All vectors of one generation, read: those of some clauses, and the nearest ones to a vector, exactly.

Every row is compared: 384 MB for a million clauses of 384 numbers, 14 ms on one core by simsimd (its dot product of
8-bit numbers uses the processor's own instruction for it), 70 ms by NumPy where simsimd is not installed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.engine import IndexProblem
from index.meaning.vector_file import LARGEST, VectorFile, listed

if TYPE_CHECKING:
    from index.meaning.vector_file import Floats

BLOCK = 2_048  # rows that NumPy turns into float32 at once: they stay in the processor's cache
SPARE = 4  # so many times as many rows as asked for are compared again with the query's exact numbers
SAMPLED = 64  # every so-manyth score says where the best ones begin


class Vectors:
    """The vectors of a generation. Raises `IndexProblem` where files are damaged or not those the manifest names."""

    def __init__(self, generation: Path, stated: Mapping[str, Any]) -> None:
        self.files = listed(generation)
        self.dimension = int(stated.get("dimension", 0))
        reached = 0
        for file in self.files:
            if file.head.get("fingerprint") != stated.get("fingerprint"):
                raise IndexProblem(
                    f"The vectors {file.path} were made by {file.head.get('model')!r}, the index says "
                    f"{stated.get('model')!r}. Make them again: python -m index.cli meaning --again"
                )
            if file.first != reached:
                raise IndexProblem(
                    f"The vectors of clauses {reached:,} to {file.first - 1:,} are missing in {file.path.parent}. "
                    "Make them again: python -m index.cli meaning --again"
                )
            reached += len(file.rows)
        if reached < int(stated.get("clauses", 0)):
            raise IndexProblem(
                f"The index says that {stated['clauses']:,} clauses have vectors, {generation} holds {reached:,}. "
                "Make them again: python -m index.cli meaning --again"
            )
        self.count = reached
        try:
            import simsimd

            self._dot: Any = simsimd.dot
        except ImportError:
            self._dot = None

    def __len__(self) -> int:
        return self.count

    def at(self, ordinals: Sequence[int]) -> tuple[Floats, NDArray[np.bool_]]:
        """Return [ordinals, dimension] float32 of clauses, and which of them have a vector; the others are zeros."""
        found = np.zeros((len(ordinals), self.dimension), np.float32)
        wanted = np.asarray(ordinals, np.int64)
        for file in self.files:
            inside = np.flatnonzero((wanted >= file.first) & (wanted < file.first + len(file.rows)))
            if len(inside):
                found[inside] = file.rows.floats(wanted[inside] - file.first)
        return found, np.asarray(found.any(axis=1))

    def nearest(self, query: Floats, count: int) -> tuple[NDArray[np.int64], Floats]:
        """Return the ordinals of the `count` clauses with the highest cosine to `query`, best first, and the cosines.

        Clauses without a vector are none of them. Removed clauses are: the caller asks the index which ones live.
        """
        ordinals, rough = [np.zeros(0, np.int64)], [np.zeros(0, np.float32)]
        for file in self.files:
            scores = self._scores(file, query)
            best = _highest(scores, count * SPARE)
            ordinals.append(best + file.first)
            rough.append(scores[best])
        found, score = np.concatenate(ordinals), np.concatenate(rough)
        found = found[_highest(score, count * SPARE)]
        vectors, known = self.at(found.tolist())
        cosines: Floats = vectors @ query
        order = np.lexsort((found, -cosines))
        order = order[known[order]][:count]
        return found[order], cosines[order]

    def _scores(self, file: VectorFile, query: Floats) -> Floats:
        """The cosine of every row of a file with the query, the query in 8 bits where simsimd multiplies."""
        rows = file.rows
        if self._dot is not None and len(rows):
            largest = float(np.abs(query).max()) or 1.0
            small = np.rint(query * (LARGEST / largest)).astype(np.int8)
            products = np.asarray(self._dot(np.broadcast_to(small, rows.numbers.shape), rows.numbers), np.float32)
            return products.ravel() * (rows.scales * np.float32(largest / LARGEST))
        scores = np.empty(len(rows), np.float32)
        for start in range(0, len(rows), BLOCK):
            block = rows.numbers[start : start + BLOCK].astype(np.float32)
            scores[start : start + BLOCK] = block @ query
        return scores * rows.scales


def _highest(scores: Floats, count: int) -> NDArray[np.int64]:
    """The places of at least the `count` highest scores, and not many more: a sample says where they begin."""
    if len(scores) <= count:
        return np.arange(len(scores))
    sample = np.sort(scores[::SAMPLED])
    above = 2 * count // SAMPLED + 2  # of the sample; twice as many as needed, so that seldom too few remain
    if above < len(sample):
        found = np.flatnonzero(scores >= sample[-above])
        if count <= len(found) <= 16 * count:
            return found
    return np.argpartition(-scores, count)[:count]
