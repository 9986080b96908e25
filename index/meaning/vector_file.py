"""One file of vectors: the clauses of some neighbouring ordinals, one row each, 8 bits a number and a scale a row.

The folder `meaning/` of a generation holds files `<first ordinal>-<end>.vectors` that never change, so that `add` links
them and writes one more. One file is

    head      "KSHVEC1\\n", u32 bytes of a JSON object, the object: model, fingerprint, dimension, first, count,
              checksum (BLAKE2b-128 of all after the head); spaces up to the next multiple of 64
    keys      16 bytes a row: the hash of the text that was encoded, zeros for a clause without a vector
    scales    float32 a row; 0 for a clause without a vector
    rows      int8 [count, dimension]: number × scale is the vector, whose length is 1

with all numbers little-endian.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.engine import IndexProblem
from index.meaning.prepared import KEY_BYTES

FOLDER, SUFFIX, UNFINISHED = "meaning", ".vectors", ".unfinished"
MAGIC = b"KSHVEC1\n"
ALIGNED = 64
LARGEST = 127
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Packed:
    """Vectors in 8 bits: `numbers` times `scales`, a scale of 0 for none; `keys` are [rows, 16]."""

    keys: NDArray[np.uint8]
    scales: Floats
    numbers: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.scales)

    def floats(self, rows: Sequence[int] | NDArray[np.int64]) -> Floats:
        """Return some rows as float32."""
        found: Floats = self.numbers[rows].astype(np.float32) * self.scales[rows][:, None]
        return found


def packed(keys: Sequence[bytes], vectors: Floats) -> Packed:
    """Return vectors in 8 bits; what that costs in nDCG is told in docs/meaning.md."""
    largest = np.abs(vectors).max(axis=1, initial=1e-9)
    numbers = np.rint(vectors * (LARGEST / largest)[:, None]).astype(np.int8)
    lengths = np.sqrt(np.einsum("ij,ij->i", numbers, numbers, dtype=np.float32))
    scales = (1 / np.maximum(lengths, 1)).astype(np.float32)  # rounding changes a length: this keeps it at 1
    return Packed(np.frombuffer(b"".join(keys), np.uint8).reshape(-1, KEY_BYTES), scales, numbers)


def empty(count: int, dimension: int) -> Packed:
    """Return `count` clauses without a vector."""
    numbers = np.zeros((count, dimension), np.int8)
    return Packed(np.zeros((count, KEY_BYTES), np.uint8), np.zeros(count, np.float32), numbers)


class VectorFile:
    """One open file. Raises `IndexProblem` with a sentence where it is damaged."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            data = np.memmap(path, np.uint8, "r")
            size = int.from_bytes(bytes(data[8:12]), "little")
            if bytes(data[:8]) != MAGIC or size > len(data):
                raise ValueError
            self.head: dict[str, Any] = json.loads(bytes(data[12 : 12 + size]))
            self.first, count, dimension = (int(self.head[name]) for name in ("first", "count", "dimension"))
            place = _aligned(12 + size)
            if len(data) != place + count * (KEY_BYTES + 4 + dimension):
                raise ValueError
        except (OSError, ValueError, KeyError, TypeError):
            raise self.damage() from None
        self._body = data[place:]
        keys, scales = count * KEY_BYTES, count * 4
        self.rows = Packed(
            self._body[:keys].reshape(count, KEY_BYTES),
            self._body[keys : keys + scales].view("<f4"),
            self._body[keys + scales :].view(np.int8).reshape(count, dimension),
        )

    def damage(self) -> IndexProblem:
        """Return the problem to raise when the bytes are not what was written."""
        return IndexProblem(
            f"The file of vectors {self.path} is damaged. Make the vectors again: python -m index.cli meaning --again"
        )

    def whole(self) -> bool:
        """Return whether the checksum holds; reads every byte."""
        return bool(_checksum(self._body) == self.head.get("checksum"))


def write(folder: Path, first: int, rows: Packed, model: str, fingerprint: str) -> Path:
    """Write one file and return its path, which is on the disk and complete from then on."""
    folder.mkdir(exist_ok=True)
    body = [np.ascontiguousarray(part).view(np.uint8).ravel() for part in (rows.keys, rows.scales, rows.numbers)]
    checksum = _checksum(*body)
    head = json.dumps(
        {
            "model": model,
            "fingerprint": fingerprint,
            "dimension": rows.numbers.shape[1],
            "first": first,
            "count": len(rows),
            "checksum": checksum,
        }
    ).encode()
    start = MAGIC + len(head).to_bytes(4, "little") + head
    path = folder / f"{first:010d}-{first + len(rows):010d}{SUFFIX}"
    part = path.with_suffix(UNFINISHED)
    with open(part, "wb") as out:
        out.write(start + b" " * (_aligned(len(start)) - len(start)))
        for piece in body:
            out.write(piece.data)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)
    return path


def listed(folder: Path) -> list[VectorFile]:
    """Return the files of a generation's folder in the order of their clauses; [] where there are none."""
    return sorted((VectorFile(path) for path in (folder / FOLDER).glob("*" + SUFFIX)), key=lambda file: file.first)


def _aligned(place: int) -> int:
    return -(-place // ALIGNED) * ALIGNED


def _checksum(*parts: NDArray[np.uint8]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(np.ascontiguousarray(part).data)
    return digest.hexdigest()
