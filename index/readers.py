"""One stream of a known kind → its pages, rows and faults: the one place that knows which module reads which kind."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from index.archives import (
    PACKED_ERRORS,
    BadArchive,
    Member,
    TooMuch,
    Unpacked,
    tar_members,
    zip_members,
)
from index.encoding import BinaryData
from index.jsonl import read_rows
from index.kinds import Kind, hidden, kind_of
from index.source_items import Fault, Page, Row
from index.source_limits import Limits, shown_bytes
from index.walk import described, ending, printable

Item = Page | Row | Fault


class Unreadable(Exception):
    """A document that cannot be read; the message says why, for a person, as in "is locked by a password"."""


@dataclass(slots=True)
class Place:
    """Where a stream comes from."""

    source: str  # relative to what was named
    shown: str  # as a person can open it
    modified: str | None
    size: int  # bytes on disk of the file it lies in
    packed: Callable[[], int]  # bytes of that file read so far


def read_stream(
    stream: BinaryIO, kind: Kind, place: Place, limits: Limits, *, within: bool = False,
) -> Iterator[Item]:
    """Yield what a stream holds; whatever is wrong with it is a Fault, the last item then.

    Raises TooMuch for a member `within` an archive: then the whole archive is not to be trusted.
    """
    seen = False
    faults = good = 0
    try:
        for item in _items(stream, kind, place, limits):
            seen = True
            if not isinstance(item, Fault):
                good += 1
                yield item
                continue
            faults += 1
            if faults <= limits.faults:
                yield item
            elif not good:
                yield Fault(place.shown, None, f"its first {limits.faults:,} lines or members hold nothing that can be "
                                               "read", "the rest skipped")
                return
    except (TooMuch, BadArchive, Unreadable) as problem:
        if within and isinstance(problem, TooMuch):
            raise
        yield Fault(place.shown, None, str(problem), _rest(seen))
    except BinaryData as problem:
        yield Fault(place.shown, None, f"is not what its name says: {problem}", _rest(seen))
    except PACKED_ERRORS as problem:
        yield Fault(place.shown, None, f"is damaged or cut off ({problem})", _rest(seen))
    except OSError as problem:
        yield Fault(place.shown, None, f"cannot be read: {problem.strerror or problem}", _rest(seen))
    except MemoryError:
        yield Fault(place.shown, None, "needs more memory than there is", _rest(seen))
    else:
        if not seen:
            yield Fault(place.shown, None, "is empty", "skipped")
    if faults > limits.faults:
        more = faults - limits.faults
        yield Fault(place.shown, None, f"{more:,} more faults of this file are not listed", "skipped")


def _rest(seen: bool) -> str:
    return "what came before is kept, the rest skipped" if seen else "skipped"


def _items(stream: BinaryIO, kind: Kind, place: Place, limits: Limits) -> Iterator[Item]:
    """Yield what a stream holds. Raises what `read_stream` turns into faults."""
    if kind.name == "zip":
        yield from _members(zip_members(stream, place.size, limits), place, limits)
        return
    if kind.name == "tar":
        yield from _members(tar_members(stream, place.packed, kind.gzip, limits), place, limits)
        return
    if kind.gzip:
        packed = gzip.GzipFile(fileobj=stream, mode="rb")
        stream = Unpacked(packed, place.packed, limits, None)  # type: ignore[arg-type]
    if kind.name == "jsonl":
        yield from read_rows(stream, place.source, place.shown, limits)
    elif kind.name == "csv":
        from index.csv_rows import read_csv

        yield from read_csv(stream, place.source, place.shown, limits)
    elif kind.name == "akn":
        yield from _akn(stream, place, limits)
    else:
        yield from _page(stream, kind.name, place, limits)


def _page(stream: BinaryIO, kind: str, place: Place, limits: Limits) -> Iterator[Item]:
    """Yield one document as a page. Raises Unreadable, BinaryData."""
    data = _whole(stream, limits.document_bytes if kind in ("docx", "pdf") else limits.page_bytes)
    page = _READERS[kind](data, limits)
    page.source, page.modified = place.source, place.modified
    if not page.text.strip():
        raise Unreadable("holds no text")
    yield page


def _whole(stream: BinaryIO, most: int) -> bytes:
    """Return all bytes of one document. Raises Unreadable where there are none, or more than the limit."""
    data = stream.read(most + 1)
    if len(data) > most:
        raise Unreadable(f"holds more than the limit of {shown_bytes(most)} for one document")
    if not data or data.isspace():
        raise Unreadable("holds nothing but blanks" if data else "is empty")
    return data


def _akn(stream: BinaryIO, place: Place, limits: Limits) -> Iterator[Item]:
    """Yield the rows of an Akoma Ntoso file that the export wrote. Raises Unreadable."""
    from index.akoma_ntoso import read_document
    from index.jsonl import check_row
    from index.safe_xml import UnsafeXml

    try:
        rows = read_document(_whole(stream, limits.page_bytes))
    except UnsafeXml as problem:
        raise Unreadable(str(problem)) from problem
    for number, row in enumerate(rows, 1):
        yield check_row(row, place.source, place.shown, number, limits)


def _text(data: bytes, limits: Limits) -> Page:
    from index.encoding import decode_bytes

    decoded = decode_bytes(data)
    return Page("", decoded.text, decoded.encoding, notes=decoded.notes)


def _html(data: bytes, limits: Limits) -> Page:
    from index.html_text import TooComplex, read_html

    try:
        found = read_html(data, limits)
    except TooComplex as problem:
        raise Unreadable(str(problem)) from problem
    if found.frames:
        raise Unreadable(f"is a frame around other pages, load these: {', '.join(found.frames[:5])}")
    return Page("", found.text, found.encoding, None, found.url, tuple(found.notes))


def _docx(data: bytes, limits: Limits) -> Page:
    from index.docx_text import BadDocument, read_docx

    try:
        text, notes = read_docx(data, limits)
    except BadDocument as problem:
        raise Unreadable(str(problem)) from problem
    return Page("", text, "docx", notes=tuple(notes))


def _pdf(data: bytes, limits: Limits) -> Page:
    from index.pdf_process import BadPdf, read_pdf_apart

    try:
        text, notes = read_pdf_apart(data, limits)
    except BadPdf as problem:
        raise Unreadable(str(problem)) from problem
    return Page("", text, "pdf", notes=tuple(notes))


_READERS: dict[str, Callable[[bytes, Limits], Page]] = {"text": _text, "html": _html, "docx": _docx, "pdf": _pdf}


def _members(members: Iterator[Member], place: Place, limits: Limits) -> Iterator[Item]:
    """Yield what the files of an archive hold; files of other kinds are counted as in a folder."""
    others: Counter[str] = Counter()
    documents = 0
    for member in members:
        name = printable(member.name.replace("\\", "/"))
        shown = f"{place.shown}!{name}"
        if member.refused:
            yield Fault(shown, None, f"the member {member.refused}", "skipped")
            continue
        kind = kind_of(name)
        if hidden(name) or name.endswith("/"):
            continue
        if kind is None:
            others[ending(name)] += 1
            continue
        documents += 1
        if kind.name in ("zip", "tar"):
            yield Fault(shown, None, "is an archive inside an archive; unpack it first", "skipped")
            continue
        inner = Place(f"{place.source}!{name}", shown, member.modified, place.size, place.packed)
        yield from _member(member, kind, inner, limits)
    if others:
        yield described(place.shown, others)
    if not documents:
        yield Fault(place.shown, None, "holds no document", "skipped")


def _member(member: Member, kind: Kind, place: Place, limits: Limits) -> Iterator[Item]:
    """Yield what one member holds. Raises TooMuch."""
    try:
        stream = member.open()
    except (*PACKED_ERRORS, RuntimeError, OSError, ValueError, OverflowError) as problem:
        yield Fault(place.shown, None, f"cannot be unpacked ({problem})", "skipped")
        return
    with stream:
        yield from read_stream(stream, kind, place, limits, within=True)
