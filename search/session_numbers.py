"""Ordinals of sessions, meetings and articles: "الدورة الثامنة والثلاثون" and "الدورة 38" ask for the same."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from search.query_tree import Word

if TYPE_CHECKING:
    from search.names import Expansion

# What is counted by ordinals in conference papers and treaties: (written with its article, feminine).
COUNTED: tuple[tuple[str, bool], ...] = (
    ("الدورة", True), ("القمة", True), ("الجلسة", True), ("المادة", True), ("الفقرة", True), ("الذكرى", True),
    ("المؤتمر", False), ("الاجتماع", False), ("الفصل", False), ("البند", False), ("الباب", False), ("الملحق", False),
    ("القرن", False), ("العام", False),
)  # fmt: skip
LARGEST = 99
ARTICLE = "ال"
MOST_WORDS = 2  # an ordinal up to 99 is at most two words: الثامنة والثلاثون, الحادي عشر


@cache
def _heads() -> dict[str, tuple[str, bool]]:
    from search.names import without_article, word_key

    return {without_article(word_key(head)): (head, feminine) for head, feminine in COUNTED}


def ordinals(number: int, *, feminine: bool) -> list[str]:
    """The ordinal with its article in both cases, in one gender; empty outside 1..99."""
    from index.ordinals import ordinal_forms

    forms = [form for form in ordinal_forms(number) if form.startswith("ال")]
    gendered = [form for form in forms if form.split()[0].endswith(("ة", "ى")) == feminine]
    return gendered or forms


def number_expansion(run: Sequence[Word], keys: Sequence[str], at: int) -> tuple[int, Expansion] | None:
    """The counted thing at word `at` with its number or ordinal: how many words it has, and its other writings."""
    from search.names import Expansion, without_article, without_clitics, word_key

    head = next(
        (found for bare, _ in without_clitics(keys[at]) if (found := _heads().get(without_article(bare)))), None
    )
    if head is None or at + 1 >= len(run):
        return None
    counted, feminine = head
    number, length = _number(keys, at + 1)
    if number is None:
        return None
    typed = run[at : at + 1 + length]
    written = list(keys[at + 1 : at + 1 + length])
    forms = [form for form in ordinals(number, feminine=feminine) if [word_key(w) for w in form.split()] != written]
    if not written[0].isdigit():
        forms.insert(0, str(number))
    expansion = Expansion(
        typed[0].start, typed[-1].end, " ".join(word.text for word in typed), [f"{counted} {form}" for form in forms],
        "العدد رقمًا وكتابة", "the number in digits and in words", "ordinal",
    )  # fmt: skip
    return 1 + length, expansion


def _number(keys: Sequence[str], at: int) -> tuple[int | None, int]:
    """The number at word `at`, in digits (38, ال38, ال 38) or as an ordinal, and how many words it takes."""
    if keys[at] == ARTICLE and at + 1 < len(keys):
        number, length = _number([keys[at + 1]], 0) if keys[at + 1].isdigit() else (None, 0)
        return number, length + 1 if length else 0
    if keys[at].startswith(ARTICLE) and keys[at][2:].isdigit():
        return _number([keys[at][2:]], 0)
    if keys[at].isdigit():
        number = int(keys[at][:4])
        return (number, 1) if 1 <= number <= LARGEST else (None, 0)
    if not keys[at].startswith(ARTICLE):
        return None, 0
    from index.ordinals import ordinal_value

    for length in range(MOST_WORDS, 0, -1):
        if at + length <= len(keys):
            value = ordinal_value(" ".join(keys[at : at + length]))
            if value is not None:
                return value, length
    return None, 0
