"""A stream of bytes → blocks of whole lines in UTF-8, in flat memory, whatever the lines' length."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from typing import BinaryIO

from index.encoding import BinaryData, decode_bytes

CHUNK = 1 << 20
SAMPLE = 4096


def line_blocks(stream: BinaryIO, longest: int) -> Iterator[bytes | int | str]:
    """Yield blocks of whole lines without the last line end.

    An int stands for one line longer than `longest` bytes (its size), a str for a stream that is no text (why).
    UTF-16 is turned into UTF-8; other encodings stay as they are, a line at a time decides.
    """
    rest = stream.read(CHUNK)
    read: Callable[[], bytes] = lambda: stream.read(CHUNK)  # noqa: E731
    try:
        encoding = decode_bytes(rest[:SAMPLE]).encoding if rest else ""
    except BinaryData as problem:
        yield str(problem)
        return
    if encoding.startswith("utf-16"):
        rest, read = _transcode(rest, stream, encoding)
    rest = rest.removeprefix(codecs.BOM_UTF8)
    while rest:
        chunk = read()
        cut = rest.rfind(b"\n")
        if cut >= 0:
            yield rest[:cut]
            rest = rest[cut + 1:]
        if len(rest) > longest:
            size, chunk = _skip_line(len(rest), chunk, read)
            yield size
            rest = b""
        if not chunk:
            break
        rest += chunk
    if rest:
        yield rest


def _transcode(first: bytes, stream: BinaryIO, encoding: str) -> tuple[bytes, Callable[[], bytes]]:
    """Return the first bytes in UTF-8, and a function that reads the next ones."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")

    def turn(data: bytes) -> bytes:
        return decoder.decode(data, final=not data).removeprefix("\ufeff").encode("utf-8", "replace")

    return turn(first), lambda: turn(stream.read(CHUNK))


def _skip_line(size: int, chunk: bytes, read: Callable[[], bytes]) -> tuple[int, bytes]:
    """Return how long the line is in the end, and what follows it in the chunk that ends it."""
    while chunk:
        cut = chunk.find(b"\n")
        if cut >= 0:
            return size + cut, chunk[cut + 1:]
        size += len(chunk)
        chunk = read()
    return size, b""
