"""Counts of a facet's values → the facet as it is shown: labelled, in order, the chosen values marked."""

from __future__ import annotations

from collections.abc import Mapping

from index.clause import MISSING, Clause, Or, Term
from search.filters import natural_key
from search.labels import label
from search.results import Facet

NATURAL = frozenset({"session", "year", "hijri_year"})  # in their natural order; other fields by count


def facet(name: str, counts: Mapping[str, int], chosen: Clause | None) -> list[Facet]:
    """Return the values of one facet with their counts, clauses without a value left out; `chosen` is its filter."""
    selected: set[str] = set()
    if isinstance(chosen, Or):
        selected = {clause.term for clause in chosen.clauses if isinstance(clause, Term) and clause.field == name}
    values = [value for value in counts if value != MISSING]
    if name in NATURAL:
        values.sort(key=natural_key)
    else:
        values.sort(key=lambda value: (-counts[value], natural_key(value)))
    return [Facet(value, label(name, value), counts[value], value in selected) for value in values]
