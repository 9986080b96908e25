"""Posting lists as arrays: a Whoosh codec that writes and reads a term's postings in one piece.

Whoosh's own codec pickles every posting's places by themselves, in blocks of 128; that is most of its time and size.
Terms, segments, deletions and the table of contents stay Whoosh's, and its own searcher can read what is written here.

A list is: u32 bytes of its arrays as they lie there; u32 number of postings; one letter each for the width (B, H or I)
of the documents' distances, of the counts ("-" where every count is 1) and of the places ("-" where the field has
none); one byte for compressed or not; then these three arrays one after the other, little-endian.
"""

# Whoosh is typed in part only.
# mypy: allow-untyped-calls

from __future__ import annotations

import mmap
import struct
import zlib
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3TermInfo
from whoosh.formats import Format
from whoosh.matching.mcore import ListMatcher

Numbers = NDArray[np.uint32]

_HEAD = struct.Struct("<II3sB")
_WIDTHS = (("B", 1 << 8), ("H", 1 << 16), ("I", 1 << 32))
_PLAIN_BYTES = 100  # shorter lists do not get smaller by compression
_LEVEL = 1
_FEW = 12  # up to here Python is faster than NumPy; most terms are rare


class Postings(NamedTuple):
    """The postings of one term in one segment."""

    documents: Numbers  # ascending
    counts: Numbers  # of the term in each document
    places: Numbers  # of all occurrences, document by document; empty where the field has none


NO_POSTINGS = Postings(*(np.empty(0, np.uint32) for _ in range(3)))


class Places(Format):
    """The format of a field with places: a posting's value is its places, 32 bits each."""

    def decode_positions(self, value: bytes) -> list[int]:
        """Return the places of one posting."""
        return [int(place) for place in np.frombuffer(value, "<u4")]

    def decode_frequency(self, value: bytes) -> int:
        """Return the number of places of one posting."""
        return len(value) // 4


def _narrow(numbers: Numbers) -> tuple[str, bytes]:
    """Return the letter of the narrowest width that holds the numbers, and their bytes."""
    if len(numbers) <= _FEW:
        few = numbers.tolist()
        top = max(few)
        letter = next(letter for letter, limit in _WIDTHS if top < limit)
        return letter, struct.pack(f"<{len(few)}{letter}", *few)
    top = int(numbers.max())
    letter = next(letter for letter, limit in _WIDTHS if top < limit)
    return letter, numbers.astype("<" + letter).tobytes()


def pack(postings: Postings) -> bytes:
    """Return the bytes of a list that is not empty."""
    documents, counts, places = postings
    gaps = documents
    if len(documents) > 1:
        gaps = documents.copy()
        gaps[1:] -= documents[:-1]
    several = len(places) != len(counts) if len(places) else int(counts.max()) > 1
    parts = (_narrow(gaps), _narrow(counts) if several else ("-", b""), _narrow(places) if len(places) else ("-", b""))
    data = parts[0][1] + parts[1][1] + parts[2][1]
    squeeze = len(data) >= _PLAIN_BYTES
    if squeeze:
        data = zlib.compress(data, _LEVEL)
    letters = (parts[0][0] + parts[1][0] + parts[2][0]).encode()
    return _HEAD.pack(len(data), len(gaps), letters, squeeze) + data


def unpack(file: bytes | mmap.mmap, start: int) -> Postings:
    """Return the postings that begin at `start`. (What Whoosh itself says of their length is no number.)"""
    size, length, letters, squeezed = _HEAD.unpack_from(file, start)
    data = file[start + _HEAD.size:start + _HEAD.size + size]
    if squeezed:
        data = zlib.decompress(data)
    at = 0
    arrays: list[Numbers] = []
    for letter, size in zip(letters.decode(), (length, length, None), strict=True):
        if letter == "-":
            arrays.append(np.ones(length, np.uint32) if size else NO_POSTINGS.places)
            continue
        kind = np.dtype("<" + letter)
        count = size if size is not None else (len(data) - at) // kind.itemsize
        arrays.append(np.frombuffer(data, kind, count, at).astype(np.uint32))
        at += count * kind.itemsize
    return Postings(np.cumsum(arrays[0], dtype=np.uint32), arrays[1], arrays[2])


class _PostingsWriter:
    """Writes posting lists for Whoosh's field writer."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.postings = NO_POSTINGS

    def start_postings(self, format_: Format, info: W3TermInfo) -> None:
        """Begin a term; its postings are set afterwards, in one piece."""

    def finish_postings(self) -> W3TermInfo:
        """Write the list and return what the term dictionary says of it."""
        documents, counts, places = self.postings
        start = self._file.tell()
        self._file.write(pack(self.postings))
        weight = len(places) or int(counts.sum())
        top = 1 if weight == len(counts) else int(counts.max())
        info = W3TermInfo(weight=float(weight), df=len(counts), maxweight=float(top), minid=int(documents[0]),
                          maxid=int(documents[-1]))
        info.set_extent(start, 0)
        return info


class FieldWriter(W3FieldWriter):
    """Whoosh's writer of a field's terms, with one call for a whole term."""

    def add_term(self, term: bytes, postings: Postings) -> None:
        """Write a term with its postings; terms come in the order of their bytes."""
        self.start_term(term)
        self._postwriter.postings = postings  # type: ignore[union-attr]
        self.finish_term()


class ArrayCodec(W3Codec):
    """Whoosh's third codec with posting lists of arrays."""

    length_stats = False  # lengths are in the file of numbers, see whoosh_segment

    def field_writer(self, storage: Any, segment: Any) -> FieldWriter:
        """Return a writer for the terms of a new segment."""
        return FieldWriter(self, storage, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> _PostingsWriter:
        """Return a writer of posting lists."""
        return _PostingsWriter(dbfile)

    def postings_reader(self, dbfile: Any, terminfo: Any, format_: Format, term: Any = None,
                        scorer: Any = None) -> ListMatcher:
        """Return a Whoosh matcher over a term's postings, for Whoosh's own searcher."""
        start, _ = terminfo.extent()
        size = _HEAD.unpack(dbfile.get(start, _HEAD.size))[0]
        found = unpack(dbfile.get(start, _HEAD.size + size), 0)
        values = None
        if len(found.places):
            ends = np.cumsum(found.counts)
            values = [found.places[end - count:end].astype("<u4").tobytes()
                      for end, count in zip(ends, found.counts, strict=True)]
        return ListMatcher(found.documents.tolist(), found.counts.astype(float).tolist(), values, format_,
                           scorer=scorer, term=term, terminfo=terminfo)
