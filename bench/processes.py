"""What a person waits for outside a running server: a whole command, a clause added until it is found, a page."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time

import orjson

from bench import datasette_peer, python_peers, web
from bench.child import run, run_program
from bench.corpora import corpus, rows
from bench.indexes import index_of
from bench.places import CACHE
from bench.query_samples import draw
from bench.rows import Row, middle

ASKED = 3  # questions that are asked as whole processes
PAGES = 40  # of each class


def starting(name: str, repeats: int) -> list[Row]:
    """Return seconds and peak memory of `python -m search.cli` as a whole process, beside FTS5 through apsw."""
    folder = index_of(name, [corpus(name)])
    reason = python_peers.missing()
    questions = [question.words for question in draw(rows(name), ASKED) if question.name == "three words"]
    database = None if reason else python_peers.database(name, lambda: rows(name))
    ours, theirs = [], []
    for words in questions:
        run(["-m", "search.cli", words, "--index", str(folder)])  # the files are in the system's memory for both
        for _ in range(repeats):
            ours.append(run(["-m", "search.cli", words, "--index", str(folder), "--format", "json"]))
            if database:
                theirs.append(run_program(python_peers.ask(database, words)))
    seconds, peak = middle([ran.seconds for ran in ours]), middle([ran.peak / 1e6 for ran in ours])
    told = "python -m search.cli, whole process"
    found = [Row("process", told, name, "s", seconds, None, "", 0.25),
             Row("process", f"{told}, peak memory", name, "MB", peak, None, "", 80.0),
             Row("process", f"{told}, processor seconds", name, "s", middle([ran.cpu for ran in ours]))]
    if theirs:
        found.append(Row("process", told, name, "s", seconds, middle([ran.seconds for ran in theirs]),
                         "SQLite FTS5 by apsw", 2.0))
    return found


def adding(name: str, repeats: int) -> list[Row]:
    """Return the milliseconds from a clause in a file to its being found, in a running process with an open index."""
    from index.build import add
    from search.searcher import Searcher

    folder = CACHE / "growing"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(index_of(name, [corpus(name)]), folder)
    taken = []
    searcher = Searcher.open(str(folder))
    try:
        searcher.search("الصلاة")
        for number in range(repeats + 1):
            word = f"زغبرقشنط{'ابتثجحخدذر'[number % 10]}"
            row = {"id": f"new-{number}", "session": "1", "theme": "new", "text": f"كلمة {word} جديدة"}
            with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
                file.write(orjson.dumps(row))
                file.flush()
                started = time.perf_counter()
                add([file.name], str(folder))
                before, searcher = searcher, searcher.refresh()
                found = searcher.search(word, facets=()).hits
                taken.append((time.perf_counter() - started) * 1000)
            if before is not searcher:
                before.close()
            assert found[0].id == f"new-{number}"
    finally:
        searcher.close()
        shutil.rmtree(folder, ignore_errors=True)
    return [Row("adding", "one clause added until it is found, running process", name, "ms", middle(taken[1:]), None,
                "", 50.0)]


def serving(name: str) -> list[Row]:
    """Return pages a second over eight connections, beside Datasette with FTS5; neither remembers answers."""
    questions = [question for question in draw(rows(name), PAGES) if question.name in web.ASKED]
    folder = index_of(name, [corpus(name)])
    command = [sys.executable, "-m", "web", "--index", str(folder), "--rate", "0", "--threads", "8",
               "--remember-mb", "0"]
    with web.serving(command) as port:
        ours = web.measure(port, [web.page(question) for question in questions])
    found = [Row("web", "results page over HTTP, p50", name, "ms", round(ours["p50 ms"], 2))]
    python_peers.missing()
    peers = (("Datasette with FTS5", True, 10.0), ("Datasette with FTS5, no facets suggested", False, None))
    for peer, suggesting, goal in peers if datasette_peer.command() else ():
        database = datasette_peer.database(rows(name), f"{name}-page")
        with web.serving(datasette_peer.arguments(database, 0, suggesting=suggesting)) as port:
            theirs = web.measure(port, [datasette_peer.address(database, question) for question in questions])
        found.append(Row("web", "results pages a second, 8 connections", name, "1/s", round(ours["per second"], 1),
                         round(theirs["per second"], 1), peer, goal, True))
    return found

