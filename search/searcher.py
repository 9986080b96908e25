"""One open index, asked: `search(text, filters …)` → `Results`. The page, the command line and scripts all use this."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Literal
from typing import Any as AnyValue

import orjson

from index.clause import MISSING, And, Boost, Clause, Everything, Or, Prefer, Term
from index.engine import Match, Matches
from search.collection import Collection
from search.compiler import Compiler
from search.echo import echo
from search.facets import facet
from search.filters import date_clause, is_date, natural_key, value_clause
from search.highlight import highlights_in, snippet
from search.meant import NEAREST, MeaningMode, filters_of, meant
from search.names import Names, expansions, load_names
from search.plan import Plan, listing, plan
from search.problem import Problem, problem
from search.query import Query, parse
from search.query_tree import EMPTY, Level
from search.ranking import title_scores
from search.rerank_weights import constant
from search.results import Expanded, Facet, Hit, Results, Suggestion
from search.time_limit import TimeLimit

if TYPE_CHECKING:
    from search.meaning import Meaning
    from search.meant import Meant
    from search.reranking import Reranker
    from search.suggest import Suggester

CANDIDATES = int(constant("candidates"))
Sort = Literal["relevance", "date", "session"]
MatchMode = Literal["best", "all"]

DEFAULT_FACETS = ("session", "theme", "kind")
MAX_LIMIT = 1_000  # hits of one page
MAX_DEPTH = 100_000  # hits that can be paged through; exports read on without ranking
TITLE_LIMIT = 100_000


class Searcher(Collection):
    """An open index that answers queries. `refresh` takes up a newly published generation."""

    def search(
        self,
        text: str,
        *,
        session: Sequence[str] = (),
        theme: Sequence[str] = (),
        kind: Sequence[str] = (),
        verb: Sequence[str] = (),
        body: Sequence[str] = (),
        year: Sequence[str] = (),
        hijri_year: Sequence[str] = (),
        date_from: str | None = None,
        date_to: str | None = None,
        match: MatchMode = "best",
        level: Level = "stem",
        limit: int = 10,
        page: int = 1,
        sort: Sort = "relevance",
        syntax: bool = True,
        expand: bool = True,
        rerank: bool = True,
        explain: bool = False,
        facets: Sequence[str] = DEFAULT_FACETS,
        rows: bool = True,
        suggest: bool = True,
        meaning: MeaningMode | None = None,
        nearest: int = NEAREST,
        time_limit: float | None = None,
    ) -> Results:
        """Return the clauses that `text` finds. Never raises for any text; what was wrong in it is in `problems`.

        Values of one filter are joined by or, filters by and. `limit` 0 to 1,000 hits a page, `page` from 1.
        `match` "best" lists every clause with any content word, "all" only those with all. Without `rows` the hits
        hold their ids and scores alone. Beyond `time_limit` seconds, re-ranking, the second total, facets of filtered
        fields and suggestions are left out, and `partial` says so. `meaning` is on where the index has vectors: the
        first hundred are ranked by it as well, and `nearest` clauses that share no word stand in a list of their own;
        "only" answers with that list alone.
        """
        clock = TimeLimit(time_limit)
        query = parse(text, syntax=syntax)
        plan = self.plan(query, level, expand)
        typed = {"session": session, "theme": theme, "kind": kind, "verb": verb, "body": body}
        chosen, problems = self.chosen(typed | {"year": year, "hijri_year": hijri_year}, date_from, date_to)
        if query.tree == EMPTY and chosen:
            plan.any = plan.all = Everything()
        limit, page, told = _bounded(limit, page)
        asked, untold = meant(self, query, plan, text, meaning)
        results = Results(
            text,
            page=page,
            limit=limit,
            problems=(*query.problems, *plan.problems, *problems, *told, *untold),
            expansions=[Expanded(n.typed, tuple(n.alternatives), n.start, n.end, n.why) for n in plan.names],
        )
        listed = plan.all if match == "all" else plan.any
        first = (page - 1) * limit
        parts: dict[int, dict[str, float]] = {}
        ranked = rerank and sort == "relevance" and limit > 0 and level in ("stem", "root") and _can_be_ranked(plan)
        results.meaning_only = meaning == "only"
        if results.meaning_only:
            found = Matches(0, [])
            listed = Or(())
        elif ranked and clock.allows():
            found, parts = self._reranked(listed, plan, chosen, limit, first, facets, explain, asked)
        else:
            found = self._find(listed, plan, chosen, limit, first, sort, facets)
        results.total = found.total
        second = plan.any if match == "all" else plan.all
        other = self.reader.count(_with(second, chosen)) if second != listed and clock.allows() else found.total
        results.totals = {"all": found.total, "any": other} if match == "all" else {"all": other, "any": found.total}
        if rows:
            self._fill(found.hits)
            results.hits = [self._hit(hit, plan, parts if explain else None) for hit in found.hits]
        else:
            results.hits = [Hit(hit.id, hit.score, "", [], {}) for hit in found.hits]
        results.facets = self._facets(found, listed, chosen, facets, clock)
        results.echo, results.echo_en, results.echo_fr = (
            echo(query, language, match=match, level=level) for language in ("ar", "en", "fr")
        )
        if asked and page == 1 and nearest > 0 and clock.allows():
            results.nearest = self._nearest(asked, query, plan, chosen, limit if asked.only else nearest)
        if suggest and page == 1 and self._has_unknown_word(plan, results) and clock.allows():
            results.suggestions = self._suggestions(text, level, expand, chosen)
        results.partial, results.took_ms = found.partial or clock.cut, clock.milliseconds
        return results

    def _nearest(
        self, asked: Meant, query: Query, plan: Plan, chosen: Mapping[str, Clause], count: int
    ) -> list[Hit]:
        """The clauses that share no word with the query and lie nearest to it in meaning."""
        near = asked.nearest(self, plan, filters_of(self, query), chosen, count)
        self._fill(near)
        return [self._hit(match, plan) for match in near]

    def plan(self, query: Query, level: Level = "stem", expand: bool = True) -> Plan:
        """Return the compiled query."""
        return plan(query, self._compiler(query, level, expand))

    def listed(self, query: Query, level: Level, expand: bool, match: MatchMode) -> Clause:
        """Return which clauses the query lists: of its plan, what counting needs."""
        return listing(query, self._compiler(query, level, expand), "all" if match == "all" else "any")

    def _compiler(self, query: Query, level: Level, expand: bool) -> Compiler:
        names = expansions(query.tree, self.names) if expand and level in ("stem", "root") else []
        return Compiler(self.analyzer, self.vocabulary, self.stored_values, level, names)

    def _find(
        self,
        listed: Clause,
        plan: Plan,
        chosen: Mapping[str, Clause],
        limit: int,
        offset: int,
        sort: Sort,
        facets: Sequence[str],
    ) -> Matches:
        free = tuple(name for name in facets if name not in chosen)
        question = _with(listed, chosen)
        if sort == "session":
            return self._by_session(question, plan, limit, offset, free)
        if sort == "date":
            return self.reader.search(question, limit=limit, offset=offset, order="-date", facets=free, rows=False)
        return self.reader.search(
            Prefer(Boost(question, 0), plan.also), limit=limit, offset=offset, facets=free, rows=False
        )

    def _reranked(
        self,
        listed: Clause,
        plan: Plan,
        chosen: Mapping[str, Clause],
        limit: int,
        first: int,
        facets: Sequence[str],
        explain: bool,
        asked: Meant | None,
    ) -> tuple[Matches, dict[int, dict[str, float]]]:
        """The engine's first hundred in the re-ranker's order; later ones in the engine's, with scores below those."""
        question: Clause
        if plan.plain:  # one pass lists and scores: four times as fast as to score what a filter lets through
            scored: Clause = And(plan.first) if listed is plan.all else Or(plan.first)
            question = And((scored, *(Boost(clause, 0) for clause in chosen.values()))) if chosen else scored
        else:
            question = Prefer(Boost(_with(listed, chosen), 0), plan.first)
        free = tuple(name for name in facets if name not in chosen)
        deep = first > CANDIDATES  # then the hits between are not fetched
        most = CANDIDATES + 1 if deep else max(CANDIDATES, first + limit)
        found = self.reader.search(question, limit=most, facets=free, rows=False)
        if not found.hits:
            return found, {}
        candidates = found.hits[:CANDIDATES]
        ranking = self.reranker.rank([plan.typed, *plan.variants], candidates, self._titles(plan))
        if asked:
            ranking = asked.fused(ranking)
        rest = found.hits[CANDIDATES:]
        if deep and rest:
            page = self.reader.search(question, limit=limit, offset=first, rows=False)
            rest += page.hits
            found.partial |= page.partial
        ranked = ranking.hits()
        for match in rest:  # the engine's order, on the re-ranker's scale below its last
            share = match.score / max(rest[0].score, 1e-9)
            match.score = ranked[-1].score - (1 - share) * max(abs(ranked[-1].score), 1e-6) - 1e-6
        found.hits = rest[1:] if deep else [*ranked, *rest][first : first + limit]
        return found, ranking.parts() if explain else {}

    def _titles(self, plan: Plan) -> dict[int, float]:
        """Return what the titles of the best titled clauses score for the words of a query, by ordinal."""
        asked = self.reader.search(title_scores(plan.words), limit=int(constant("titles")), rows=False)
        return {match.ordinal: match.score for match in asked.hits}

    @cached_property
    def suggester(self) -> Suggester:
        """Return what offers other queries; built from the vocabulary at the first question."""
        from search.suggest import Suggester, written_forms  # few searches need it

        return Suggester(self.vocabulary.words, show=written_forms(self.reader.vocabulary("marked")))

    def _has_unknown_word(self, plan: Plan, results: Results) -> bool:
        """Say whether a slip is likely: nothing was found, or no clause holds one of the words in any form."""
        if results.totals["all"]:
            return False
        frequency = self.reader.frequency
        return not results.total or any(
            not frequency("stem", word.terms.stem) and not frequency("plural", word.terms.plural) for word in plan.words
        )

    def _suggestions(self, text: str, level: Level, expand: bool, chosen: Mapping[str, Clause]) -> list[Suggestion]:
        """Other queries that find clauses with all their words, where this one finds none."""

        def count(other: str) -> int:
            return self.reader.count(_with(self.plan(parse(other), level, expand).all, chosen))

        return [Suggestion(offer.text, offer.count, offer.kind) for offer in self.suggester.suggest(text, count)]

    @cached_property
    def names(self) -> Names:
        """Return the table of names that changed or vary, with a user's own file added (`KASHSHAF_NAMES`)."""
        return load_names(os.environ.get("KASHSHAF_NAMES") or None)

    @cached_property
    def meaning(self) -> Meaning:
        """Return the vectors of this index and their encoder. Raises `IndexProblem` where they cannot be had."""
        from search.meaning import opened

        return opened(self.generation, self.manifest)

    @cached_property
    def reranker(self) -> Reranker:
        """Return the re-ranker of this index; NumPy is only loaded when a search needs it."""
        from search.reranking import Reranker

        return Reranker(self.reader, self.analyzer, self.generation)

    def _fill(self, hits: Sequence[Match]) -> None:
        for hit, row in zip(hits, self.reader.rows(hits), strict=True):
            hit.row = row

    def _by_session(self, question: Clause, plan: Plan, limit: int, offset: int, facets: Sequence[str]) -> Matches:
        """Walk the sessions in natural order; within one, by relevance; clauses without a session come last."""
        found = self.reader.search(question, limit=0, facets=tuple({*facets, "session"}))
        counts = found.facets["session"]
        hits: list[Match] = []
        for value in sorted(counts, key=lambda value: (value == MISSING, natural_key(value))):
            if offset >= counts[value]:
                offset -= counts[value]
                continue
            if len(hits) == limit:
                break
            inside = Prefer(Boost(And((question, Term("session", value))), 0), plan.also)
            hits += self.reader.search(inside, limit=limit - len(hits), offset=offset, rows=False).hits
            offset = 0
        return Matches(found.total, hits, {name: found.facets[name] for name in facets}, found.partial)

    def _filters(
        self, typed: Mapping[str, list[str]], date_from: str | None, date_to: str | None
    ) -> tuple[dict[str, Clause], list[Problem]]:
        chosen: dict[str, Clause] = {}
        problems = []
        for name, values in typed.items():
            chosen[name], unknown = value_clause(name, values, self.stored_values)
            problems += [problem("unknown_value", 0, 0, field=name, value=value) for value in unknown]
        for date in (date_from, date_to):
            if date and not is_date(date):
                problems.append(problem("no_date", 0, 0, value=date))
        if date_from or date_to:
            chosen["date"] = date_clause(date_from, date_to)
        return chosen, problems

    def _facets(
        self, found: Matches, listed: Clause, chosen: Mapping[str, Clause], names: Sequence[str], clock: TimeLimit
    ) -> dict[str, list[Facet]]:
        """A facet ignores its own filter, so a field with a filter is counted by a search of its own."""
        counted = dict(found.facets)
        for name in names:
            if name in chosen and clock.allows():
                others = {other: clause for other, clause in chosen.items() if other != name}
                counted[name] = self.reader.search(_with(listed, others), limit=0, facets=(name,)).facets[name]
        return {name: facet(name, counted.get(name, {}), chosen.get(name)) for name in names}

    def _hit(self, match: Match, plan: Plan, parts: Mapping[int, Mapping[str, float]] | None = None) -> Hit:
        row = orjson.loads(match.row)
        text = row.pop("text")
        row.pop("id", None)
        spans = highlights_in(plan.lit, text, self.analyzer)
        explanation = None
        if parts is not None:
            from search.explain import explain_hit

            explanation = explain_hit(plan, self.analyzer.tokens(text), parts.get(match.ordinal, {}))
        return Hit(match.id, match.score, text, spans, row, snippet(text, spans), explanation)

    def similar(self, id_: str, limit: int = NEAREST) -> list[Hit] | None:
        """Return the clauses most like the one called `id_`, shared words lit; None where there is no such clause.

        Raises `IndexProblem` where the index has no vectors or they cannot be used.
        """
        from search.nearest import similar_hits

        return similar_hits(self, id_, limit)

    def levels(self, text: str, **how: AnyValue) -> dict[str, int]:
        """Return how many clauses the query finds at each level: marked, folded, stem, root."""
        from search.word_forms import levels

        return levels(self, text, **how)

    def forms(self, text: str, **how: AnyValue) -> list[tuple[str, int]]:
        """Return the written forms that the query finds, each with how many of the best clauses hold it."""
        from search.word_forms import forms

        return forms(self, text, **how)

    def lights(
        self, text: str, rows: Iterable[Mapping[str, AnyValue]], level: Level = "stem", expand: bool = True
    ) -> dict[str, list[tuple[int, int]]]:
        """Return id → spans of the words that the query lights in these rows, [start, end) in code points."""
        from search.word_forms import lights

        return lights(self, text, rows, level, expand)

    def chosen(
        self, filters: Mapping[str, Sequence[str]], date_from: str | None = None, date_to: str | None = None
    ) -> tuple[dict[str, Clause], list[Problem]]:
        """Return typed filters as clauses by field, and what could not be taken."""
        return self._filters({name: list(values) for name, values in filters.items() if values}, date_from, date_to)

    def within(self, listed: Clause, chosen: Mapping[str, Clause]) -> Clause:
        """Return the clauses of `listed` that pass all `chosen` filters."""
        return _with(listed, chosen)

    def best(self, listed: Clause, plan: Plan, chosen: Mapping[str, Clause], limit: int) -> list[Match]:
        """Return the best clauses in the engine's order, with their rows."""
        found = self._find(listed, plan, chosen, limit, 0, "relevance", ())
        self._fill(found.hits)
        return found.hits


def _with(listed: Clause, chosen: Mapping[str, Clause]) -> Clause:
    return And((listed, *chosen.values())) if chosen else listed


def _can_be_ranked(plan: Plan) -> bool:
    """Say whether the re-ranker sees all of a query: words, and nothing that it does not know."""
    return plan.whole and bool(plan.words)


def _bounded(limit: int, page: int) -> tuple[int, int, list[Problem]]:
    told = []
    if not 0 <= limit <= MAX_LIMIT:
        told.append(problem("limit_bounds", 0, 0, limit=MAX_LIMIT))
        limit = min(max(limit, 0), MAX_LIMIT)
    if page < 1 or page * limit > MAX_DEPTH:
        told.append(problem("page_bounds", 0, 0, limit=MAX_DEPTH // max(limit, 1)))
        page = min(max(page, 1), MAX_DEPTH // max(limit, 1))
    return limit, page, told
