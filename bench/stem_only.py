"""`python -m bench.stem_only FILE FOLDER`: raw text to a searchable index with our stems as its only text field.

What Lucene's index of one field is compared with: our analysis in a second process, tantivy and our store of texts in
this one. Session and theme are indexed as in Lucene's; our other levels and the word numbers are left out.
"""

from __future__ import annotations

import gc
import multiprocessing
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from pathlib import Path

import orjson
import tantivy

from index.analysis import Analyzer
from index.engine import Entry
from index.store import StoreWriter
from index.word_table import LEVELS, Batch, WordTable

LINES, AHEAD = 512, 8  # lines of a batch, batches on their way
HEAP_BYTES = 100_000_000

_table: WordTable


def _begin() -> None:
    global _table
    gc.disable()
    _table = WordTable(Analyzer())


def _read(texts: list[str]) -> Batch:
    return _table.read(texts)


class _Stems:
    """The stems of the forms that batches tell (`index.word_table`), and of their texts."""

    def __init__(self) -> None:
        self._of_form: list[str] = []

    def texts(self, batch: Batch) -> list[str]:
        """Return the stems of each text, joined by spaces."""
        if batch.first == 1:
            self._of_form = ["\n"]
        self._of_form += batch.columns[LEVELS.index("stem")]
        joined = " ".join(map(self._of_form.__getitem__, batch.forms.tolist()))
        return [text.strip(" ") for text in joined.split("\n")[:-1]]


def _batches(path: Path) -> Iterator[list[bytes]]:
    with path.open("rb") as lines:
        while batch := list(islice(lines, LINES)):
            yield batch


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("id", "session", "theme"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("stem", tokenizer_name="whitespace", index_option="position")
    builder.add_integer_field("ordinal", fast=True)
    return builder.build()


def build(source: Path, folder: Path) -> None:
    """Write the index below `folder`."""
    engine = folder / "engine"
    engine.mkdir(parents=True)
    schema, stems = _schema(), _Stems()
    writer = tantivy.Index(schema, path=str(engine)).writer(HEAP_BYTES, 1)
    store = StoreWriter(folder / "store")
    waiting: deque[tuple[list[bytes], list[dict[str, str]], Future[Batch]]] = deque()
    gc.disable()

    def feed() -> None:
        lines, rows, answer = waiting.popleft()
        for line, row, text in zip(lines, rows, stems.texts(answer.result()), strict=True):
            ordinal = store.append(Entry(row["id"], {}, {}, 0, line))
            writer.add_document(tantivy.Document.from_dict(
                {"id": row["id"], "session": row["session"], "theme": row["theme"], "stem": text, "ordinal": ordinal},
                schema))

    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_begin) as pool:
        for lines in _batches(source):
            rows = [orjson.loads(line) for line in lines]
            waiting.append((lines, rows, pool.submit(_read, [row["text"] for row in rows])))
            if len(waiting) >= AHEAD:
                feed()
        while waiting:
            feed()
    store.commit()
    writer.commit()
    writer.wait_merging_threads()
    store.close()


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
