"""Fields that bodies outside the Islamic conference write in their own way:
UN resolutions, the League, opening paragraphs of communiqués.
"""

from __future__ import annotations

import re

from index.calendar_dates import find_dates
from index.document import Resolution
from index.drafts import Body
from index.header_lines import session_numbers
from index.page_fields import find_place, take_date
from index.page_split import DocumentLines
from index.page_text import PageText, fold

_OPENING = re.compile(r"(?:عقد|انعقد|اجتمع|اختتم|بدعوه|برياسه|استجابه|تلبيه|في اطار|بناء علي)")
_SECURITY = re.compile(
    r"(?:ال)?قرار ?(?:مجلس الامن )?(?:رقم |الرقم )?:? ?(?P<number>\d{1,4}) ?[(/\-] ?(?P<year>(?:19|20)\d{2})(?!\d)"
)
_SECURITY_PLAIN = re.compile(r"(?:ال)?قرار (?:مجلس الامن )?(?:(?:ال)?رقم )?:? ?(?P<number>\d{1,4})(?P<year>)(?![\d/])")
_UN_SHORT = re.compile(r"S/RES/(?P<number>\d{1,4})(?: ?\((?P<year>\d{4})\))?", re.IGNORECASE)
_ASSEMBLY = re.compile(
    r"(?:(?:ال)?قرار ?(?:الجمعيه العامه )?(?:رقم |الرقم )?:? ?|A/RES/|^)(?P<session>\d{1,3})/"
    r"(?P<number>\d{1,3})(?![\d/])|"
    r"(?P<old>\d{1,4}) ?\( ?(?:د|الدوره) ?-? ?(?P<old_session>\d{1,2}) ?\)",
    re.IGNORECASE | re.MULTILINE,
)


def opening_paragraph(page: PageText, part: DocumentLines, body: Body) -> tuple[int, int] | None:
    """The first paragraph of a communiqué, which names session, place and dates as a formula does elsewhere;
    None for other documents.
    """
    if part.kind not in ("communique", "declaration"):
        return None
    for draft in body.drafts[:4]:
        if draft.kind not in ("paragraph", "preamble"):
            continue
        start, end = draft.start, min(draft.end, draft.start + 700)
        text = page.folded[start:end]
        if _OPENING.search(text[:80]) and session_numbers(text):
            return start, end
    return None


def set_outside_fields(document: Resolution, page: PageText, part: DocumentLines, body: Body) -> None:
    """Sets number, session, symbol and date for UN and League documents, whose symbols follow other rules."""
    head = "\n".join([line.text for line in part.head] + [page.folded[a:b] for a, b in body.closing])
    if part.kind == "treaty" and body.closing:
        _done_at(document, page, body.closing[0])
    if part.league is not None:
        symbol = part.league
        document.body = "league"
        document.number, document.session, document.symbol = symbol.number, symbol.session, symbol.printed()
        document.warnings = [w for w in document.warnings if w.field not in ("number", "session", "symbol")]
        if symbol.date and not document.date_start:
            document.date_start = document.date_end = symbol.date
        return
    if document.body == "security_council":
        match = _SECURITY.search(head) or _UN_SHORT.search(head) or _SECURITY_PLAIN.search(head)
        if match:
            document.number, document.session = match["number"], None
            document.warnings = [w for w in document.warnings if w.field not in ("number", "session", "symbol")]
        _date_of_sitting(document, head)
        if match:
            year = match["year"] or (document.date_start or "")[:4]
            document.symbol = f"{match['number']} ({year})" if year else match["number"]
    elif document.body == "general_assembly":
        match = _ASSEMBLY.search(head)
        if match:
            document.session = match["session"] or match["old_session"]
            document.number = match["number"] or match["old"]
            printed = f"{match['session']}/{match['number']}", f"{match['old']} (د-{match['old_session']})"
            document.symbol = printed[0] if match["session"] else printed[1]
            document.warnings = [w for w in document.warnings if w.field not in ("number", "session", "symbol")]
        if document.title and document.symbol:
            document.title = _after_symbol(document.title, document.symbol)
        _date_of_sitting(document, head)


def _after_symbol(title: str, symbol: str) -> str:
    """ "43/182 - سنة الجسور" → the words behind the symbol."""
    rest = title[len(symbol) :].lstrip(" -–ـ.:") if fold(title[: len(symbol)]) == symbol else title
    return rest or title


def _done_at(document: Resolution, page: PageText, closing: tuple[int, int]) -> None:
    """Place and date from the closing line of a treaty: "حررت في جدة في 3 رجب 1395هـ"."""
    text = page.folded[closing[0] : closing[1]]
    place = find_place(text)
    if place and not document.place:
        document.place = page.printed(closing[0] + place[0], closing[0] + place[1])
    for date in find_dates(text):
        take_date(document, page, date, closing[0])


def _date_of_sitting(document: Resolution, head: str) -> None:
    dates = [date for date in find_dates(head) if date.calendar == "gregorian"]
    if dates and not document.date_start:
        document.date_start, document.date_end = dates[0].start, dates[0].end
