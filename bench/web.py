"""`python -m bench.web`: the whole results page over HTTP, alone and at 8 connections, beside Datasette with FTS5."""

from __future__ import annotations

import argparse
import http.client
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from bench import datasette_peer
from bench.corpora import rows_of
from bench.indexes import index_of
from bench.machine import describe
from bench.metrics import percentile
from bench.places import CHECKOUT, BenchProblem, data_file
from bench.query_samples import Question, draw
from bench.report import save, table
from index.engine import IndexProblem

CORPUS = "hadith"
ASKED = ("three words", "common word", "rare word", "2–4 all", "in one session")  # what both can be asked
WARM_UP = 30
CONNECTIONS = 8
SEED = 1437
FLATNESS = 0.6  # exponent of the law of Zipf by which pages are asked again: half of them are
NOTHING_KEPT = ["--remember-mb", "0"]
PEER = "Datasette, no facets suggested"
STARTING = 60.0  # seconds a server may take until it answers
Figures = dict[str, float]


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    top = argparse.ArgumentParser("python -m bench.web", description=__doc__)
    top.add_argument("--queries", type=int, default=100, metavar="N", help="queries of every class (default 100)")
    top.add_argument("--no-save", action="store_true", help="do not write to bench/runs")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, save; exit code 0, or 2 with a sentence where something is missing."""
    options = parser().parse_args(arguments)
    try:
        return _run(options)
    except (BenchProblem, IndexProblem) as problem:
        print(problem, file=sys.stderr)
        return 2


def _run(options: argparse.Namespace) -> int:
    machine = describe()
    questions = [question for question in draw(rows_of(CORPUS), options.queries) if question.name in ASKED]
    questions = list({page(question): question for question in questions}.values())  # each is asked once
    index = index_of(CORPUS, [data_file("corpora", f"{CORPUS}.jsonl.gz")])
    served: dict[str, Figures] = {}
    for name, more in (("Kashshaf", NOTHING_KEPT), ("Kashshaf, two processes", [*NOTHING_KEPT, "--processes", "2"])):
        with serving(ours(index, more)) as port:
            served[name] = measure(port, [page(question) for question in questions])
            if name == "Kashshaf":
                for kind in ASKED:
                    alone = [page(question) for question in questions if question.name == kind]
                    served[f"{name}, {kind}"] = spread(port, alone)
    with serving(ours(index, [])) as port:
        served["Kashshaf, a day's mix"] = mixed(port, [page(question) for question in questions])
    if datasette_peer.command():
        database = datasette_peer.database(rows_of(CORPUS), CORPUS)
        peer = [datasette_peer.address(database, question) for question in questions]
        for name, suggesting in (("Datasette", True), (PEER, False)):
            with serving(datasette_peer.arguments(database, 0, suggesting=suggesting)) as port:
                served[name] = measure(port, peer)
                if not suggesting:
                    served[f"{PEER}, a day's mix"] = mixed(port, peer)
    heads = ("page", "p50 ms", "p99 ms", "per second")
    text = f"### The results page on {CORPUS}; {CONNECTIONS} connections for the rate\n\n"
    text += table(heads, [[name, *(figures.get(head) for head in heads[1:])] for name, figures in served.items()])
    text += f"\n\n{_told(served)}"
    print(f"\n{text}", flush=True)
    if not options.no_save:
        print(f"\nwritten to bench/runs/{save('web', dict(served), text, machine).name}/")
    return 0


def _told(served: dict[str, Figures]) -> str:
    """Return what the figures say: how many times the peer's rate, and what was remembered for it."""
    mix = served["Kashshaf, a day's mix"]
    how = (
        f"Each page of a row is asked once, nothing is remembered, but in the day's mix: as many pages drawn from the "
        f"same ones by Zipf's law, of which Kashshaf had {mix['remembered']:.0%} in memory; Datasette remembers none."
    )
    if PEER not in served:
        return f"{how} Datasette is left out: there is none. bench/datasette_peer.py says how to install it."
    pairs = (
        ("Kashshaf", "Datasette"),
        ("Kashshaf", PEER),
        ("Kashshaf, two processes", PEER),
        ("Kashshaf, a day's mix", f"{PEER}, a day's mix"),
    )
    times = [f"{a}: {served[a]['per second'] / served[b]['per second']:.1f} × {b}" for a, b in pairs]
    return f"{how}\n\nPages a second. {'; '.join(times)}."


def ours(index: Path, more: Sequence[str]) -> list[str]:
    """Return the command that serves our page."""
    return [sys.executable, "-m", "web", "--index", str(index), "--rate", "0", "--threads", "8", *more]


def page(question: Question) -> str:
    """Return the address of our page for a question."""
    asked = {"q": question.words}
    if question.kind == "all":
        asked["match"] = "all"
    if question.session:
        asked["session"] = question.session
    return f"/search?{urlencode(asked)}"


def measure(port: int, addresses: Sequence[str]) -> Figures:
    """Return p50 and p99 of one reader's pages, and the pages a second of `CONNECTIONS` readers."""
    spread(port, addresses[:WARM_UP])
    return spread(port, addresses[WARM_UP:]) | {"per second": rate(port, addresses[WARM_UP:])}


def mixed(port: int, addresses: Sequence[str]) -> Figures:
    """Return pages a second of a day's readers, who ask for some pages often, and the share of pages remembered."""
    chance = random.Random(SEED)
    weights = [place**-FLATNESS for place in range(1, len(addresses) + 1)]
    drawn = chance.choices(chance.sample(addresses, len(addresses)), weights, k=len(addresses))
    kept: list[bool] = []
    return {"per second": rate(port, drawn, kept), "remembered": sum(kept) / len(addresses)}


def spread(port: int, addresses: Sequence[str]) -> Figures:
    """Return p50 and p99 in ms of pages asked one after the other over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    times = []
    for address in addresses:
        started = time.perf_counter()
        _fetch(connection, address)
        times.append((time.perf_counter() - started) * 1000)
    connection.close()
    return {"p50 ms": percentile(times, 0.5), "p99 ms": percentile(times, 0.99)}


def rate(port: int, addresses: Sequence[str], kept: list[bool] | None = None) -> float:
    """Return pages a second when `CONNECTIONS` readers ask for all addresses together; `kept`: which had an Age."""
    faults: list[BaseException] = []

    def read(own: Sequence[str]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        try:
            for address in own:
                remembered = _fetch(connection, address)
                if kept is not None:
                    kept.append(remembered)
        except (OSError, http.client.HTTPException, BenchProblem) as fault:
            faults.append(fault)
        finally:
            connection.close()

    readers = [threading.Thread(target=read, args=(addresses[n::CONNECTIONS],)) for n in range(CONNECTIONS)]
    started = time.perf_counter()
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    if faults:
        raise BenchProblem(f"A page could not be had under load: {faults[0]}.")
    return len(addresses) / (time.perf_counter() - started)


def _fetch(connection: http.client.HTTPConnection, address: str) -> bool:
    connection.request("GET", address)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise BenchProblem(f"{address} was answered with {answer.status}: {body[:200].decode(errors='replace')}")
    return answer.getheader("Age") is not None


@contextmanager
def serving(arguments: list[str]) -> Iterator[int]:
    """Start a server on a free port (0 or missing in `arguments`), yield the port once it answers, end it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    if "--port" in arguments:
        arguments[arguments.index("--port") + 1] = str(port)
    else:
        arguments = [*arguments, "--port", str(port)]
    process = subprocess.Popen(
        arguments, cwd=CHECKOUT, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(process, port, arguments[0])
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(process: subprocess.Popen[bytes], port: int, name: str) -> None:
    until = time.monotonic() + STARTING
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise BenchProblem(f"{name} does not answer within {STARTING:.0f} seconds.")


if __name__ == "__main__":
    sys.exit(main())
