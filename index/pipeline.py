"""Rows → entries in batches: in this process while there are few, in a second one beside it when there are many.

Analysing takes longer than all the rest of building together, so a second process takes most of it and this one what is
left over. Batches are given on in the order in which they came, and words are numbered here alone.
"""

from __future__ import annotations

import gc
import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from index.analysis import Analyzer
from index.engine import Entry, IndexProblem
from index.entry import entry_of
from index.symbol import symbol_keys
from index.words import WordNumbers

Rows = list[dict[str, object]]
# Entries as plain tuples, the numbers of their words still to come.
Answer = list[tuple[str, dict[str, str], dict[str, tuple[str, ...]], int, bytes]]

ALONE_BATCHES = 8  # so many batches are analysed here before a second process is worth its start
AHEAD = 5  # batches on their way to and from the second process
HELD = 12  # batches held back until those before them are ready


def entries_of(
    batches: Iterable[Rows], analyzer: Analyzer, numbers: WordNumbers, *, processes: int
) -> Iterator[list[Entry]]:
    """Yield the entries of each batch, in order; new words are added to `numbers`.

    With one process, or few batches, everything happens here. Raises `IndexProblem` when the second process dies.
    """
    waiting = iter(batches)
    for count, batch in enumerate(waiting, 1):
        yield _numbered(_entries(batch, analyzer), numbers)
        if processes > 1 and count == ALONE_BATCHES:
            break
    else:
        return
    yield from _beside(waiting, analyzer, numbers)


def _beside(batches: Iterator[Rows], analyzer: Analyzer, numbers: WordNumbers) -> Iterator[list[Entry]]:
    """Batches go to the second process; while it is busy with enough of them, this one takes its share as well."""
    context = multiprocessing.get_context("spawn")  # a fork would copy the engine's threads half
    pool = ProcessPoolExecutor(1, context, initializer=_begin, initargs=(analyzer.kind,))
    waiting: deque[Future[Answer] | Answer] = deque()
    try:
        for batch in batches:
            if sum(isinstance(held, Future) and not held.done() for held in waiting) < AHEAD:
                waiting.append(pool.submit(_analyse, batch))
            else:
                waiting.append(_entries(batch, analyzer))
            while waiting and (len(waiting) >= HELD or not isinstance(waiting[0], Future) or waiting[0].done()):
                yield _numbered(waiting.popleft(), numbers)
        while waiting:
            yield _numbered(waiting.popleft(), numbers)
    except BrokenProcessPool as problem:
        raise IndexProblem(
            "The process that analyses the texts has ended unexpectedly; the old index stays. "
            "Run the build again, with --processes 1 if memory is short."
        ) from problem
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _numbered(answer: Future[Answer] | Answer, numbers: WordNumbers) -> list[Entry]:
    """Give the words of a batch their numbers: only here, so that both processes agree on them."""
    entries = answer.result() if isinstance(answer, Future) else answer
    return [
        Entry(id_, terms, values, date, row, numbers.numbers(terms["folded"].split()))
        for id_, terms, values, date, row in entries
    ]


def _entries(batch: Rows, analyzer: Analyzer) -> Answer:
    return [entry_of(row, analyzer, symbol_keys)[:5] for row in batch]


@contextmanager
def without_collector() -> Iterator[None]:
    """Keep Python's cycle collector off: building makes no cycles, and looking for them costs a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


_analyzer: Analyzer  # of the second process, set once by `_begin`


def _begin(kind: str) -> None:
    global _analyzer
    gc.disable()  # see without_collector
    _analyzer = Analyzer(kind)


def _analyse(batch: Rows) -> Answer:
    return _entries(batch, _analyzer)
