"""Pages and rows → entries → engine: build a new index, add to one, remove from one; each published in one step."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from index.analysis import Analyzer
from index.engine import Entry, IndexProblem, Manifest, Writer
from index.entry import entry_of
from index.folder import IndexFolder
from index.opening import check_analyzer, check_engine, open_writer, refuse_remote
from index.sources import Fault, Page, Row, read_sources
from index.word_grams import write_grams
from index.words import WordNumbers, read_words, write_counts, write_words

BATCH = 512  # clauses handed to the engine at a time
VERSION = "0.1.0"

Rows = Iterable[Page | Row | Fault]


class StrictProblem(IndexProblem):
    """A source was faulty and `strict` forbids to go on; the old index stays."""


@dataclass(slots=True)
class Report:
    """What a run did: counts, and the faults in order (each was told to `tell` when it was found)."""

    clauses: int = 0
    pages: int = 0
    replaced: int = 0
    faults: list[Fault] = field(default_factory=list)
    warnings: int = 0
    manifest: Manifest | None = None


@dataclass(slots=True)
class _Run:
    """One pass over the sources: what was seen, what is told."""

    analyzer: Analyzer
    numbers: WordNumbers
    report: Report
    tell: Callable[[Fault], None]
    progress: Callable[[int], None]
    strict: bool
    kind: str | None = None
    seen: set[int] = field(default_factory=set)
    resolutions: set[str] = field(default_factory=set)
    corpus: int = 0
    tokens: int = 0
    counts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    def count_words(self, batch: Sequence[Entry]) -> None:
        """Add a batch to the number of times each word stands in the texts."""
        numbers = np.fromiter(chain.from_iterable(entry.words for entry in batch), np.int64)
        added = np.bincount(numbers, minlength=len(self.counts)) if len(numbers) else self.counts[:0]
        added[: len(self.counts)] += self.counts
        self.counts = added if len(numbers) else self.counts

    def entries(self, found: Rows) -> Iterator[Entry]:
        """Yield an entry for each new clause; faults, pages without a clause and repeated ids are told and skipped."""
        from index.symbol import symbol_keys

        for source, line, row in self._rows(found):
            key = int.from_bytes(hashlib.blake2b(str(row["id"]).encode(), digest_size=8).digest())
            if key in self.seen:
                self.fault(
                    Fault(source, line, f"the id {str(row['id'])!r} stands twice", "skipped, the first one stays")
                )
                continue
            self.seen.add(key)
            entry = entry_of(row, self.analyzer, self.numbers, symbol_keys)
            self.resolutions.update(entry.values.get("resolution", ()))
            self.corpus ^= row_hash(entry.row)
            self.tokens += len(entry.words)
            self.report.clauses += 1
            if not self.report.clauses % BATCH:
                self.progress(self.report.clauses)
            yield entry

    def _rows(self, found: Rows) -> Iterator[tuple[str, int | None, dict[str, object]]]:
        from index.document import clause_rows
        from index.parse import parse

        for item in found:
            if isinstance(item, Fault):
                self.fault(item)
            elif isinstance(item, Row):
                yield item.source, item.line, item.data
            else:
                self.report.pages += 1
                resolutions = parse(item.text, source=item.source, kind=self.kind)
                if not any(resolution.clauses for resolution in resolutions):
                    self.fault(Fault(item.source, None, "no clause was found in this page", "skipped"))
                for resolution in resolutions:
                    self.report.warnings += len(resolution.warnings)
                    for row in clause_rows(resolution):
                        yield item.source, None, row

    def fault(self, fault: Fault) -> None:
        """Tell a fault; with `strict` it ends the run."""
        self.report.faults.append(fault)
        self.tell(fault)
        if self.strict:
            raise StrictProblem(
                "Nothing was changed, because --strict forbids faulty input. "
                "Mend the source named above, or leave --strict out."
            )


def build(
    sources: Sequence[str],
    address: str,
    *,
    engine: str = "tantivy",
    analyzer: str = "light",
    strict: bool = False,
    kind: str | None = None,
    found: Rows | None = None,
    tell: Callable[[Fault], None] = lambda fault: None,
    progress: Callable[[int], None] = lambda count: None,
) -> Report:
    """Build a new index at `address` and return what was done; an old one answers until the new one is complete.

    `found` replaces reading `sources`. `tell` is called with each fault, `progress` with the number of clauses so far.
    Raises `IndexProblem` (nothing to index, unknown engine, locked, `strict`), and then the old index stays.
    """
    refuse_remote(address)
    check_engine(engine)
    folder = IndexFolder(address)
    if folder.path.exists() and not folder.exists() and any(folder.path.glob("[!.]*")) and not _only_ours(folder.path):
        raise IndexProblem(f"{folder.path} holds other files and no index. Choose an empty or new folder with --index.")
    run = _Run(Analyzer(analyzer), WordNumbers(), Report(), tell, progress, strict, kind)
    with folder.lock():
        old = folder.manifest() if folder.exists() else None
        folder.sweep(old)
        generation = folder.new_generation()
        writer = open_writer(engine, generation, create=True)
        _feed(writer, run, read_sources(sources) if found is None else found)
        if not run.report.clauses:
            folder.sweep(old)
            raise IndexProblem(
                "No clause was found in the sources, so there is nothing to index"
                + ("; the old index stays" if old else "")
                + ". Name files or folders that hold documents."
            )
        manifest = Manifest(engine, analyzer, run.analyzer.fingerprint, sources=[{"source": s} for s in sources])
        return _publish(folder, generation, run, manifest, None)


def add(
    sources: Sequence[str],
    address: str,
    *,
    strict: bool = False,
    kind: str | None = None,
    found: Rows | None = None,
    tell: Callable[[Fault], None] = lambda fault: None,
    progress: Callable[[int], None] = lambda count: None,
) -> Report:
    """Add to the index at `address`; a row with a known id replaces the old one. Raises as `build`."""
    folder, manifest = _existing(address)
    with folder.lock():
        manifest = folder.manifest()
        folder.sweep(manifest)
        run = _Run(
            Analyzer(manifest.analyzer), _known_numbers(folder, manifest), Report(), tell, progress, strict, kind
        )
        check_analyzer(address, manifest, run.analyzer.fingerprint)
        generation = folder.linked_generation(manifest)
        known = _KnownRows(folder, manifest)
        writer = open_writer(manifest.engine, generation, create=False)
        _feed(writer, run, read_sources(sources) if found is None else found, known)
        if not run.report.clauses:
            folder.sweep(manifest)
            raise IndexProblem("No clause was found in the sources; the index stays as it was.")
        run.report.replaced = known.replaced
        manifest.sources += [{"source": s} for s in sources]
        return _publish(folder, generation, run, manifest, known)


def remove(ids: Sequence[str], address: str) -> tuple[int, list[str]]:
    """Remove clauses by id, or whole resolutions by theirs; return how many clauses went and the ids not found."""
    folder, manifest = _existing(address)
    with folder.lock():
        manifest = folder.manifest()
        folder.sweep(manifest)
        known = _KnownRows(folder, manifest)
        gone = known.find("id", ids) | known.find("resolution", ids)
        missing = [name for name in ids if name not in known.found]
        if not gone:
            return 0, missing
        generation = folder.linked_generation(manifest)
        writer = open_writer(manifest.engine, generation, create=False)
        with _released(writer):
            writer.remove("id", sorted(gone))
            writer.commit()
        run = _Run(
            Analyzer(manifest.analyzer),
            _known_numbers(folder, manifest),
            Report(),
            lambda f: None,
            lambda n: None,
            False,
        )
        known.forget(gone)
        _publish(folder, generation, run, manifest, known)
        return len(gone), missing


class _KnownRows:
    """The rows of the living index that a change replaces or removes, for counts and the corpus hash."""

    def __init__(self, folder: IndexFolder, manifest: Manifest) -> None:
        from index.opening import open_reader

        self.reader, _ = open_reader(str(folder.path))
        self.replaced = 0
        self.corpus = 0
        self.found: set[str] = set()

    def find(self, field_name: str, values: Sequence[str]) -> set[str]:
        """Return the ids of the clauses that hold one of `values`."""
        from index.clause import Or, Term

        ids: set[str] = set()
        for value in values:
            matches = self.reader.search(Or((Term(field_name, value),)), limit=1_000_000)
            ids.update(match.id for match in matches.hits)
            if matches.hits:
                self.found.add(value)
        return ids

    def forget(self, ids: Iterable[str]) -> list[str]:
        """Note that these ids go, if they exist; return those that do."""
        wanted = list(ids)
        rows = self.reader.fetch(wanted)
        gone = [name for name, row in zip(wanted, rows, strict=True) if row is not None]
        for row in rows:
            if row is not None:
                self.corpus ^= row_hash(row)
        self.replaced += len(gone)
        return gone


def _feed(writer: Writer, run: _Run, found: Rows, known: _KnownRows | None = None) -> None:
    """Analyse and add everything; on any error nothing stays half-written and the lock is released."""
    with _released(writer):
        entries = run.entries(found)
        while batch := list(islice(entries, BATCH)):
            if known and (gone := known.forget(entry.id for entry in batch)):
                writer.remove("id", gone)
            writer.add(batch)
            run.count_words(batch)
        run.progress(run.report.clauses)
        writer.commit()


class _released:
    """A context that rolls a writer back when an error leaves it, and always releases it."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is not None:
            self.writer.rollback()
        self.writer.close()


def _publish(folder: IndexFolder, generation: Path, run: _Run, manifest: Manifest, known: _KnownRows | None) -> Report:
    before = Manifest(**manifest.to_json()) if known else None  # type: ignore[arg-type]
    if write_words(generation, run.numbers, run.analyzer.stemmer.terms):
        write_grams(generation, list(run.numbers))
    write_counts(generation, run.counts)
    manifest.tokens += run.tokens
    manifest.clauses += run.report.clauses - (known.replaced if known else 0)
    manifest.corpus = f"{(int(manifest.corpus or '0', 16) ^ run.corpus ^ (known.corpus if known else 0)):016x}"
    manifest.built = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    manifest.version = VERSION
    manifest.resolutions = _count_resolutions(folder, generation, manifest, run, known)
    if known:
        known.reader.close()
    folder.publish(generation, manifest, before)
    folder.sweep(manifest)
    run.report.manifest = manifest
    return run.report


def _count_resolutions(
    folder: IndexFolder, generation: Path, manifest: Manifest, run: _Run, known: _KnownRows | None
) -> int:
    if known is None:
        return len(run.resolutions)
    from index.opening import _reader

    reader = _reader(generation, manifest)
    try:
        return len(reader.vocabulary("resolution"))
    finally:
        reader.close()


def _existing(address: str) -> tuple[IndexFolder, Manifest]:
    refuse_remote(address)
    folder = IndexFolder(address)
    return folder, folder.manifest()


def _known_numbers(folder: IndexFolder, manifest: Manifest) -> WordNumbers:
    words = read_words(folder.generation(manifest))
    return WordNumbers((word, number) for number, word in enumerate(words))


def row_hash(row: bytes) -> int:
    """Return 64 bits of a stored row; xor over all rows is the corpus hash, whatever their order."""
    return int.from_bytes(hashlib.blake2b(row, digest_size=8).digest())


def _only_ours(path: Path) -> bool:
    """Say whether a folder without manifest holds nothing but what a killed first build left."""
    return all(item.name in ("lock", "manifest.json.part") or item.name.startswith("g-") for item in path.iterdir())


def dump_row(row: dict[str, object]) -> bytes:
    """Return a row as it is stored."""
    return orjson.dumps(row)
