"""Where the texts are: stored rows, ids and word numbers of all clauses, beside the engine, append-only, memory-mapped.

A clause's number is its *ordinal*: 0, 1, 2 … in order of addition, never used twice. A removed clause leaves its row
behind until the next build. The folder holds files that never change (`store_file` says what is in one); a commit adds
one and joins it with small neighbours, so that their number grows with the logarithm of the number of commits.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from index.engine import Entry, IndexProblem
from index.lock import FolderLock
from index.store_file import SUFFIX, UNFINISHED, Part, Unfinished, listed_files, remove

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BLOCK_ROWS = 16
BLOCK_BYTES = 65_536  # long rows close a block earlier, so that one row stays cheap to read
LEVEL = 1  # level 3 takes a twentieth fewer bytes for twice the work
WORD_BYTES = 3  # of a word's number
JOIN_LIMIT = 1 << 25  # bytes; larger files are not joined any more


class Store:
    """What is stored when it is opened; later commits do not change it. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Open the store below `folder`. Raises IndexProblem where files are damaged or missing."""
        for attempt in range(5):  # a writer may join two files between the listing and the opening
            try:
                self._parts = [Part(first, path) for first, _, path in listed_files(folder)]
                break
            except FileNotFoundError:
                if attempt == 4:
                    raise IndexProblem(f"The stored texts in {folder} change all the time; try again.") from None
        self._firsts = [part.first for part in self._parts]
        self._clauses = self._parts[-1].first + self._parts[-1].clauses if self._parts else 0
        self._latest: tuple[tuple[int, int], bytes] = ((-1, -1), b"")  # neighbours are often asked for together

    def __len__(self) -> int:
        return self._clauses

    def _find(self, ordinal: int) -> tuple[int, Part, int, int]:
        """Return (part number, part, clause within it, block number)."""
        if not 0 <= ordinal < self._clauses:
            raise IndexError(f"no clause has the number {ordinal}, there are {self._clauses}")
        place = bisect_right(self._firsts, ordinal) - 1
        part = self._parts[place]
        clause = ordinal - part.first
        return place, part, clause, part.block_of(clause)

    def id(self, ordinal: int) -> str:
        """Return the id of a clause. Raises IndexError beyond the end."""
        _, part, clause, number = self._find(ordinal)
        start, size, _, first, _ = part.block(number)
        begin, end = part.begins_and_ends(clause, first)
        return part.bytes[start + size + begin[1]:start + size + end[1]].decode()

    def row(self, ordinal: int) -> bytes:
        """Return the stored row of a clause. Raises IndexError beyond the end, IndexProblem for damaged bytes."""
        place, part, clause, number = self._find(ordinal)
        key, data = self._latest
        if key != (place, number):
            data = part.rows(number)
            self._latest = (place, number), data
        begin, end = part.begins_and_ends(clause, part.block(number)[3])
        return data[begin[0]:end[0]]

    def words(self, ordinals: Sequence[int]) -> list[NDArray[np.int32]]:
        """Return the word numbers of each clause's text in order; all are unpacked at once, that is what costs."""
        import numpy as np

        pieces = []
        for ordinal in ordinals:
            _, part, clause, number = self._find(ordinal)
            start, size, ids, first, _ = part.block(number)
            begin, end = part.begins_and_ends(clause, first)
            at = start + size + ids
            pieces.append(part.bytes[at + begin[2]:at + end[2]])
        packed = np.frombuffer(b"".join(pieces), np.uint8)
        numbers = np.zeros((len(packed) // WORD_BYTES, 4), np.uint8)
        numbers[:, :WORD_BYTES] = packed.reshape(-1, WORD_BYTES)
        flat = numbers.view("<i4").ravel()
        ends = list(accumulate(len(piece) // WORD_BYTES for piece in pieces))
        return [flat[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]

    def damages(self) -> Iterator[str]:
        """Yield one sentence for every damaged file, after reading and checking every byte."""
        for part in self._parts:
            if not part.whole():
                yield str(part.damage())

    def close(self) -> None:
        """Let go of the files; views that `words` gave out stay valid."""
        self._parts, self._firsts, self._clauses = [], [], 0


class StoreWriter:
    """Appends to the store below `folder`. What was not committed is forgotten, also when the process is killed."""

    def __init__(self, folder: Path) -> None:
        """Take the lock and open the store. Raises IndexProblem where another process is writing."""
        import zstandard

        self._folder = folder
        self._lock = FolderLock(folder)
        self._compress = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress
        self._out: Unfinished | None = None
        self._begin_block()
        try:
            self._sweep()
        except BaseException:
            self._lock.release()
            raise

    def _sweep(self) -> None:
        """Find the end of the store, and remove what a killed writer left and what larger files cover."""
        chain = listed_files(self._folder)
        self._committed = self._next = chain[-1][1] if chain else 0
        kept = {path for _, _, path in chain}
        for path in [*self._folder.glob("*" + UNFINISHED), *self._folder.glob("*" + SUFFIX)]:
            if path not in kept:
                remove(path)

    def append(self, entry: Entry) -> int:
        """Return the ordinal of the clause, which is stored with the next commit."""
        self._rows.append(entry.row)
        self._ids.append(entry.id.encode())
        self._words.append(entry.words)
        self._row_bytes += len(entry.row)
        if len(self._rows) == BLOCK_ROWS or self._row_bytes > BLOCK_BYTES:
            self._write_block()
        self._next += 1
        return self._next - 1

    def _begin_block(self) -> None:
        self._rows: list[bytes] = []
        self._ids: list[bytes] = []
        self._words: list[Sequence[int]] = []
        self._row_bytes = 0

    def _write_block(self) -> None:
        if self._out is None:
            self._out = Unfinished(self._folder, self._committed)
        ends = zip(
            accumulate(map(len, self._rows)),
            accumulate(map(len, self._ids)),
            accumulate(WORD_BYTES * len(words) for words in self._words),
            strict=True,
        )
        words = _packed(self._words)
        self._out.block(self._compress(b"".join(self._rows)), b"".join(self._ids), words, list(ends))
        self._begin_block()

    def commit(self) -> None:
        """Make everything durable. It comes before the engine's commit: no engine may name a row that is not there."""
        if self._rows:
            self._write_block()
        if self._out is not None:
            self._out.finish()
            self._out = None
            self._committed = self._next
            self._join()

    def _join(self) -> None:
        """Join the newest files as long as each is no longer than all after it together."""
        chain = listed_files(self._folder)
        at, clauses, size = len(chain) - 1, 0, 0
        while at >= 0:
            first, end, path = chain[at]
            size += path.stat().st_size
            if size > JOIN_LIMIT or (clauses and end - first > clauses):
                break
            clauses += end - first
            at -= 1
        run = chain[at + 1:]
        if len(run) < 2:
            return
        joined = Unfinished(self._folder, run[0][0])
        for first, _, path in run:
            joined.copy(Part(first, path))
        joined.finish()
        for _, _, path in run:
            remove(path)

    def rollback(self) -> None:
        """Forget everything since the last commit."""
        if self._out is not None:
            self._out.drop()
            self._out = None
        self._begin_block()
        self._next = self._committed

    def close(self) -> None:
        """Forget everything since the last commit and release the lock."""
        self.rollback()
        self._lock.release()


def _packed(numbers: Sequence[Sequence[int]]) -> bytes:
    """Return the numbers in 24 bits each, low byte first. Raises IndexProblem beyond 16.7 million distinct words."""
    import numpy as np

    whole = np.concatenate([np.asarray(each, "<i4") for each in numbers])
    if len(whole) and int(whole.max()) >> (8 * WORD_BYTES):
        raise IndexProblem("The texts have more than 16.7 million distinct words; split them over several indexes.")
    return whole.view(np.uint8).reshape(-1, 4)[:, :WORD_BYTES].tobytes()
