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
BASIC_FORM = 0.9
BASIC_UNKNOWN = 1000.0
TINY = 1e-12
# A word that takes the article begins with no clitic (الليمون, so ليمون is no ل + يمون); nor does one that is that many
# times commoner than what the clitic would leave (سيمون is no س + يمون).
TAKES_ARTICLE = 0.05
TIMES_COMMONER: dict[str, float] = {"ب": 25.0, "ل": 25.0, "و": 15.0, "ف": 8.0, "ك": 8.0, "س": 8.0}
SEEN = 20  # counts below say nothing
NO_CLITIC = 0.002


def _clitic(word: str, reading: Reading, counts: dict[str, int]) -> float:
    """1 where what stands before the word may be a clitic, near 0 where the counts say that it is a letter of it."""
    if not reading.proclitics or reading.proclitics == "ال":
        return 1.0
    count = counts.get(word, 0)
    if count < SEEN:
        return 1.0
    if counts.get("ال" + word, 0) >= TAKES_ARTICLE * count:
        return NO_CLITIC
    rest = word[len(reading.proclitics) :]
    core = rest.removesuffix(reading.enclitics) if reading.enclitics else rest
    left = max(counts.get(core, 0) + counts.get("ال" + core, 0), counts.get(rest, 0) + counts.get("ال" + rest, 0))
    return NO_CLITIC if count > TIMES_COMMONER.get(word[0], 25.0) * (left + 1) else 1.0


def _plausible(reading: Reading, basic: float, count: int) -> float:
    """How well the count fits the form, 0–1: a dual seldom is commoner than its singular (لبنان is no لبن)."""
    if reading.form >= BASIC_FORM:
        return 1.0
    return min(1.0, 3 * reading.form * (basic + 1) / (count + 1))


class Choice(NamedTuple):
    """A lemma that a folded word may have: its share of the word (0–1), the reading that says so, and how well the
    word's count fits that form of the lemma (0–1)."""

    share: float
    reading: Reading
    fit: float


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
            scaled = reading._replace(weight=reading.weight * share)
            old = readings[folded].get(reading.key)
            if old is None or old.weight * old.form < scaled.weight * scaled.form:
                readings[folded][reading.key] = scaled
    return dict(counts), dict(readings)


def choose(counts: dict[str, int], readings: dict[str, dict[str, Reading]]) -> dict[str, list[Choice]]:
    """For each folded word its lemmas with their shares, heaviest first."""
    company: dict[str, float] = defaultdict(lambda: 1.0)
    tokens: dict[str, float] = defaultdict(lambda: BASIC_UNKNOWN)
    basic: dict[str, float] = defaultdict(lambda: BASIC_UNKNOWN)
    shares: dict[str, list[tuple[str, float]]] = {}
    clitic = {
        word: {key: NO_CLITIC for key, reading in found.items() if _clitic(word, reading, counts) < 1}
        for word, found in readings.items()
    }
    for turn in range(ROUNDS + 1):
        next_company: dict[str, float] = defaultdict(float)
        next_tokens: dict[str, float] = defaultdict(float)
        next_basic: dict[str, float] = defaultdict(float)
        for word, found in readings.items():
            count = counts[word]
            scores = []
            for key, reading in found.items():
                letters = key[:-2]
                mass = math.sqrt(company[letters] * (1 + tokens[key] * reading.form))
                fit = clitic[word].get(key, 1.0) * _plausible(reading, basic[key], count)
                scores.append((key, reading.weight * mass * fit + TINY))
            total = sum(score for _, score in scores)
            types = math.log1p(count)
            row = [(key, score / total) for key, score in scores]
            for key, share in row:
                letters = key[:-2]
                next_company[letters] += types * share
                next_tokens[key] += count * share
                if found[key].form >= BASIC:
                    next_basic[key] += count * share
            if turn == ROUNDS:
                shares[word] = row
        company, tokens, basic = next_company, next_tokens, next_basic
    return {
        word: sorted(
            (
                Choice(
                    share,
                    readings[word][key],
                    clitic[word].get(key, 1.0) * _plausible(readings[word][key], basic.get(key, 0.0), counts[word]),
                )
                for key, share in row
            ),
            key=lambda c: (-c.share, c.reading.key),
        )
        for word, row in shares.items()
        if row
    }
