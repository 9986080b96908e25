"""An index's vectors as people ask for them: made for a living index or by a build, carried on by `add`, taken out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.engine import IndexProblem, Manifest
from index.folder import IndexFolder
from index.meaning.encoder import Encoder, open_encoder
from index.meaning.filling import WITH_TITLE, Wish, drop, fill, finished
from index.opening import is_remote

Tell = Callable[[str], None]
Count = Callable[[int, int], None]  # clauses with a vector, clauses in all


@dataclass(frozen=True, slots=True)
class Asked:
    """How vectors were asked for; `encoder` is a folder, or "" for the bundled model."""

    encoder: str = ""
    title: bool = False
    processes: int = 1
    progress: Count = lambda done, whole: None

    def begin(self, folder: IndexFolder, generation: Path, manifest: Manifest, before: Manifest | None) -> int:
        """Make the vectors of an unpublished generation, state them in its manifest, return how many were encoded."""
        wish = Wish(open_encoder(self.encoder), self.title, self.processes, self.progress)
        old = folder.generation(before) if before and before.meaning else None
        filled = fill(folder.path, generation, old, wish)
        manifest.meaning = filled.stated
        return filled.encoded


@dataclass(frozen=True, slots=True)
class Made:
    """What `make` did."""

    clauses: int
    encoded: int
    model: str


def make(address: str, asked: Asked, *, again: bool = False) -> Made:
    """Make the vectors of a living index and publish them; readers go on with what they have opened.

    Clauses whose text has a vector of the same model keep it, unless `again`. Raises `IndexProblem`.
    """
    folder = _folder(address)
    with folder.lock():
        before, manifest = folder.manifest(), folder.manifest()
        folder.sweep(before)
        generation = folder.linked_generation(before)
        if again:
            drop(generation)
            finished(folder.path)
            before.meaning = {}
        encoded = asked.begin(folder, generation, manifest, before)
        folder.publish(generation, manifest, before)
        finished(folder.path)
        folder.sweep(manifest)
    return Made(manifest.clauses, encoded, str(manifest.meaning["model"]))


def take_out(address: str) -> bool:
    """Publish the index without vectors; say whether it had any."""
    folder = _folder(address)
    with folder.lock():
        before, manifest = folder.manifest(), folder.manifest()
        if not before.meaning:
            return False
        folder.sweep(before)
        generation = folder.linked_generation(before)
        drop(generation)
        manifest.meaning = {}
        folder.publish(generation, manifest, before)
        finished(folder.path)
        folder.sweep(manifest)
    return True


def carry_on(folder: IndexFolder, generation: Path, manifest: Manifest, tell: Tell, processes: int = 1) -> None:
    """Make the vectors of what `add` added, as the manifest says they were made.

    Where that cannot be (the model is not here, or another one), the clauses stay without vectors and `tell` hears why.
    """
    stated = manifest.meaning
    asked = Asked(str(stated.get("encoder", "")), bool(stated.get("title")), processes)
    try:
        refuse_other(open_encoder(asked.encoder), manifest)
        asked.begin(folder, generation, manifest, manifest)
    except IndexProblem as problem:
        tell(f"The added clauses have no vectors: {problem}")


def refuse_other(encoder: Encoder, manifest: Manifest) -> None:
    """Raise `IndexProblem` when an encoder is not the one that made the index's vectors."""
    stated = manifest.meaning
    if encoder.fingerprint != str(stated.get("fingerprint", "")).removesuffix(WITH_TITLE):
        raise IndexProblem(
            f"The vectors of this index were made by {stated.get('model')!r} ({stated.get('fingerprint')}), here is "
            f"{encoder.name!r} ({encoder.fingerprint}). Make them again: python -m index.cli meaning --again"
        )


def _folder(address: str) -> IndexFolder:
    if is_remote(address):
        raise IndexProblem(f"Vectors are made for an index in a folder; {address} is on a cluster.")
    return IndexFolder(address)
