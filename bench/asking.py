"""Milliseconds of questions: one field beside Lucene's by class, the whole ranking, and facets and highlights alone."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path

from bench import lucene_peer
from bench.corpora import corpus, rows
from bench.indexes import index_of
from bench.metrics import percentile
from bench.places import CACHE
from bench.query_samples import CLASSES, Question, draw
from bench.rows import Row, middle
from index.clause import And, Clause, Or, Phrase, Prefix, Term
from search.highlight import highlights_in
from search.searcher import DEFAULT_FACETS, Searcher

WARM_UP = 40
PAGE_CLASS = "three words"
PEER = "Lucene, one field, exact counts"
Times = dict[str, list[float]]


def asking(name: str, repeats: int, count: int) -> list[Row]:
    """Return p50 and p99 of every class and of whole pages, ours and Lucene's by turns; medians of the repetitions."""
    questions = draw(rows(name), count)
    folder = index_of(name, [corpus(name)])
    peer = _lucene_index(name)
    fields: list[Times] = []
    pages: list[Times] = []
    theirs: list[Times] = []
    searcher = Searcher.open(str(folder))
    try:
        for _ in range(repeats):
            fields.append(timed(questions, lambda question: one_field(searcher, question)))
            theirs.append(_lucene(peer, questions))
            pages.append(timed(questions, lambda question: page(searcher, question)))
    finally:
        searcher.close()
    found = []
    for cls in CLASSES:
        for share in (0.5, 0.99):
            found.append(Row("query", f"one field, {cls}, p{share * 100:.0f}", name, "ms", _spread(fields, cls, share),
                             _spread(theirs, cls, share), PEER, 1.0))
    for share in (0.5, 0.99):
        ours = _spread(pages, PAGE_CLASS, share)
        told = f"full ranking, 3 facets, both totals, 10 highlights, p{share * 100:.0f}"
        found.append(Row("page", told, name, "ms", ours, _spread(theirs, PAGE_CLASS, share), PEER, 3.0))
    everything = [percentile(list(chain.from_iterable(run.values())), 0.99) for run in pages]
    found.append(Row("page", "full ranking …, p99 of all classes", name, "ms", middle(everything), None, "", 60.0))
    return found


def _spread(runs: Sequence[Times], cls: str, share: float) -> float:
    return middle([percentile(times[cls], share) for times in runs])


def timed(questions: Sequence[Question], ask: Callable[[Question], object]) -> Times:
    """Return milliseconds by class; the first questions are asked twice, to warm up."""
    found: Times = {}
    for question in questions[:WARM_UP]:
        ask(question)
    for question in questions:
        started = time.perf_counter()
        ask(question)
        found.setdefault(question.name, []).append((time.perf_counter() - started) * 1000)
    return found


def one_field(searcher: Searcher, question: Question) -> object:
    """Ask by stems alone, as Lucene is asked: from the typed words to ten hits with stored text, counted exactly."""
    return searcher.reader.search(_stems(searcher, question), limit=10)


def _stems(searcher: Searcher, question: Question) -> Clause:
    if question.kind == "prefix":
        return Prefix("stem", question.words)
    terms = [token.terms.stem for token in searcher.analyzer.typed(question.words)]
    if question.kind == "phrase":
        return Phrase("stem", tuple((term,) for term in terms))
    words = tuple(Term("stem", term) for term in terms)
    if question.kind == "all":
        return And(words)
    any_word: Clause = words[0] if len(words) == 1 else Or(words)
    if question.kind == "session" and question.session:
        return And((any_word, Term("session", question.session)))
    return any_word


def page(searcher: Searcher, question: Question) -> object:
    """Ask as a reader does: re-ranked, ten highlighted hits, three facets, both totals."""
    text, filters = typed(question)
    return searcher.search(text, **filters)  # type: ignore[arg-type]


def typed(question: Question) -> tuple[str, dict[str, object]]:
    """Return what a person types for a question, and the filters chosen beside it."""
    if question.kind == "all":
        return question.words, {"match": "all"}
    if question.kind == "phrase":
        return f'"{question.words}"', {}
    if question.kind == "prefix":
        return f"{question.words}*", {}
    if question.kind == "session" and question.session:
        return question.words, {"session": (question.session,)}
    return question.words, {}


def lighting(name: str, repeats: int, count: int) -> list[Row]:
    """Return the milliseconds of three facets and ten highlights alone, the hits found before."""
    questions = [question for question in draw(rows(name), count) if question.name == PAGE_CLASS]
    searcher = Searcher.open(str(index_of(name, [corpus(name)])))
    chance = random.Random(1)
    taken: list[float] = []
    try:
        for question in questions * repeats:
            from search.query import parse

            plan = searcher.plan(parse(question.words))
            best = searcher.reader.search(plan.any, limit=100)
            texts = [hit["text"] for hit in map(_row, chance.sample(best.hits, min(10, len(best.hits))))]
            started = time.perf_counter()
            searcher.reader.search(plan.any, limit=0, facets=DEFAULT_FACETS)
            for text in texts:
                highlights_in(plan.any, text, searcher.analyzer)
            taken.append((time.perf_counter() - started) * 1000)
    finally:
        searcher.close()
    return [Row("lights", "three facets and ten highlights alone, p50", name, "ms",
                middle([percentile(taken, 0.5)]), None, "", 2.0)]


def _row(match: object) -> dict[str, str]:
    import orjson

    found: dict[str, str] = orjson.loads(match.row)  # type: ignore[attr-defined]
    return found


def _lucene_index(name: str) -> Path:
    folder = CACHE / "lucene" / f"{name}-asked"
    if not folder.exists():
        lucene_peer.build(lucene_peer.lines_of(name, lambda: rows(name)), folder, threads=2)
    return folder


def _lucene(folder: Path, questions: Sequence[Question]) -> Times:
    asked = [(q.name, q.kind, f"{q.session}|{q.words}" if q.kind == "session" else q.words) for q in questions]
    return lucene_peer.times(folder, asked, repeats=1)[0]
