"""`python -m bench.nearest`: how long the nearest of many clauses take, and whether they are the nearest.

Vectors at scale are made from real ones: those that `bench.meaning` has in its cache, each moved a little at random.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.machine import describe
from bench.metrics import percentile
from bench.places import CACHE
from bench.report import save, table
from index.meaning.encoder import open_encoder
from index.meaning.filling import ROWS_A_FILE
from index.meaning.prepared import KEY_BYTES
from index.meaning.vector_file import FOLDER, listed, packed, write
from index.meaning.vectors import Vectors

SIZES = (100_000, 1_000_000)
MOVED = 0.25  # of a vector's length, at random: about as far as a paraphrase is
QUESTIONS = 50
WORDS = ("ما حكم الزكاة في المال", "التعاون الاقتصادي بين الدول الأعضاء", "من بنى الكعبة؟", "child protection")
Floats = NDArray[np.float32]


def made(real: Floats, count: int, seed: int) -> Floats:
    """Return `count` vectors of length 1 near randomly drawn real ones."""
    draw = np.random.default_rng(seed)
    found: Floats = real[draw.integers(0, len(real), count)]
    found += np.float32(MOVED / real.shape[1] ** 0.5) * draw.standard_normal(found.shape, dtype=np.float32)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found


def real_vectors() -> Floats:
    """Return the vectors that bench.meaning kept; random ones where it never ran."""
    folders = [path for path in (CACHE / "meaning").glob("*") if (path / FOLDER).is_dir()]
    parts = [file.rows.floats(range(len(file.rows))) for folder in folders for file in listed(folder)]
    if parts:
        return np.concatenate(parts)
    print("bench.meaning never ran: random vectors stand in for real ones", file=sys.stderr)
    return np.random.default_rng(1).standard_normal((2_000, 384)).astype(np.float32)


def measured(real: Floats, count: int) -> list[object]:
    """Return a row of the table: size, bytes, milliseconds by simsimd and by NumPy, recall@10 of the exact order."""
    generation = CACHE / "nearest"
    shutil.rmtree(generation, ignore_errors=True)
    generation.mkdir(parents=True)
    questions = made(real, QUESTIONS, 7)
    best = [(np.zeros(0, np.int64), np.zeros(0, np.float32))] * QUESTIONS
    for number, first in enumerate(range(0, count, ROWS_A_FILE)):
        vectors = made(real, min(ROWS_A_FILE, count - first), 100 + number)
        rows = packed([bytes(KEY_BYTES)] * len(vectors), vectors)
        write(generation / FOLDER, first, rows, "", "")
        vectors = rows.floats(range(len(rows)))  # exact means: every stored vector, compared in float32
        scores = questions @ vectors.T
        for place in range(QUESTIONS):
            top = np.argpartition(-scores[place], 10)[:10]
            numbers = np.concatenate((best[place][0], top + first))
            values = np.concatenate((best[place][1], scores[place, top]))
            kept = np.argsort(-values)[:10]
            best[place] = numbers[kept], values[kept]
    opened = Vectors(generation, {"fingerprint": "", "dimension": real.shape[1]})
    found, fast = _asked(opened, questions)
    recall = float(np.mean([len(set(a.tolist()) & set(b[0].tolist())) / 10 for a, b in zip(found, best, strict=True)]))
    opened._dot = None
    _, slow = _asked(opened, questions[:10])
    size = sum(path.stat().st_size for path in (generation / FOLDER).iterdir())
    shutil.rmtree(generation)
    return [count, size // 1_000_000, percentile(fast, 0.5), percentile(fast, 0.99), percentile(slow, 0.5), recall]


def _asked(opened: Vectors, questions: Floats) -> tuple[list[Any], list[float]]:
    opened.nearest(questions[0], 10)
    found, milliseconds = [], []
    for question in questions:
        started = time.process_time()
        found.append(opened.nearest(question, 64)[0][:10])
        milliseconds.append((time.process_time() - started) * 1000)
    return found, milliseconds


def _times(ask: Callable[[str], Any]) -> list[float]:
    ask(WORDS[0])
    found = []
    for word in WORDS * 5:
        started = time.process_time()
        ask(word)
        found.append((time.process_time() - started) * 1000)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, save."""
    top = argparse.ArgumentParser("python -m bench.nearest", description=__doc__)
    top.add_argument("--clauses", type=int, action="append", metavar="N", help=f"sizes (default: {SIZES})")
    top.add_argument("--no-save", action="store_true", help="do not write to bench/runs")
    options = top.parse_args(arguments)
    machine, real = describe(), real_vectors()
    heads = ("clauses", "MB", "p50 ms", "p99 ms", "NumPy p50 ms", "recall@10")
    text = table(heads, [measured(real, count) for count in options.clauses or SIZES])
    encoder = open_encoder()
    query = percentile(_times(lambda words: encoder.queries([words])), 0.5)
    text += f"\n\nThe vector of a query takes {query:.1f} ms. All times are of the processor, one thread."
    print(text)
    if not options.no_save and not options.clauses:
        print(f"\nwritten to bench/runs/{save('nearest', {'text': text}, text, machine).name}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
