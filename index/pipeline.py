"""Rows → entries in batches: in this process while there are few, with a second one beside it when there are many.

The second process reads texts (`index.word_table`) and sends back numbers; this one makes entries of them and feeds the
engine. Batches are given on in the order in which they came, and words are numbered here alone.
"""

from __future__ import annotations

import gc
import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from index.analysis import Analyzer
from index.clause import TERM_FIELDS
from index.engine import Entry, IndexProblem
from index.entry import batch_entries
from index.form_columns import FormColumns
from index.word_table import Batch, WordTable
from index.words import WordNumbers

Rows = list[dict[str, object]]

ALONE_BATCHES = 4  # so many batches are read here before a second process is worth its start
AHEAD = 8  # batches on their way to and from the second process


def entries_of(
    batches: Iterable[Rows],
    analyzer: Analyzer,
    numbers: WordNumbers,
    *,
    processes: int,
    fields: Sequence[str] = TERM_FIELDS,
) -> Iterator[list[Entry]]:
    """Yield the entries of each batch, in order; new words are added to `numbers`.

    With one process, or few batches, everything happens here. Raises `IndexProblem` when the second process dies.
    """
    table, columns = WordTable(analyzer), FormColumns(numbers, fields)
    waiting = iter(batches)
    for count, batch in enumerate(waiting, 1):
        yield batch_entries(batch, columns.texts(table.read(_texts(batch))), analyzer)
        if processes > 1 and count == ALONE_BATCHES:
            break
    else:
        return
    del table, columns
    yield from _beside(waiting, analyzer, FormColumns(numbers, fields))


def _beside(batches: Iterator[Rows], analyzer: Analyzer, columns: FormColumns) -> Iterator[list[Entry]]:
    """Texts go to the second process, which is kept busy with a few batches ahead."""
    context = multiprocessing.get_context("spawn")  # a fork would copy the engine's threads half
    pool = ProcessPoolExecutor(1, context, initializer=_begin, initargs=(analyzer.kind,))
    waiting: deque[tuple[Rows, Future[Batch]]] = deque()

    def first() -> list[Entry]:
        rows, answer = waiting.popleft()
        return batch_entries(rows, columns.texts(answer.result()), analyzer)

    try:
        for batch in batches:
            waiting.append((batch, pool.submit(_read, _texts(batch))))
            if len(waiting) >= AHEAD:
                yield first()
        while waiting:
            yield first()
    except BrokenProcessPool as problem:
        raise IndexProblem(
            "The process that analyses the texts has ended unexpectedly; the old index stays. "
            "Run the build again, with --processes 1 if memory is short."
        ) from problem
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _texts(batch: Rows) -> list[str]:
    return [str(row["text"]) for row in batch]


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


_table: WordTable  # of the second process, set once by `_begin`


def _begin(kind: str) -> None:
    global _table
    gc.disable()  # see without_collector
    _table = WordTable(Analyzer(kind))


def _read(texts: list[str]) -> Batch:
    return _table.read(texts)
