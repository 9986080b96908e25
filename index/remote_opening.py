"""Open an index on a cluster by its address: its living generation, its manifest, and its words in a local folder."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from index.engine import IndexProblem, IndexUnavailable, Manifest, Reader
from index.engines.opensearch import OpenSearchReader
from index.engines.opensearch_connection import connect
from index.engines.opensearch_generations import Generations
from index.engines.opensearch_tables import local_tables

LOOK_AGAIN = 1.0  # seconds for which what is published is taken as known: a page asks on every request
LOOK_SECONDS = 3.0  # that looking may take: a page that cannot look goes on with what it has
_seen: dict[str, tuple[float, object]] = {}
_lock = threading.Lock()


def open_remote(address: str) -> tuple[Reader, Path | None]:
    """Return a reader on the living generation and the folder of its words. Raises `IndexProblem` otherwise."""
    generations = Generations(connect(address))
    for attempt in (1, 2, 3):  # a build may delete a generation between reading its name and opening it
        manifest = generations.manifest()
        try:
            reader = OpenSearchReader(generations.connection, manifest.generation, manifest)
            break
        except IndexUnavailable:
            raise
        except IndexProblem:
            if attempt == 3 or generations.living() == manifest.generation:
                raise
    try:
        tables = local_tables(generations.state, manifest.generation)
    except BaseException:
        reader.close()
        raise
    if tables is None:
        return reader, None
    reader.use_tables(tables)
    return reader, tables.folder


def remote_manifest(address: str) -> Manifest:
    """Return the living generation's manifest."""
    return Generations(connect(address)).manifest()


def remote_version(address: str) -> object:
    """Return what changes with every publication, asked at most every `LOOK_AGAIN` seconds; None without an index.

    Raises `IndexUnavailable` where the cluster does not answer.
    """
    with _lock:
        known = _seen.get(address)
    if known and time.monotonic() < known[0]:
        return known[1]
    try:
        connection = connect(address)
        manifest = Generations(connection, min(LOOK_SECONDS, connection.access.timeout)).manifest()
        version: object = (manifest.generation, manifest.built, manifest.corpus, manifest.clauses)
    except IndexUnavailable:
        raise
    except IndexProblem:
        version = None
    with _lock:
        _seen[address] = (time.monotonic() + LOOK_AGAIN, version)
    return version
