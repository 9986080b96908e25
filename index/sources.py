"""Files, folders and streams → pages, rows and faults. Never raises for bad input: what cannot be read is a Fault."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import BinaryIO

from index.kinds import SHOWN_ENDINGS, Kind, kind_of
from index.readers import Item, Place, read_stream
from index.source_items import Fault, Page, Row
from index.source_limits import LIMITS, Limits
from index.walk import File, printable, walk

__all__ = ["LIMITS", "Fault", "Item", "Limits", "Page", "Row", "SourceReader", "count_bytes", "read_sources"]


def read_sources(paths: Sequence[str], *, stdin: BinaryIO | None = None, limits: Limits = LIMITS) -> SourceReader:
    """Return an iterator over everything in files and folders, "-" being JSONL on `stdin`; reads only when asked."""
    return SourceReader(paths, stdin, limits)


def count_bytes(paths: Sequence[str]) -> int:
    """Return how many bytes on disk `read_sources` will go through; standard input counts nothing."""
    return sum(file.size for path in paths if path != "-" for file in walk(path) if isinstance(file, File))


class SourceReader(Iterator[Item]):
    """Yields pages, rows and faults in the order of the paths; `bytes_read` grows towards `count_bytes`."""

    def __init__(self, paths: Sequence[str], stdin: BinaryIO | None, limits: Limits) -> None:
        self.bytes_read = 0
        self.limits = limits
        self._items = self._read(list(paths), stdin)

    def __next__(self) -> Item:
        """Return the next page, row or fault."""
        return next(self._items)

    def _read(self, paths: list[str], stdin: BinaryIO | None) -> Iterator[Item]:
        for path in paths:
            if path == "-":
                if stdin is None:
                    yield Fault("-", None, "there is no standard input", "skipped")
                else:
                    place = Place("-", "-", None, 0, lambda: self.bytes_read)
                    yield from read_stream(_Counted(stdin, self), Kind("jsonl", False), place, self.limits)
                continue
            for found in walk(path):
                if isinstance(found, Fault):
                    yield found
                    continue
                before = self.bytes_read
                yield from self._file(found, before)
                self.bytes_read = before + found.size

    def _file(self, file: File, before: int) -> Iterator[Item]:
        """Yield what one file holds; `before` bytes were read when it began."""
        shown = printable(file.path)
        kind = kind_of(file.path)
        if kind is None:
            yield Fault(shown, None, f"is of an unknown kind; known are {SHOWN_ENDINGS}", "skipped")
            return
        try:
            with open(file.path, "rb") as raw:
                place = Place(file.name, shown, _iso(file.modified), file.size, lambda: self.bytes_read - before)
                yield from read_stream(_Counted(raw, self), kind, place, self.limits)
        except OSError as problem:
            yield Fault(shown, None, f"cannot be read: {problem.strerror or problem}", "skipped")


class _Counted(io.RawIOBase, BinaryIO):
    """A stream that tells the reader how many bytes went through it."""

    def __init__(self, raw: BinaryIO, reader: SourceReader) -> None:
        self._raw = raw
        self._reader = reader

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data = self._raw.read(size)
        self._reader.bytes_read += len(data)
        return data

    def seekable(self) -> bool:
        """Return whether the file below is seekable: ZIP archives are read from their end."""
        return self._raw.seekable()

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move in the file below and return where to."""
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        """Return where in the file below the next bytes are read."""
        return self._raw.tell()


def _iso(seconds: float) -> str | None:
    """Return a time of the file system as an ISO time in UTC, None where it is outside the calendar."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return None
