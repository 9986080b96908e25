"""Which texts have a vector already: by key, in a dict for those just made, in sorted columns for old files."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.meaning.vector_file import Packed

HEAD_BYTES = 8  # of a key, as one number: enough to find it; the whole key is compared then


class KnownTexts:
    """Vectors by the key of their text. A million old ones cost 16 MB and a tenth of a second."""

    def __init__(self) -> None:
        self._new: dict[bytes, tuple[Packed, int]] = {}
        self._old: list[tuple[NDArray[np.uint64], NDArray[np.int64], Packed]] = []

    def __contains__(self, key: bytes) -> bool:
        return self.get(key) is not None

    def get(self, key: bytes) -> tuple[Packed, int] | None:
        """Return where the vector of a key is: the rows and its place among them; None where there is none."""
        if found := self._new.get(key):
            return found
        head = np.frombuffer(key, np.uint64, 1)[0]
        whole = np.frombuffer(key, np.uint8)
        for heads, order, rows in self._old:
            place = int(np.searchsorted(heads, head))
            while place < len(heads) and heads[place] == head:
                row = int(order[place])
                if rows.scales[row] and (rows.keys[row] == whole).all():
                    return rows, row
                place += 1
        return None

    def made(self, rows: Packed) -> None:
        """Remember rows that are few: the ones just made, or those that an ended run left."""
        for place, (key, scale) in enumerate(zip(rows.keys, rows.scales.tolist(), strict=True)):
            if scale:
                self._new[key.tobytes()] = rows, place

    def old(self, rows: Packed) -> None:
        """Remember the rows of a file."""
        heads = np.ascontiguousarray(rows.keys[:, :HEAD_BYTES]).view(np.uint64).ravel()
        order = np.argsort(heads, kind="stable")
        self._old.append((heads[order], order, rows))
