"""Which lemma a word has: among its readings, the lemma that keeps the most company.

A lemma's weight is Σ over folded words of log(1 + count) · share of the lemma in the word; shares follow weights; six
rounds from an even start (`docs/decisions/0003-lexicon.md`). So لجان is لجنة, which has a hundred forms, and not ولج.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import NamedTuple

from index.arabic import fold
from index.making.readings import Reading

ROUNDS = 6
BASIC = 0.09  # forms that make up such a share of a lemma's uses speak for the lemma itself
BASIC_UNKNOWN = 1.0


def _plausible(reading: Reading, basic: float, count: int) -> float:
    """How well the count fits the form, 0–1: a dual seldom is commoner than its singular (لبنان is no لبن)."""
    return reading.form if not basic else min(1.0, 3 * reading.form * (basic + 1) / (count + 1))


class Choice(NamedTuple):
    """A lemma that a folded word may have, its share of the word (0–1), and the reading that says so."""

    share: float
    reading: Reading


def fold_readings(rows: list[tuple[str, int, list[Reading]]]) -> tuple[dict[str, int], dict[str, dict[str, Reading]]]:
    """Counts and readings by folded word; a reading's weight is scaled by the share of the spelling that has it."""
    counts: dict[str, int] = defaultdict(int)
    for surface, count, _ in rows:
        counts[fold(surface)] += count
    readings: dict[str, dict[str, Reading]] = defaultdict(dict)
    for surface, count, found in rows:
        folded = fold(surface)
        share = (count + 1) / (counts[folded] + 1)
        for reading in found:
            weight = reading.weight * share
            old = readings[folded].get(reading.key)
            if old is not None:
                weight += old.weight
            readings[folded][reading.key] = reading._replace(weight=weight)
    return dict(counts), dict(readings)


def choose(counts: dict[str, int], readings: dict[str, dict[str, Reading]]) -> dict[str, list[Choice]]:
    """For each folded word its lemmas with their shares, heaviest first."""
    weights: dict[str, float] = defaultdict(lambda: 1.0)
    basic: dict[str, float] = {}
    tokens: dict[str, float] = {}
    shares: dict[str, list[tuple[str, float]]] = {}
    for turn in range(ROUNDS + 1):
        fresh: dict[str, float] = defaultdict(float)
        uses: dict[str, float] = defaultdict(float)
        mass_of: dict[str, float] = defaultdict(float)
        for word, found in readings.items():
            count = counts[word]
            scores = [
                (key, reading.weight * math.sqrt(weights[key] * (1 + tokens.get(key, 0.0))) * _plausible(reading, basic.get(key, BASIC_UNKNOWN), count))
                for key, reading in found.items()
            ]
            total = sum(score for _, score in scores)
            if total <= 0:
                scores, total = [(key, 1.0) for key in found], float(len(found))
            mass = math.log1p(count)
            row = [(key, score / total) for key, score in scores]
            for key, share in row:
                fresh[key] += mass * share
                mass_of[key] += count * share
                if found[key].form >= BASIC:
                    uses[key] += count * share
            if turn == ROUNDS:
                shares[word] = row
        weights, basic, tokens = fresh, uses, mass_of
    return {
        word: sorted((Choice(share, readings[word][key]) for key, share in row), key=lambda c: (-c.share, c.reading.key))
        for word, row in shares.items()
        if row
    }
