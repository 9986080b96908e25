"""An embedded index's folder: the manifest that names the living generation, the lock, publishing and cleaning up.

    ADDRESS/manifest.json     replaced in one step; readers start here
    ADDRESS/lock              held by whoever writes; says who
    ADDRESS/g-…/              one generation: engine/, store/, words — complete before the manifest names it

A change never touches the living generation: `add` links its files into a new one (engines and store only ever add
files), changes that, and publishes it. A killed writer leaves an unnamed generation, which the next writer removes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.engine import SCHEMA_VERSION, IndexProblem, Manifest

MANIFEST = "manifest.json"
LOCK = "lock"
_NOT_LINKED = (".lock", "_WRITELOCK")  # tantivy's and Whoosh's own lock files
_KEPT_GENERATIONS = 2  # the living one and the one before it, for readers that have just read the old manifest


class IndexFolder:
    """One index in a folder. The folder need not exist yet."""

    def __init__(self, address: str | Path) -> None:
        self.path = Path(address)

    def manifest(self) -> Manifest:
        """Return the manifest. Raises `IndexProblem` when there is none or it cannot be read."""
        path = self.path / MANIFEST
        try:
            data = json.loads(path.read_text("utf-8"))
            manifest = Manifest(**data)
        except (FileNotFoundError, NotADirectoryError):
            raise IndexProblem(
                f"There is no index at {self.path}. Build one: python -m index.cli build SOURCE --index {self.path}"
            ) from None
        except (OSError, ValueError, TypeError) as problem:
            raise IndexProblem(
                f"The manifest {path} cannot be read ({problem}). Build the index again: "
                f"python -m index.cli build SOURCE --index {self.path}"
            ) from None
        if manifest.schema != SCHEMA_VERSION:
            raise IndexProblem(
                f"The index at {self.path} has schema version {manifest.schema!r}, "
                f"this program reads {SCHEMA_VERSION}. "
                f"Build it again: python -m index.cli build SOURCE --index {self.path}"
            )
        return manifest

    def living(self) -> Manifest | None:
        """Return the manifest, or None where there is none that can be used: a rebuild mends that."""
        try:
            return self.manifest()
        except IndexProblem:
            return None

    def exists(self) -> bool:
        """Say whether a manifest stands here."""
        return (self.path / MANIFEST).is_file()

    def version(self) -> tuple[int, int]:
        """Return something that changes whenever a new generation is published; (0, 0) without an index."""
        try:
            status = os.stat(self.path / MANIFEST)
        except OSError:
            return (0, 0)
        return (status.st_mtime_ns, status.st_ino)

    def generation(self, manifest: Manifest) -> Path:
        """Return the folder of the manifest's generation."""
        return self.path / manifest.generation

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the writer's lock. Raises `IndexProblem` that names the holder when another process has it."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            handle = open(self.path / LOCK, "a+", encoding="utf-8")  # noqa: SIM115 - closed by `with` below
        except OSError as problem:
            raise IndexProblem(
                f"The index folder {self.path} cannot be written: {problem.strerror}. "
                "Choose another one with --index, or change its rights."
            ) from None
        with handle:
            _lock_or_say_who(handle, self.path)
            handle.seek(0)
            handle.truncate()
            handle.write(f"process {os.getpid()} since {time.strftime('%Y-%m-%d %H:%M:%S')}")
            handle.flush()
            try:
                yield
            finally:
                handle.seek(0)
                handle.truncate()

    def new_generation(self) -> Path:
        """Make and return the folder of a new, unnamed generation (the caller holds the lock)."""
        path = self.path / f"g-{time.time_ns()}"
        path.mkdir()
        return path

    def linked_generation(self, manifest: Manifest) -> Path:
        """Return a new generation that shares all files with the living one, by hard links (copies where need be)."""
        old, new = self.generation(manifest), self.new_generation()
        for source in sorted(old.rglob("*")):
            target = new / source.relative_to(old)
            if source.is_dir():
                target.mkdir()
            elif not source.name.endswith(_NOT_LINKED):
                try:
                    os.link(source, target)
                except OSError:  # another file system, or one without links
                    shutil.copy2(source, target)
        return new

    def publish(self, generation: Path, manifest: Manifest, before: Manifest | None = None) -> None:
        """Name `generation` as the living one, in one step. Files that `before` hashed already are not read again."""
        manifest.generation = generation.name
        manifest.files, manifest.hashes = _inventory(generation, before)
        part = self.path / f"{MANIFEST}.part"
        with open(part, "w", encoding="utf-8") as out:
            json.dump(manifest.to_json(), out, ensure_ascii=False, indent=1)
            out.flush()
            os.fsync(out.fileno())
        part.replace(self.path / MANIFEST)
        _sync_folder(self.path)

    def sweep(self, living: Manifest | None) -> None:
        """Remove generations that nobody needs: those of killed writers, and all but the last before the living."""
        generations = sorted((p for p in self.path.glob("g-*") if p.is_dir()), key=lambda p: p.stat().st_mtime)
        keep = {living.generation} if living else set()
        if living:
            older = [p.name for p in generations if p.name < living.generation]
            keep.update(older[-(_KEPT_GENERATIONS - 1) :])
        for path in generations:
            if path.name not in keep:
                shutil.rmtree(path, ignore_errors=True)

    def damages(self, manifest: Manifest, *, hashes: bool, without: str = "") -> list[str]:
        """Return what is wrong with the living generation's files, one sentence each; empty when it is whole.

        Files below the folder `without` are not looked at.
        """
        found = []
        generation = self.generation(manifest)
        for name, size in manifest.files.items():
            path = generation / name
            if without and name.startswith(f"{without}/"):
                continue
            if not path.is_file():
                found.append(f"{name} is missing")
            elif path.stat().st_size != size:
                found.append(f"{name} has {path.stat().st_size:,} bytes instead of {size:,}")
            elif hashes and _hash(path) != manifest.hashes.get(name):
                found.append(f"{name} has other contents than when it was written")
        return found


def _inventory(generation: Path, before: Manifest | None) -> tuple[dict[str, int], dict[str, str]]:
    """Sizes and hashes of a generation's files; a file of the same name and inode as in `before` keeps its hash."""
    files: dict[str, int] = {}
    hashes: dict[str, str] = {}
    old = generation.parent / before.generation if before else None
    for path in sorted(generation.rglob("*")):
        if not path.is_file() or path.name.endswith(_NOT_LINKED):
            continue
        name = path.relative_to(generation).as_posix()
        files[name] = path.stat().st_size
        known = before.hashes.get(name) if before else None
        if known and old and (old / name).is_file() and os.path.samefile(old / name, path):
            hashes[name] = known
        else:
            hashes[name] = _hash(path)
    return files, hashes


def _hash(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _sync_folder(path: Path) -> None:
    """Make a rename durable; not every system can sync a folder, and then the rename is as durable as it gets."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lock_or_say_who(handle: object, path: Path) -> None:
    """Lock the open file or raise. Without `fcntl` (Windows) the engine's own lock is the only one."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[arg-type]
    except OSError:
        handle.seek(0)  # type: ignore[attr-defined]
        who = handle.read().strip() or "another process"  # type: ignore[attr-defined]
        raise IndexProblem(f"The index {path} is being written by {who}. Wait until it is done, or stop it.") from None
