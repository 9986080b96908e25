"""What a ranking is worth: nDCG@k and recall@k as trec_eval counts them, and whether two systems really differ.

Sources: Järvelin and Kekäläinen 2002 (cumulated gain) in the form of trec_eval's `ndcg_cut` (gain = grade, discount
log2(rank + 1)); the paired randomisation test of Smucker, Allan and Carterette 2007.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

SHUFFLES = 10_000  # the smallest p that can come out is about 1 in as many


class Comparison(NamedTuple):
    """One system against another over the same queries: mean difference, its 95 % interval, two-sided p, and counts."""

    difference: float
    low: float
    high: float
    p: float
    better: int
    worse: int


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], k: int = 10) -> float:
    """Return nDCG at rank `k`, 0 to 1; 0 for a query without a positive grade. A repeated document counts once."""
    best = sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:k]
    ideal = sum(grade / math.log2(rank + 1) for rank, grade in enumerate(best, 1))
    if not ideal:
        return 0.0
    first = list(dict.fromkeys(ranking))[:k]
    return sum(max(0, grades.get(name, 0)) / math.log2(rank + 1) for rank, name in enumerate(first, 1)) / ideal


def recall(ranking: Sequence[str], grades: Mapping[str, int], k: int = 100) -> float:
    """Return which share of the documents with a positive grade stands among the first `k`; 0 where there is none."""
    relevant = {name for name, grade in grades.items() if grade > 0}
    return len(relevant.intersection(ranking[:k])) / len(relevant) if relevant else 0.0


def compare(ours: Sequence[float], theirs: Sequence[float], seed: int = 1) -> Comparison:
    """Return how one system's figures per query differ from another's, the queries in the same order.

    p: how often a random exchange of the two systems' figures, query by query, gives as large a mean difference.
    The interval is a bootstrap over queries. Raises ValueError for lists of unequal or no length.
    """
    if len(ours) != len(theirs) or not ours:
        raise ValueError(f"two lists of the same queries are needed, not {len(ours)} and {len(theirs)} figures")
    differences = np.asarray(ours, dtype=float) - np.asarray(theirs, dtype=float)
    observed = float(differences.mean())
    changed = differences[differences != 0]  # equal queries stay 0 whichever way they are exchanged
    chance = np.random.default_rng(seed)
    as_large = drawn = 0
    means: list[float] = []
    for _ in range(SHUFFLES // 1_000):  # in parts: 10,000 × 2,000 figures at once would be 160 MB
        signs = chance.choice((-1.0, 1.0), size=(1_000, len(changed)))
        as_large += int((np.abs(signs @ changed) >= abs(changed.sum()) - 1e-12).sum())
        picks = chance.integers(0, len(differences), size=(200, len(differences)))
        means.extend(differences[picks].mean(axis=1).tolist())
        drawn += 1_000
    low, high = np.percentile(means, (2.5, 97.5))
    return Comparison(observed, float(low), float(high), (as_large + 1) / (drawn + 1),
                      int((differences > 0).sum()), int((differences < 0).sum()))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` (0 to 1) of the values do not exceed, by the nearest rank. ValueError for none."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
