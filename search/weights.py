"""The one table of ranking weights: value, what it is for, and where the number comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weight:
    """One number of the ranking."""

    value: float
    purpose: str
    source: str


_RECIPE = "project's ranking study on 17 judged Arabic collections (see docs/decisions/0007-ranking.md)"

WEIGHTS: dict[str, Weight] = {
    "stem": Weight(1.0, "a word that shares the stem", _RECIPE),
    "plural": Weight(0.85, "a word that only shares the plural class (broken plural, lemma)", _RECIPE),
    "exact": Weight(0.15, "the same letters as typed, on top of the stem", _RECIPE),
    "pair": Weight(0.15, "two neighbouring words of the query within `pair_slop` of each other, in order", _RECIPE),
    "title": Weight(0.05, "the word in the resolution's title; more helps some collections, hurts others", _RECIPE),
    "all_words": Weight(0.1, "share of the words' score added when all words of the query are held", _RECIPE),
    "other_name": Weight(0.9, "another name of the same body or place", "no judged data: a little below the typed"),
}  # fmt: skip

PAIR_SLOP = 2  # words between the two of a pair; same source as `pair`


def weight(name: str) -> float:
    """Return the value of a weight; KeyError for a name that is not in the table."""
    return WEIGHTS[name].value
