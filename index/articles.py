"""Labels of treaties and laws: "المادة الأولى", "مادة (12)", and their chapters."""

from __future__ import annotations

import re

from index.line_kinds import Label
from index.ordinals import ordinal_pattern, ordinal_value
from index.page_text import LETTER

_DIGITS = re.compile(r"[\"(]? ?(?:ال)?ماده ?(?:رقم )?[(\[]? ?(\d{1,4}) ?[)\]]? ?(?P<twice>مكررا?)? ?\)? ?[:.\-]{0,2} ?")
_WORDS = re.compile(rf"[\"(]? ?(?:ال)?ماده ?[(]? ?(?=ال[{LETTER}])")
_CHAPTER = re.compile(
    rf"(?:الباب|الفصل|القسم|الجزء|الكتاب|الفرع) (?:ال[{LETTER}]+(?: عشره?| و ?ال[{LETTER}]+)?|\d{{1,3}}"
    rf"|التمهيدي)(?: ?[:\-(].{{0,90}})?$"
)
_HUNDRED = re.compile(r" بعد المايه")
_AFTER = re.compile(r" ?\)? ?(?:[:.\-]{1,2} ?|$)")


def article_label(text: str) -> Label | None:
    """The label of an article at the head of a folded line;
    `value` is its number, "12 مكرر" where it is a repeated one.
    """
    match = _DIGITS.match(text)
    if match:
        return Label("article", match[1] + (" مكرر" if match["twice"] else ""), match.end(), "article")
    head = _WORDS.match(text)
    if not head:
        return None
    words = ordinal_pattern().match(text, head.end())
    value = ordinal_value(words["ordinal"]) if words else None
    if words is None or value is None:
        return None
    end = words.end("ordinal")
    hundred = _HUNDRED.match(text, end)
    if hundred:
        value, end = value + 100, hundred.end()
    after = _AFTER.match(text, end)
    if after is None:  # "المادة الأولى من الميثاق تنص …" is a sentence, not a label
        return None
    return Label("article", str(value), after.end(), "article")


def is_chapter(text: str) -> bool:
    """Whether the line is the heading of a chapter: "الباب الأول: أحكام عامة", "الفصل الثاني"."""
    return len(text) < 130 and bool(_CHAPTER.match(text))
