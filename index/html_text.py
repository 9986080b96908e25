"""HTML of any decade → the text a reader sees: blocks as lines, list numbers written out, furniture left out."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.encoding import decode_bytes, normal_charset
from index.html_guard import tame
from index.html_tables import (
    CELLS,
    DROPPED,
    FURNITURE_SHARE,
    HEADER_LETTERS,
    LINES,
    PARAGRAPHS,
    counted,
    is_aside,
    list_style,
    named_furniture,
    whole_number,
)
from index.mojibake import repair_mojibake
from index.source_limits import LIMITS, Limits

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_CHARSET = re.compile(
    rb"""<(?:meta\b[^>]{0,300}?charset|\?xml\b[^>]{0,100}?encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_SAVED_FROM = re.compile(r"<!-- (?:saved from url=\(\d+\)|Mirrored from )(\S{4,500})")
_SPACE = re.compile("[ \t\n\r\f\u00a0]+")
_NUMBERED = re.compile(r"\s*[(\[]?(?:\d{1,3}|[\u0621-\u064a]|[a-zA-Z]|[ivxIVX]{1,6})\s*[.)\]\-\u2013:]")


class TooComplex(Exception):
    """A page with more tags, or that takes longer, than the limit; the message says so."""


@dataclass(slots=True)
class HtmlPage:
    """A page as text, with what it says of itself."""

    text: str
    encoding: str
    url: str = ""
    notes: list[str] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)  # addresses of its frames: the text lies there


def read_html(data: bytes, limits: Limits = LIMITS) -> HtmlPage:
    """Return the text of an HTML page, its encoding by the bytes, and notes. Raises BinaryData, TooComplex."""
    from selectolax.lexbor import LexborHTMLParser

    declared = _CHARSET.search(data[:4096])
    charset = declared[1].decode("ascii", "replace") if declared else ""
    decoded = decode_bytes(data, charset)
    notes = list(decoded.notes)
    if charset and not decoded.text.isascii() and not _same_charset(charset, decoded.encoding):
        notes.append(f"the page declares charset {charset}, its bytes are {decoded.encoding}")
    tags = decoded.text.count("<")
    if tags > limits.tags:
        raise TooComplex(f"holds {tags:,} tags, more than the limit of {limits.tags:,}")
    markup, why = tame(decoded.text)
    if why:
        notes.append(why)
    tree = LexborHTMLParser(markup)
    frames = [node.attributes.get("src") or "" for node in tree.css("frameset frame")]
    inner = [node.attributes.get("src") or "" for node in tree.css("body iframe[src]")]
    page = HtmlPage("", decoded.encoding, _own_address(tree, markup), notes, [each for each in frames if each])
    body = tree.body
    if body is not None and not page.frames:
        text = _Writer(body, time.monotonic() + limits.seconds).text()
        page.text, how = repair_mojibake(text)
        if how:
            notes.append(f"its letters were {how}; read back")
        if not page.text.strip():
            page.frames = [each for each in inner if not each.startswith(("about:", "javascript:"))]
    return page


def _same_charset(declared: str, found: str) -> bool:
    """Return whether a declared charset is the one found; what browsers take as the same counts as the same."""
    plain = found.removesuffix("-le").removesuffix("-be")
    return normal_charset(declared) in (normal_charset(found), normal_charset(plain))


def _own_address(tree: object, markup: str) -> str:
    """Return the page's address: its canonical link, og:url, or the comment that browsers and mirrors write."""
    for selector, attribute in (("link[rel=canonical]", "href"), ('meta[property="og:url"]', "content")):
        node = tree.css_first(selector)  # type: ignore[attr-defined]
        address = (node.attributes.get(attribute) or "").strip() if node is not None else ""
        if address.startswith(("http://", "https://")):
            return str(address)
    saved = _SAVED_FROM.search(markup[:3000])
    if not saved:
        return ""
    return saved[1] if "://" in saved[1] else f"http://{saved[1]}"


class _Writer:
    """Walks the tree once and writes the text; breaks are remembered and written before the next letters."""

    def __init__(self, body: LexborNode, deadline: float) -> None:
        self.body = body
        self.deadline = deadline
        self.parts: list[str] = []
        self.breaks = 0  # line ends owed before the next letters
        self.space = False
        self.tab = False
        self.started = False
        self.lists: list[_List] = []
        self.kept = 0  # depth of <pre>
        self.letters = -1

    def text(self) -> str:
        """Return the text of the body."""
        for count, (node, entering) in enumerate(_events(self.body, self.left_out)):
            if count % 4096 == 4095 and time.monotonic() > self.deadline:
                raise TooComplex(f"could not be read in time: {count:,} elements and texts so far")
            tag = node.tag or ""
            if tag == "-text":
                self.write(node.text_content or "")
            elif entering:
                self.enter(node, tag)
            else:
                self.leave(tag)
        return "".join(self.parts).strip() + ("\n" if self.started else "")

    def left_out(self, node: LexborNode, tag: str) -> bool:
        """Return whether an element is no text of the document."""
        if tag in DROPPED:
            return True
        attributes = node.attributes
        if not attributes:
            return tag in ("header", "form") and self.slight(node)
        if is_aside(attributes):
            return True
        if tag in ("header", "form"):
            return self.slight(node)
        if not named_furniture(tag, attributes):
            return False
        if self.letters < 0:
            self.letters = len(self.body.text())
        return len(node.text()) <= FURNITURE_SHARE * self.letters

    @staticmethod
    def slight(node: LexborNode) -> bool:
        """Return whether a <header> or <form> holds nothing of the document: few letters, no paragraph, no heading."""
        return node.css_first("p, h1, h2, h3, ol, td") is None and len(node.text()) <= HEADER_LETTERS

    def write(self, text: str) -> None:
        """Write letters, with the breaks that are owed before them."""
        if self.kept:
            self.owed()
            self.parts.append(text)
            self.started = self.started or bool(text)
            return
        words = _SPACE.sub(" ", text)
        if words == " " or not words:
            self.space = self.space or bool(words)
            return
        if words[0] == " ":
            self.space = True
        self.owed()
        self.parts.append(words.strip(" "))
        self.space = words[-1] == " "

    def owed(self) -> None:
        """Write the line ends, tab or space owed; nothing before the first letters."""
        if self.started:
            self.parts.append("\n" * self.breaks if self.breaks else "\t" if self.tab else " " if self.space else "")
        self.started = True
        self.breaks, self.space, self.tab = 0, False, False

    def enter(self, node: LexborNode, tag: str) -> None:
        """Take note of an element's beginning."""
        if tag == "br":
            self.breaks = min(self.breaks + 1, 2)
        elif tag in PARAGRAPHS:
            self.breaks = max(self.breaks, 1 if self.lists and tag in ("ol", "ul") else 2)
        elif tag in LINES:
            self.breaks = max(self.breaks, 1)
        if tag in ("ol", "ul", "dir"):
            self.lists.append(_List(node, tag))
        elif tag == "li":
            mark = self.lists[-1].mark(node) if self.lists else ""
            if mark:
                self.write(mark + " ")
        elif tag in CELLS:
            if node.css_first("p, div, table, br, ol, ul, h1, h2, h3, h4, center, blockquote") is not None:
                self.breaks = max(self.breaks, 1)
            self.tab = True
        elif tag == "pre":
            self.kept += 1
        elif tag == "q":
            self.write("“" if not self.space else " “")

    def leave(self, tag: str) -> None:
        """Take note of an element's end."""
        if tag == "pre":
            self.kept -= 1
        elif tag == "q":
            self.parts.append("”")
        elif tag in ("ol", "ul", "dir") and self.lists:
            self.lists.pop()
        if tag in PARAGRAPHS:
            self.breaks = max(self.breaks, 1 if self.lists and tag in ("ol", "ul") else 2)
        elif tag in LINES:
            self.breaks = max(self.breaks, 1)
        elif tag in CELLS:
            self.tab = True


class _List:
    """A list and where its count stands."""

    def __init__(self, node: LexborNode, tag: str) -> None:
        attributes = node.attributes
        self.style = list_style(attributes, "decimal" if tag == "ol" else "bullet")
        self.step = -1 if "reversed" in attributes and tag == "ol" else 1
        first = len([c for c in node.iter() if c.tag == "li"]) if self.step < 0 else 1
        self.next = whole_number(attributes.get("start"), first)

    def mark(self, item: LexborNode) -> str:
        """Return what is printed before an item: "3.", "•", or nothing where the text brings its own number."""
        attributes = item.attributes
        number = whole_number(attributes.get("value"), self.next)
        self.next = number + self.step
        style = list_style(attributes, self.style) if attributes else self.style
        if style == "none":
            return ""
        if style == "bullet":
            return "•"
        return "" if _NUMBERED.match(item.text()[:40]) else f"{counted(number, style)}."


def _events(root: LexborNode, left_out: object) -> Iterator[tuple[LexborNode, bool]]:
    """Yield (node, True) on entering and (element, False) on leaving, in document order, without recursion."""
    node: LexborNode | None = root
    depth = 0
    while node is not None:
        tag = node.tag or ""
        skipped = tag != "-text" and depth > 0 and left_out(node, tag)  # type: ignore[operator]
        if not skipped:
            yield node, True
            child = node.child if tag != "-text" else None
            if child is not None:
                node = child
                depth += 1
                continue
            if tag != "-text":
                yield node, False
        while depth > 0 and node.next is None:
            node = node.parent
            depth -= 1
            if node is None:
                return
            yield node, False
        if depth == 0:
            return
        node = node.next
