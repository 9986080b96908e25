"""The head of a page, line by line: symbols, session line, motto, section line, source, title.

Reads; decides nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from index.calendar_dates import find_dates
from index.line_kinds import is_furniture
from index.ordinals import MONTH_HEADS, ordinal_pattern, ordinal_value
from index.page_text import LETTER, Line, PageText, fold
from index.parse_tables import table
from index.symbol import INTRODUCER, Symbol, find_symbols


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


_INTRODUCED = re.compile(rf"\(?(?:\(? ?تابع ?\)? ?[:-]? ?)?{INTRODUCER}", re.IGNORECASE)
_SOURCE = re.compile(r"\(?المصدر ?:? ?")
_MOTTO = re.compile(r"\(? ?[\"]?\(? ?دوره ?:? ?[\"]?(?P<motto>[^()\"؛\n]{3,160})")
_CONTINUED = re.compile(r"[(\[] ?تابع ?[)\]]|تابع ?[:-]|^تابع |- ?تابع$")
_SECTION = re.compile(
    r"(?:تقرير و ?)?(?:ال)?(?:قرارات|مقررات)(?: ال?شو?ي?ون)?(?: الخاصه ب| المتعلقه ب| حول| بشان)? ?"
    r"(?P<rest>[^\d]{2,70})"
)
_ABOUT = re.compile(
    rf"\(?(?:(?:مشروع )?(?:ال)?قرار )?(?:بشان|في شان|حول|بخصوص|المتعلق ب|الخاص ب|الموضوع ?:)(?![{LETTER}]) ?[:\-]? ?"
)
_SPONSOR = re.compile(
    r"[(\[\-]* ?(?:مشروع قرار )?(?:مقدم(?:ه)? من|بمبادره من|بناء علي طلب|(?:ال)?اصل ?:? ?\(?(?:ال)?"
    r"(?:ا?نج?لي?زي|عربي|فرنسي|انكليزي)|اللغه الاصليه)"
)
_DOCUMENT_SYMBOL = re.compile(r"\(?(?:ICFM|OIC|IS|CFM)\b ?[/\-].{2,60}$", re.IGNORECASE)
_SESSION_LINE = re.compile(r"(?:موتمر|الدوره|القمه|مجلس|المجلس|دورته|الاجتماع|الجلسه|الجمعيه)")


@cache
def city_pattern() -> re.Pattern[str]:
    """Known cities in folded text: group "city", and "lead" for the preposition before it."""
    names = {fold(n) for row in table("places") for n in (row["city"], *row.get("spellings", "").split("|")) if n}
    spelled = "|".join(name.replace(" ", " ?") for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![{LETTER}])(?P<lead>في ?|ب|ب?مدينه )?(?P<city>{spelled})(?:(?![{LETTER}])|(?=في |خلال))")


@cache
def _sections() -> list[tuple[str, str]]:
    return sorted(((fold(row["phrase"]), row["theme"]) for row in table("section_themes")), key=lambda p: -len(p[0]))


def section_theme(folded: str) -> str | None:
    """The theme that a section line names ("تقرير وقرارات الشؤون السياسية" → political), None when it names none."""
    match = _SECTION.search(folded)
    if not match:
        return None
    rest = match["rest"]
    best = min(
        ((rest.find(phrase), -len(phrase), theme) for phrase, theme in _sections() if phrase in rest), default=None
    )
    return best[2] if best else None


def session_ordinals(folded: str) -> list[tuple[int, tuple[int, int]]]:
    """Ordinals of a folded text that count sessions, with their spans;
    those that belong to names of months are left out.
    """
    found = []
    for match in ordinal_pattern().finditer(folded):
        before = folded[: match.start()].rstrip().rsplit(" ", 1)[-1]
        value = ordinal_value(match["ordinal"])
        if value and before.lstrip("(/و") not in MONTH_HEADS:
            found.append((value, match.span("ordinal")))
    return found


_NUMERIC_SESSION = re.compile(r"(?:الدوره|دورته|دوره)(?: ال[^\d ]{3,12})? ?(?:رقم )?\(? ?(\d{1,3}) ?\)?(?![\d/])")


def session_numbers(folded: str) -> list[tuple[int, tuple[int, int]]]:
    """Sessions that a folded text names, by ordinal word or as "الدورة (38)"."""
    digits = [(int(m[1]), m.span(1)) for m in _NUMERIC_SESSION.finditer(folded)]
    return session_ordinals(folded) or digits


def read_header(page: PageText, lines: list[Line]) -> Header:
    """Reads the lines before the enacting formula (or the first clause) and gives each its role."""
    header = Header()
    rest: list[int] = []  # lines that nothing else claims: title candidates
    above: list[int] = []  # unclaimed lines above the last claimed one
    about: int | None = None
    for i, line in enumerate(lines):
        text = line.text
        if is_furniture(text):
            line.role = "furniture"
            continue
        if _CONTINUED.search(text):
            header.continued = True
        if about is not None and not _INTRODUCED.match(text) and not _SOURCE.match(text):
            if _SPONSOR.match(text):
                line.role = "heading"
            else:
                rest.append(i)
            continue
        opened = _ABOUT.match(text)
        if opened and not _section_line(text):
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
    _settle_title(header, lines, rest if rest or header.title else above, about)
    _settle_places(header, lines)
    return header


def is_number_line(text: str) -> bool:
    """Whether a folded line is a number line: "القرار الرقم 5/20-س", perhaps with more behind it."""
    return len(text) < 250 and bool(_INTRODUCED.match(text)) and bool(re.search(r"\d", text[:60]))


def is_about_line(text: str) -> bool:
    """Whether the line is "بشأن" or begins with it: what follows is the title of a resolution."""
    return bool(_ABOUT.match(text))


def is_header_line(text: str) -> bool:
    """Whether a folded line belongs to a head: number, source, sponsor, motto, section, session, place or date line."""
    if len(text) > 250:
        return False
    if is_number_line(text) or _SOURCE.match(text) or _SPONSOR.match(text) or _DOCUMENT_SYMBOL.match(text):
        return True
    if _section_line(text) or _MOTTO_LINE.match(text) or (_ABOUT.match(text) and len(text) < 120):
        return True
    if is_place_or_date(text) or _BODY_LINE.match(text):
        return True
    return bool(_SESSION_LINE.search(text[:60])) and text[-1] not in ".؛" and bool(session_numbers(text))


_UN_NUMBER = re.compile(
    r"(?:ال)?قرار (?:الجمعيه العامه|مجلس الامن)(?: للامم المتحده)? ?(?:(?:ال)?رقم )?:? ?\d{1,4}"
    r"(?:[/( ][^،.]{0,40})?$|[AS]/RES/\d"
)
_ADOPTED = re.compile(r"\(?(?:الذي )?(?:اتخذه|اعتمده|اتخذته|اعتمدته|المتخذ|المعتمد|اتخذ|اعتمد) ")
_PLAIN_NUMBER = re.compile(rf"\(?{INTRODUCER}\d{{1,4}}(?![\d/])[^{LETTER}]{{0,15}}$", re.IGNORECASE)
_BODY_LINE = re.compile(
    r"(?:جامعه الدول العربيه|منظمه الموتمر الاسلامي|منظمه التعاون الاسلامي|الامم المتحده|مجلس الامن"
    r"|الجمعيه العامه|مجلس الجامعه"
    r"|مجلس التعاون لدول الخليج العربيه)[ .:-]*$"
)
_IS_MOTTO = re.compile(r" ?[(\"]|دوره ?:")
_MOTTO_LINE = re.compile(r"[(\"]{1,2} ?دوره")


def is_place_or_date(text: str) -> bool:
    """Whether a short line only names a city ("أستانة - جمهورية كازاخستان") or a date."""
    if len(text) > 110 or text[-1] in ".؛":
        return False
    city = city_pattern().match(text)
    if city:
        rest = text[city.end() :].lstrip(" -،,(/")
        return not rest or rest.startswith(_COUNTRY_HEADS) or bool(find_dates(rest)) or len(rest) < 15
    dates = find_dates(text) if any(c.isdigit() for c in text) else []
    return bool(dates) and dates[0].at[0] < 30 and len(text) - dates[-1].at[1] < 25


_COUNTRY_HEADS = ("جمهوري", "المملك", "دول", "سلطن", "الجمهوري", "مملك", "الامار", "الجماهير", "ال")


def _section_line(text: str) -> bool:
    return (
        section_theme(text) is not None
        and len(text) < 200
        and bool(re.match(r"(?:تقرير و ?)?(?:ال)?(?:قرارات|مقررات) ", text))
    )


def _claim(header: Header, line: Line, index: int) -> bool:
    """Takes the line when it is a symbol, session, motto, section, source or sponsor line."""
    text = line.text
    if _SOURCE.match(text):
        start = line.start + _SOURCE.match(text).end()  # type: ignore[union-attr]
        header.source, line.role = (start, line.end), "heading"
        return True
    if (
        _UN_NUMBER.match(text)
        or _PLAIN_NUMBER.match(text)
        or _ADOPTED.match(text)
        or (text[0] == "[" and text[-1] == "]")
    ):
        line.role = "heading"
        return True
    if _SPONSOR.match(text) or _BODY_LINE.match(text) or _DOCUMENT_SYMBOL.match(text):
        line.role = "heading"
        return True
    theme = section_theme(text) if len(text) < 300 else None
    introduced = [m.end() for m in _INTRODUCED_ANYWHERE.finditer(text)]
    symbols = [
        s
        for s in find_symbols(text[:400])
        if any(0 <= s.at[0] - end <= 2 for end in introduced)
        or (s.suffix and (s.at[0] <= 2 or s.at[1] >= len(text) - 2))
    ]
    sessions = session_numbers(text) if _SESSION_LINE.search(text) and len(text) < 300 else []
    motto = _MOTTO.search(text) if len(text) < 300 else None
    if motto and not header.motto and _IS_MOTTO.match(text, motto.start()):
        header.motto = (line.start + motto.start("motto"), line.start + motto.end("motto"))
    if theme and not header.section and (_section_line(text) or sessions or symbols):
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
    if _SESSION_LINE.match(text) and len(text) < 80 and not header.symbols:
        line.role = "heading"
        header.session_lines.append(line)
        return True
    return False


_INTRODUCED_ANYWHERE = re.compile(INTRODUCER, re.IGNORECASE)


def _title_after_symbol(header: Header, line: Line, index: int) -> int | None:
    """Where a title begins on the number line itself: "قرار رقم 5/20-س بشأن …", "قرار 5/20-س: …";
    None when it does not.
    """
    places = [place for place in header.symbols if place.line == index]
    if not places or places[-1].where == "section line":
        return None
    after = line.text[places[-1].at[1] - line.start :]
    rest = after.lstrip(" :-،).")
    about = _ABOUT.match(rest)
    if about:
        rest = rest[about.end() :]
    elif not after.startswith((" :", ":", " -", "-")) or _CONTINUED.search(rest) or len(rest) < 6:
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
