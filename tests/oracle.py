"""The third opinion: what a clause finds, by scanning a list of entries, as naively as it can be said.

Nothing here is shared with the engines, and nothing is fast. Scores are given for the clauses whose score is defined in
numbers (BM25 on terms and what combines them); None where an engine may score in its own way (phrases, near).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import product
from math import log

from index.clause import (
    MISSING,
    TERM_FIELDS,
    VALUE_FIELDS,
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
from index.engine import Entry


def terms(entry: Entry, field: str) -> list[str]:
    """Return the terms of a term field in order."""
    return entry.terms.get(field, "").split()


def values(entry: Entry, field: str) -> set[str]:
    """Return the values of a value field."""
    if field == "id":
        return {entry.id}
    return set(entry.values.get(field, ())) or {MISSING}


def holds(entry: Entry, field: str, term: str) -> bool:
    """Say whether an entry has a term or value."""
    return term in (terms(entry, field) if field in TERM_FIELDS else values(entry, field))


def matches(clause: Clause, entry: Entry) -> bool:
    """Say whether a clause matches an entry."""
    match clause:
        case Term(field, term):
            return holds(entry, field, term)
        case Phrase(field, places):
            words = terms(entry, field)
            return any(all(words[start + n] in place for n, place in enumerate(places))
                       for start in range(len(words) - len(places) + 1))
        case Near(field, wanted, distance, ordered):
            words = terms(entry, field)
            held = [[place for place, word in enumerate(words) if word == term] for term in wanted]
            return any(
                len(set(chosen)) == len(chosen)
                and max(chosen) - min(chosen) < len(wanted) + distance
                and (not ordered or list(chosen) == sorted(chosen))
                for chosen in product(*held))
        case Prefix(field, prefix):
            held = terms(entry, field) if field in TERM_FIELDS else values(entry, field)
            return any(term.startswith(prefix) for term in held)
        case And(clauses):
            return all(matches(inner, entry) for inner in clauses)
        case Or(clauses) | Best(clauses):
            return any(matches(inner, entry) for inner in clauses)
        case Not(inner):
            return not matches(inner, entry)
        case Boost(inner, _) | Prefer(inner, _):
            return matches(inner, entry)
        case Range(_, low, high):
            return (entry.date > 0 and (low is None or low <= entry.date) and (high is None or entry.date <= high))
        case Everything():
            return True


def score(clause: Clause, entry: Entry, entries: Sequence[Entry], shortest: int = 0) -> float | None:
    """Return the score of a matching entry among all `entries` (none of them removed), None where it is not defined.

    `shortest` is the length that an engine takes an empty text for when it reckons the mean.
    """
    match clause:
        case Term(field, term):
            return bm25(field, term, entry, entries, shortest) if field in TERM_FIELDS else 0.0
        case Phrase() | Near():
            return None
        case Prefix(field, _):
            return 1.0 if field in TERM_FIELDS else 0.0
        case Not() | Range() | Everything():
            return 0.0
        case Boost(inner, factor):
            inside = score(inner, entry, entries, shortest)
            return 0.0 if factor == 0 else None if inside is None else inside * factor
        case And(clauses) | Or(clauses) | Best(clauses):
            found = [score(inner, entry, entries, shortest) for inner in clauses if matches(inner, entry)]
            known = [inside for inside in found if inside is not None]
            if len(known) < len(found):
                return None
            return max(known, default=0.0) if isinstance(clause, Best) else sum(known)
        case Prefer(inner, also):
            return score(And((inner, *(other for other in also if matches(other, entry)))), entry, entries, shortest)


def bm25(field: str, term: str, entry: Entry, entries: Sequence[Entry], shortest: int = 0) -> float:
    """Return the BM25 score of a term with k1 1.2 and b .75; for lengths up to 40, which engines know exactly."""
    held = sum(1 for other in entries if term in terms(other, field))
    mean = sum(max(shortest, len(terms(other, field))) for other in entries) / len(entries)
    words = terms(entry, field)
    count = words.count(term)
    idf = log(1 + (len(entries) - held + 0.5) / (held + 0.5))
    return idf * 2.2 * count / (count + 1.2 * (0.25 + 0.75 * len(words) / mean))


def found(clause: Clause, entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries that match, in the order in which they were added."""
    return [entry for entry in entries if matches(clause, entry)]


def by_date(clause: Clause, entries: Sequence[Entry], newest: bool = False) -> list[Entry]:
    """Return the entries that match by date, undated ones last."""
    hits = found(clause, entries)
    dated = sorted((entry for entry in hits if entry.date), key=lambda entry: -entry.date if newest else entry.date)
    return dated + [entry for entry in hits if not entry.date]


def facet(field: str, clause: Clause, entries: Sequence[Entry]) -> dict[str, int]:
    """Return value → number of matching entries."""
    return dict(Counter(value for entry in found(clause, entries) for value in values(entry, field)))


def vocabulary(field: str, prefix: str, entries: Sequence[Entry]) -> list[tuple[str, int]]:
    """Return (term or value, number of entries) in code point order."""
    counts = Counter(term for entry in entries
                     for term in (set(terms(entry, field)) if field in TERM_FIELDS else values(entry, field)))
    return sorted((term, count) for term, count in counts.items() if term.startswith(prefix))


ALL_FIELDS = TERM_FIELDS + VALUE_FIELDS
