"""One file of the store: how rows, ids and word numbers of some neighbouring clauses lie in it, reading and writing it.

The folder holds files `<first ordinal>-<end>.rows` that never change: a commit adds one
and then joins small neighbours, so that their number grows with the logarithm of the commits. One file is

    blocks    each up to 16 clauses: their rows, compressed by Zstandard with its checksum; their ids; their word
              numbers, 24 bits each
    tables    per block: u64 start, u32 bytes of compressed rows, u32 bytes of ids, u32 first clause within the file,
              u32 CRC-32 of all after the rows; per clause three u32: where its row, its id and its words end within
              the block's rows, ids and words, each clause beginning where the one before it ended
    footer    u64 start of the tables, u64 blocks, u64 clauses, u32 CRC-32 of the tables, 4 bytes "KSH2"

with all numbers little-endian. Measured on the hadith and laws: 16 rows at level 3 take .27 and .31 bytes per byte of
text, are written at 300 MB/s and read in 20 µs; zlib takes .32 and .36 at 130 MB/s and 40 µs; single rows take .58.
"""

from __future__ import annotations

import mmap
import os
import struct
import zlib
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import IO

from index.engine import IndexProblem

SMALL_FILE = 1 << 18  # bytes; smaller files are read, not mapped, because a mapping holds a file descriptor
SUFFIX, UNFINISHED = ".rows", ".unfinished"
MAGIC = b"KSH2"

_FOOTER = struct.Struct("<QQQI4s")
_BLOCK = struct.Struct("<QIIII")
_CLAUSE = struct.Struct("<III")


def listed_files(folder: Path) -> list[tuple[int, int, Path]]:
    """Return (first, end, path) of the files that make up the store, in order, without covered ones."""
    found: list[tuple[int, int, Path]] = []
    for path in folder.glob("*" + SUFFIX):
        begin, _, stop = path.stem.partition("-")
        if begin.isdigit() and stop.isdigit():
            found.append((int(begin), int(stop), path))
    found.sort(key=lambda file: (file[0], -file[1]))
    chain: list[tuple[int, int, Path]] = []
    for first, end, path in found:
        reached = chain[-1][1] if chain else 0
        if end <= reached:
            continue
        if first != reached:
            raise IndexProblem(f"The stored texts in {folder} lack clauses {reached} to {first - 1}; "
                               "build the index again.")
        chain.append((first, end, path))
    return chain


class Part:
    """One open file of the store."""

    def __init__(self, first: int, path: Path) -> None:
        self.first, self.path = first, path
        with path.open("rb") as file:
            small = os.fstat(file.fileno()).st_size < SMALL_FILE
            self.bytes: bytes | mmap.mmap = (
                file.read() if small else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        self.tables_end = len(self.bytes) - _FOOTER.size
        if self.tables_end < 0:
            raise self.damage()
        self.tables_at, self.blocks, self.clauses, self.crc, magic = _FOOTER.unpack_from(self.bytes, self.tables_end)
        self.clauses_at = self.tables_at + self.blocks * _BLOCK.size
        if magic != MAGIC or self.clauses_at + self.clauses * _CLAUSE.size != self.tables_end:
            raise self.damage()

    def damage(self) -> IndexProblem:
        """Return the problem to raise when the bytes are not what was written."""
        return IndexProblem(f"The file {self.path} of stored texts is damaged; build the index again.")

    def block(self, number: int) -> tuple[int, int, int, int, int]:
        """Return (start, bytes of compressed rows, bytes of ids, first clause, CRC of ids and words) of a block."""
        found: tuple[int, int, int, int, int] = _BLOCK.unpack_from(self.bytes, self.tables_at + number * _BLOCK.size)
        return found

    def block_of(self, clause: int) -> int:
        """Return the number of the block that holds the clause with this number within the file."""
        return bisect_right(self.first_clauses, clause) - 1

    @cached_property
    def first_clauses(self) -> list[int]:
        """Return the number of each block's first clause; read once, because every look-up searches it."""
        table = self.bytes[self.tables_at : self.clauses_at]
        return [first for _, _, _, first, _ in _BLOCK.iter_unpack(table)]

    def ends(self, clause: int) -> tuple[int, int, int]:
        """Return where row, id and words of a clause end within its block."""
        found: tuple[int, int, int] = _CLAUSE.unpack_from(self.bytes, self.clauses_at + clause * _CLAUSE.size)
        return found

    def begins_and_ends(self, clause: int, first: int) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
        """Return where row, id and words of a clause begin and end within its block, whose first it tells."""
        return self.ends(clause - 1) if clause > first else (0, 0, 0), self.ends(clause)

    def rows(self, number: int) -> bytes:
        """Return the rows of a block, decompressed. Raises IndexProblem where the checksum fails."""
        import zstandard

        start, size, *_ = self.block(number)
        try:
            return zstandard.ZstdDecompressor().decompress(self.bytes[start:start + size])
        except zstandard.ZstdError as problem:
            raise self.damage() from problem

    def whole(self) -> bool:
        """Return whether all checksums of the file hold."""
        if zlib.crc32(self.bytes[self.tables_at:self.tables_end]) != self.crc:
            return False
        for number in range(self.blocks):
            start, size, _, _, crc = self.block(number)
            end = self.block(number + 1)[0] if number + 1 < self.blocks else self.tables_at
            try:
                self.rows(number)
            except IndexProblem:
                return False
            if zlib.crc32(self.bytes[start + size:end]) != crc:
                return False
        return True


class Unfinished:
    """A file of the store while it is written; `finish` makes it durable under its name."""

    def __init__(self, folder: Path, first: int) -> None:
        self.folder, self.first, self.clauses = folder, first, 0
        self.path = folder / f"{first:010d}{UNFINISHED}"
        self.file: IO[bytes] = self.path.open("wb")
        self.blocks, self.ends = bytearray(), bytearray()

    def block(self, packed: bytes, ids: bytes, words: bytes, ends: Sequence[tuple[int, int, int]]) -> None:
        """Write one block: compressed rows, ids, word numbers, and where each clause's row, id and words end."""
        rest = ids + words
        self.blocks += _BLOCK.pack(self.file.tell(), len(packed), len(ids), self.clauses, zlib.crc32(rest))
        self.ends += struct.pack(f"<{3 * len(ends)}I", *chain.from_iterable(ends))
        self.clauses += len(ends)
        self.file.write(packed + rest)

    def copy(self, part: Part) -> None:
        """Write all blocks of a finished file as they are."""
        base = self.file.tell()
        for number in range(part.blocks):
            start, size, ids, first, crc = part.block(number)
            self.blocks += _BLOCK.pack(base + start, size, ids, self.clauses + first, crc)
        self.ends += part.bytes[part.clauses_at:part.tables_end]
        self.clauses += part.clauses
        self.file.write(part.bytes[:part.tables_at])

    def finish(self) -> Path:
        """Return the path of the finished file, which is on the disk and visible to readers from now on."""
        blocks = len(self.blocks) // _BLOCK.size
        crc = zlib.crc32(self.ends, zlib.crc32(self.blocks))
        footer = _FOOTER.pack(self.file.tell(), blocks, self.clauses, crc, MAGIC)
        for piece in (self.blocks, self.ends, footer):  # not joined: they are long where there are many clauses
            self.file.write(piece)
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        path = self.folder / f"{self.first:010d}-{self.first + self.clauses:010d}{SUFFIX}"
        self.path.replace(path)
        _sync_folder(self.folder)
        return path

    def drop(self) -> None:
        """Remove what was written."""
        self.file.close()
        self.path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder durable; Windows has no such call and needs none."""
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def remove(path: Path) -> None:
    """Remove a file that is not needed; where a reader on Windows still has it open, the next writer removes it."""
    try:
        path.unlink(missing_ok=True)
    except PermissionError:
        return
