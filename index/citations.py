"""References inside clauses: resolutions in either order, UN symbols, articles of charters, sessions.

Fiscal years (86/1987), dates (20/8/1982) and "و / أو" look like symbols and are none: a pair of numbers counts only
behind "القرار" or with a known suffix.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from index.document import Citation, Clause
from index.ordinals import MONTH_HEADS, ordinal_pattern, ordinal_value
from index.page_text import LETTER, PageText
from index.symbol import Symbol, find_symbols

_REVERSED_SINCE = 39  # from about this session on citations put the session first
_RECENT = 10  # such citations mostly name one of the last sessions

_INTRODUCED = re.compile(
    r"(?:قرار\w*|قراراته?ا?|resolutions?)(?: [^\d،.؛()]{0,60}?)? ?(?:ال)?(?:رقم|ارقام)? ?[:(]? ?$", re.IGNORECASE
)
_LISTED = re.compile(r"^ ?(?:،|و|-|الي)? ?و? ?(?:رقم )?\(?$")
_SECURITY = re.compile(
    r"(?<![\d/.])(?P<number>\d{1,4}) ?\((?:لعام |لسنه )?(?P<year>(?:19[4-9]|20[0-4])\d)م?\)|S/RES/(?P<short>\d{1,4})"
)
_PLAIN = re.compile(
    r"قرار\w* (?:ال)?(?P<body>مجلس الامن|جمعيه العامه)(?: (?:الدولي|للامم المتحده"
    r"|التابع\w* للامم المتحده))? ?(?:ال)?(?:رقم )?\(? ?"
    r"(?P<first>\d{1,4})(?![\d/(]| ?[(/])(?P<rest>(?: ?(?:،|و) ?\d{1,4}(?![\d/(]| ?[(/])){0,20})"
)
_ASSEMBLY_OLD = re.compile(r"(?<![\d/])(?P<number>\d{2,4}) ?\( ?د ?-? ?(?P<session>\d{1,2}) ?\)")
_ASSEMBLY_LETTER = re.compile(r"A/RES/(?P<session>\d{1,3})/(?P<number>\d{1,4})", re.IGNORECASE)
_ARTICLE = re.compile(
    rf"(?:ال)?(?:ماده|مادتين|مواد) ?\(? ?(?P<first>\d{{1,3}}|ال[{LETTER}]+(?: عشره?| و ?ال[{LETTER}]+)?) ?\)?"
    r"(?P<rest>(?: ?(?:،|و) ?\(? ?\d{1,3} ?\)?){0,10})"
    rf" من (?:ال)?(?:ميثاق|اتفاق|معاهد|نظام|عهد|بروتوكول|اعلان|قانون|دستور)[{LETTER}]*(?: "
    rf"(?:ال)?[{LETTER}]{{2,}}){{0,1}}"
)
_SESSION = re.compile(
    rf"(?:(?:ال)?دور(?:ه|ته|تها|ات)|(?:ال)?موتمر(?:ها)? (?:القمه )?(?:ال)?(?:اسلامي)|القمه (?:الاسلاميه"
    rf"|العربيه)|دورتي\w*)"
    rf" (?:العاديه |الاستثنائيه |الوزاريه |لموتمر القمه )?\(?(?=ال[{LETTER}]|\d)"
)


_DIGIT = re.compile(r"\d")


def find_citations(page: PageText, clause: Clause, start: int, end: int, session: str | None) -> list[Citation]:
    """Citations of one clause, in order; `start` and `end` are its folded span, `session` the page's own session."""
    text = page.folded[start:end]
    found: list[tuple[int, int, Citation]] = []
    if _DIGIT.search(text):
        found += _united_nations(text)
        taken = [(a, b) for a, b, _ in found]
        found += [item for item in _resolutions(text, session) if not _overlaps(item, taken)]
    found += _articles(text) if "ماد" in text or "مواد" in text else []
    if "دور" in text or "موتمر" in text or "القمه" in text:
        taken = [(a, b) for a, b, _ in found]
        found += [item for item in _sessions(text) if not _overlaps(item, taken)]
    citations = []
    for a, b, citation in sorted(found, key=lambda item: item[:2]):
        citation.raw = page.printed(start + a, start + b)
        citation.start, citation.end = page.raw_span(start + a, start + b)
        citation.clause = clause.id
        citations.append(citation)
    return citations


def _overlaps(item: tuple[int, int, Citation], taken: list[tuple[int, int]]) -> bool:
    return any(item[0] < b and a < item[1] for a, b in taken)


def _empty(number: str | None, session: str | None, what: str, body: str | None, symbol: str | None) -> Citation:
    return Citation(number, session, "", 0, 0, "", what, body, symbol)


def _resolutions(text: str, page_session: str | None) -> Iterator[tuple[int, int, Citation]]:
    listed_to = -1
    assembly = False
    for symbol in find_symbols(text):
        at, end = symbol.at
        before = text[max(0, at - 90) : at]
        introduced = bool(_INTRODUCED.search(before))
        listed = listed_to >= 0 and at >= listed_to and bool(_LISTED.match(text[listed_to:at]))
        if not (introduced or listed or symbol.suffix or symbol.summit):
            continue
        if introduced:
            assembly = "الجمعيه العامه" in before
        elif not listed:
            assembly = False
        listed_to = end
        number, session = _order(symbol, text[at : end + 120], page_session)
        if assembly and not symbol.suffix:
            yield at, end, _empty(symbol.second, symbol.first, "un", "general_assembly", symbol.printed())
        else:
            yield at, end, _empty(number, session, "resolution", "summit" if symbol.summit else None, symbol.printed())


def _order(symbol: Symbol, nearby: str, page_session: str | None) -> tuple[str, str | None]:
    """(number, session): the session named near the citation, the page's own session, what is possible,
    then the default order.
    """
    first, second = symbol.first, symbol.second
    if second is None or symbol.fixed:
        return first, second
    named = {str(value) for value, _ in _ordinals(nearby[:120])}
    for sessions in (named, {page_session}):
        if second in sessions:
            return first, second
        if first in sessions:
            return second, first
    if page_session and page_session.isdigit() and not symbol.summit:
        own, a, b = int(page_session), int(first), int(second)
        if b > own >= a:
            return second, first
        if own >= _REVERSED_SINCE and own - _RECENT <= a <= own and not own - _RECENT <= b <= own:
            return second, first
    return first, second


def _ordinals(text: str) -> Iterator[tuple[int, tuple[int, int]]]:
    for match in ordinal_pattern().finditer(text):
        before = text[: match.start()].rstrip().rsplit(" ", 1)[-1]
        value = ordinal_value(match["ordinal"])
        if value and before.lstrip("(/و") not in MONTH_HEADS:
            yield value, match.span("ordinal")


def _united_nations(text: str) -> Iterator[tuple[int, int, Citation]]:
    if "قرار" not in text and "/RES/" not in text.upper():
        return
    first_mention = text.find("قرار")
    for match in _SECURITY.finditer(text):
        if match["short"] or 0 <= first_mention < match.start():
            number = match["short"] or match["number"]
            symbol = f"{number} ({match['year']})" if match["year"] else f"S/RES/{number}"
            yield *match.span(), _empty(number, None, "un", "security_council", symbol)
    for match in _PLAIN.finditer(text):
        body = "security_council" if match["body"] == "مجلس الامن" else "general_assembly"
        at = match.start("first")
        for number in re.finditer(r"\d+", text[at : match.end()]):
            yield at + number.start(), at + number.end(), _empty(number.group(), None, "un", body, number.group())
    for pattern in (_ASSEMBLY_OLD, _ASSEMBLY_LETTER):
        for match in pattern.finditer(text):
            symbol = match.group().replace(" ", "")
            yield *match.span(), _empty(match["number"], match["session"], "un", "general_assembly", symbol)


def _articles(text: str) -> Iterator[tuple[int, int, Citation]]:
    for match in _ARTICLE.finditer(text):
        first = match["first"] if match["first"].isdigit() else str(ordinal_value(match["first"]) or "")
        for number in [first, *re.findall(r"\d+", match["rest"])]:
            if number:
                yield *match.span(), _empty(number, None, "article", None, None)


@cache
def _numeric() -> re.Pattern[str]:
    return re.compile(r"(\d{1,2})(?![\d/])")


def _sessions(text: str) -> Iterator[tuple[int, int, Citation]]:
    for match in _SESSION.finditer(text):
        words = ordinal_pattern().match(text, match.end())
        digits = _numeric().match(text, match.end())
        value = ordinal_value(words["ordinal"]) if words else int(digits[1]) if digits else None
        if value:
            end = words.end("ordinal") if words else match.end() + len(str(value))
            yield match.start(), end, _empty(None, str(value), "session", None, None)
