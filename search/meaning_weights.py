"""The one table of what meaning weighs: value and purpose. How each was found: docs/decisions/0015-meaning.md."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weight:
    """One number of the search by meaning."""

    value: float
    purpose: str


WEIGHTS: dict[str, Weight] = {
    "cosine": Weight(6.0, "what a cosine adds to a clause's score, in shares of the best score of the first hundred"),
    "near": Weight(0.045, "a clause is near when its cosine is so much above what any clause has with the query"),
    "similar": Weight(0.03, "the same between two clauses"),
}


def weight(name: str) -> float:
    """Return the value of a weight; KeyError for a name that is not in the table."""
    return WEIGHTS[name].value
