"""`python -m bench.stem_only FILE FOLDER`: raw text to a searchable index with our stems as its only text field.

What Lucene's index of one field is compared with: our analyzer in a second process, tantivy and our store of texts in
this one. Session and theme are indexed as in Lucene's; our other levels and the word numbers are left out.
"""

from __future__ import annotations

import gc
import multiprocessing
import sys
from collections import deque
from collections.abc import Iterator
from itertools import islice
from multiprocessing.pool import AsyncResult
from pathlib import Path

import orjson
import tantivy

from index.analysis import Analyzer
from index.engine import Entry
from index.store import StoreWriter

BATCH, AHEAD = 500, 6  # lines of a batch, batches on their way
HEAP_BYTES = 100_000_000
Fields = tuple[str, str, str, str, bytes]  # id, session, theme, stems, row

_analyzer: Analyzer


def _begin() -> None:
    global _analyzer
    gc.disable()
    _analyzer = Analyzer()


def _fields(lines: list[bytes]) -> list[Fields]:
    found = []
    for line in lines:
        row = orjson.loads(line)
        stems = " ".join([terms.stem for terms in _analyzer.terms_of(row["text"])])
        found.append((row["id"], row["session"], row["theme"], stems, line))
    return found


def _batches(path: Path) -> Iterator[list[bytes]]:
    with path.open("rb") as lines:
        while batch := list(islice(lines, BATCH)):
            yield batch


def build(source: Path, folder: Path) -> None:
    """Write the index below `folder`. While the second process has enough to do, this one analyses as well."""
    engine = folder / "engine"
    engine.mkdir(parents=True)
    builder = tantivy.SchemaBuilder()
    for name in ("id", "session", "theme"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("stem", tokenizer_name="whitespace", index_option="position")
    builder.add_integer_field("ordinal", fast=True)
    schema = builder.build()
    writer = tantivy.Index(schema, path=str(engine)).writer(HEAP_BYTES, 1)
    store = StoreWriter(folder / "store")
    _begin()
    waiting: deque[AsyncResult[list[Fields]] | list[Fields]] = deque()

    def feed() -> None:
        held = waiting.popleft()
        for id_, session, theme, stems, row in held.get() if isinstance(held, AsyncResult) else held:
            ordinal = store.append(Entry(id_, {}, {}, 0, row))
            writer.add_document(tantivy.Document.from_dict(
                {"id": id_, "session": session, "theme": theme, "stem": stems, "ordinal": ordinal}, schema))

    with multiprocessing.get_context("spawn").Pool(1, _begin) as pool:
        for batch in _batches(source):
            if sum(isinstance(held, AsyncResult) and not held.ready() for held in waiting) < AHEAD:
                waiting.append(pool.apply_async(_fields, (batch,)))
            else:
                waiting.append(_fields(batch))
            while waiting and (len(waiting) > 2 * AHEAD or not isinstance(waiting[0], AsyncResult)
                               or waiting[0].ready()):
                feed()
        while waiting:
            feed()
    store.commit()
    writer.commit()
    writer.wait_merging_threads()
    store.close()


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
