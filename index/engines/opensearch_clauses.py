"""How a clause is asked in OpenSearch's terms.

What OpenSearch 3.8 does differently from what our clauses mean, and what is done about it:
* Its BM25 lacks the factor k1 + 1 of the formula (Lucene since 8): `FORMULA` puts it back, so that scores are those of
  the other engines and weights mean the same.
* One question may hold 1,024 terms, whatever they are nested in (`indices.query.bool.max_clause_count`, a setting of
  the whole cluster, which we do not touch). Sets that need no score are one `terms` query. A question that is larger
  all the same is compiled once more, `tight`: large sets of alternatives no longer tell their members' scores apart,
  and what only adds to scores is left out beyond the limit. Which clauses are found stays the same.
* A span query in any order lets one place stand for two equal terms: those are asked in each order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import permutations, product
from math import prod
from typing import Any

from index.clause import (
    NUMBER_FIELDS,
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
from index.engines.fields import MAX_COMBINATIONS, cut_value
from index.engines.fixed_scores import PREFIX_SCORE, fixed_score
from index.engines.opensearch_mapping import LONGEST_TERM, NO_TERM

Dsl = dict[str, Any]

FORMULA = 2.2  # k1 + 1
MAX_LEAVES = 1_000  # of 1,024
MAX_SET = 60_000  # values of one `terms` query; 65,536 are allowed
FEW_TERMS = 32  # alternatives whose scores are told apart in a tight question
MAX_NUMBER = (1 << 63) - 1
EVERYTHING: Dsl = {"match_all": {}}
NOTHING: Dsl = {"match_none": {}}


class Compiler:
    """Turns clauses into queries; `frequencies` tells in how many clauses each term of a field stands."""

    def __init__(self, frequencies: Callable[[str, Sequence[str]], list[int]]) -> None:
        self._frequencies = frequencies

    def query(self, clause: Clause) -> Dsl:
        """Return the query that finds what the clause says and scores it. Raises ValueError for unknown fields."""
        found = _Compilation(self._frequencies, tight=False).query(clause)
        return found if leaves(found) <= MAX_LEAVES else _Compilation(self._frequencies, tight=True).query(clause)

    def filter(self, clause: Clause) -> Dsl:
        """Return a query for the same clauses whose scores mean nothing."""
        return _Compilation(self._frequencies, tight=True).filter(clause)


class _Compilation:
    def __init__(self, frequencies: Callable[[str, Sequence[str]], list[int]], *, tight: bool) -> None:
        self._frequencies = frequencies
        self._tight = tight

    def query(self, clause: Clause) -> Dsl:
        """Return the query that finds and scores what `clause` means."""
        if fixed_score(clause) == 0:
            return _silent(self.filter(clause))
        match clause:
            case Term(field, term):
                return {"term": {field: {"value": cut(field, term), "boost": FORMULA}}}
            case Phrase():
                return self._phrase(clause)
            case Near():
                return self._near(clause)
            case Prefix():
                return {"constant_score": {"filter": self.filter(clause), "boost": PREFIX_SCORE}}
            case And(clauses):
                return self._all_of(clauses)
            case Or(clauses):
                found = self._alternatives(clauses)
                return found[0] if len(found) == 1 else {"bool": {"should": found}}
            case Best(clauses):
                return _best(self._alternatives(clauses))
            case Boost(inner, factor):
                return {"bool": {"must": [self.query(inner)], "boost": factor}}
            case Prefer(inner, also):
                return self._prefer(inner, also)
            case _:
                return self.filter(clause)

    def filter(self, clause: Clause) -> Dsl:
        """Return a query for the same clauses, whose scores mean nothing."""
        match clause:
            case Term(field, term):
                return {"term": {field: cut(field, term)}}
            case Prefix(field, prefix):
                if field in TERM_FIELDS and not prefix:
                    return {"bool": {"must_not": [{"term": {field: NO_TERM}}]}}
                if field in TERM_FIELDS and prefix.startswith(NO_TERM):
                    return NOTHING
                return {"prefix": {field: cut(field, prefix)}}
            case And(clauses):
                return _filtered([self.filter(one) for one in _flat(And, clauses) if not isinstance(one, Not)],
                                 [self.filter(one.clause) for one in _flat(And, clauses) if isinstance(one, Not)])
            case Or(clauses) | Best(clauses):
                return self._any_of(clauses)
            case Not(inner):
                return _filtered([], [self.filter(inner)])
            case Boost(inner, _) | Prefer(inner, _):
                return self.filter(inner)
            case Range(field, low, high):
                return _range(field, low, high)
            case Everything():
                return EVERYTHING
            case _:
                return self.query(clause)

    def _all_of(self, clauses: Sequence[Clause]) -> Dsl:
        """Return a query of all: what adds nothing to the score goes as a filter."""
        parts: dict[str, list[Dsl]] = {}
        for inner in _flat(And, clauses):
            if isinstance(inner, Not):
                parts.setdefault("must_not", []).append(self.filter(inner.clause))
            elif fixed_score(inner) == 0:
                parts.setdefault("filter", []).append(self.filter(inner))
            else:
                parts.setdefault("must", []).append(self.query(inner))
        return parts["must"][0] if list(parts) == ["must"] and len(parts["must"]) == 1 else {"bool": parts}

    def _alternatives(self, clauses: Sequence[Clause]) -> list[Dsl]:
        terms = [inner for inner in clauses if isinstance(inner, Term)]
        if not self._tight or len(terms) <= FEW_TERMS:
            return [self.query(inner) for inner in clauses]
        few, many = terms[:FEW_TERMS], terms[FEW_TERMS:]
        rest = [inner for inner in clauses if not isinstance(inner, Term)]
        return [*(self.query(inner) for inner in (*few, *rest)), _silent(self._any_of(many))]

    def _prefer(self, inner: Clause, also: Sequence[Clause]) -> Dsl:
        body: Dsl = {"filter" if fixed_score(inner) == 0 else "must": [
            self.filter(inner) if fixed_score(inner) == 0 else self.query(inner)]}
        extra = [self.query(other) for other in also if fixed_score(other) != 0]
        if self._tight:
            left = MAX_LEAVES - leaves(body)
            kept = []
            for one in extra:
                left -= leaves(one)
                if left >= 0:
                    kept.append(one)
            extra = kept
        return {"bool": body | {"should": extra, "minimum_should_match": 0}}

    def _any_of(self, clauses: Sequence[Clause]) -> Dsl:
        """Return a filter of any clause; the terms of one field are looked up as sets."""
        sets: dict[str, list[str]] = {}
        found = []
        for inner in _flat(Or, clauses):
            if isinstance(inner, Term):
                sets.setdefault(inner.field, []).append(cut(inner.field, inner.term))
            else:
                found.append(self.filter(inner))
        for field, terms in sets.items():
            found += [{"terms": {field: terms[n : n + MAX_SET]}} for n in range(0, len(terms), MAX_SET)]
        if not found:
            return NOTHING
        return found[0] if len(found) == 1 else {"bool": {"should": found}}

    def _phrase(self, phrase: Phrase) -> Dsl:
        """Return a query of all combinations of alternatives; of very many, spans of any of them."""
        field, places = phrase.field, [list(dict.fromkeys(place)) for place in phrase.places]
        if not all(places):
            return NOTHING
        if len(places) == 1:
            return self.query(Or(tuple(Term(field, term) for term in places[0])))
        if prod(map(len, places)) * len(places) <= MAX_COMBINATIONS:
            return _best([{"match_phrase": {field: {"query": " ".join(cut(field, term) for term in row),
                                                    "boost": FORMULA}}} for row in product(*places)])
        if sum(map(len, places)) > MAX_LEAVES // 2:
            places = [self._existing(field, place) for place in places]
            if not all(places):
                return NOTHING
        spans = [{"span_or": {"clauses": [_span(field, term) for term in place]}} for place in places]
        return _spans(spans, 0, ordered=True)

    def _existing(self, field: str, terms: Sequence[str]) -> list[str]:
        """Return the terms that the index has, the commonest if they are too many for one question."""
        counted = zip(self._frequencies(field, terms), terms, strict=True)
        found = sorted(((count, term) for count, term in counted if count), key=lambda one: (-one[0], one[1]))
        return [term for _, term in found[: MAX_LEAVES // 4]]

    def _near(self, near: Near) -> Dsl:
        spans = {term: _span(near.field, term) for term in near.terms}
        if near.ordered or len(spans) == len(near.terms):
            return _spans([spans[term] for term in near.terms], near.distance, ordered=near.ordered)
        orders = sorted(set(permutations(near.terms)))
        return _best([_spans([spans[term] for term in order], near.distance, ordered=True) for order in orders])


def cut(field: str, value: str) -> str:
    """Return a term or value as it is indexed: cut where it is too long."""
    return value[:LONGEST_TERM] if field in TERM_FIELDS else cut_value(value)


def leaves(query: object) -> int:
    """Return how many terms a query holds, as OpenSearch counts them."""
    if isinstance(query, list):
        return sum(map(leaves, query))
    if not isinstance(query, dict):
        return 0
    count = 0
    for name, inner in query.items():
        if name == "match_phrase":
            count += sum(len(field["query"].split(" ")) for field in inner.values())
        elif name in ("term", "terms", "prefix", "range", "span_term", "match_all", "match_none"):
            count += 1
        else:
            count += leaves(inner)
    return count


def _flat(kind: type[And] | type[Or], clauses: Sequence[Clause]) -> list[Clause]:
    """Return the parts of a list, those of lists of the same kind inside it too: nesting has a limit of its own."""
    found: list[Clause] = []
    for inner in clauses:
        if isinstance(inner, And | Or) and isinstance(inner, kind) and (inner.clauses or kind is Or):
            found += _flat(kind, inner.clauses)
        else:
            found.append(inner)
    return found


def _filtered(wanted: list[Dsl], unwanted: list[Dsl]) -> Dsl:
    if not unwanted and len(wanted) <= 1:
        return wanted[0] if wanted else EVERYTHING
    return {"bool": ({"filter": wanted} if wanted else {}) | ({"must_not": unwanted} if unwanted else {})}


def _silent(query: Dsl) -> Dsl:
    """Return the query with score 0 for every hit, so that it cannot change an order."""
    return {"constant_score": {"filter": query, "boost": 0}}


def _best(queries: list[Dsl]) -> Dsl:
    if not queries:
        return NOTHING
    return queries[0] if len(queries) == 1 else {"dis_max": {"queries": queries, "tie_breaker": 0}}


def _range(field: str, low: int | None, high: int | None) -> Dsl:
    if field not in NUMBER_FIELDS:
        raise ValueError(f"{field!r} is no field of numbers")
    low = min(max(1 if low is None else low, 1), MAX_NUMBER)  # an undated clause has no date there
    high = MAX_NUMBER if high is None else min(high, MAX_NUMBER)
    return NOTHING if high < low else {"range": {field: {"gte": low, "lte": high}}}


def _span(field: str, term: str) -> Dsl:
    return {"span_term": {field: cut(field, term)}}


def _spans(spans: list[Dsl], slop: int, *, ordered: bool) -> Dsl:
    return {"span_near": {"clauses": spans, "slop": slop, "in_order": ordered, "boost": FORMULA}}
