"""The head of a page, line by line: symbols, session line, motto, section line, source, title.

Reads; decides nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from index.header_lines import (
    ABOUT,
    ADOPTED,
    BODY_LINE,
    CONTINUED,
    DOCUMENT_SYMBOL,
    INTRODUCED,
    INTRODUCED_ANYWHERE,
    IS_MOTTO,
    MOTTO,
    PLAIN_NUMBER,
    SESSION_LINE,
    SOURCE,
    SPONSOR,
    UN_NUMBER,
    is_place_or_date,
    is_section_line,
    section_theme,
    session_numbers,
)
from index.line_kinds import is_furniture
from index.page_text import Line, PageText
from index.symbol import Symbol, find_symbols


@dataclass(slots=True)
class SymbolPlace:
    """A symbol and where it stands: "heading", "section line" or "number line"; `at` is its folded span."""

    symbol: Symbol
    where: str
    at: tuple[int, int]
    line: int


@dataclass(slots=True)
class Header:
    """What the head of one document says, with folded spans."""

    symbols: list[SymbolPlace] = field(default_factory=list)
    sessions: list[tuple[int, str, tuple[int, int]]] = field(default_factory=list)  # number, where, span
    session_lines: list[Line] = field(default_factory=list)
    section: tuple[str, tuple[int, int]] | None = None
    motto: tuple[int, int] | None = None
    source: tuple[int, int] | None = None
    title: tuple[int, int] | None = None
    continued: bool = False


def read_header(page: PageText, lines: list[Line], title: tuple[int, int] | None = None) -> Header:
    """Reads the lines before the enacting formula (or the first clause) and gives each its role.

    `title` is the folded span of a title that names the kind of document, where there is one.
    """
    header = Header(title=title)
    repeated = {text for text, times in Counter(line.text for line in lines).items() if times > 1}
    rest: list[int] = []  # lines that nothing else claims: title candidates
    above: list[int] = []  # unclaimed lines above the last claimed one
    about: int | None = None
    for i, line in enumerate(lines):
        text = line.text
        if is_furniture(text) or (text in repeated and len(text) < 150 and not INTRODUCED.match(text)):
            line.role = "furniture"
            continue
        if title:
            if title[0] <= line.start < title[1]:
                _claim(header, line, i)
                line.role = "title"
            elif not _claim(header, line, i) and line.start > title[1]:
                line.role = "heading"
            continue
        if CONTINUED.search(text):
            header.continued = True
        if about is not None and not INTRODUCED.match(text) and not SOURCE.match(text):
            if SPONSOR.match(text):
                line.role = "heading"
            else:
                rest.append(i)
            continue
        opened = ABOUT.match(text)
        if opened and not is_section_line(text):
            about, line.role = i, "title"
            header.title = (line.start + opened.end(), line.end) if opened.end() < len(text) else None
            rest = []
            continue
        if _claim(header, line, i):
            start = _title_after_symbol(header, line, i)
            above, rest = rest or above, []
            if start is not None:
                about, header.title = i, (start, line.end)
        else:
            rest.append(i)
    if not title:
        _settle_title(header, lines, rest if rest or header.title else above, about)
    _settle_places(header, lines)
    return header


def _claim(header: Header, line: Line, index: int) -> bool:
    """Takes the line when it is a symbol, session, motto, section, source or sponsor line."""
    text = line.text
    if SOURCE.match(text):
        start = line.start + SOURCE.match(text).end()  # type: ignore[union-attr]
        header.source, line.role = (start, line.end), "heading"
        return True
    if UN_NUMBER.match(text) or PLAIN_NUMBER.match(text) or ADOPTED.match(text) or (text[0] == "[" and text[-1] == "]"):
        line.role = "heading"
        return True
    if SPONSOR.match(text) or BODY_LINE.match(text) or DOCUMENT_SYMBOL.match(text):
        line.role = "heading"
        return True
    theme = section_theme(text) if len(text) < 300 else None
    introduced = [m.end() for m in INTRODUCED_ANYWHERE.finditer(text)]
    symbols = [
        s
        for s in find_symbols(text[:400])
        if any(0 <= s.at[0] - end <= 2 for end in introduced)
        or (s.suffix and (s.at[0] <= 2 or s.at[1] >= len(text) - 2))
    ]
    sessions = session_numbers(text) if SESSION_LINE.search(text) and len(text) < 300 else []
    motto = MOTTO.search(text) if len(text) < 300 else None
    if motto and not header.motto and IS_MOTTO.match(text, motto.start()):
        header.motto = (line.start + motto.start("motto"), line.start + motto.end("motto"))
    if theme and not header.section and (is_section_line(text) or sessions or symbols):
        header.section = (theme, (line.start, line.end))
    for symbol in symbols:
        where = "section line" if theme or sessions else "heading"
        header.symbols.append(SymbolPlace(symbol, where, (line.start + symbol.at[0], line.start + symbol.at[1]), index))
    for value, span in sessions[:1]:
        header.sessions.append((value, "title line", (line.start + span[0], line.start + span[1])))
    if sessions or motto:
        header.session_lines.append(line)
    placed = not symbols and not sessions and is_place_or_date(text)
    if placed:
        header.session_lines.append(line)
    if placed or symbols or sessions or theme or (motto and header.motto):
        line.role = "heading"
        return True
    if SESSION_LINE.match(text) and len(text) < 80 and not header.symbols:
        line.role = "heading"
        header.session_lines.append(line)
        return True
    return False


def _title_after_symbol(header: Header, line: Line, index: int) -> int | None:
    """Where a title begins on the number line itself: "قرار رقم 5/20-س بشأن …", "قرار 5/20-س: …";
    None when it does not.
    """
    places = [place for place in header.symbols if place.line == index]
    if not places or places[-1].where == "section line":
        return None
    after = line.text[places[-1].at[1] - line.start :]
    rest = after.lstrip(" :-،).")
    about = ABOUT.match(rest)
    if about:
        rest = rest[about.end() :]
    elif not after.startswith((" :", ":", " -", "-")) or CONTINUED.search(rest) or len(rest) < 6:
        return None
    return line.end - len(rest) if about or rest else None


def _settle_title(header: Header, lines: list[Line], rest: list[int], about: int | None) -> None:
    """The title: from بشأن down to the body, or the unclaimed lines just before the body."""
    if about is None:
        rest = [i for i in rest if not lines[i].text.startswith(("(الاصل", "مقدم"))]
    if header.title and not rest:
        return
    if not rest:
        return
    block = rest if about is not None else rest[-6:]
    start = header.title[0] if header.title else lines[block[0]].start
    header.title = (start, lines[block[-1]].end)
    for i in range(about if about is not None else block[0], block[-1] + 1):
        if not lines[i].role:
            lines[i].role = "title"


def _settle_places(header: Header, lines: list[Line]) -> None:
    """The last symbol line is the body's number line when no session, section or source line comes after it;
    it is the heading otherwise.
    """
    plain = [place for place in header.symbols if place.where == "heading"]
    if not plain or plain[-1] is not header.symbols[-1]:
        return
    line = lines[plain[-1].line]
    later = [other for other in header.session_lines if other.start > line.start]
    below = (header.section and header.section[1][0] > line.end) or (header.source and header.source[0] > line.end)
    if not later and not below:
        plain[-1].where = "number line"
