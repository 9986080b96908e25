"""Milliseconds of queries by class, ours and Lucene's, on one collection."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from bench import lucene_peer
from bench.metrics import percentile
from bench.query_samples import Question

WARM_UP = 30
Times = dict[str, list[float]]


def ours(folder: Path, questions: Sequence[Question], *, page: bool) -> tuple[Times, float]:
    """Return milliseconds by class and those of opening the index.

    `page` times what a reader gets: re-ranked, highlighted, snippets, three facets. Without it, ten stored hits in the
    engine's order, which is what Lucene's figures hold.
    """
    from search.searcher import Searcher

    started = time.perf_counter()
    searcher = Searcher.open(str(folder))
    opening = (time.perf_counter() - started) * 1000
    options = {} if page else {"facets": (), "rerank": False, "expand": False}
    found: Times = {}
    try:
        for number, question in enumerate([*questions[:WARM_UP], *questions]):
            text, filters = _typed(question)
            started = time.perf_counter()
            searcher.search(text, **filters, **options)  # type: ignore[arg-type]
            if number >= WARM_UP:
                found.setdefault(question.name, []).append((time.perf_counter() - started) * 1000)
    finally:
        searcher.close()
    return found, opening


def lucene(folder: Path, questions: Sequence[Question]) -> Times:
    """Return Lucene's milliseconds by class: ten hits with their stored fields, matches counted exactly."""
    asked = [(q.name, q.kind, f"{q.session}|{q.words}" if q.kind == "session" else q.words) for q in questions]
    return lucene_peer.times(folder, asked, repeats=1)[0]


def spread(times: Times) -> dict[str, dict[str, float]]:
    """Return p50 and p99 by class."""
    return {name: {"p50_ms": percentile(values, 0.5), "p99_ms": percentile(values, 0.99)}
            for name, values in times.items()}


def _typed(question: Question) -> tuple[str, dict[str, object]]:
    if question.kind == "all":
        return question.words, {"match": "all"}
    if question.kind == "phrase":
        return f'"{question.words}"', {}
    if question.kind == "prefix":
        return f"{question.words}*", {}
    if question.kind == "session" and question.session:
        return question.words, {"session": (question.session,)}
    return question.words, {}
