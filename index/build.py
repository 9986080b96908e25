"""Pages and rows → entries → engine: build a new index, add to one, remove from one; each published in one step."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path

from index.analysis import Analyzer
from index.clause import TERM_FIELDS
from index.engine import IndexProblem, Manifest, Writer
from index.folder import IndexFolder
from index.intake import Found, Intake, Report
from index.known_rows import KnownRows
from index.opening import check_analyzer, check_engine, is_remote, open_reader, open_writer
from index.pipeline import entries_of, without_collector
from index.sources import Fault, read_sources
from index.word_grams import write_grams
from index.words import WordNumbers, read_words, write_counts, write_words

VERSION = "0.1.0"
# What is done to a complete generation before it is published: folder, generation, its manifest, the one before it.
Finish = Callable[[IndexFolder, Path, Manifest, Manifest | None], object]


def build(
    sources: Sequence[str],
    address: str,
    *,
    engine: str = "tantivy",
    analyzer: str = "light",
    strict: bool = False,
    kind: str | None = None,
    processes: int = 1,
    found: Found | None = None,
    tell: Callable[[Fault], None] = lambda fault: None,
    progress: Callable[[int], None] = lambda count: None,
    fields: Sequence[str] = TERM_FIELDS,
    finish: Finish | None = None,
) -> Report:
    """Build an index at `address` and return what was done; readers keep the old one until this one is published.

    `found` replaces reading `sources`. Fewer term `fields` make an index that our searches cannot use: only `bench`
    builds one, beside engines of one field.
    `tell` is called with each fault, `progress` with the number of clauses so far,
    `finish` with the generation before it is published, to add to it (`index.meaning.making.Asked.begin`).
    Raises `IndexProblem` (nothing to index, unknown engine, locked, `strict`), and then the old index stays.
    """
    if is_remote(address):
        from index import remote_build

        return remote_build.build(sources, address, analyzer=analyzer, strict=strict, kind=kind, processes=processes,
                                  found=found, tell=tell, progress=progress)
    check_engine(engine)
    folder = IndexFolder(address)
    if folder.path.exists() and not folder.exists() and any(folder.path.glob("[!.]*")) and not _only_ours(folder.path):
        raise IndexProblem(f"{folder.path} holds other files and no index. Choose an empty or new folder with --index.")
    run = Intake(Analyzer(analyzer), WordNumbers(), Report(), tell, progress, strict, kind, processes, fields)
    with folder.lock():
        old = folder.living()
        folder.sweep(old)
        generation = folder.new_generation()
        writer = open_writer(engine, generation, create=True, fields=fields)
        _feed(writer, run, read_sources(sources) if found is None else found)
        if not run.report.clauses:
            folder.sweep(old)
            raise IndexProblem(
                "No clause was found in the sources, so there is nothing to index"
                + ("; the old index stays" if old else "")
                + ". Name files or folders that hold documents."
            )
        manifest = Manifest(engine, analyzer, run.analyzer.fingerprint, sources=[{"source": s} for s in sources])
        return _publish(folder, generation, run, manifest, None, old, finish)


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
    """Add to the index at `address`; a row with a known id replaces the old one. Raises as `build`."""
    if is_remote(address):
        from index import remote_change

        return remote_change.add(sources, address, strict=strict, kind=kind, processes=processes, found=found,
                                 tell=tell, progress=progress)
    folder, manifest = _existing(address)
    with folder.lock():
        manifest = folder.manifest()
        folder.sweep(manifest)
        run = Intake(
            Analyzer(manifest.analyzer),
            _known_numbers(folder, manifest),
            Report(),
            tell,
            progress,
            strict,
            kind,
            processes,
        )
        check_analyzer(address, manifest, run.analyzer.fingerprint)
        generation = folder.linked_generation(manifest)
        known = KnownRows(open_reader(address)[0])
        writer = open_writer(manifest.engine, generation, create=False)
        _feed(writer, run, read_sources(sources) if found is None else found, known)
        if not run.report.clauses:
            folder.sweep(manifest)
            raise IndexProblem("No clause was found in the sources; the index stays as it was.")
        run.report.replaced = known.replaced
        manifest.sources += [{"source": s} for s in sources]
        finish = _vectors_of(run) if manifest.meaning else None
        return _publish(folder, generation, run, manifest, known, finish=finish)


def remove(ids: Sequence[str], address: str) -> tuple[int, list[str]]:
    """Remove clauses by id, or whole resolutions by theirs; return how many clauses went and the ids not found."""
    if is_remote(address):
        from index import remote_change

        return remote_change.remove(ids, address)
    folder, manifest = _existing(address)
    with folder.lock():
        manifest = folder.manifest()
        folder.sweep(manifest)
        known = KnownRows(open_reader(address)[0])
        gone = known.find("id", ids) | known.find("resolution", ids)
        missing = [name for name in ids if name not in known.found]
        if not gone:
            return 0, missing
        generation = folder.linked_generation(manifest)
        writer = open_writer(manifest.engine, generation, create=False)
        with _released(writer):
            writer.remove("id", sorted(gone))
            writer.commit()
        run = Intake(
            Analyzer(manifest.analyzer),
            _known_numbers(folder, manifest),
            Report(),
            tell=lambda fault: None,
            progress=lambda count: None,
            strict=False,
        )
        known.forget(gone)
        _publish(folder, generation, run, manifest, known)
        return len(gone), missing


def _feed(writer: Writer, run: Intake, found: Found, known: KnownRows | None = None) -> None:
    """Analyse and add everything; on any error nothing stays half-written and the lock is released."""
    with _released(writer), without_collector():
        batches = run.batches(found)
        for batch in entries_of(batches, run.analyzer, run.numbers, processes=run.processes, fields=run.fields):
            if known and (gone := known.forget(entry.id for entry in batch)):
                writer.remove("id", gone)
            writer.add(batch)
            run.count(batch)
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


def _publish(
    folder: IndexFolder,
    generation: Path,
    run: Intake,
    manifest: Manifest,
    known: KnownRows | None,
    old: Manifest | None = None,
    finish: Finish | None = None,
) -> Report:
    before = Manifest(**manifest.to_json()) if known else None  # type: ignore[arg-type]
    if write_words(generation, run.numbers):
        write_grams(generation, list(run.numbers))
    write_counts(generation, run.word_counts())
    manifest.tokens += run.tokens
    manifest.clauses += run.report.clauses - (known.replaced if known else 0)
    manifest.corpus = f"{(int(manifest.corpus or '0', 16) ^ run.corpus ^ (known.corpus if known else 0)):016x}"
    manifest.built = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    manifest.version = VERSION
    manifest.resolutions = _count_resolutions(folder, generation, manifest, run, known)
    if known:
        known.reader.close()
    if finish:
        finish(folder, generation, manifest, before or old)
    folder.publish(generation, manifest, before)
    if finish:
        from index.meaning.filling import finished

        finished(folder.path)
    folder.sweep(manifest)
    _LATEST.clear()
    if known and len(run.numbers) <= _MOST_KEPT:
        del run.numbers.keys_of_new[:]  # written
        _LATEST[generation.resolve()] = run.numbers
    run.report.manifest = manifest
    return run.report


def _vectors_of(run: Intake) -> Finish:
    """What `add` does where clauses have vectors: the added ones get theirs, or the report says why not."""

    def finish(folder: IndexFolder, generation: Path, manifest: Manifest, before: Manifest | None) -> None:
        from index.meaning.making import carry_on

        carry_on(folder, generation, manifest, run.report.notes.append, run.processes)

    return finish


def _count_resolutions(
    folder: IndexFolder, generation: Path, manifest: Manifest, run: Intake, known: KnownRows | None
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
    folder = IndexFolder(address)
    return folder, folder.manifest()


# The words of the generation published last by this process: a program that adds clause by clause need not read them
# again each time. One entry; taken out while it is used, so that what a failed change leaves in it is never seen.
_LATEST: dict[Path, WordNumbers] = {}
_MOST_KEPT = 500_000  # words: about 60 MB


def _known_numbers(folder: IndexFolder, manifest: Manifest) -> WordNumbers:
    generation = folder.generation(manifest).resolve()
    kept = _LATEST.pop(generation, None)
    if kept is not None:
        return kept
    return WordNumbers(read_words(generation))


def _only_ours(path: Path) -> bool:
    """Say whether a folder without manifest holds nothing but what a killed first build left."""
    names = [item.name for item in path.iterdir()]
    return all(name in ("lock", "manifest.json.part") or name.startswith(("g-", ".meaning")) for name in names)
