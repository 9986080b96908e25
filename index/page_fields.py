"""From what head and formula say to the fields of a document, by the order of trust; contradictions become warnings.

Trust for session, place and dates: enacting formula, number line of the body, section line, title line, heading.
Theme: the suffix of the symbol, then the section line.
"""

from __future__ import annotations

import re
from functools import cache

from index.calendar_dates import DateSpan, find_dates
from index.document import PageWarning, Reading, Resolution
from index.header_lines import city_pattern, place_line, session_numbers
from index.page_header import Header, SymbolPlace
from index.page_text import LETTER, Line, PageText, fold
from index.parse_tables import table
from index.sessions import city_spellings
from index.symbol import theme_of_suffix

_TRUST = {"enacting formula": 0, "number line": 1, "section line": 2, "title line": 3, "heading": 4}
_MOTTO_BRACKET = re.compile(r"\( ?[\"]?دوره[^)]{0,200}\)?|\"[^\"]{0,120}\"|دوره ?: ?[^،()]{0,120}")


# Whose sessions the table of sessions counts; another union's council of ministers is not meant.
_ISLAMIC = re.compile(r"اسلامي|ا سلامي|مجلس وزراء الخارجيه(?= ?(?:المنعقد|في |،|\(|-|,|$|\n|[ثالخسرعت]))")
_EXTRAORDINARY = re.compile(
    r"(?:الدوره|دورته|دوره|القمه|الموتمر|دورتها) (?:الاسلاميه? )?(?:الاستثناييه?|الطاريه?|غير العاديه)"
)


def find_body(text: str) -> str | None:
    """The body that a folded text names first in the order of the table, None when it names none."""
    return next((body for phrase, body in _bodies() if phrase in text), None)


@cache
def _bodies() -> tuple[tuple[str, str], ...]:
    return tuple((fold(row["phrase"]), row["body"]) for row in table("bodies"))


def set_fields(
    document: Resolution, page: PageText, header: Header, formula: tuple[int, int] | None, lines: list[Line]
) -> bool:
    """Fills body, session, number, theme, title, motto, place, dates, source and symbol;
    returns whether the Islamic conference speaks.
    """
    said = page.folded[formula[0] : formula[1]] if formula else ""
    roles = ("heading", "title") if document.kind != "resolution" else ("heading",)
    heading = "\n".join(line.text for line in lines if line.role in roles)
    document.extraordinary = bool(_EXTRAORDINARY.search(said if session_numbers(said) else said + heading))
    document.body = find_body(said) or find_body(heading)
    if document.body is None and any(place.symbol.summit for place in header.symbols):
        document.body = "summit"
    if document.body is None and any(place.symbol.suffix for place in header.symbols):
        document.body = "ministers"  # only their resolutions and the summit's carry such suffixes
        document.filled.append("body")
    _set_session(document, page, header, formula)
    _set_theme(document, page, header)
    if header.title:
        document.title = _bare_title(page.printed(*header.title)) or None
    motto = _formula_motto(said, formula[0]) if formula else None
    motto = motto or header.motto
    if motto:
        document.session_title = page.printed(*motto).strip(' "«»“”()،:-') or None
    if header.source:
        document.source = page.printed(*header.source).strip(' "«»“”') or None
    _set_place_and_dates(document, page, header, formula)
    return document.body in ("ministers", "summit") and bool(_ISLAMIC.search(said + "\n" + heading))


def _bare_title(title: str) -> str:
    """The title without quotes around it and without the mark of a note behind it."""
    title = re.sub(r"\s*[(\[]?[*]{1,3}[)\]]?$", "", title)
    for opening, closing in ('""', "«»", "“”", "()", "\"'"):
        if (
            title.startswith(opening)
            and title.rstrip(" .").endswith(closing)
            and title.count(opening) <= (2 if opening == closing else 1)
        ):
            return title.rstrip(" .")[1:-1].strip()
    return title.strip(" :").strip()


def _formula_motto(said: str, offset: int) -> tuple[int, int] | None:
    match = re.search(r"[(\"] ?\"?دوره ?:? ?[\"(]?(?P<motto>[^()\"]{3,160})", said) or re.search(
        r"دوره ?: ?[\"]?(?P<motto>[^()\"،\n]{3,120})", said
    )
    return (offset + match.start("motto"), offset + match.end("motto")) if match else None


def _set_session(document: Resolution, page: PageText, header: Header, formula: tuple[int, int] | None) -> None:
    readings: list[tuple[int, Reading]] = []
    said: str | None = None
    if formula:
        for value, span in session_numbers(page.folded[formula[0] : formula[1]])[:1]:
            said = str(value)
            readings.append(
                (0, Reading(said, "enacting formula", *page.raw_span(formula[0] + span[0], formula[0] + span[1])))
            )
    for value, where, span in header.sessions:
        readings.append((_TRUST[where], Reading(str(value), where, *page.raw_span(*span))))
    named = [reading.value for _, reading in sorted(readings, key=lambda item: item[0])]
    main = _main_symbol(header, said)
    numbers: list[Reading] = []
    for place in header.symbols:
        number, session, certain = _read_order(place, named)
        span = page.raw_span(*place.at)
        if session:
            readings.append((_TRUST[place.where], Reading(session, place.where, *span)))
        numbers.append(Reading(number, place.where, *span))
        if place is main:
            document.number, document.symbol = number, place.symbol.printed()
            if not certain and named:
                message = (
                    f"Neither part of {document.symbol} is session {named[0]}, which the {readings[0][1].where} "
                    f"names; it was read as number/session."
                )
                document.warnings.append(
                    PageWarning("symbol", message, [Reading(document.symbol, place.where, *span), readings[0][1]])
                )
    readings.sort(key=lambda item: item[0])
    if readings:
        document.session = readings[0][1].value
        _warn_others(document, "session", [reading for _, reading in readings])
    if main is None:
        return
    mine = next(n for n, place in zip(numbers, header.symbols, strict=True) if place is main)
    agrees = _read_order(main, named)[2] or not named
    if main.where == "heading" and not agrees:  # a stale heading: its number is another resolution's
        document.number = document.symbol = None
        document.warnings = [warning for warning in document.warnings if warning.field != "symbol"]
        return
    _warn_others(document, "number", [mine, *(n for n in numbers if n is not mine)])


def _main_symbol(header: Header, session: str | None) -> SymbolPlace | None:
    """The symbol that names the document: the number line's, or the section line's where only that fits the session."""

    def rank(place: SymbolPlace) -> tuple[bool, int, int]:
        fits = session is None or session in (place.symbol.first, place.symbol.second)
        return (not fits or place.where == "heading"), _TRUST[place.where], -place.line

    return min(header.symbols, key=rank, default=None)


def _read_order(place: SymbolPlace, named: list[str]) -> tuple[str, str | None, bool]:
    """(number, session, whether a named session confirms the order)."""
    symbol = place.symbol
    if symbol.fixed or symbol.second is None:
        return symbol.first, symbol.second, True
    for session in named:
        if symbol.second == session:
            return symbol.first, symbol.second, True
        if symbol.first == session:
            return symbol.second, symbol.first, True
    return symbol.first, symbol.second, False


def _warn_others(document: Resolution, name: str, readings: list[Reading]) -> None:
    taken, seen = readings[0], set()
    for other in readings[1:]:
        if other.value != taken.value and (other.value, other.where) not in seen:
            seen.add((other.value, other.where))
            message = (
                f"The {other.where} names {name} {other.value}, the {taken.where} {name} {taken.value}; "
                f"{taken.value} was taken."
            )
            document.warnings.append(PageWarning(name, message, [taken, other]))


def _set_theme(document: Resolution, page: PageText, header: Header) -> None:
    section = header.section
    main = _main_symbol(header, document.session)
    suffix = main.symbol.suffix if main and document.symbol else None
    theme = theme_of_suffix(suffix, document.session)
    if suffix == "أم" and section and 20 < int(document.session or 0) < 36 and section[0] == "finance":
        theme = None  # the suffix changed its meaning in these sessions; the section line says which
    document.theme = theme or (section[0] if section else None)
    if main and theme and section and section[0] != theme:
        readings = [
            Reading(theme, f"suffix {suffix}", *page.raw_span(*main.at)),
            Reading(section[0], "section line", *page.raw_span(*section[1])),
        ]
        message = (
            f"The suffix {suffix} stands for {theme}, the section line says {section[0]}; {document.theme} was taken."
        )
        document.warnings.append(PageWarning("theme", message, readings))


_PLACE = re.compile(
    rf"(?<![{LETTER}])(?:في|ب(?=مدينه)) (?:مدينه |عاصمه )?(?!دور|الدور|الفتر|المد[هة]|يوم|ايام|اطار|شهر|ظل"
    rf"|مقر|ضوء|اجتماع|جلس|مجلس|موتمر|تاريخ|نيويورك في)(?P<city>[{LETTER}]{{2,}}(?: [{LETTER}]{{2,}}){{0,3}}?)"
    rf"(?= ?[،,(؛.\-]| خلال| في | من | يوم| ايام| بتاريخ| ب[{LETTER}]{{4}}| عاصمه| \d|$|\n)"
)


def find_place(text: str) -> tuple[int, int] | None:
    """The folded span of the city where a meeting was held:
    a known city after "في" or "بـ", else any known one, else what follows "في".
    """
    text = _MOTTO_BRACKET.sub(lambda m: " " * len(m.group()), text)
    opening = place_line().match(text.lstrip())
    if opening and len(text) < 110:
        shift = len(text) - len(text.lstrip())
        return opening.start("city") + shift, opening.end("city") + shift
    known = list(city_pattern().finditer(text))
    for match in known:
        if match["lead"]:
            return match.span("city")
    if known:
        return known[0].span("city")
    for other in _PLACE.finditer(text):
        if _MEETS.search(text, max(0, other.start() - 140), other.start()):
            return other.span("city")
    return None


_MEETS = re.compile("منعقد|مجتمع|عقد|ملتي|دورت|دوره|الدور")


def _set_place_and_dates(document: Resolution, page: PageText, header: Header, formula: tuple[int, int] | None) -> None:
    sources: list[tuple[str, int, str]] = []
    if formula:
        sources.append(("enacting formula", formula[0], page.folded[formula[0] : formula[1]]))
    sources += [("title line", line.start, line.text) for line in header.session_lines]
    places: list[Reading] = []
    for where, offset, text in sources:
        span = find_place(text)
        if span:
            raw = page.raw_span(offset + span[0], offset + span[1])
            places.append(Reading(page.printed(offset + span[0], offset + span[1]), where, *raw))
        for date in find_dates(text):
            take_date(document, page, date, offset)
    if places:
        document.place = places[0].value
        spelled = city_spellings()
        keys = [spelled.get(fold(p.value).replace(" ", "")) for p in places]
        known = [place for place, key in zip(places, keys, strict=True) if key and key != keys[0]]
        _warn_others(document, "place", [places[0], *known])


def take_date(document: Resolution, page: PageText, date: DateSpan, offset: int) -> None:
    """Sets the document's Gregorian or Hijri dates, once each."""
    if date.calendar == "gregorian" and document.date_start is None:
        document.date_start, document.date_end = date.start, date.end
    elif date.calendar == "hijri" and document.hijri_start is None:
        document.hijri_start, document.hijri_end = date.start, date.end
        document.hijri = page.printed(offset + date.at[0], offset + date.at[1])
