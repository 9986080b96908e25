"""Build an index on a cluster: a new generation is fed, in one go or in parts by many machines, checked and published.

At each checkpoint the state index is told what is acknowledged. A build that was killed is taken up there by `resume`,
and a part simply by running it again: rows before the checkpoint are read, and neither analysed nor sent once more.
Every part reads the same sources and takes the rows whose ids fall to it, so a row's place in the order is the same
whoever feeds it.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from index.analysis import Analyzer
from index.engine import SCHEMA_VERSION, IndexProblem
from index.engines.opensearch_bulk import Feeder, operations
from index.engines.opensearch_connection import connect
from index.engines.opensearch_generations import Generations
from index.engines.opensearch_tables import words_of
from index.intake import BATCH, Found, Intake, Report, StrictProblem
from index.opening import check_analyzer
from index.pipeline import entries_of, without_collector
from index.remote_publish import publish, unfinished_parts
from index.remote_words import WordTally
from index.sources import Fault, read_sources
from index.words import WordNumbers

Json = dict[str, Any]
Rows = list[dict[str, object]]

CHECKPOINT = 20_000  # clauses acknowledged between two
BUILDING = "build"  # the lock of whoever publishes


@dataclass(frozen=True, slots=True)
class Share:
    """What one run feeds: a part of so many, in which generation, and whether it goes on with an earlier run."""

    part: int = 1
    parts: int = 1
    generation: str | None = None
    resume: bool = False

    @property
    def table(self) -> str:
        """Return the name of the list of words of this part."""
        return f"{self.part}-{self.parts}"


def read_share(text: str | None, generation: str | None, resume: bool) -> Share:
    """Return the share that `--part 3/16` means. Raises `IndexProblem` for what is none."""
    if not text:
        return Share(generation=generation, resume=resume)
    part, sign, parts = text.partition("/")
    if not (sign and part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts) <= 9_999):
        raise IndexProblem(f"--part {text} is no part; the third of sixteen is --part 3/16.")
    if not generation and int(parts) > 1:
        raise IndexProblem("All parts feed one generation: name it on each machine, as --generation 2026-11.")
    return Share(int(part), int(parts), generation, resume)


def build(
    sources: Sequence[str],
    address: str,
    *,
    analyzer: str = "light",
    strict: bool = False,
    kind: str | None = None,
    processes: int = 1,
    found: Found | None = None,
    tell: Callable[[Fault], None] = lambda fault: None,
    progress: Callable[[int], None] = lambda count: None,
    share: Share | None = None,
) -> Report:
    """Build a generation or a part of one, and publish it when all parts are fed; return what was done.

    Raises `IndexProblem` (nothing to index, locked, `strict`, another analyzer); the old generation then stays.
    """
    share = share or Share()
    generations = Generations(connect(address))
    generations.living()  # a name that belongs to another program is refused before anything is made
    run = Intake(Analyzer(analyzer), WordNumbers(), Report(), tell, progress, strict, kind, processes)
    meta = {"sources": list(sources), "analyzer": analyzer, "fingerprint": run.analyzer.fingerprint, "kind": kind,
            "parts": share.parts, "schema": SCHEMA_VERSION}
    index = _chosen(generations, share, meta)
    state = generations.state
    with state.lock(BUILDING if share.parts == 1 else f"{index}/all-{share.table}", "building"):
        with state.lock(f"{index}/{share.table}", "feeding"):
            if share.parts == 1:
                generations.sweep(index)
            made = generations.create(index, meta)
            _check_same(address, index, made, meta)
            try:
                _feed(generations, index, share, run, read_sources(sources) if found is None else found)
            except StrictProblem:
                if share.parts == 1:
                    generations.delete(index)
                raise
        if share.parts == 1:
            if not run.report.clauses:
                _nothing(generations, index)
            run.report.manifest = publish(generations, index)
            return run.report
    if not unfinished_parts(generations, index):
        with state.lock(BUILDING, "publishing"):
            if not generations.meta(index).get("published"):
                run.report.manifest = publish(generations, index)
    return run.report


def finish(address: str, generation: str) -> Report:
    """Check and publish a generation whose parts are all fed. Raises `IndexProblem` that says what is missing."""
    generations = Generations(connect(address))
    index = generations.named(generation)
    if not generations.meta(index):
        raise IndexProblem(f"There is no generation {index} at {generations.connection.address.cluster}.")
    with generations.state.lock(BUILDING, "publishing"):
        return Report(manifest=publish(generations, index))


def _chosen(generations: Generations, share: Share, meta: Json) -> str:
    """Return the index to feed: the one named, a killed one to go on with, or a new one."""
    if share.generation:
        return generations.named(share.generation)
    if not share.resume:
        return generations.named(None)
    alike = ("sources", "analyzer", "fingerprint", "kind", "parts", "schema")
    waiting = [index for index, known in generations.all().items()
               if not known.get("published") and all(known.get(key) == meta[key] for key in alike)]
    if not waiting:
        raise IndexProblem(
            "There is no unfinished build of these sources with this analyzer to go on with. Leave --resume out.")
    return waiting[-1]


def _check_same(address: str, index: str, made: Json, meta: Json) -> None:
    """Raise `IndexProblem` where a generation was begun by others in another way."""
    from index.engine import Manifest

    check_analyzer(address, Manifest("opensearch", str(made.get("analyzer")), str(made.get("fingerprint"))),
                   str(meta["fingerprint"]))
    if made.get("published"):
        raise IndexProblem(f"The generation {index} is published; name another one.")
    for key, told in (("parts", "parts"), ("schema", "schema version"), ("kind", "kind")):
        if made.get(key) != meta[key]:
            raise IndexProblem(f"The generation {index} was begun with {told} {made.get(key)}, not {meta[key]}. "
                               "Run every part alike, or name another generation.")


def _nothing(generations: Generations, index: str) -> None:
    old = generations.living()
    generations.delete(index)
    raise IndexProblem("No clause was found in the sources, so there is nothing to index"
                       + ("; the old index stays" if old else "") + ". Name files or folders that hold documents.")


class _Placed:
    """The rows of one share in batches, and beside them their places in the order of the sources."""

    def __init__(self, share: Share, batches: Iterator[Rows], done: int, chain: str) -> None:
        self.share, self._batches, self._done, self._expected = share, batches, done, chain
        self.places: deque[list[int]] = deque()  # of the batches given out and not yet fed
        self.chains: deque[str] = deque()
        self.skipped = 0

    def rows(self) -> Iterator[Rows]:
        """Yield what is still to be fed."""
        share, place = self.share, -1
        batch: Rows = []
        places: list[int] = []
        chain = hashlib.blake2b(digest_size=8)
        for given in self._batches:
            for row in given:
                place += 1
                name = str(row["id"]).encode("utf-8", "replace")
                if share.parts > 1 and part_of(name, share.parts) != share.part:
                    continue
                chain.update(name + b"\0")
                if self.skipped < self._done:
                    self.skipped += 1
                    if self.skipped == self._done and chain.hexdigest() != self._expected:
                        raise IndexProblem("The sources are not what they were when this build began, so it cannot be "
                                           "gone on with. Build anew, without --resume.")
                    continue
                batch.append(row)
                places.append(place * share.parts + share.part - 1)
                if len(batch) == BATCH:
                    self.places.append(places)
                    self.chains.append(chain.hexdigest())
                    yield batch
                    batch, places = [], []
        if self.skipped < self._done:
            raise IndexProblem("The sources hold less than when this build began. Build anew, without --resume.")
        if batch:
            self.places.append(places)
            self.chains.append(chain.hexdigest())
            yield batch


def part_of(name: bytes, parts: int) -> int:
    """Return which part, from 1, feeds the clause of an id: the same on every machine."""
    return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest()) % parts + 1


def _feed(generations: Generations, index: str, share: Share, run: Intake, found: Found) -> None:
    """Analyse and send what is left of a share, a checkpoint every `CHECKPOINT` clauses."""
    state = generations.state
    pieces = [one for one in state.listed(index, ["fed", "done"]) if one["part"] == share.table]
    fed: Json = dict(pieces[-1]["fed"]) if pieces else {"clauses": 0, "tokens": 0, "corpus": "0", "chain": ""}
    if pieces and pieces[-1]["done"]:
        run.report.clauses = int(fed["clauses"])
        return
    known = words_of(filter(None, (state.get(one["id"]) for one in pieces)))
    run.numbers.update((word, number) for number, word in enumerate(known))
    tally = WordTally(state, index, share.table, run, fed, len(pieces), len(known))
    placed = _Placed(share, run.batches(found), int(fed["clauses"]), str(fed["chain"]))
    feeder = Feeder(generations.connection, index, run=len(pieces) + 1)
    try:
        with without_collector():
            for batch in entries_of(placed.rows(), run.analyzer, run.numbers, processes=run.processes):
                feeder.feed(operations(batch, placed.places.popleft(), share.table))
                run.count(batch)
                tally.count(batch, placed.chains.popleft())
                if tally.clauses >= CHECKPOINT:
                    feeder.wait()
                    tally.write()
        feeder.wait()
        tally.write(done=True)
    finally:
        feeder.close()
    run.report.clauses = int(tally.fed["clauses"])
