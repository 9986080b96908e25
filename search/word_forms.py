"""What a query would find, before a click: counts at every level, the written forms, the lit words of given rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from search.highlight import highlights_in
from search.query import parse
from search.query_tree import Level
from search.time_limit import TimeLimit

if TYPE_CHECKING:
    from search.plan import Plan
    from search.searcher import MatchMode, Searcher

LEVELS: tuple[Level, ...] = ("marked", "folded", "stem", "root")
CLAUSES_READ = 200  # of the best hits, for their written forms


def levels(
    searcher: Searcher,
    text: str,
    *,
    syntax: bool = True,
    expand: bool = True,
    match: MatchMode = "best",
    known: Mapping[str, int] | None = None,
    date_from: str | None = None,
    date_to: str | None = None,
    seconds: float | None = None,
    **filters: Sequence[str],
) -> dict[str, int]:
    """Return how many clauses `text` finds at each level; those in `known` were counted before and are taken over.

    A level for which there is no time left after `seconds` is not in the answer.
    """
    clock = TimeLimit(seconds)
    query = parse(text, syntax=syntax)
    chosen, _ = searcher.chosen(filters, date_from, date_to)
    counts: dict[str, int] = {}
    for level in LEVELS:
        if known and level in known:
            counts[level] = known[level]
        elif clock.allows():
            listed = searcher.listed(query, level, expand, match)
            counts[level] = searcher.reader.count(searcher.within(listed, chosen))
    return counts


def forms(
    searcher: Searcher,
    text: str,
    *,
    limit: int = 50,
    syntax: bool = True,
    expand: bool = True,
    level: Level = "stem",
    match: MatchMode = "best",
    date_from: str | None = None,
    date_to: str | None = None,
    seconds: float | None = None,
    **filters: Sequence[str],
) -> list[tuple[str, int]]:
    """Return the written forms found in the best `CLAUSES_READ` clauses, with in how many of them each stands.

    Fewer clauses are read where `seconds` are over before.
    """
    from collections import Counter

    clock = TimeLimit(seconds)
    plan = searcher.plan(parse(text, syntax=syntax), level, expand)
    chosen, _ = searcher.chosen(filters, date_from, date_to)
    found = searcher.best(_listed(plan, match), plan, chosen, CLAUSES_READ)
    counts: Counter[str] = Counter()
    for match_ in found:
        if not clock.allows():
            break
        clause = orjson.loads(match_.row)["text"]
        counts.update({clause[start:end] for start, end in highlights_in(plan.lit, clause, searcher.analyzer)})
    return counts.most_common(limit)


def lights(
    searcher: Searcher, text: str, rows: Iterable[Mapping[str, Any]], level: Level = "stem", expand: bool = True
) -> dict[str, list[tuple[int, int]]]:
    """Return id → spans of the words that `text` lights in each row's text, rows without any left out."""
    question = searcher.plan(parse(text), level, expand).lit
    lit = {row["id"]: highlights_in(question, row["text"], searcher.analyzer) for row in rows}
    return {name: spans for name, spans in lit.items() if spans}


def _listed(plan: Plan, match: MatchMode) -> Any:
    return plan.all if match == "all" else plan.any
