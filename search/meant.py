"""What a search asks of meaning, if anything: decided here, so that a search without it loads nothing of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from index.clause import And, Best, Boost, Clause, Not, Or, Prefer, Term
from index.engine import IndexProblem, Match
from search.problem import Problem, problem
from search.query_tree import Field, FieldRange, Symbol, leaves

if TYPE_CHECKING:
    from index.meaning.model_file import Floats
    from search.meaning import Meaning
    from search.plan import Plan
    from search.query import Query
    from search.reranking import Ranking
    from search.searcher import Searcher

MeaningMode = Literal["off", "on", "only"]
MODES = ("off", "on", "only")
NEAREST = 5  # clauses of the second list, unless asked otherwise


@dataclass(frozen=True, slots=True)
class Meant:
    """A query whose meaning is searched as well. `only`: by meaning alone, without a list of found clauses."""

    meaning: Meaning
    only: bool
    text: str
    vector: Floats

    def fused(self, ranking: Ranking) -> Ranking:
        """Return the first hundred ranked by words and meaning."""
        return self.meaning.fused(ranking, self.vector)

    def nearest(
        self, searcher: Searcher, plan: Plan, filters: Sequence[Clause], chosen: Mapping[str, Clause], limit: int
    ) -> list[Match]:
        """Return the second list: near clauses that share no word with the query; with `only` those that do as well."""
        from search.meaning_weights import weight
        from search.nearest import near_matches

        if not self.only and _excludes(plan.any):
            return []
        return near_matches(
            searcher,
            self.meaning,
            self.vector,
            limit=limit,
            threshold=None if self.only else weight("near"),
            without=None if self.only else _words(plan),
            chosen=(*filters, *chosen.values()),
        )


def meant(
    searcher: Searcher, query: Query, plan: Plan, text: str, mode: MeaningMode | None
) -> tuple[Meant | None, list[Problem]]:
    """Return what of meaning is searched, None for nothing, and what could not be done.

    `mode` None is "on" where the index has vectors; asked for without any, "on" and "only" are told so.
    """
    if mode == "off" or not plan.words or (mode is None and not searcher.manifest.meaning):
        return None, []
    if any(isinstance(leaf, Symbol) for leaf in leaves(query.tree)):
        return None, []
    words = text if plan.plain else " ".join(token.text for token in plan.typed)
    try:
        meaning = searcher.meaning
        return Meant(meaning, mode == "only", words, meaning.query(words)), []
    except IndexProblem as sentence:
        return None, [problem("no_meaning", 0, 0, why=str(sentence))]


def filters_of(searcher: Searcher, query: Query) -> list[Clause]:
    """Return the filters inside a query (session:38) as clauses, values of one field joined by or."""
    from search.compiler import Compiler

    compiler = Compiler(searcher.analyzer, searcher.vocabulary, searcher.stored_values, "stem", [])
    by_field: dict[str, list[Clause]] = {}
    for leaf in leaves(query.tree):
        if isinstance(leaf, (Field, FieldRange)):
            by_field.setdefault(leaf.name, []).append(compiler.match(leaf, "any", quiet=True))
    return [Or(tuple(clauses)) for clauses in by_field.values()]


def _words(plan: Plan) -> Clause:
    """Clauses that the query lists, or that hold any of its words by stem or plural."""
    words = [Term(level, getattr(word.terms, level)) for word in plan.words for level in ("stem", "plural")]
    return Or((plan.any, *words))


def _excludes(clause: Clause) -> bool:
    """Say whether a query excludes something: what its nearest clauses may hold cannot be told then."""
    match clause:
        case Not():
            return True
        case And(clauses) | Or(clauses) | Best(clauses):
            return any(map(_excludes, clauses))
        case Boost(inner, _) | Prefer(inner, _):
            return _excludes(inner)
    return False
