"""The one table of the re-ranker's constants: value and purpose. How each was found: docs/decisions/0007-ranking.md."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Constant:
    """One number of the re-ranker."""

    value: float
    purpose: str


CONSTANTS: dict[str, Constant] = {
    "candidates": Constant(100, "how many of the engine's first hits are ranked anew; the rest keep their order"),
    "k1": Constant(0.8, "BM25: how fast repetition of a word saturates"),
    "b": Constant(0.75, "BM25: how much a clause's length counts"),
    "plural": Constant(0.85, "score of a match that only shares the plural class"),
    "root": Constant(0.9, "score of a match that only shares the root"),
    "exact": Constant(0.15, "added for the same letters as typed"),
    "grams": Constant(0.35, "three letters in a row of the query's words: spellings and derivations no rule knows"),
    "gram_k1": Constant(0.6, "BM25 of grams: one word that holds a gram is nearly as good as many"),
    "plural_level": Constant(0.85, "how sure a plural match counts for places (windows, pairs)"),
    "root_level": Constant(0.7, "how sure a root match counts for places"),
    "share_base": Constant(1.3, "a word's value is (share_base - share of the first hits that hold it) ^ share_power"),
    "share_power": Constant(0.4, "see share_base: a word that all good clauses hold tells little"),
    "share_sample": Constant(50, "how many first hits that share is taken of"),
    "pair": Constant(0.6, "neighbouring words of the query that stand 1 to pair_reach places apart, in order"),
    "pair_reach": Constant(3, "places"),
    "adjacent": Constant(0.2, "neighbouring words of the query, stop words too, that stand side by side"),
    "window": Constant(0.6, "most of the query within window_size neighbouring words"),
    "window_size": Constant(12, "places"),
    "window_power": Constant(3, "how steeply completeness of the window counts"),
    "opening": Constant(0.6, "most of the query within the first opening_size words"),
    "opening_size": Constant(15, "places"),
    "opening_power": Constant(2, "how steeply completeness of the opening counts"),
    "first": Constant(0.03, "taken off for a late first match, times ln(1 + its place)"),
    "all_words": Constant(0.1, "added where every word is held: readers expect those on top"),
    "other_name": Constant(0.9, "a clause that fits the query only under another name of the same thing"),
    "when": Constant(0.4, "a query that asks when, and a year near the best window"),
    "how_many": Constant(0.5, "a query that asks how many, and numbers near the best window"),
    "similar": Constant(0.5, "a rare word that a clause holds at no level, but one like it: idf · likeness ^ power"),
    "similar_power": Constant(2, "see similar"),
    "similar_least": Constant(0.5, "likeness (Dice of letter trigrams) below which words are not alike"),
    "similar_most": Constant(0.002, "share of all clauses that may hold a word for it to count as rare"),
    "title": Constant(0.4, "the engine's score of the query's words in the title of the clause's document"),
    "titles": Constant(200, "how many clauses are asked for by their titles; further ones get nothing for theirs"),
}  # fmt: skip


def constant(name: str) -> float:
    """Return the value of a constant; KeyError for a name that is not in the table."""
    return CONSTANTS[name].value
