"""`python -m bench.analysis_pass FILE PASSES`: seconds of each pass over a collection's texts, all levels.

One thread of a process of its own, so that in the first pass every word is new: no dictionary of an earlier pass helps.
Texts go in by batches, as in building; what comes out are the terms of every word at every level, told once a word.
"""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path

import orjson

from index.analysis import Analyzer
from index.intake import BATCH
from index.word_table import WordTable


def main() -> int:
    """Print the seconds of each pass; the texts are in memory before the first begins."""
    texts = [orjson.loads(line)["text"] for line in Path(sys.argv[1]).read_bytes().splitlines()]
    gc.disable()  # as building does, see index.pipeline
    table = WordTable(Analyzer())
    table.read(["مادة"])  # opens the lexicon
    for _ in range(int(sys.argv[2])):
        started = time.perf_counter()
        for begin in range(0, len(texts), BATCH):
            table.read(texts[begin : begin + BATCH])
        print(time.perf_counter() - started)
    return 0


if __name__ == "__main__":
    sys.exit(main())
