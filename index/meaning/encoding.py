"""Encoding in several processes of one thread each: two thread pools on the same cores would wait for each other."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from index.engine import IndexProblem
from index.meaning.encoder import Encoder, open_encoder

if TYPE_CHECKING:
    from index.meaning.model_file import Floats

AT_ONCE = 32  # texts that one process gets at a time
MOST_PROCESSES = 8  # each holds 0.4 GB, so that 4 GiB are never exceeded
# One thread a process, in every library that might bring threads of its own.
SINGLE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1") | {
    "OMP_WAIT_POLICY": "passive",
    "TOKENIZERS_PARALLELISM": "false",
}


class Encoding:
    """A context that makes vectors of clauses, in other processes where `processes` is more than 1."""

    def __init__(self, encoder: Encoder, processes: int) -> None:
        self.encoder = encoder
        self.processes = min(processes, MOST_PROCESSES)
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=error[0] is None, cancel_futures=True)

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Return [texts, dimension] float32, in the order of `texts`."""
        import numpy as np

        order = sorted(range(len(texts)), key=lambda number: len(texts[number]), reverse=True)
        parts = [order[start : start + AT_ONCE] for start in range(0, len(order), AT_ONCE)]
        found = np.empty((len(texts), self.encoder.dimension), np.float32)
        for part, made in zip(parts, self._made([[texts[n] for n in part] for part in parts]), strict=True):
            found[part] = made
        return found

    def _made(self, parts: Sequence[Sequence[str]]) -> Iterator[Floats]:
        if self.processes < 2 or len(parts) < 2:
            yield from map(self.encoder.clauses, parts)
            return
        try:
            if self._pool is None:
                with single_threads():
                    self._pool = ProcessPoolExecutor(
                        self.processes,
                        multiprocessing.get_context("spawn"),
                        initializer=_begin,
                        initargs=(self.encoder.source,),
                    )
                    yield from self._pool.map(_clauses, parts)  # the processes start with the first texts
                    return
            yield from self._pool.map(_clauses, parts)
        except BrokenProcessPool as problem:
            raise IndexProblem(
                "A process that encodes clauses has ended unexpectedly; what was encoded is kept. "
                "Run the command again, with --processes 1 if memory is short."
            ) from problem


@contextmanager
def single_threads() -> Iterator[None]:
    """Let processes that start meanwhile keep to one thread."""
    before = {name: os.environ.get(name) for name in SINGLE}
    os.environ.update(SINGLE)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


_encoder: Encoder  # of an encoding process, set once by `_begin`


def _begin(source: str) -> None:
    global _encoder
    _encoder = open_encoder(source)


def _clauses(texts: Sequence[str]) -> Floats:
    return _encoder.clauses(texts)
