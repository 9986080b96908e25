"""Files, folders and streams → pages, rows and faults. Never raises for bad input: what cannot be read is a Fault."""

from __future__ import annotations

import gzip
import io
import os
import stat
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import BinaryIO

from index.encoding import BinaryData, decode_bytes
from index.jsonl import read_rows
from index.kinds import SHOWN_ENDINGS, Kind, kind_of
from index.source_items import Fault, Page, Row
from index.source_limits import LIMITS, Limits, shown_bytes
from index.walk import File, walk

__all__ = ["LIMITS", "Fault", "Limits", "Page", "Row", "SourceReader", "count_bytes", "read_sources"]

Item = Page | Row | Fault


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
                    yield from self._guarded("-", lambda: read_rows(_Counted(stdin, self), "-", "-", self.limits))
                continue
            for found in walk(path):
                if isinstance(found, Fault):
                    yield found
                    continue
                before = self.bytes_read
                yield from self._guarded(found.path, lambda found=found: self._file(found))  # type: ignore[misc]
                self.bytes_read = before + found.size

    def _guarded(self, shown: str, read: Callable[[], Iterator[Item]]) -> Iterator[Item]:
        """Yield what `read` yields; an error of the operating system or of a packed stream becomes a Fault."""
        seen = False
        try:
            for item in read():
                seen = True
                yield item
        except (EOFError, zlib.error, gzip.BadGzipFile) as problem:
            yield Fault(shown, None, f"the gzip stream is damaged or cut off ({problem})", _rest(seen))
        except OSError as problem:
            yield Fault(shown, None, f"cannot be read: {problem.strerror or problem}", _rest(seen))
        except MemoryError:
            yield Fault(shown, None, "needs more memory than there is", _rest(seen))
        else:
            if not seen:
                yield Fault(shown, None, "is empty", "skipped")

    def _file(self, file: File) -> Iterator[Item]:
        """Yield what one file holds."""
        kind = kind_of(file.path)
        if kind is None:
            yield Fault(file.path, None, f"is of an unknown kind; known are {SHOWN_ENDINGS}", "skipped")
            return
        with open(file.path, "rb") as raw:
            if not stat.S_ISREG(os.fstat(raw.fileno()).st_mode):
                yield Fault(file.path, None, "is no regular file; pipe JSON Lines through -", "skipped")
                return
            yield from read_member(_Counted(raw, self), kind, file.name, file.path, _iso(file.modified), self.limits)


def read_member(
    stream: BinaryIO, kind: Kind, source: str, shown: str, modified: str | None, limits: Limits,
) -> Iterator[Item]:
    """Yield what a stream of a known kind holds, be it a file or a member of an archive."""
    if kind.gzip:
        stream = gzip.GzipFile(fileobj=stream, mode="rb")  # type: ignore[assignment]
    if kind.name == "jsonl":
        yield from read_rows(stream, source, shown, limits)
    elif kind.name in ("text", "html"):
        yield from _page(stream, kind.name, source, shown, modified, limits)
    else:
        yield Fault(shown, None, f"is of a kind that cannot be read yet: {kind.name}", "skipped")


def _page(
    stream: BinaryIO, kind: str, source: str, shown: str, modified: str | None, limits: Limits,
) -> Iterator[Item]:
    """Yield one text or HTML file as a page, or the fault that keeps it from being one."""
    data = stream.read(limits.page_bytes + 1)
    if not data or data.isspace():
        yield Fault(shown, None, "is empty" if not data else "holds nothing but blanks", "skipped")
        return
    if len(data) > limits.page_bytes:
        yield Fault(shown, None, f"holds more than the limit of {shown_bytes(limits.page_bytes)} for a page", "skipped")
        return
    try:
        if kind == "html":
            from index.html_text import read_html

            html = read_html(data)
            if html.frames:
                yield Fault(shown, None, f"is a frame around other pages: {', '.join(html.frames[:5])}", "skipped")
                return
            page = Page(source, html.text, html.encoding, modified, html.url, tuple(html.notes))
        else:
            decoded = decode_bytes(data)
            page = Page(source, decoded.text, decoded.encoding, modified, "", decoded.notes)
    except BinaryData as problem:
        yield Fault(shown, None, f"is no {'HTML' if kind == 'html' else 'text'}: {problem}", "skipped")
        return
    if page.text.strip():
        yield page
    else:
        yield Fault(shown, None, "holds no text besides furniture", "skipped")


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


def _rest(seen: bool) -> str:
    return "what came before is kept, the rest skipped" if seen else "skipped"


def _iso(seconds: float) -> str:
    """Return a time of the file system as an ISO time in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
