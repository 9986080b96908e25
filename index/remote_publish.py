"""Checking what was fed to a cluster, and publishing it: the count, the rows, and the hash over all of them."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from typing import Any

from index.build import VERSION
from index.clause import MISSING, Everything
from index.engine import IndexProblem, Manifest
from index.engines.opensearch import OpenSearchReader
from index.engines.opensearch_generations import Generations
from index.engines.opensearch_writer import refresh
from index.intake import row_hash

Json = dict[str, Any]

CHECKED_WHOLE = 200_000  # clauses of an index whose rows are all read back; of a larger one a sample
SAMPLE = 2_000  # rows


def last_pieces(generations: Generations, index: str) -> dict[str, Json]:
    """Return for each feeder of a generation what its last checkpoint says."""
    return {one["part"]: one for one in generations.state.listed(index, ["fed", "done"])}


def unfinished_parts(generations: Generations, index: str) -> list[str]:
    """Return which parts of a generation are not fed to their end, as "3/16"."""
    parts = int(generations.meta(index).get("parts", 1))
    last = last_pieces(generations, index)
    return [f"{part}/{parts}" for part in range(1, parts + 1) if not last.get(f"{part}-{parts}", {}).get("done")]


def publish(generations: Generations, index: str) -> Manifest:
    """Check a generation, let the name mean it, delete what nobody needs any more, and return its manifest.

    Raises `IndexProblem` where parts are missing or what can be read is not what was fed; the old one then stays.
    """
    if missing := unfinished_parts(generations, index):
        raise IndexProblem(f"{index} is not fed to its end: missing are the parts {', '.join(missing)}. Run them "
                           "(again), then --finish.")
    refresh(generations.connection, index)
    manifest = _manifest(generations, index)
    if not manifest.clauses:
        raise IndexProblem(f"No clause was fed to {index}; name files or folders that hold documents.")
    reader = OpenSearchReader(generations.connection, index, manifest)
    try:
        if damages := list(differences(reader, manifest)):
            raise IndexProblem(f"{index} is not published, the index before it stays: {'; '.join(damages)}. "
                               "Feed it again, under another name of the generation.")
        manifest.resolutions = sum(1 for value, _ in reader.vocabulary("resolution") if value != MISSING)
    finally:
        reader.close()
    manifest.built = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    generations.publish(index, manifest)
    generations.sweep(index)
    return manifest


def _manifest(generations: Generations, index: str) -> Manifest:
    meta = generations.meta(index)
    manifest = Manifest("opensearch", str(meta["analyzer"]), str(meta["fingerprint"]), generation=index,
                        version=VERSION, sources=[{"source": source} for source in meta.get("sources", [])])
    corpus = 0
    for one in last_pieces(generations, index).values():
        manifest.clauses += int(one["fed"]["clauses"])
        manifest.tokens += int(one["fed"]["tokens"])
        corpus ^= int(one["fed"]["corpus"], 16)
    manifest.corpus = f"{corpus:016x}"
    return manifest


def differences(reader: OpenSearchReader, manifest: Manifest, *, whole: bool = False) -> Iterator[str]:
    """Yield what differs between what an index holds and what its manifest says; every row is read where `whole`."""
    count = reader.count(Everything())
    if count != manifest.clauses:
        yield f"it holds {count:,} clauses, and {manifest.clauses:,} were fed"
        return
    if whole or count <= CHECKED_WHOLE:
        corpus = 0
        for row in reader.scan():
            corpus ^= row_hash(row)
        if f"{corpus:016x}" != manifest.corpus:
            yield f"the hash over all rows is {corpus:016x} instead of {manifest.corpus}"
        return
    for _ in range(SAMPLE // 100):
        hits = reader.search(Everything(), limit=100, offset=random.randrange(0, min(count, 10_000) - 100)).hits
        rows = reader.fetch([hit.id for hit in hits])
        wrong = [hit.id for hit, row in zip(hits, rows, strict=True) if not row or row != hit.row]
        if wrong:
            yield f"the rows of {len(wrong)} clauses of a sample cannot be read, such as {wrong[0]!r}"
            return
