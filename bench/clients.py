"""Many clients at once: processes with threads that ask without pause for some seconds, and what they met."""

from __future__ import annotations

import multiprocessing
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from bench.metrics import percentile
from bench.places import BenchProblem
from bench.query_samples import Question

PROCESSES = 4  # at most; a page's server has workers as well, and one Python process alone would measure itself
WARM_UP = 60  # questions of every process before anything counts
STARTING = 120.0  # seconds


@dataclass(frozen=True, slots=True)
class Target:
    """Who is asked: `ours` by its address, else the peer by its nodes' addresses."""

    addresses: tuple[str, ...]
    ours: str = ""


@dataclass(frozen=True, slots=True)
class Load:
    """What clients met: percentiles in ms, answers a second, how many were asked."""

    clients: int
    p50_ms: float
    p99_ms: float
    per_second: float
    asked: int


def load(target: Target, questions: Sequence[Question], clients: int, seconds: float) -> Load:
    """Return what `clients` met that asked for `seconds`. Raises BenchProblem when an answer failed."""
    context = multiprocessing.get_context("spawn")
    count = min(clients, PROCESSES)
    began: list[tuple[Any, Connection]] = []
    try:
        for number in range(count):
            here, there = context.Pipe()
            threads = clients // count + (number < clients % count)
            process = context.Process(target=_serve, args=(there, target, list(questions), number, threads, seconds),
                                      daemon=True)
            process.start()
            began.append((process, here))
        _heard(began)  # all are warm
        for _, pipe in began:
            pipe.send("go")
        times = [one for answer in _heard(began) for one in answer]
    finally:
        for process, _ in began:
            process.join(5)
            if process.is_alive():
                process.kill()
    return Load(clients, round(percentile(times, 0.5), 2), round(percentile(times, 0.99), 2),
                round(len(times) / seconds, 1), len(times))


def _heard(began: Sequence[tuple[object, Connection]]) -> list[list[float]]:
    found = []
    for _, pipe in began:
        if not pipe.poll(STARTING):
            raise BenchProblem(f"A client did not answer within {STARTING:.0f} seconds.")
        said = pipe.recv()
        if isinstance(said, str):
            raise BenchProblem(f"A client could not ask: {said}")
        found.append(said)
    return found


def _serve(pipe: Connection, target: Target, questions: list[Question], number: int, threads: int,
           seconds: float) -> None:
    try:
        ask = asker(target)
        for question in questions[:WARM_UP]:
            ask(question)
        pipe.send([])
        pipe.recv()
        pipe.send(_together(ask, questions, number, threads, seconds))
    except Exception as error:  # told to who measures, who ends the run
        pipe.send(f"{type(error).__name__}: {error}")


def _together(ask: Callable[[Question], object], questions: list[Question], number: int, threads: int,
              seconds: float) -> list[float]:
    times: list[float] = []
    failed: list[Exception] = []
    until = time.perf_counter() + seconds

    def work(thread: int) -> None:
        own = random.Random(1_000 * number + thread).sample(questions, len(questions))
        place = 0
        while time.perf_counter() < until and not failed:
            started = time.perf_counter()
            try:
                ask(own[place % len(own)])
            except Exception as error:
                failed.append(error)
            times.append((time.perf_counter() - started) * 1000)
            place += 1

    crew = [threading.Thread(target=work, args=(thread,)) for thread in range(threads)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    if failed:
        raise failed[0]
    return times


def asker(target: Target) -> Callable[[Question], object]:
    """Return what asks the target for one page."""
    if target.ours:
        from bench.asking import page
        from search import open_index

        searcher = open_index(target.ours)
        return lambda question: page(searcher, question)
    from bench import opensearch_peer

    client = opensearch_peer.client(target.addresses)
    return lambda question: opensearch_peer.ask(client, question)
