"""How time, memory and size grow from 125 thousand over 1.25 to 5 million clauses of one composition."""

from __future__ import annotations

import shutil
from functools import partial

from bench.asking import PAGE_CLASS, one_field, page, timed
from bench.child import run
from bench.corpora import SIZES, corpus, rows, text_bytes
from bench.metrics import percentile
from bench.places import CACHE, folder_bytes
from bench.query_samples import draw
from bench.rows import Row
from search.searcher import Searcher

STEPS = ("A-of-G", "B", "G")
SECONDS, MEMORY, BYTES = "building", "peak memory", "index"
ENGINE, PAGE = "one field", "full page"


def growing(count: int, steps: tuple[str, ...] = STEPS) -> list[Row]:
    """Return building time, memory, size and latencies of each step; the larger index is removed at the end."""
    found: list[Row] = []
    folder = CACHE / "grown"
    for name in steps:
        shutil.rmtree(folder, ignore_errors=True)
        ran = run(["-m", "index.cli", "build", str(corpus(name)), "--index", str(folder), "--quiet"])
        size = folder_bytes(folder)
        label = f"{SIZES[name].clauses:,}"

        def told(what: str, unit: str, value: float, label: str = label) -> None:
            found.append(Row("growth", what, label, unit, round(value, 3)))

        told(SECONDS, "s", ran.seconds)
        told(MEMORY, "MB", ran.peak / 1e6)
        told(BYTES, "MB", size / 1e6)
        told("text", "MB", text_bytes(name) / 1e6)
        questions = [question for question in draw(rows(name), count) if question.name == PAGE_CLASS]
        searcher = Searcher.open(str(folder))
        try:
            for what, ask in ((ENGINE, one_field), (PAGE, page)):
                times = timed(questions, partial(ask, searcher))[PAGE_CLASS]
                for share in (0.5, 0.99):
                    told(f"{what}, p{share * 100:.0f}", "ms", percentile(times, share))
        finally:
            searcher.close()
        print(f"{label}: {ran.seconds:.0f} s, {ran.peak / 1e6:.0f} MB, {size / 1e6:.0f} MB", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    return found
