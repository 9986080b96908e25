"""Arabic ordinal words 1 to 99 in every case and gender, read and written: "الثامنة والثلاثين" is 38."""

from __future__ import annotations

import re
from functools import cache

from index.page_text import LETTER, fold

# value, masculine, feminine; in compounds 1 is الحادي / الحادية (also الواحد)
_UNITS = (
    (1, "أول", "أولى"), (2, "ثاني", "ثانية"), (3, "ثالث", "ثالثة"), (4, "رابع", "رابعة"), (5, "خامس", "خامسة"),
    (6, "سادس", "سادسة"), (7, "سابع", "سابعة"), (8, "ثامن", "ثامنة"), (9, "تاسع", "تاسعة"), (10, "عاشر", "عاشرة"),
)  # fmt: skip
_ELEVENTH = (("حادي", "حادية"), ("واحد", "واحدة"))
_TENS = ((20, "عشر"), (30, "ثلاث"), (40, "أربع"), (50, "خمس"), (60, "ست"), (70, "سبع"), (80, "ثمان"), (90, "تسع"))
# Adverbs that number clauses: أولا، ثانيا …; folded, tanween dropped
_ADVERBS = ("اولا", "ثانيا", "ثالثا", "رابعا", "خامسا", "سادسا", "سابعا", "ثامنا", "تاسعا", "عاشرا")
# After these words an ordinal belongs to the name of a month.
MONTH_HEADS = ("ربيع", "جمادي", "جماد", "كانون", "تشرين")


@cache
def ordinal_forms(number: int) -> tuple[str, ...]:
    """Every spelled form of the ordinal, masculine nominative first, with article; () outside 1..99."""
    if not 1 <= number <= 99:
        return ()
    unit, ten = number % 10, number // 10 * 10
    if number <= 10:
        _, masculine, feminine = _UNITS[number - 1]
        return (f"ال{masculine}", f"ال{feminine}", masculine, feminine)
    stems = _ELEVENTH if unit == 1 else ((_UNITS[unit - 1][1:]),) if unit else ()
    if number < 20:
        return tuple(f"ال{word} {tail}" for pair in stems for word, tail in zip(pair, ("عشر", "عشرة"), strict=True))
    tens = next(stem for value, stem in _TENS if value == ten)
    endings = ("ون", "ين")
    if not unit:
        return tuple(f"ال{tens}{ending}" for ending in endings)
    return tuple(f"ال{word} وال{tens}{ending}" for pair in stems for word in pair for ending in endings)


@cache
def _values() -> dict[str, int]:
    values = {_key(form): n for n in range(1, 100) for form in ordinal_forms(n)}
    values |= {word: n for n, word in enumerate(_ADVERBS, 1)}
    values |= {_key(f"{unit} عشر"): 10 + n for n, (_, unit, _) in enumerate(_UNITS[1:9], 2)} | {_key("حادي عشر"): 11}
    return values


def _key(words: str) -> str:
    """Folded letters without spaces and without what varies:
    final feminine ending of عشرة, the article of the first word stays.
    """
    return re.sub(r"(?<=عشر)ه$", "", fold(words).replace(" ", ""))


@cache
def ordinal_pattern() -> re.Pattern[str]:
    """Finds ordinals with article in folded text, group 0 the words; lost and doubled spaces are allowed."""
    units = "|".join(
        [fold(w) for _, m, f in _UNITS for w in (f, m)] + [fold(w) for pair in _ELEVENTH for w in reversed(pair)]
    )
    tens = "|".join(fold(stem) for _, stem in _TENS)
    tail = f"(?![{LETTER}])"
    return re.compile(
        f"(?<![{LETTER}])(?:ب|ل|و)?(?P<ordinal>ال(?:{units})(?: ?عشره?| ?و "
        f"?ال(?:{tens})[وي]ن)?{tail}|ال(?:{tens})[وي]ن{tail})"
    )


def ordinal_value(words: str) -> int | None:
    """The number an ordinal stands for ("الحادية والثلاثين" → 31, "أولاً" → 1), None when it is none."""
    return _values().get(_key(words.strip(" :.-،")))


@cache
def _clause_ordinals() -> re.Pattern[str]:
    adverbs = "|".join(_ADVERBS)
    plain = "|".join(fold(w) for _, m, f in _UNITS for w in (f, m))
    tens = "|".join(fold(stem) for _, stem in _TENS)
    compound = f"ال(?:{plain}|حادي|حاديه)(?: عشره?| و ?ال(?:{tens})[وي]ن)?|ال(?:{tens})[وي]ن"
    return re.compile(f"(?:(?P<adverb>(?:{adverbs}|حادي) ?(?:عشره?)?)|(?P<ordinal>{compound})) ?(?::|-|\\.|/|$)")


def clause_ordinal(line: str) -> tuple[int, int] | None:
    """(number, offset after it) when a folded line opens with an ordinal that numbers a clause: "أولاً:", "ثالثا-"."""
    match = _clause_ordinals().match(line)
    if not match:
        return None
    words = match.group("adverb") or match.group("ordinal")
    value = ordinal_value(words) or (11 if words.startswith("حادي") else None)
    return (value, match.end()) if value else None
