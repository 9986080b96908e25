"""A Word document → its text: paragraphs as lines, computed list numbers, tables by row, footnotes at the end.

Read with the standard library's parser: no entities (a document type is refused), no network, sizes limited.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from index.docx_numbering import Numbering, W, read_numbering
from index.safe_xml import UnsafeXml, parse_xml, xml_blocks
from index.source_limits import Limits, shown_bytes

_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
RATIO_FROM = 20_000_000
MAIN = "word/document.xml"
# Elements whose content is not part of the text: deletions, moved-away text, field codes, properties.
_PASSED = frozenset(W + name for name in (
    "del", "moveFrom", "instrText", "delText", "pPr", "rPr", "tblPr", "trPr", "tcPr", "sectPr", "sdtPr",
    "fldData", "rt",
))
# Elements that are a letter of their own.
_LETTERS = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "\u2011", W + "softHyphen": "\u00ad",
            W + "ptab": "\t"}
_PACKAGE_ERRORS = (
    zipfile.BadZipFile, zlib.error, struct.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError,
    OverflowError,
)


class BadDocument(Exception):
    """A document that cannot be read; the message says why."""


def read_docx(data: bytes, limits: Limits) -> tuple[str, list[str]]:
    """Return the text of a DOCX file and notes on it. Raises BadDocument with the reason."""
    if data.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise BadDocument("is locked by a password" if locked else "is an old .doc file; save it as .docx")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _Document(package, limits).text()
    except RecursionError as problem:
        raise BadDocument("is nested too deep to be read") from problem
    except UnsafeXml as problem:
        raise BadDocument(str(problem)) from problem
    except _PACKAGE_ERRORS as problem:
        raise BadDocument(f"is no whole DOCX file ({problem or type(problem).__name__})") from problem


class _Document:
    """The parts of a package, and the walk through its body."""

    def __init__(self, package: zipfile.ZipFile, limits: Limits) -> None:
        self.package = package
        self.limits = limits
        self.notes: list[str] = []
        self.footnotes: dict[tuple[str, str], str] = {}
        self.used: list[tuple[str, str]] = []
        self.styles: dict[str, Element] = {}
        self.numbering = Numbering()

    def text(self) -> tuple[str, list[str]]:
        """Return the text and the notes."""
        names = set(self.package.namelist())
        if MAIN not in names:
            raise BadDocument("is a ZIP archive without word/document.xml")
        if "word/styles.xml" in names:
            styles = self.whole("word/styles.xml").iter(f"{W}style")
            self.styles = {each.get(f"{W}styleId", ""): each for each in styles}
        if "word/numbering.xml" in names:
            links = {name: self.style_number(name)[0] for name in self.styles}
            self.numbering = read_numbering(self.whole("word/numbering.xml"), links)
        for kind in ("footnote", "endnote"):
            if f"word/{kind}s.xml" in names:
                for note in self.whole(f"word/{kind}s.xml").iter(W + kind):
                    if note.get(f"{W}type", "normal") == "normal":
                        lines = [line for block in note for line in self.block(block)]
                        self.footnotes[kind, note.get(f"{W}id", "")] = " ".join(lines).strip()
        blocks = xml_blocks(self.part(MAIN), f"{W}body")
        lines = [line for block in blocks for line in self.block(block)]
        for number, key in enumerate(self.used, 1):
            lines.append(f"({number}) {self.footnotes.get(key, '')}")
        return "\n".join(lines).strip("\n") + "\n", self.notes

    def part(self, name: str) -> bytes:
        """Return one part unpacked. Raises BadDocument where it is larger than the limit."""
        info = self.package.getinfo(name)
        most = self.limits.part_bytes
        if info.flag_bits & 1:
            raise BadDocument("is locked by a password")
        with self.package.open(info) as part:
            data = part.read(most + 1)
        if len(data) > most or len(data) > max(RATIO_FROM, self.limits.ratio * max(info.compress_size, 1)):
            raise BadDocument(f"its part {name} unpacks to more than the limit of {shown_bytes(most)}")
        return data

    def whole(self, name: str) -> Element:
        """Return a part as a tree."""
        return parse_xml(self.part(name))

    def block(self, element: Element) -> Iterator[str]:
        """Yield the lines of a paragraph, a table, or what wraps them."""
        if element.tag == f"{W}p":
            yield from self.paragraph(element)
        elif element.tag == f"{W}tbl":
            for row in _inside(element, f"{W}tr"):
                cells = ["\n".join(line for each in cell for line in self.block(each)).strip()
                         for cell in _inside(row, f"{W}tc")]
                yield ("\n" if any("\n" in cell for cell in cells) else "\t").join(cells)
            yield ""
        elif element.tag not in _PASSED:
            for child in element:
                yield from self.block(child)

    def paragraph(self, element: Element) -> Iterator[str]:
        """Yield a paragraph as one line with its label before it, then the lines of text boxes anchored in it."""
        parts: list[str] = []
        boxes: list[Element] = []
        self.collect(element, parts, boxes)
        label = self.label(element)
        text = "".join(parts).strip(" ")
        yield f"{label} {text}" if label and text else text
        for box in boxes:
            for child in box:
                yield from self.block(child)

    def collect(self, element: Element, parts: list[str], boxes: list[Element]) -> None:
        """Add the letters of a paragraph to `parts`, the text boxes in it to `boxes`."""
        for child in element:
            tag = child.tag
            if tag == f"{W}t":
                parts.append(child.text or "")
            elif tag in _LETTERS:
                if child.get(f"{W}type") != "page":
                    parts.append(_LETTERS[tag])
            elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                key = (tag.removeprefix(W).removesuffix("Reference"), child.get(f"{W}id", ""))
                self.used.append(key)
                parts.append(f"({len(self.used)})")
            elif tag == _CHOICE:
                if len(child):
                    self.collect(child[0], parts, boxes)
            elif tag == f"{W}txbxContent":
                boxes.append(child)
            elif tag == f"{W}sym":
                parts.append("•")
            elif tag == f"{W}r" and _is_hidden(child):
                continue
            elif tag not in _PASSED:
                self.collect(child, parts, boxes)

    def label(self, paragraph: Element) -> str:
        """Return the computed list label of a paragraph, from its own properties or its style's."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return ""
        number, level = _number_of(properties)
        style = properties.find(f"{W}pStyle")
        if style is not None and (not number or level is None):
            inherited, inherited_level = self.style_number(style.get(f"{W}val", ""))
            number = number or inherited
            level = inherited_level if level is None else level
        return self.numbering.label(number, level or 0) if number and number != "0" else ""

    def style_number(self, name: str) -> tuple[str, int | None]:
        """Return the list and level that a style gives its paragraphs, its parents asked where it says nothing."""
        number, level = "", None
        for _ in range(20):  # a chain of styles; a circle ends as well
            style = self.styles.get(name)
            if style is None:
                break
            properties = style.find(f"{W}pPr")
            if properties is not None:
                own, own_level = _number_of(properties)
                number, level = number or own, own_level if level is None else level
            if number:
                break
            parent = style.find(f"{W}basedOn")
            name = parent.get(f"{W}val", "") if parent is not None else ""
        return number, level


def _inside(element: Element, tag: str) -> Iterator[Element]:
    """Yield the children of that tag, also those wrapped in content controls, but not those of tables inside."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
            yield from _inside(child, tag)


def _number_of(properties: Element) -> tuple[str, int | None]:
    found = properties.find(f"{W}numPr")
    if found is None:
        return "", None
    number, level = found.find(f"{W}numId"), found.find(f"{W}ilvl")
    value = level.get(f"{W}val", "") if level is not None else ""
    depth = int(value) if value.isdecimal() and len(value) < 3 else None
    return (number.get(f"{W}val", "") if number is not None else ""), depth


def _is_hidden(run: Element) -> bool:
    """Return whether a run is marked as hidden text."""
    vanish = run.find(f"{W}rPr/{W}vanish")
    return vanish is not None and vanish.get(f"{W}val", "1") not in ("0", "false", "off")
