"""The exact placings that a Near allows, for engines whose own proximity search does not mean what ours means."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations
from math import comb

from index.clause import Near

Placing = tuple[tuple[int, str], ...]  # (place relative to the first, term), places ascending from 0


def placings(near: Near) -> Iterator[Placing]:
    """Yield every way to put the terms of `near` into its window, the first of them at place 0; no way comes twice."""
    orders = _orders(near)
    last = len(near.terms) + near.distance - 1
    for places in combinations(range(1, last + 1), len(near.terms) - 1):
        for order in orders:
            yield tuple(zip((0, *places), order, strict=True))


def count_placings(near: Near) -> int:
    """Return how many placings there are: (terms + distance - 1 choose terms - 1), times the orders of the terms."""
    return comb(len(near.terms) + near.distance - 1, len(near.terms) - 1) * len(_orders(near))


def _orders(near: Near) -> list[tuple[str, ...]]:
    return [near.terms] if near.ordered else sorted(set(permutations(near.terms)))


def pairs(near: Near) -> list[Near]:
    """Return what a Near asks of each two of its terms: to lie in one window of its width."""
    widest = len(near.terms) + near.distance - 2
    return [Near(near.field, pair, widest, near.ordered) for pair in combinations(near.terms, 2)]
