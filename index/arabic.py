"""Letters and marks: the two levels of a word that keep its letters, `marked` and `folded`.

Pure str -> str. The base are PyArabic's letter groups, corrected where they are wrong. Sources of the tables: The
Unicode Standard 15, chapter 9 (Arabic) and `ArabicShaping.txt`; Larkey, Ballesteros and Connell (2007), "Light
Stemming for Arabic Information Retrieval", for what a search should not tell apart; PyArabic 0.6.15 `araby` letter
groups, whose gaps (it leaves U+0670, U+0671 and the Quranic signs, and turns على into علا) are closed here.
"""

from __future__ import annotations

import re
import unicodedata

from pyarabic import araby_const as pyarabic


def _characters(*ranges: tuple[int, int]) -> frozenset[str]:
    """Every character of the inclusive code point ranges."""
    return frozenset(chr(code) for first, last in ranges for code in range(first, last + 1))


# Vowel signs, Quranic signs, honorifics above a letter: U+06DD (end of verse) and U+06E9 (place of prostration)
# are signs of their own and no marks; U+06E5 and U+06E6 are small letters that the Quran prints as marks.
# PyArabic's TASHKEEL has the eight vowel signs alone; `strip_tashkeel` leaves the dagger alef and all Quranic signs.
MARKS: frozenset[str] = frozenset(pyarabic.TASHKEEL) | _characters(
    (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06DC), (0x06DF, 0x06E8), (0x06EA, 0x06ED),
    (0x08CA, 0x08E1), (0x08E3, 0x08FF), (0xFC5E, 0xFC63), (0xFCF2, 0xFCF4),
)  # fmt: skip

TATWEEL: str = pyarabic.TATWEEL

# Directions, joiners, soft hyphen, byte order mark: they are never part of what a person reads.
CONTROLS: frozenset[str] = _characters(
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x180E, 0x180E), (0x200B, 0x200F), (0x202A, 0x202E),
    (0x2060, 0x2064), (0x2066, 0x206F), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
)  # fmt: skip

# Code points that belong inside a token but carry no letter.
IGNORED: frozenset[str] = MARKS | CONTROLS | {TATWEEL}

# Marks that NFC joins with the letter before them (أ إ آ ؤ ئ typed in two parts): compose before translating by FOLD.
COMPOSING: frozenset[str] = frozenset("\u0653\u0654\u0655\u06d5\u06c1\u06d2")

# Presentation forms: letters in one of their shapes, and ligatures such as ﻻ ﷲ. NFKC takes them apart.
PRESENTATION: frozenset[str] = _characters((0xFB50, 0xFDFF), (0xFE70, 0xFEFC))

DIGITS: dict[str, str] = {chr(start + n): str(n) for start in (0x0660, 0x06F0) for n in range(10)}

# The same letter from another keyboard: no reader sees a difference.
KEYBOARD: dict[str, str] = {
    "\u06a9": "ك",  # ک Persian kaf
    "\u06aa": "ك",  # ڪ swash kaf
    "\u06cc": "ي",  # ی Persian yeh
    "\u06d2": "ي",  # ے yeh barree
    "\u06d0": "ي",  # ې e
    "\u06c1": "ه",  # ہ heh goal
    "\u06be": "ه",  # ھ heh doachashmee
    "\u06d5": "ه",  # ە ae
    "\u06c0": "ه",  # ۀ heh with yeh above
    "\u06c3": "ة",  # ۃ teh marbuta goal
    "\u0673": "إ",  # ٳ alef with wavy hamza below
    "\u0672": "أ",  # ٲ alef with wavy hamza above
    "\u0675": "أ",  # ٵ high hamza alef
}

# Letters that differ for a reader but not for a search. Hamza seats: ؤ ئ are one letter with ء (مسؤول, مسئول);
# alef with hamza, madda or wasla is alef. Letters of foreign sounds fall on the Arabic letter printed in their place.
LETTERS: dict[str, str] = {
    # PyArabic's ALEFAT and HAMZAT; it counts ى and the dagger alef among the first, which turns على into علا.
    **{alef: "ا" for alef in pyarabic.ALEFAT if alef not in (pyarabic.ALEF_MAKSURA, pyarabic.MINI_ALEF, "ا")},
    **dict.fromkeys((pyarabic.WAW_HAMZA, pyarabic.YEH_HAMZA), "ء"),
    "\u0674": "ء", "\u0676": "ء", "\u0677": "ء", "\u0678": "ء",
    "پ": "ب", "چ": "ج", "ژ": "ز", "گ": "ك", "ڤ": "ف", "ڥ": "ف", "ڨ": "ق", "ڭ": "ك", "ۋ": "و",
}  # fmt: skip

# As whole words these keep ى, because with ي they are other words: على/علي (a name), إلى/إلي (to me).
KEEP_ALEF_MAQSURA: frozenset[str] = frozenset({"على", "الى", "حتى", "متى", "لدى", "سوى", "بلى", "مدى"})
# و and ف are written together with the word that follows.
_KEPT: frozenset[str] = KEEP_ALEF_MAQSURA | {c + w for c in "وف" for w in KEEP_ALEF_MAQSURA}

# ءا at the head of a word is آ in the spelling of the Quran (ءامن, الءاخرة); elsewhere ء is a letter (جزءا).
_HEAD_HAMZA = re.compile("^([وف]?(?:[بكل]|[بك]?ال|لل)?)ءا")

FOLD: dict[int, str | None] = {
    **{ord(character): None for character in IGNORED},
    **{ord(a): b for table in (DIGITS, KEYBOARD, LETTERS) for a, b in table.items()},
    **{ord(a): b.translate({ord("أ"): "ا", ord("إ"): "ا"}) for a, b in KEYBOARD.items()},
    **{ord(c): c.lower() for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
}
"""The per-character part of `fold`, for `str.translate`. ى is left for `finish`, which knows the whole word."""

_MARKED: dict[int, str | None] = {
    **{ord(c): None for c in CONTROLS | {TATWEEL}},
    **{ord(a): b for table in (DIGITS, KEYBOARD) for a, b in table.items()},
}

_ARABIC_ONLY = re.compile("[\u0621-\u063a\u0641-\u064a0-9a-z]*").fullmatch
_ACCENTS = re.compile("[\u0300-\u036f]+")
_SPACE = re.compile(r"\s+")


def compose(word: str) -> str:
    """The word with letters and their hamza in one code point, and presentation forms as ordinary letters."""
    if word.isascii():
        return word
    if not PRESENTATION.isdisjoint(word):
        word = "".join(unicodedata.normalize("NFKC", c) if c in PRESENTATION else c for c in word)
        word = _SPACE.sub("", word)
    return unicodedata.normalize("NFC", word)


def marked(word: str) -> str:
    """The word as written, marks kept: level `marked`.

    Composed (NFC), without tatweel and invisible controls, keyboard variants of a letter unified, digits ASCII,
    Latin letters in lower case. May be empty when the word is nothing but controls.
    """
    return compose(compose(word).translate(_MARKED).lower())


def finish(word: str) -> str:
    """The word after `FOLD`, with the rules that need the whole word: ى, ءا at the head, accents of Latin letters.

    `finish(w.translate(FOLD)) == fold(w)` for words that need no composing (see `COMPOSING`, `PRESENTATION`).
    """
    if "ى" in word and word not in _KEPT:
        word = word.replace("ى", "ي")
    if "ءا" in word:
        word = _HEAD_HAMZA.sub(r"\1ا", word)
    if _ARABIC_ONLY(word):
        return word
    word = unicodedata.normalize("NFKD", word).casefold()
    word = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", word)))
    return _SPACE.sub("", word)


def fold(word: str) -> str:
    """The word with letters that a search should not tell apart unified: level `folded`.

    Marks go, أ إ آ ٱ are ا, ؤ ئ are ء, ى is ي except in a closed list of whole words, ة stays distinct from ه;
    Latin letters lose case and accents. Idempotent, never with a space; empty only for nothing but marks.
    """
    for _ in range(4):
        folded = finish(compose(word).translate(FOLD))
        if folded == word:
            break
        word = folded
    return word
