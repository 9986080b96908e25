"""Open an index by its address: the right engine, checked against the manifest and this program's analyzer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.clause import TERM_FIELDS
from index.engine import ENGINES, IndexProblem, Manifest, Reader, Writer
from index.folder import IndexFolder


def open_reader(address: str) -> tuple[Reader, Path | None]:
    """Return an open reader and the folder of its words. Raises `IndexProblem` with what to do otherwise.

    The folder is the generation's; of an index on a cluster one of this machine's cache, None where it has no words.
    """
    if is_remote(address):
        from index.remote_opening import open_remote

        return open_remote(address)
    folder = IndexFolder(address)
    for attempt in (1, 2):  # a rebuild may remove a generation between reading its name and opening it
        manifest = folder.manifest()
        generation = folder.generation(manifest)
        # Whoosh loads pickles: nothing is opened that differs from what was written.
        # Vectors are looked at when they are asked for: words are searched without them as well.
        damages = folder.damages(manifest, hashes=manifest.engine == "whoosh", without="meaning")
        if not damages:
            break
        if attempt == 2 or folder.manifest().generation == manifest.generation:
            raise IndexProblem(
                f"The index at {address} is damaged: {damages[0]}"
                + (f" (and {len(damages) - 1} more)" if len(damages) > 1 else "")
                + f". Build it again: python -m index.cli build SOURCE --index {address}"
            )
    check_engine(manifest.engine)
    try:
        return _reader(generation, manifest), generation
    except IndexProblem:
        raise
    except Exception as problem:  # an engine's own words for a damaged file
        raise IndexProblem(
            f"The index at {address} cannot be opened ({problem}). "
            f"Build it again: python -m index.cli build SOURCE --index {address}"
        ) from problem


def check_engine(name: str) -> None:
    """Raise `IndexProblem` for an engine that this program does not have."""
    if name not in ENGINES:
        raise IndexProblem(f"There is no engine {name!r}. The engines are: {', '.join(ENGINES)}.")


def is_remote(address: str) -> bool:
    """Say whether an address names an index on a cluster and no folder."""
    return "://" in address


def read_manifest(address: str) -> Manifest:
    """Return the manifest of the living generation. Raises `IndexProblem` with what to do without one."""
    if is_remote(address):
        from index.remote_opening import remote_manifest

        return remote_manifest(address)
    return IndexFolder(address).manifest()


def published(address: str) -> object:
    """Return something that changes whenever what is published at an address changes."""
    if is_remote(address):
        from index.remote_opening import remote_version

        return remote_version(address)
    return IndexFolder(address).version()


def check_analyzer(address: str, manifest: Manifest, fingerprint: str) -> None:
    """Raise `IndexProblem` when the index was built with other language rules than `fingerprint`."""
    if manifest.fingerprint != fingerprint:
        raise IndexProblem(
            f"The index at {address} was built with the analyzer {manifest.fingerprint}, "
            f"this program has {fingerprint}; "
            f"its answers would be wrong. Build it again: python -m index.cli build SOURCE --index {address}"
        )


def _reader(generation: Path, manifest: Manifest) -> Reader:
    if manifest.engine == "whoosh":
        from index.engines.whoosh import WhooshReader

        return WhooshReader(generation, manifest)
    from index.engines.tantivy import TantivyReader

    return TantivyReader(generation, manifest)


def open_writer(engine: str, generation: Path, *, create: bool, fields: Sequence[str] = TERM_FIELDS) -> Writer:
    """Return a writer on a generation's folder: a new one, or one that goes on with linked files.

    Fewer term `fields` are for `bench` alone and known to tantivy alone.
    """
    if engine == "whoosh":
        from index.engines.whoosh import WhooshWriter

        return WhooshWriter(generation, create=create)
    from index.engines.tantivy import TantivyWriter

    return TantivyWriter(generation, create=create, fields=fields)
