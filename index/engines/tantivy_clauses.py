"""How a clause is asked in tantivy's terms.

What tantivy 0.27 does differently from what our clauses mean, found by the oracle, and what is done about it:
* A slop is symmetric: a phrase (0, a) (c, b) with slop r matches where place(b) - place(a) lies in [c - r, c + r].
  Pairs are put so that this is the window asked for. With three terms and more the slop is used up along the terms in
  order of their frequency, which is no window at all: there every placing is asked for as a phrase of its own. Beyond
  `MAX_PLACINGS` (three terms at a distance over 20, four over 5) only each two of the terms are asked to lie in one
  window. That finds all that lie in one together, and besides clauses that repeat terms in several such places.
* A phrase of one term and an empty one panic (BaseException): they are never built.
* A boolean query of negations alone matches nothing: everything is added to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from math import prod

import tantivy

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
from index.engines.near import count_placings, pairs, placings

MUST, SHOULD, MUST_NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
FEW_TERMS = 512  # on 50,000 clauses a set of terms costs 1.4 to 2.3 ms whatever its size, 120 to 460 terms 0.6 to 1.3
LONG_UNION = 8  # terms; unions of that many are kept compiled: a root asks for all its words again and again
UNIONS_KEPT = 256
MAX_PLACINGS = 1_500  # 50,000 clauses: some 15 ms for rare terms, a second or two for the commonest
MAX_NUMBER = (1 << 63) - 1
_PATTERN_SIGNS = frozenset(r"\.+*?()|[]{}^$#&-~")


class Compiler:
    """Turns clauses into queries on one schema; `frequency` tells in how many clauses a term stands."""

    def __init__(self, schema: tantivy.Schema, frequency: Callable[[str, str], int]) -> None:
        self._schema = schema
        self._frequency = frequency
        self._nothing = tantivy.Query.empty_query()
        self._everything = _silent(tantivy.Query.all_query())
        self._unions: dict[Clause, tantivy.Query] = {}

    def query(self, clause: Clause) -> tantivy.Query:
        """Return the query that finds and scores exactly what the clause says. Raises ValueError for unknown fields."""
        if fixed_score(clause) == 0:
            return _silent(self._filter(clause))
        match clause:
            case Term(field, term):
                return tantivy.Query.term_query(self._schema, field, term)
            case Phrase():
                return self._phrase(clause)
            case Near():
                return self._near(clause)
            case Prefix(field, prefix):
                return tantivy.Query.const_score_query(self._prefix(field, prefix), PREFIX_SCORE)
            case And(clauses):
                return self._boolean(MUST, clauses)
            case Or(clauses):
                return self._boolean(SHOULD, clauses)
            case Best(clauses):
                return self._best([self.query(inner) for inner in clauses])
            case Boost(inner, factor):
                return tantivy.Query.boost_query(self.query(inner), factor)
            case Prefer(inner, also):
                extra = [(SHOULD, self.query(other)) for other in also]
                return tantivy.Query.boolean_query([(MUST, self.query(inner)), *extra])
            case _:
                return self._filter(clause)

    def unscored(self, clause: Clause) -> tantivy.Query:
        """Return a query that finds exactly what the clause says and scores nothing, to count by."""
        return self._filter(clause)

    def _filter(self, clause: Clause) -> tantivy.Query:
        """Return a query for the same hits, whose scores mean nothing; cheaper than one that scores."""
        match clause:
            case Term(field, term):
                return self._term(field, term)
            case Prefix(field, prefix):
                return self._prefix(field, prefix)
            case And(clauses):
                return self._all_of(clauses)
            case Or() | Best():
                return self._union(clause)
            case Not(inner):
                return self._all_of([clause])
            case Boost(inner, _) | Prefer(inner, _):
                return self._filter(inner)
            case Range(field, low, high):
                return self._range(field, low, high)
            case Everything():
                return self._everything
            case _:
                return self.query(clause)

    def _boolean(self, occur: tantivy.Occur, clauses: Sequence[Clause]) -> tantivy.Query:
        if len(clauses) == 1:
            return self.query(clauses[0])
        return tantivy.Query.boolean_query([(occur, self.query(inner)) for inner in clauses])

    def _all_of(self, clauses: Sequence[Clause]) -> tantivy.Query:
        """Return a filter of all clauses, in which Not is an exclusion and no set of its own."""
        wanted = [(MUST, self._filter(inner)) for inner in clauses if not isinstance(inner, Not)]
        unwanted = [(MUST_NOT, self._filter(inner.clause)) for inner in clauses if isinstance(inner, Not)]
        return tantivy.Query.boolean_query([*(wanted or [(MUST, self._everything)]), *unwanted])

    def _term(self, field: str, term: str) -> tantivy.Query:
        """Return a filter of one term: without scores, how often it stands in a clause need not be read."""
        term = term if field in TERM_FIELDS else cut_value(term)
        return tantivy.Query.term_query(self._schema, field, term, index_option="basic")

    def _union(self, union: Or | Best) -> tantivy.Query:
        if len(union.clauses) < LONG_UNION:
            return self._any_of(union.clauses)
        made = self._unions.get(union)
        if made is None:
            if len(self._unions) >= UNIONS_KEPT:
                self._unions.clear()
            made = self._unions[union] = self._any_of(union.clauses)
        return made

    def _any_of(self, clauses: Sequence[Clause]) -> tantivy.Query:
        """Return a filter of any clause; very many terms of one field are looked up as one set, others one by one."""
        sets: dict[str, list[str]] = {}
        rest = []
        for inner in clauses:
            if isinstance(inner, Term):
                term = inner.term if inner.field in TERM_FIELDS else cut_value(inner.term)
                sets.setdefault(inner.field, []).append(term)
            else:
                rest.append(self._filter(inner))
        queries = rest
        for field, terms in sets.items():
            if len(terms) > FEW_TERMS:
                queries.append(tantivy.Query.term_set_query(self._schema, field, terms))
            else:
                queries += [self._term(field, term) for term in terms]
        if not queries:
            return self._nothing
        return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(SHOULD, query) for query in queries])

    def _best(self, queries: list[tantivy.Query]) -> tantivy.Query:
        if not queries:
            return self._nothing
        return queries[0] if len(queries) == 1 else tantivy.Query.disjunction_max_query(queries, 0.0)

    def _prefix(self, field: str, prefix: str) -> tantivy.Query:
        """Return a query for terms that start with `prefix`; as a fuzzy query it needs no quoting, unlike a pattern."""
        if not prefix:
            return tantivy.Query.regex_query(self._schema, field, "(.|\n)*")
        return tantivy.Query.fuzzy_term_query(self._schema, field, prefix, 0, False, prefix=True)

    def _range(self, field: str, low: int | None, high: int | None) -> tantivy.Query:
        if field not in NUMBER_FIELDS:
            raise ValueError(f"{field!r} is no field of numbers")
        low = min(max(1 if low is None else low, 1), MAX_NUMBER)  # 0 stands for no number
        high = MAX_NUMBER if high is None else min(high, MAX_NUMBER)
        if high < low:
            return self._nothing
        return tantivy.Query.range_query(self._schema, field, tantivy.FieldType.Integer, low, high)

    def _exact(self, field: str, words: Sequence[tuple[int, str]], slop: int = 0) -> tantivy.Query:
        return tantivy.Query.phrase_query(self._schema, field, list(words), slop)

    def _phrase(self, phrase: Phrase) -> tantivy.Query:
        """Return a query of all combinations of alternatives, as far as the index has them; of very many, patterns."""
        field = phrase.field
        places = [[term for term in dict.fromkeys(place) if self._frequency(field, term)] for place in phrase.places]
        if not all(places):
            return self._nothing
        if len(places) == 1:
            return self._boolean(SHOULD, [Term(field, term) for term in places[0]])
        if prod(map(len, places)) > MAX_COMBINATIONS:
            patterns: list[str | tuple[int, str]] = ["|".join(map(_quoted, terms)) for terms in places]
            return tantivy.Query.regex_phrase_query(self._schema, field, patterns)
        return self._best([self._exact(field, list(enumerate(row))) for row in product(*places)])

    def _near(self, near: Near) -> tantivy.Query:
        if not all(self._frequency(near.field, term) for term in near.terms):
            return self._nothing
        if len(near.terms) == 2 and near.distance and near.terms[0] != near.terms[1]:
            return self._pair(near)
        if count_placings(near) > MAX_PLACINGS:
            return tantivy.Query.boolean_query([(MUST, self._near(pair)) for pair in pairs(near)])
        return self._best([self._exact(near.field, placing) for placing in placings(near)])

    def _pair(self, near: Near) -> tantivy.Query:
        """Return a query for two different terms, by slop: in any order it is centred on 0, in order on the window."""
        left, right = near.terms
        if not near.ordered:
            return self._exact(near.field, [(0, left), (0, right)], near.distance + 1)
        half, odd = divmod(near.distance, 2)  # the gap lies in [1, 1 + distance], which has a centre if that is even
        return self._best([self._exact(near.field, [(0, left), (1 + half + more, right)], half)
                           for more in range(odd + 1)])


def _silent(query: tantivy.Query) -> tantivy.Query:
    """Return the query with score 0 for every hit, so that it cannot change an order."""
    return tantivy.Query.const_score_query(query, 0.0)


def _quoted(term: str) -> str:
    """Return a pattern that matches the term alone."""
    return "".join("\\" + character if character in _PATTERN_SIGNS else character for character in term)
