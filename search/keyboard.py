"""A query typed with the keyboard in the wrong language, read with the keys of the other one.

The table is Microsoft's "Arabic (101)" layout over QWERTY, which Linux (`ara`) and most phones share for letters.
"lk/lm" was meant as منظمة, and "خقلشى" as organ. Repairs are offered to people, never searched silently.
"""

from __future__ import annotations

from itertools import product

# Key by key, the Latin character and what the same key writes in Arabic; first plain, then with shift.
PLAIN = dict(
    zip(
        "qwertyuiop[]asdfghjkl;'zxcvbnm,./`",
        [*"ضصثقفغعهخحجدشسيبلاتنمكطئءؤر", "لا", *"ىةوزظذ"],
        strict=True,
    )
)
SHIFTED = dict(
    zip(
        "QWERTYASDFGHJKLZXCVBNM<>?~{}|",
        ["َ", "ً", "ُ", "ٌ", "لإ", "إ", "ِ", "ٍ", "]", "[", "لأ", "أ", "ـ", "،", "/", "~", "ْ", "{", "}", "لآ", "آ", "’",
         ",", ".", "؟", "ّ", "<", ">", "|"],
        strict=True,
    )
)  # fmt: skip
_SIGNS = set("[]{}<>/~,.|’،؟")

TO_ARABIC: dict[str, str] = {**PLAIN, **SHIFTED}
# The way back: signs that stand on both layouts stay; لا is the key b, or the two keys g and h.
TO_LATIN: dict[str, str] = {
    **{arabic: latin for latin, arabic in SHIFTED.items() if arabic not in _SIGNS},
    **{arabic: latin for latin, arabic in PLAIN.items()},
}
MOST_READINGS = 8


def is_arabic_letter(character: str) -> bool:
    """Whether the character is a letter of the Arabic keyboard."""
    return "\u0621" <= character <= "\u064a" and character != "\u0640"


def is_latin_letter(character: str) -> bool:
    """Whether the character is a letter of the English keyboard."""
    return character.isascii() and character.isalpha()


def arabic_keys(text: str) -> str:
    """The text as the same keys write it in Arabic: "lk/lm" is منظمة."""
    return "".join(TO_ARABIC.get(c, c) for c in text)


def latin_keys(text: str) -> list[str]:
    """The text as the same keys write it in Latin letters; both readings of each لا, at most 8 in all."""
    parts: list[tuple[str, ...]] = []
    at = 0
    while at < len(text):
        pair = text[at : at + 2]
        if pair in TO_LATIN and len(pair) == 2:
            key, second = TO_LATIN[pair], TO_LATIN[pair[0]] + TO_LATIN[pair[1]]
            parts.append((key, second))
            at += 2
        else:
            parts.append((TO_LATIN.get(text[at], text[at]),))
            at += 1
    readings: list[str] = []
    for reading in product(*parts):
        readings.append("".join(reading))
        if len(readings) == MOST_READINGS:
            break
    return readings


def other_layout(text: str) -> list[str]:
    """What the keys of `text` write in the other language, likeliest first; empty where letters of both stand in it.

    Digits and spaces stay. A text without letters has no other reading.
    """
    arabic = any(is_arabic_letter(c) for c in text)
    latin = any(is_latin_letter(c) for c in text)
    if arabic == latin:
        return []
    readings = latin_keys(text) if arabic else [arabic_keys(text)]
    if latin and any(c.isupper() for c in text):
        readings.append(arabic_keys(text.lower()))
    return [reading for reading in dict.fromkeys(readings) if reading != text]
