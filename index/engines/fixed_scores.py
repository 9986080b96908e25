"""Which questions give all their hits one and the same score: these are listed in the order of addition."""

from __future__ import annotations

from index.clause import (
    TERM_FIELDS,
    And,
    Best,
    Boost,
    Clause,
    Everything,
    Near,
    Not,
    Or,
    Phrase,
    Prefer,
    Prefix,
    Range,
    Term,
)

PREFIX_SCORE = 1.0  # of a Prefix in a term field; in a value field, as everything there, 0


def fixed_score(clause: Clause) -> float | None:
    """Return the score that every hit of the clause has, None if hits may differ."""
    match clause:
        case Term(field, _):
            return None if field in TERM_FIELDS else 0.0
        case Prefix(field, _):
            return PREFIX_SCORE if field in TERM_FIELDS else 0.0
        case Phrase() | Near():
            return None
        case Not() | Range() | Everything():
            return 0.0
        case Boost(inner, factor):
            score = fixed_score(inner)
            return 0.0 if factor == 0 else None if score is None else score * factor
        case And(clauses):
            return _sum([fixed_score(inner) for inner in clauses])
        case Or(clauses) | Best(clauses):
            scores = [fixed_score(inner) for inner in clauses]
            return scores[0] if len(scores) == 1 else 0.0 if all(score == 0 for score in scores) else None
        case Prefer(inner, also):
            extra = [fixed_score(other) for other in also]
            return fixed_score(inner) if all(score == 0 for score in extra) else None


def _sum(scores: list[float | None]) -> float | None:
    total = 0.0
    for score in scores:
        if score is None:
            return None
        total += score
    return total


def listing(clause: Clause) -> Clause:
    """Return a question with the same hits that need not be scored, to count them by."""
    while isinstance(clause, (Prefer, Boost)):
        clause = clause.clause
    return clause
