"""Makes the vectors of a generation: those that are known by their text are taken over, the others are encoded.

Where vectors come from, in this order: the files that the generation shares with the one before it; the living
generation's vectors, by the hash of the text (a rebuild gives clauses new numbers); the folder `.meaning-unfinished`
beside the generations, which holds what an ended run had encoded; the encoder. So a killed run goes on where it was.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

import numpy as np
import orjson

from index.engine import IndexProblem
from index.meaning.encoder import Encoder
from index.meaning.encoding import Encoding
from index.meaning.known_texts import KnownTexts
from index.meaning.prepared import key_of, text_of
from index.meaning.vector_file import FOLDER, SUFFIX, Packed, VectorFile, empty, listed, packed, write
from index.store import Store

UNFINISHED = ".meaning-unfinished"
WITH_TITLE = "-t"  # ends the fingerprint of vectors with titles in them
ROWS_A_FILE = 65_536
ENCODED_AT_ONCE = 512  # texts; a killed run loses at most these


@dataclass(slots=True)
class Wish:
    """How an index's vectors are made: by which encoder, whether a title stands before its clause."""

    encoder: Encoder
    title: bool = False
    processes: int = 1
    progress: Callable[[int, int], None] = lambda done, whole: None  # clauses with a vector, clauses in all

    def stated(self, clauses: int) -> dict[str, object]:
        """Return what the manifest says of the vectors."""
        encoder = self.encoder
        return {
            "model": encoder.name,
            "fingerprint": space_of(self),
            "dimension": encoder.dimension,
            "encoder": encoder.source,
            "title": self.title,
            "clauses": clauses,
        }


@dataclass(slots=True)
class Filled:
    """What was done: clauses with a vector, texts that were encoded, their tokens are counted by rate elsewhere."""

    stated: dict[str, object]
    encoded: int = 0
    kept: int = 0


def space_of(wish: Wish) -> str:
    """Return the fingerprint of the vectors: the encoder's, and whether titles are in them."""
    return wish.encoder.fingerprint + (WITH_TITLE if wish.title else "")


def fill(address: Path, generation: Path, before: Path | None, wish: Wish) -> Filled:
    """Make the vectors of all clauses stored in `generation`, and return what the manifest is to say of them.

    `before` is the living generation, whose vectors are taken over where texts are the same. The caller holds the
    folder's lock and publishes; then it calls `finished`.
    """
    store = Store(generation / "store")
    try:
        return _Filling(address, generation, before, wish, store).run()
    finally:
        store.close()


def finished(address: Path) -> None:
    """Forget what an ended run had encoded: it is published now."""
    shutil.rmtree(address / UNFINISHED, ignore_errors=True)


def drop(generation: Path) -> None:
    """Take the vectors out of a generation (its links; the one before it keeps its own)."""
    shutil.rmtree(generation / FOLDER, ignore_errors=True)


@dataclass(slots=True)
class _Filling:
    """One run of `fill`."""

    address: Path
    generation: Path
    before: Path | None
    wish: Wish
    store: Store
    known: KnownTexts = field(default_factory=KnownTexts)
    encoded: int = 0

    def run(self) -> Filled:
        """Encode what has no vector yet, write the files that are missing, and return what was done."""
        space, clauses = space_of(self.wish), len(self.store)
        files = _usable(self.generation, space)
        reached = sum(len(file.rows) for file in files)
        whole = len(files) == len(list((self.generation / FOLDER).glob("*" + SUFFIX)))
        firsts = list(accumulate((len(file.rows) for file in files), initial=0))[:-1]
        whole = whole and [file.first for file in files] == firsts
        if not files or not whole or reached > clauses:
            drop(self.generation)
            files, reached = [], 0
        kept = reached
        if reached < clauses:
            for file in _usable(self.before, space):
                self.known.old(file.rows)
            for file in _usable(self.address / UNFINISHED, space, check=True):
                self.known.made(file.rows)
            with Encoding(self.wish.encoder, self.wish.processes) as encoding:
                for start in range(reached, clauses, ROWS_A_FILE):
                    self._block(encoding, range(start, min(clauses, start + ROWS_A_FILE)))
            self._join()
        return Filled(self.wish.stated(clauses), self.encoded, kept)

    def _block(self, encoding: Encoding, ordinals: range) -> None:
        """Write the file of some neighbouring clauses."""
        keys: list[bytes] = []
        waiting: dict[bytes, str] = {}
        for ordinal in ordinals:
            text = text_of(orjson.loads(self.store.row(ordinal)), self.wish.title)
            key = key_of(text) if text else b""
            keys.append(key)
            if key and key not in self.known and key not in waiting:
                waiting[key] = text
                if len(waiting) >= ENCODED_AT_ONCE:
                    self._encode(encoding, waiting, ordinal)
        self._encode(encoding, waiting, ordinals[-1])
        rows = empty(len(ordinals), self.wish.encoder.dimension)
        for place, key in enumerate(keys):
            if key:
                source, at = self.known.get(key) or (rows, place)
                rows.keys[place] = np.frombuffer(key, np.uint8)
                rows.scales[place], rows.numbers[place] = source.scales[at], source.numbers[at]
        write(self.generation / FOLDER, ordinals[0], rows, self.wish.encoder.name, space_of(self.wish))

    def _encode(self, encoding: Encoding, waiting: dict[bytes, str], ordinal: int) -> None:
        """Encode what waits and keep it where the next run finds it."""
        if waiting:
            made = packed(list(waiting), encoding.vectors(list(waiting.values())))
            folder = self.address / UNFINISHED / FOLDER
            folder.parent.mkdir(exist_ok=True)
            number = max((int(path.stem.split("-")[1]) for path in folder.glob("*" + SUFFIX)), default=0)
            write(folder, number, made, self.wish.encoder.name, space_of(self.wish))
            self.known.made(made)
            self.encoded += len(waiting)
            waiting.clear()
        self.wish.progress(ordinal + 1, len(self.store))

    def _join(self) -> None:
        """Join the last files as long as each is no longer than all after it: few files, whatever many additions."""
        files = listed(self.generation)
        run: list[VectorFile] = []
        for file in reversed(files):
            size = sum(len(other.rows) for other in run)
            if run and (len(file.rows) > size or len(file.rows) + size > ROWS_A_FILE):
                break
            run.insert(0, file)
        if len(run) > 1:
            parts = [file.rows for file in run]
            rows = Packed(*(np.concatenate(columns) for columns in zip(*_columns(parts), strict=True)))
            write(self.generation / FOLDER, run[0].first, rows, self.wish.encoder.name, space_of(self.wish))
            for file in run:
                file.path.unlink(missing_ok=True)


def _columns(parts: Sequence[Packed]) -> Iterator[tuple[np.ndarray, ...]]:
    for part in parts:
        yield part.keys, part.scales, part.numbers


def _usable(folder: Path | None, space: str, *, check: bool = False) -> list[VectorFile]:
    """The files of a folder that were made in this space; a damaged one is left out and made again.

    Every byte is only read to `check` what a killed run left: those of a generation are checked by `verify`.
    """
    found = []
    for path in sorted((folder / FOLDER).glob("*" + SUFFIX)) if folder else ():
        try:
            file = VectorFile(path)
        except IndexProblem:
            continue
        if file.head.get("fingerprint") == space and (not check or file.whole()):
            found.append(file)
    return found
