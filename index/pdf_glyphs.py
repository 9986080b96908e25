"""A page of a PDF → its glyphs with their places, by pypdfium2; the order in which they are drawn says nothing."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Any

# Presentation forms of Arabic letters: composed to the letters they are forms of. U+FDFA and U+FDFD stay: they are
# phrases that people type as one letter.
_FORMS = (("\ufb50", "\ufdf9"), ("\ufdfb", "\ufdfc"), ("\ufe70", "\ufefc"))
_ALEFS = "اأإآٱ"


@dataclass(slots=True)
class Glyph:
    """One drawn letter (or ligature): its text in reading order, where it begins, its extent, baseline and size in
    points, and the number of the word that PDFium takes it to be part of."""

    text: str
    x: float
    left: float
    right: float
    y: float
    size: float
    word: int


def page_glyphs(text_page: Any, raw: Any) -> tuple[list[Glyph], int, int]:
    """Return the glyphs of a page turned upright, the number of letters drawn askew and left out, and the number of
    letters whose font does not say what they are. `raw` is pypdfium2.raw."""
    found: list[tuple[int, Glyph]] = []
    angles: Counter[int] = Counter()
    x, y = ctypes.c_double(), ctypes.c_double()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    handle = text_page.raw
    askew = unknown = word = 0
    for i in range(text_page.count_chars()):
        code = raw.FPDFText_GetUnicode(handle, i)
        size = raw.FPDFText_GetFontSize(handle, i)
        if code in (0, 10, 13):
            word += 1
            continue
        if code in (2, 0xFFFE):  # a hyphen at the end of a line, as PDFium marks it
            code = 0x2D
        if code < 32 or 0xE000 <= code < 0xF900 or code == 0xFFFD or raw.FPDFText_HasUnicodeMapError(handle, i) == 1:
            unknown += 1
        turned = round(math.degrees(raw.FPDFText_GetCharAngle(handle, i))) % 360
        if turned % 90:
            askew += 1
            continue
        raw.FPDFText_GetCharOrigin(handle, i, x, y)
        raw.FPDFText_GetCharBox(handle, i, left, right, bottom, top)
        if code in (32, 0xA0) and left.value == right.value and bottom.value == top.value:
            word += 1  # not drawn, but put in by PDFium, often at a wrong place
            continue
        angles[turned] += 1
        box = (left.value, bottom.value, right.value, top.value)
        found.append((turned, _upright(composed(chr(code)), x.value, y.value, box, size, turned, word)))
    if not found:
        return [], askew, unknown
    main = angles.most_common(1)[0][0]
    glyphs = _ligatures([glyph for turned, glyph in found if turned == main])
    return glyphs, askew + len(found) - angles[main], unknown


def _upright(
    text: str, x: float, y: float, box: tuple[float, float, float, float], size: float, turned: int, word: int,
) -> Glyph:
    """Return a glyph as it stands when the page is turned so that its text runs from left to right."""
    left, bottom, right, top = box
    if turned == 90:
        x, y, left, right = y, -x, bottom, top
    elif turned == 180:
        x, y, left, right = -x, -y, -right, -left
    elif turned == 270:
        x, y, left, right = -y, x, -top, -bottom
    return Glyph(text, x, min(left, x), right, y, size, word)


def _ligatures(glyphs: list[Glyph]) -> list[Glyph]:
    """Return the glyphs, letters that are drawn by one ligature put together in reading order."""
    merged: list[Glyph] = []
    for glyph in glyphs:
        last = merged[-1] if merged else None
        if last is None or abs(last.x - glyph.x) > 0.01 or last.y != glyph.y:
            merged.append(glyph)
            continue
        # An alef never comes before its lam in a ligature, a mark never before its letter.
        if " " in (last.text, glyph.text):
            merged.append(glyph)
            continue
        first = (glyph.text == "ل" and last.text[0] in _ALEFS) or (is_mark(last.text) and not is_mark(glyph.text))
        last.text = glyph.text + last.text if first else last.text + glyph.text
        last.left, last.right = min(last.left, glyph.left), max(last.right, glyph.right)
    return merged


def composed(letter: str) -> str:
    """Return the letters a presentation form stands for, in reading order; any other letter as it is."""
    if letter == "\u00a0":
        return " "
    if any(first <= letter <= last for first, last in _FORMS):
        return unicodedata.normalize("NFKC", letter).replace(" ", "")
    return letter


def is_mark(text: str) -> bool:
    """Return whether a glyph is a combining mark, drawn over or under another."""
    return unicodedata.category(text[0]) == "Mn"
