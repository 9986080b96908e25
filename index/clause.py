"""The closed list of questions that an index answers. Engines compile exactly these; user syntax belongs to `search`.

The semantics, which the oracle in `tests/` states once more by brute force:

* a *place* is one token's position in a field; every token holds exactly one term per field, so places are 0, 1, 2 …
* `And(())` matches every clause of the index, `Or(())` none.
* Scores are only comparable within one engine; the *set* of hits is the same on all.
"""

from __future__ import annotations

from dataclasses import dataclass

# Fields of terms (space-free strings made by the analyzer). POSITIONAL ones can hold phrases.
POSITIONAL_FIELDS = ("stem", "folded")
BAG_FIELDS = ("marked", "plural", "title")  # a root is asked for by the words that have it, see search.vocabulary
TERM_FIELDS = POSITIONAL_FIELDS + BAG_FIELDS

# Fields of whole values, compared exactly; the searcher resolves what a user typed to a stored value.
# A clause may hold several values of one field; a clause without any holds the value MISSING.
VALUE_FIELDS = (
    *("id", "resolution", "session", "theme", "kind", "verb", "body", "year", "hijri_year", "symbol"),
    "cites",  # keys of index/cited.py
)
FACET_FIELDS = ("session", "theme", "kind", "verb", "body", "year", "hijri_year")
MISSING = "\x00"

# Fields of whole numbers, for Range and for order: a date is year·10000 + month·100 + day; no date is 0.
NUMBER_FIELDS = ("date",)


@dataclass(frozen=True, slots=True)
class Term:
    """Clauses that hold `term` in `field` (a term or value field). BM25 scores term fields, values score 0."""

    field: str
    term: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Clauses where neighbouring places of `field` hold, in order, one of each place's alternatives.

    `places` is never empty; a place without alternatives can match nothing. One place is the same as an Or of Terms.
    """

    field: str
    places: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Clauses where all `terms` stand, each on its own place, within a window of len(terms) + `distance` places.

    In any order, unless `ordered`. The list has 2 to `MAX_NEAR_TERMS` terms (`search` reports and cuts longer ones).
    """

    field: str
    terms: tuple[str, ...]
    distance: int
    ordered: bool = False


MAX_NEAR_TERMS = 4


@dataclass(frozen=True, slots=True)
class Prefix:
    """Clauses that hold a term starting with `prefix`. The score is a constant."""

    field: str
    prefix: str


@dataclass(frozen=True, slots=True)
class And:
    """Clauses that match all; the scores are added. Empty: everything, with score 0."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Clauses that match any; the scores of those that match are added. Empty: nothing."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Best:
    """Clauses that match any; the score is the best single one (dis_max with tie 0). Empty: nothing."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Clauses that do not match; score 0. Valid anywhere, also alone."""

    clause: Clause


@dataclass(frozen=True, slots=True)
class Boost:
    """The clauses of `clause`, the score times `factor` (≥ 0). Factor 0 is a filter: it must never change an order."""

    clause: Clause
    factor: float


@dataclass(frozen=True, slots=True)
class Prefer:
    """The clauses of `clause` and no others; those that also match some of `also` get their scores added."""

    clause: Clause
    also: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """Clauses whose number `field` lies in [low, high]; None is open. A clause without the number (0) never matches."""

    field: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Everything:
    """Every clause of the index, with score 0."""


Clause = Term | Phrase | Near | Prefix | And | Or | Best | Not | Boost | Prefer | Range | Everything
