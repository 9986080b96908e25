"""From raw text to terms and to a searchable index, beside Lucene: rates, peak memory, size."""

from __future__ import annotations

import shutil
from pathlib import Path

from bench import lucene_peer
from bench.child import Ran, run
from bench.corpora import corpus, rows, text_bytes
from bench.places import CACHE, folder_bytes
from bench.rows import Row, middle

COLD, WARM = "Lucene, new process", "Lucene, warm"
PASSES = 3


def analysing(name: str, repeats: int) -> list[Row]:
    """Return the rates of analysis in one thread, MB of text a second: ours at all levels, Lucene's one."""
    lines = lucene_peer.lines_of(name, lambda: rows(name))
    megabytes = text_bytes(name) / 1e6
    ours, peers = [], []
    for _ in range(repeats):
        ran = run(["-m", "bench.analysis_pass", str(corpus(name)), str(PASSES)])
        ours.append([float(line) for line in ran.output.split()])
        peers.append(lucene_peer.analysis(lines, repeats=2 * PASSES))
    cold = Row("analysis", "analysis, all levels, one core, cold", name, "MB/s", _rate(megabytes, ours, first=True),
               _rate(megabytes, peers, first=True), COLD, 2.0, True)
    warm = Row("analysis", "analysis, all levels, one core, warm", name, "MB/s", _rate(megabytes, ours, first=False),
               _rate(megabytes, peers, first=False), WARM, 3.0, True)
    return [cold, warm]


def _rate(megabytes: float, runs: list[list[float]], *, first: bool) -> float:
    return middle([megabytes / (passes[0] if first else min(passes[1:])) for passes in runs])


def building(name: str, repeats: int) -> list[Row]:
    """Return rates, peak memory and size of our index with all fields and with the stem field alone, and Lucene's."""
    lines = lucene_peer.lines_of(name, lambda: rows(name))
    size = text_bytes(name)
    whole: list[Ran] = []
    stems: list[Ran] = []
    cold, warm, peaks = [], [], []
    folder = CACHE / "built"
    for _ in range(repeats):
        whole.append(_built(["-m", "index.cli", "build", str(corpus(name)), "--index", str(folder), "--quiet"], folder))
        ours = folder_bytes(folder)
        seconds, peak = _lucene(lines, folder)
        cold.append(seconds[0][0])
        warm.append(min(wall for wall, _ in seconds))
        peaks.append(peak)
        theirs = folder_bytes(folder)
        stems.append(_built(["-m", "bench.stem_only", str(corpus(name)), str(folder)], folder))
    shutil.rmtree(folder, ignore_errors=True)

    def rate(seconds: list[float]) -> float:
        return middle([size / 1e6 / each for each in seconds])

    all_fields = rate([ran.seconds for ran in whole])
    one_field = rate([ran.seconds for ran in stems])
    peak_mb = middle([ran.peak / 1e6 for ran in whole])
    told = "raw text to index, all our fields, 2 cores"
    return [
        Row("building", told, name, "MB/s", all_fields, rate(warm), f"{WARM}, one stem field, 2 threads", 1.0, True),
        Row("building", told, name, "MB/s", all_fields, rate(cold), f"{COLD}, one stem field, 2 threads", None, True),
        Row("building", "raw text to index, our stem field alone", name, "MB/s", one_field, rate(warm),
            f"{WARM}, one stem field, 2 threads", 1.3, True),
        Row("building", "processor seconds, all our fields", name, "s", middle([ran.cpu for ran in whole])),
        Row("memory", "peak memory of all our processes", name, "MB", peak_mb, None, "", 700.0),
        Row("memory", "peak memory beside Lucene's", name, "MB", peak_mb, middle([peak / 1e6 for peak in peaks]),
            "Lucene, 2 threads"),
        Row("size", "index ÷ text, everything", name, "×", round(ours / size, 3), None, "", 1.2),
        Row("size", "index beside Lucene's", name, "MB", round(ours / 1e6, 1), round(theirs / 1e6, 1),
            "Lucene, one field"),
    ]


def _built(arguments: list[str], folder: Path) -> Ran:
    shutil.rmtree(folder, ignore_errors=True)
    return run(arguments)


def _lucene(lines: Path, folder: Path) -> tuple[list[tuple[float, float]], int]:
    shutil.rmtree(folder, ignore_errors=True)
    return lucene_peer.build(lines, folder, threads=2, repeats=2)

