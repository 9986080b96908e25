"""XML that may be hostile → a tree, or its blocks one by one. A document type, where entities stand, is refused."""

from __future__ import annotations

import io
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, fromstring, iterparse
from xml.parsers import expat

CHUNK = 65536


class UnsafeXml(Exception):
    """XML that is broken, or that declares what a document need not declare; the message says which."""


def parse_xml(data: bytes) -> Element:
    """Return the root of an XML document. Raises UnsafeXml."""
    refuse_doctype(data)
    try:
        return fromstring(data)
    except ParseError as problem:
        raise UnsafeXml(f"holds broken XML ({problem})") from problem


def xml_blocks(data: bytes, parent: str) -> Iterator[Element]:
    """Yield the children of the second-level element `parent` one by one, each forgotten when the next is asked for.

    Raises UnsafeXml, also in the middle.
    """
    refuse_doctype(data)
    path: list[Element] = []
    try:
        for event, element in iterparse(io.BytesIO(data), ("start", "end")):
            if event == "start":
                path.append(element)
                continue
            path.pop()
            if len(path) == 2 and path[1].tag == parent:
                yield element
                path[1].remove(element)
    except ParseError as problem:
        raise UnsafeXml(f"holds broken XML ({problem})") from problem


def refuse_doctype(data: bytes) -> None:
    """Raise UnsafeXml where a document type stands before the first element, whatever the encoding."""
    begun = False

    def on_doctype(name: str, system: str | None, public: str | None, internal: int) -> None:
        raise UnsafeXml("holds XML with a document type, in which entities could hide")

    def on_element(name: str, attributes: dict[str, str]) -> None:
        nonlocal begun
        begun = True

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = on_doctype
    parser.StartElementHandler = on_element
    try:
        for start in range(0, len(data), CHUNK):
            parser.Parse(data[start:start + CHUNK], False)
            if begun:
                return
    except expat.ExpatError as problem:
        if not begun:
            raise UnsafeXml(f"holds broken XML ({problem})") from problem
