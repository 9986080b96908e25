"""Rows → entries in batches: in this process while there are few, in a second one beside it when there are many.

Analysing takes about as long as all the rest of building together, so two processes make use of two cores. The second
process does nothing but analysis and alone numbers the words; batches come back in the order in which they were sent.
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
Answer = tuple[list[tuple[object, ...]], list[str]]  # entries as plain tuples, words that were new

ALONE_BATCHES = 8  # so many batches are analysed here before a second process is worth its start
AHEAD = 4  # batches on their way to and from the second process


def entries_of(
    batches: Iterable[Rows], analyzer: Analyzer, numbers: WordNumbers, *, processes: int
) -> Iterator[list[Entry]]:
    """Yield the entries of each batch, in order; new words are added to `numbers`.

    With one process, or few batches, everything happens here. Raises `IndexProblem` when the second process dies.
    """
    waiting = iter(batches)
    for count, batch in enumerate(waiting, 1):
        yield [entry_of(row, analyzer, numbers, symbol_keys) for row in batch]
        if processes > 1 and count == ALONE_BATCHES:
            break
    else:
        return
    yield from _beside(waiting, analyzer.kind, numbers)


def _beside(batches: Iterator[Rows], kind: str, numbers: WordNumbers) -> Iterator[list[Entry]]:
    context = multiprocessing.get_context("spawn")  # a fork would copy the engine's threads half
    pool = ProcessPoolExecutor(1, context, initializer=_begin, initargs=(kind, list(numbers)))
    sent: deque[Future[Answer]] = deque()
    try:
        for batch in batches:
            sent.append(pool.submit(_analyse, batch))
            if len(sent) >= AHEAD:
                yield _received(sent.popleft(), numbers)
        while sent:
            yield _received(sent.popleft(), numbers)
    except BrokenProcessPool as problem:
        raise IndexProblem(
            "The process that analyses the texts has ended unexpectedly; the old index stays. "
            "Run the build again, with --processes 1 if memory is short."
        ) from problem
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _received(answer: Future[Answer], numbers: WordNumbers) -> list[Entry]:
    entries, words = answer.result()
    numbers.numbers(words)
    return [Entry(*entry) for entry in entries]  # type: ignore[arg-type]


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


# What the second process works with; set once by `_begin`.
_analyzer: Analyzer
_numbers: WordNumbers


def _begin(kind: str, words: list[str]) -> None:
    global _analyzer, _numbers
    gc.disable()  # see without_collector
    _analyzer = Analyzer(kind)
    _numbers = WordNumbers((word, number) for number, word in enumerate(words))


def _analyse(batch: Rows) -> Answer:
    known = len(_numbers)
    entries = [tuple(entry_of(row, _analyzer, _numbers, symbol_keys)) for row in batch]
    return entries, list(_numbers)[known:] if len(_numbers) > known else []
