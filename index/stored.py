"""All stored rows of an open index, in the order in which they were added: for exports."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from index.clause import Everything
from index.engine import Reader, Scanned

AT_ONCE = 1_000  # rows held in memory


def all_rows(reader: Reader) -> Iterator[dict[str, object]]:
    """Yield every row of the index."""
    if isinstance(reader, Scanned):
        yield from map(orjson.loads, reader.scan())
        return
    hits = reader.search(Everything(), limit=reader.manifest.clauses, rows=False).hits
    for start in range(0, len(hits), AT_ONCE):
        for row in reader.rows(hits[start : start + AT_ONCE]):
            yield orjson.loads(row)
