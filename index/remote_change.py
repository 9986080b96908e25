"""Add to the living index on a cluster, remove from it, and look whether it is whole."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Sequence
from typing import Any

from index.analysis import Analyzer
from index.build import VERSION
from index.clause import MISSING
from index.engine import IndexProblem, Manifest
from index.engines.opensearch import OpenSearchReader
from index.engines.opensearch_connection import connect
from index.engines.opensearch_generations import Generations
from index.engines.opensearch_writer import OpenSearchWriter
from index.intake import Found, Intake, Report
from index.known_rows import KnownRows
from index.opening import check_analyzer
from index.pipeline import entries_of, without_collector
from index.remote_build import BUILDING
from index.remote_publish import differences
from index.remote_words import WordTally
from index.sources import Fault, read_sources
from index.words import WordNumbers

Json = dict[str, Any]


def add(
    sources: Sequence[str],
    address: str,
    *,
    strict: bool = False,
    kind: str | None = None,
    processes: int = 1,
    found: Found | None = None,
    tell: Callable[[Fault], None] = lambda fault: None,
    progress: Callable[[int], None] = lambda count: None,
) -> Report:
    """Add to the living index; a row with a known id replaces the old one. Everything is kept here until it is sent."""
    generations = Generations(connect(address))
    with generations.state.lock(BUILDING, "adding"):
        manifest = generations.manifest()
        run = Intake(Analyzer(manifest.analyzer), WordNumbers(), Report(), tell, progress, strict, kind, processes)
        check_analyzer(address, manifest, run.analyzer.fingerprint)
        table = f"add-{time.time_ns()}"
        known = KnownRows(OpenSearchReader(generations.connection, manifest.generation, manifest))
        writer = OpenSearchWriter(generations.connection, manifest.generation, create=False, table=table)
        fed = {"clauses": 0, "tokens": 0, "corpus": "0", "chain": ""}
        tally = WordTally(generations.state, manifest.generation, table, run, fed, 0, 0)
        try:
            with without_collector():
                batches = run.batches(read_sources(sources) if found is None else found)
                for batch in entries_of(batches, run.analyzer, run.numbers, processes=processes):
                    if gone := known.forget(entry.id for entry in batch):
                        writer.remove("id", gone)
                    writer.add(batch)
                    run.count(batch)
                    tally.count(batch)
            if not run.report.clauses:
                raise IndexProblem("No clause was found in the sources; the index stays as it was.")
            tally.write(done=True)  # before the clauses can be seen: readers find the words of each
            writer.commit()
        finally:
            writer.close()
            known.reader.close()
        run.report.replaced = known.replaced
        manifest.tokens += run.tokens
        manifest.sources += [{"source": source} for source in sources]
        _note(generations, manifest, run.report.clauses - known.replaced, run.corpus ^ known.corpus)
        run.report.manifest = manifest
        return run.report


def remove(ids: Sequence[str], address: str) -> tuple[int, list[str]]:
    """Remove clauses by id, or whole resolutions by theirs; return how many clauses went and the ids not found."""
    generations = Generations(connect(address))
    with generations.state.lock(BUILDING, "removing"):
        manifest = generations.manifest()
        known = KnownRows(OpenSearchReader(generations.connection, manifest.generation, manifest))
        try:
            gone = known.find("id", ids) | known.find("resolution", ids)
            missing = [name for name in ids if name not in known.found]
            if not gone:
                return 0, missing
            known.forget(gone)
        finally:
            known.reader.close()
        writer = OpenSearchWriter(generations.connection, manifest.generation, create=False)
        try:
            writer.remove("id", sorted(gone))
            writer.commit()
        finally:
            writer.close()
        _note(generations, manifest, -len(gone), known.corpus)
        return len(gone), missing


def _note(generations: Generations, manifest: Manifest, more: int, corpus: int) -> None:
    """Write the changed manifest: it is what open readers look at to take up the change."""
    manifest.clauses += more
    manifest.corpus = f"{int(manifest.corpus or '0', 16) ^ corpus:016x}"
    manifest.built = datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")
    manifest.version = VERSION
    reader = OpenSearchReader(generations.connection, manifest.generation, manifest)
    try:
        manifest.resolutions = sum(1 for value, _ in reader.vocabulary("resolution") if value != MISSING)
    finally:
        reader.close()
    generations.describe(manifest.generation, generations.meta(manifest.generation) | {"manifest": manifest.to_json()})


def verify(address: str) -> list[str]:
    """Return what is wrong with the living index, one sentence each, after reading every row."""
    generations = Generations(connect(address))
    manifest = generations.manifest()
    told = _health(generations, manifest.generation)
    if told and told[0].startswith("red"):
        return [f"{address}: {told[0]}"]
    reader = OpenSearchReader(generations.connection, manifest.generation, manifest)
    try:
        return [f"{address}: {damage}" for damage in differences(reader, manifest, whole=True)]
    finally:
        reader.close()


def describe(address: str) -> Json:
    """Return what `info` shows of an index on a cluster beside its manifest."""
    generations = Generations(connect(address))
    index = generations.manifest().generation
    stats = generations.connection.ask("GET", f"/{index}/_stats/store,docs")
    health = generations.connection.ask("GET", f"/_cluster/health/{index}")
    return {
        "bytes": int(stats["_all"]["primaries"]["store"]["size_in_bytes"]),
        "shards": health["active_primary_shards"],
        "copies": health["active_shards"],
        "health": health["status"],
        "generations": list(generations.all()),
    }


def _health(generations: Generations, index: str) -> list[str]:
    answer = generations.connection.ask("GET", f"/_cluster/health/{index}")
    if answer["status"] == "red":
        return [f"red: only {answer['active_primary_shards']} of its shards can be read. Look at the cluster's nodes."]
    return []
