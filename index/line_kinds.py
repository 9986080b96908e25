"""What one line of a page is: furniture, number, sub-item, note, annex heading,
formula … Every test reads folded text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from index.calendar_dates import month_names
from index.openers import numbered_opener, operative_opener
from index.ordinals import clause_ordinal
from index.page_text import LETTER, fold
from index.parse_tables import table

_ABJAD = "ابجدهوزحطيكلمنسعفصقرشتثخذضظغ"
_SHOWN = {"ا": "أ", "ه": "هـ"}


@dataclass(slots=True, frozen=True)
class Label:
    """The printed number of a clause: `kind` number, ordinal, letter or bullet; `value` normalised;
    `length` how far it reaches.
    """

    kind: str
    value: str
    length: int
    style: str = ""


@cache
def _furniture() -> tuple[frozenset[str], re.Pattern[str]]:
    words = " ".join(row["pattern"] for row in table("furniture") if row["how"] == "words")
    lines = "|".join(
        row["pattern"]
        if row["pattern"].isascii() or "\\" in row["pattern"] or "(" in row["pattern"]
        else fold(row["pattern"])
        for row in table("furniture")
        if row["how"] == "line"
    )
    return frozenset(fold(words).split()), re.compile(f"(?:{lines})$", re.IGNORECASE)


def is_furniture(text: str) -> bool:
    """Whether a folded line belongs to the site, not to the document."""
    words, lines = _furniture()
    if len(text) > 150:
        return False
    return bool(lines.match(text)) or all(word.strip("|-•") in words or word in "|-•" for word in text.split())


_PAGE_MARK = re.compile(r"< ?\d{1,4} ?>$|- ?\d{1,4} ?-$")
_END_MARK = re.compile(r"[-=_*~]{3,}$")


def is_page_mark(text: str) -> bool:
    """Whether the line is "<2>" or the folio "- 23 -"."""
    return bool(_PAGE_MARK.match(text))


def is_end_mark(text: str) -> bool:
    """Whether the line closes a document: "=====", "-----"."""
    return bool(_END_MARK.match(text))


_NUMBER = re.compile(r"\(? ?(\d{1,3}) ?(?P<style>\) ?[-.:]?|[-.:] ?-?|/(?! ?\d))(?! ?\d{1,4} ?[-/] ?\d)(?!\d) ?")
_FLIPPED = re.compile(r"[-.)] ?(\d{1,2})[ .]{1,2}")
_BARE = re.compile(r"(\d{1,2}) ")
_DECIMAL = re.compile(r"\(? ?(\d{1,2}) ?[.\-/] ?(\d{1,2})(?: ?[-.):] ?| )(?!\d)")
_LETTER = re.compile(rf"\(? ?([{_ABJAD}]) ?(?:\) ?[-.:]?|[-.:](?![{LETTER}]\.) ?-?|(?P<slash>/(?! ?او\b))) ?")
_LATIN = re.compile(r"\(? ?([a-h]|i{1,3}|iv|vi{0,3}|[A-H]) ?[).] ?")
_BULLET = re.compile(r"[-•*▪◦●■»]{1,2} ?(?=\S)")
_TABLE_DATE = re.compile(
    rf"\(? ?(?:\d{{1,2}} ?[-/.] ?\d{{1,2}} ?[-/.] ?\d{{2,4}}"
    rf"|\d{{1,2}} ?[-/] ?\d{{1,2}} ?(?:من )?(?:شهر )?(?:{month_names()}))"
)


def number_label(text: str) -> Label | None:
    """The number that opens a folded line: "1.", "1 -", "(1)", ".1", "1 يطلب", "أولاً:"; None when there is none."""
    first = text[:1]
    if first.isdigit() or first == "(":
        match = _NUMBER.match(text)
        if match and not _TABLE_DATE.match(text):
            return Label("number", str(int(match[1])), match.end(), match["style"].replace(" ", "")[:1])
        bare = _BARE.match(text)
        if bare and operative_opener().match(text, bare.end()):
            return Label("number", str(int(bare[1])), bare.end(), " ")
        return None
    if first in "-.)":
        match = _FLIPPED.match(text)
        if match and operative_opener().match(text, match.end()):
            return Label("number", str(int(match[1])), match.end(), first)
        return None
    ordinal = clause_ordinal(text[:40])
    if ordinal:
        end = ordinal[1]
        end += len(text[end:]) - len(text[end:].lstrip(" -:."))
        return Label("ordinal", str(ordinal[0]), end, "ordinal")
    return None


def decimal_label(text: str) -> Label | None:
    """ "3.1" or "3-1" before a clause: a sub-item of clause 3."""
    match = _DECIMAL.match(text) if text[:1].isdigit() or text[:1] == "(" else None
    if match and not _TABLE_DATE.match(text):
        return Label("decimal", f"{int(match[1])}.{int(match[2])}", match.end())
    return None


def letter_label(text: str) -> Label | None:
    """The letter that opens a sub-item: "(أ)", "ج )", "هـ)", "ب-", "(a)"."""
    match = _LETTER.match(text)
    if match:
        return Label("letter", _SHOWN.get(match[1], match[1]), match.end(), match["slash"] or "")
    match = _LATIN.match(text)
    return Label("letter", match[1], match.end()) if match else None


def follows_letter(label: Label, number: str | None) -> bool:
    """Whether a letter before a slash counts on from `number`: "د / محمد" is a doctor, but item 4 below "ج /"."""
    letter = next((plain for plain, shown in _SHOWN.items() if shown == label.value), label.value)
    before = next((plain for plain, shown in _SHOWN.items() if shown == number), number or "")
    return letter == _ABJAD[0] or (len(before) == 1 and _ABJAD.find(before) == _ABJAD.find(letter) - 1 >= 0)


def bullet_label(text: str) -> Label | None:
    """A dash or dot before a list item."""
    match = _BULLET.match(text)
    return Label("bullet", "", match.end()) if match and not is_furniture(text) else None


_NOTE_BRACKET = re.compile(r"\( ?\[ ?\d{1,3} ?\] ?\)|\[ ?\d{1,3} ?\]|\( ?\*+ ?\)|\*{1,3}(?!\*)")
_RESERVATION = re.compile(
    r"(?:و ?)?(?:قد |لقد )?(?:ابد[يت]\w* |سجل\w* |ابدي )?(?:تحفظ|التحفظ)|(?:ملاحظه|ملحوظه|حاشيه|هامش) ?:"
)


def note_label(text: str) -> Label | None:
    """An editor's note or a reservation: "(*)", "([1])", "* تحفظ …"."""
    match = _NOTE_BRACKET.match(text)
    if match:
        digits = re.sub(r"\D", "", match.group())
        space = len(text) - len(text[match.end() :].lstrip())
        return Label("note", digits or match.group().strip("() "), space)
    if _RESERVATION.match(text):
        return Label("note", "", 0)
    return None


_ANNEX = re.compile(
    r"(?:ال)?(?:مرفق|ملحق)(?: ?(?:ال)?(?:رقم|اول|ثاني|ثالث|رابع|خامس|سادس|سابع|ثامن|تاسع|عاشر))? ?[:(\-]? ?"
    r"(?P<digits>\d{1,2}|[ابجدهو](?=\)))? ?\)?(?P<rest> ?[:-].{0,80}|)$"
    r"|ANNEX(?:E|ES)?\b.{0,40}$",
    re.IGNORECASE,
)


def annex_label(text: str) -> Label | None:
    """The heading of an annex: "المرفق الرقم (2)", "الملحق الأول", "ANNEX -"; `value` is its number or ""."""
    if len(text) > 100:
        return None
    match = _ANNEX.match(text)
    if not match:
        return None
    digits = re.search(r"\d+", text[:40])
    ordinal = re.match(r"(?:ال)?(?:مرفق|ملحق) (ال\w+)", text)
    if not digits and ordinal:
        value = clause_ordinal(ordinal[1])
        return Label("annex", str(value[0]) if value else "", len(text))
    return Label("annex", digits.group() if digits else "", len(text))


_FORMULA = re.compile(
    rf"[\"(\-]{{0,2}} ?ان ?(?:ال)?(?:موتمر|مجلس|دوره|قمه|جمعيه|اجتماع|وزراء|ملوك|لجنه|هييه)(?:ي|ا)?(?![{LETTER}]{{4}})"
    rf"|(?:و ?)?نحن ?[،,]? ?(?:ال)?(?:ملوك|روساء|وزراء|قاده|اعضاء|ممثل|الدول|الموقع|شعوب|المجتمع|المشارك|روو?س)"
)
_DECIDES = re.compile(
    r"(?:و ?|ف)?(?:لذلك |لذا |وعليه )?(?:(?:ي|ت|ن)قرر(?:ون)?|قد قرر|قرر\w?)(?: بالاجماع| بموجب هذا)?"
    r"(?:(?: [ء-ي]{2,}){0,4}? ما ي(?:لي|اتي)| الاتي| التالي| ما هو ات)? ?[:،.]? ?$"
    r"|(?:و ?)?(?:قد )?(?:(?:ي|ن)?(?:تفق|وافق)\w*|اتفق\w*|تم الاتفاق)(?: الاطراف)? علي "
    r"(?:ما ي(?:لي|اتي)|الاتي|الاحكام الاتيه|هذا [ء-ي]+|هذه [ء-ي]+)(?: الاتي[هة]?)? ?[:،.]? ?$"
    r"|(?:و ?)?(?:ي|ت|ن)(?:علن|وكد)(?:ون)? (?:ما يلي|الاتي|بهذا) ?:? ?$"
)


def is_formula(text: str) -> bool:
    """Whether a folded line opens with the enacting formula: "إن مجلس وزراء الخارجية …", "نحن ملوك ورؤساء …"."""
    return bool(_FORMULA.match(text))


_CLOSING = re.compile(
    rf"[(\[]? ?(?:و ?)?(?:صدرت?|حررت?|وقعت?|تم التوقيع|اعتمدت?|اتخذت?)(?: (?:هذا|هذه) [{LETTER}]+)?"
    rf"(?: [{LETTER}]+)? (?:في|ب)[ {LETTER}]"
    r"|[(\[]? ?الجلسه (?:العامه )?(?:رقم )?\(?\d{1,5}\)?"
    r"|(?:تبني|تبنت|اتخذ|اتخذت|اعتمد|اعتمدت|اقر|اقرت) (?:المجلس|الموتمر|الجمعيه العامه|الجمعيه) هذا القرار"
)
_PLACED = re.compile(r"\d{4}|الجلسه (?:العامه )?(?:رقم )?\(?\d|هذا القرار|^[(\[]? ?(?:صدر|حرر|وقع)ت? (?:في|ب)")


def is_closing(text: str) -> bool:
    """Whether the line closes a document: "صدر في القاهرة في 14 محرم 1411هـ", "حررت في جدة …", "الجلسة العامة 70"."""
    return len(text) < 160 and bool(_CLOSING.match(text)) and bool(_PLACED.search(text))


def is_decides(text: str) -> bool:
    """Whether the whole line is "يقرر:" or "يقرر ما يلي:", which only introduces the clauses."""
    return len(text) < 60 and bool(_DECIDES.match(text))


def verb_after(text: str, at: int, numbered: bool = True) -> tuple[int, int] | None:
    """The folded span of the verb that opens at `at`, or None."""
    while at < len(text) and text[at] in ' "-•':
        at += 1
    match = (numbered_opener() if numbered else operative_opener()).match(text, at)
    return match.span("verb") if match else None
