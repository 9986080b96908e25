"""What a line of a head is: number, section, session, motto, source, place or date line; tests over folded text."""

from __future__ import annotations

import re
from functools import cache

from index.calendar_dates import find_dates
from index.ordinals import MONTH_HEADS, ordinal_pattern, ordinal_value
from index.page_text import LETTER, fold
from index.parse_tables import table
from index.symbol import INTRODUCER

INTRODUCED = re.compile(rf"\(?(?:\(? ?تابع ?\)? ?[:-]? ?)?{INTRODUCER}", re.IGNORECASE)
SOURCE = re.compile(r"\(?المصدر ?:? ?")
MOTTO = re.compile(r"\(? ?[\"]?\(? ?دوره ?:? ?[\"]?(?P<motto>[^()\"؛\n]{3,160})")
CONTINUED = re.compile(r"[(\[] ?تابع ?[)\]]|تابع ?[:-]|^تابع |- ?تابع$")
SECTION = re.compile(
    r"(?:تقرير و ?)?(?:ال)?(?:قرارات|مقررات)(?: ال?شو?ي?ون)?(?: الخاصه ب| المتعلقه ب| حول| بشان)? ?"
    r"(?P<rest>[^\d]{2,70})"
)
ABOUT = re.compile(
    rf"\(?(?:(?:مشروع )?(?:ال)?قرار )?(?:بشان|في شان|حول|بخصوص|المتعلق ب|الخاص ب|الموضوع ?:)(?![{LETTER}]) ?[:\-]? ?"
)
SPONSOR = re.compile(
    r"[(\[\-]* ?(?:مشروع قرار )?(?:مقدم(?:ه)? من|بمبادره من|بناء علي طلب|(?:ال)?اصل ?:? ?\(?(?:ال)?"
    r"(?:ا?نج?لي?زي|عربي|فرنسي|انكليزي)|اللغه الاصليه)"
)
DOCUMENT_SYMBOL = re.compile(r"\(?(?:ICFM|OIC|IS|CFM)\b ?[/\-].{2,60}$", re.IGNORECASE)
SESSION_LINE = re.compile(r"(?:موتمر|الدوره|القمه|مجلس|المجلس|دورته|الاجتماع|الجلسه|الجمعيه)")


@cache
def city_pattern() -> re.Pattern[str]:
    """Known cities in folded text: group "city", and "lead" for the preposition before it."""
    names = {fold(n) for row in table("places") for n in (row["city"], *row.get("spellings", "").split("|")) if n}
    spelled = "|".join(name.replace(" ", " ?") for name in sorted(names, key=len, reverse=True))
    # سلطنة عمان is a country; the city of that spelling (Amman) never follows سلطنة.
    return re.compile(
        rf"(?<![{LETTER}])(?<!سلطنه )(?P<lead>في ?|ب|ب?مدينه )?(?P<city>{spelled})(?:(?![{LETTER}])|(?=في |خلال))"
    )


@cache
def _sections() -> list[tuple[str, str]]:
    return sorted(
        ((fold(row["phrase"]).replace(" ", ""), row["theme"]) for row in table("section_themes")),
        key=lambda p: -len(p[0]),
    )


@cache
def place_line() -> re.Pattern[str]:
    """A line that opens with a city, known or not, and its country: "ملقا - ماليزيا"; group "city"."""
    countries = "|".join(sorted({fold(row["country"]) for row in table("places")}, key=len, reverse=True))
    states = "(?:ال)?(?:جمهوري|مملك|دول|سلطن|امار|جماهيري|اتحاد)"
    word = rf"[{LETTER}]{{2,}}"
    return re.compile(
        rf"(?P<city>{word}(?: {word}){{0,2}}) ?[-،,] ?(?:{states}[{LETTER}]*(?: {word}){{0,4}}"
        rf"|{countries})(?![{LETTER}])"
    )


def section_theme(folded: str) -> str | None:
    """The theme that a section line names ("تقرير وقرارات الشؤون السياسية" → political), None when it names none."""
    match = SECTION.search(folded)
    if not match:
        return None
    rest = match["rest"].replace(" ", "")  # a split word ("الا علامية") is no obstacle
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


INTRODUCED_ANYWHERE = re.compile(INTRODUCER, re.IGNORECASE)


def is_number_line(text: str) -> bool:
    """Whether a folded line is a number line: "القرار الرقم 5/20-س", perhaps with more behind it."""
    return len(text) < 250 and bool(INTRODUCED.match(text)) and bool(re.search(r"\d", text[:60]))


def is_about_line(text: str) -> bool:
    """Whether the line is "بشأن" or begins with it: what follows is the title of a resolution."""
    return bool(ABOUT.match(text))


def is_header_line(text: str) -> bool:
    """Whether a folded line belongs to a head: number, source, sponsor, motto, section, session, place or date line."""
    if len(text) > 250:
        return False
    if is_number_line(text) or SOURCE.match(text) or SPONSOR.match(text) or DOCUMENT_SYMBOL.match(text):
        return True
    if is_section_line(text) or MOTTO_LINE.match(text) or (ABOUT.match(text) and len(text) < 120):
        return True
    if is_place_or_date(text) or BODY_LINE.match(text):
        return True
    return bool(SESSION_LINE.search(text[:60])) and text[-1] not in ".؛" and bool(session_numbers(text))


UN_NUMBER = re.compile(
    r"(?:ال)?قرار (?:الجمعيه العامه|مجلس الامن)(?: للامم المتحده)? ?(?:(?:ال)?رقم )?:? ?\d{1,4}"
    r"(?:[/( ][^،.]{0,40})?$|[AS]/RES/\d"
)
ADOPTED = re.compile(r"\(?(?:الذي )?(?:اتخذه|اعتمده|اتخذته|اعتمدته|المتخذ|المعتمد|اتخذ|اعتمد) ")
PLAIN_NUMBER = re.compile(rf"\(?{INTRODUCER}\d{{1,4}}(?![\d/])[^{LETTER}]{{0,15}}$", re.IGNORECASE)
BODY_LINE = re.compile(
    r"(?:جامعه الدول العربيه|منظمه الموتمر الاسلامي|منظمه التعاون الاسلامي|الامم المتحده|مجلس الامن"
    r"|الجمعيه العامه|مجلس الجامعه"
    r"|مجلس التعاون لدول الخليج العربيه)[ .:-]*(?:[AS]/[A-Z0-9/.() ]+)?$"
)
IS_MOTTO = re.compile(r" ?[(\"]|دوره ?:")
MOTTO_LINE = re.compile(r"[(\"]{1,2} ?دوره")


def is_place_or_date(text: str) -> bool:
    """Whether a short line only names a city ("أستانة - جمهورية كازاخستان") or a date."""
    if len(text) > 110 or text[-1] in ".؛":
        return False
    city = city_pattern().match(text) or (place_line().match(text) if len(text) < 70 else None)
    if city and not SESSION_LINE.match(text):
        rest = text[city.end("city") :].lstrip(" -،,(/")
        return not rest or rest.startswith(_COUNTRY_HEADS) or bool(find_dates(rest)) or len(rest) < 15
    dates = find_dates(text) if any(c.isdigit() for c in text) else []
    return bool(dates) and dates[0].at[0] < 30 and len(text) - dates[-1].at[1] < 25


_COUNTRY_HEADS = ("جمهوري", "المملك", "دول", "سلطن", "الجمهوري", "مملك", "الامار", "الجماهير", "ال")


def is_section_line(text: str) -> bool:
    return (
        section_theme(text) is not None
        and len(text) < 200
        and bool(re.match(r"(?:تقرير و ?)?(?:ال)?(?:قرارات|مقررات) ", text))
    )
