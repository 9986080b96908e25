"""A page as the parser reads it: letters folded for matching, every position traceable to the raw text.

Rules are written against folded text (one alef, one yeh, Latin digits, one hyphen, single spaces), which is what lets a
table row match Farsi yeh, presentation forms and a detached hamza. The raw text is never changed; offsets of results
are offsets of the raw text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache

# One code point to one code point. The survey of pages names each of these variants.
_LETTERS = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ٲ": "ا", "ٳ": "ا",
    "ى": "ي", "ی": "ي", "ې": "ي", "ئ": "ي", "ے": "ي",
    "ة": "ه", "ۃ": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۀ": "ه", "ؤ": "و", "ک": "ك", "ڪ": "ك", "گ": "ك", "٪": "%",
}  # fmt: skip
_DASHES = "-‐‑‒–—―−﹣－"
_QUOTES = '"“”„‟«»‹›＂″'
_SPACES = "\t\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_BREAKS = "\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"
INVISIBLE = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad\u061c"
)
_MARKS = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08d3-\u08ff\u0300-\u036f"
LETTER = "\u0621-\u064a"  # folded Arabic letters, tatweel included; use inside a character class


@cache
def _fold_table() -> dict[int, str]:
    """Single code points and what they become; ligatures become several letters."""
    table = {ord(k): v for k, v in _LETTERS.items()}
    table |= {ord(c): "-" for c in _DASHES} | {ord(c): '"' for c in _QUOTES} | {ord(c): " " for c in _SPACES}
    table |= {ord(c): "\n" for c in _BREAKS} | {
        0x2044: "/",
        0x2215: "/",
        0xFF0F: "/",
        0x066C: "،",
        0x2219: "•",
        0xB7: "•",
    }
    for zero in (0x660, 0x6F0, 0xFF10):
        table |= {zero + d: str(d) for d in range(10)}
    for code in (*range(0xFB50, 0xFDFE), *range(0xFE70, 0xFEFD)):
        plain = unicodedata.normalize("NFKC", chr(code))
        if plain != chr(code) and code not in (0xFD3E, 0xFD3F):
            letters = "".join(_LETTERS.get(c, c) for c in plain if not unicodedata.combining(c))
            table[code] = letters.replace(" ", "") or "\u200c"
    return table


@cache
def _irregular() -> re.Pattern[str]:
    """What changes the length: marks, invisible signs, tatweel, repeated spaces, ligatures."""
    several = "".join(chr(k) for k, v in _fold_table().items() if len(v) > 1)
    spaces = " " + re.escape(_SPACES)
    return re.compile(f"[{_MARKS}{INVISIBLE}]+|ـ+|(?<=[{spaces}])[{spaces}]+|[{several}]")


@cache
def _joined() -> re.Pattern[str]:
    return re.compile(f"[{LETTER}\u0671-\u06d3\ufb50-\ufdff\ufe70-\ufefc{_MARKS}{INVISIBLE}]")


@dataclass(slots=True)
class Line:
    """One line with something on it; `start` and `end` are offsets of the folded text, spaces around left out."""

    start: int
    end: int
    text: str
    blank_before: bool = False
    role: str = ""  # "", heading, title, formula, note, furniture; given by the steps


class PageText:
    """The raw text, its folded twin and the way back from a folded offset to a raw one."""

    __slots__ = ("_folded_starts", "_raw_starts", "folded", "lines", "raw")

    def __init__(self, raw: str) -> None:
        self.raw = raw
        table = _fold_table()
        pieces: list[str] = []
        self._folded_starts, self._raw_starts = [0], [0]
        at = length = 0
        for match in _irregular().finditer(raw):
            start, end = match.span()
            pieces.append(raw[at:start])
            length += start - at
            found = match.group()
            if found[0] == "ـ":
                put = "" if start and _joined().match(raw[start - 1]) else "-"
            else:
                put = table.get(ord(found[0]), "") if len(found) == 1 else ""
                if len(put) < 2:  # a lone repeated space; ligatures are the only ones that grow
                    put = ""
            if put:
                pieces.append(put)
                self._folded_starts += range(length, length + len(put))
                self._raw_starts += [start] * len(put)
                length += len(put)
            self._folded_starts.append(length)
            self._raw_starts.append(end)
            at = end
        pieces.append(raw[at:])
        if "\r" in raw and "\n" not in raw:  # lines of an old Macintosh
            table = table | {13: "\n"}
        self.folded = _put_through("".join(pieces), table)
        self.lines = list(_lines(self.folded))

    def to_raw(self, offset: int) -> int:
        """The raw offset of a folded offset."""
        i = bisect_right(self._folded_starts, offset) - 1
        return min(self._raw_starts[i] + offset - self._folded_starts[i], len(self.raw))

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Raw (start, end) of a folded span, without spaces or invisible signs at its ends,
        marks of the last letter included.
        """
        first, last = self.to_raw(start), self.to_raw(end)
        while last > first and (self.raw[last - 1].isspace() or self.raw[last - 1] in INVISIBLE):
            last -= 1
        while first < last and (self.raw[first].isspace() or self.raw[first] in INVISIBLE):
            first += 1
        return first, last

    def printed(self, start: int, end: int) -> str:
        """The raw text of a folded span with white space collapsed to single spaces."""
        first, last = self.raw_span(start, end)
        return " ".join(self.raw[first:last].split())


def _put_through(text: str, table: dict[int, str]) -> str:
    """`text.translate(table)`, three times as fast: only a few of the table's letters stand in any one text."""
    for letter in set(text):
        put = table.get(ord(letter))
        if put is not None:
            text = text.replace(letter, put)
    return text


def _lines(folded: str) -> list[Line]:
    lines: list[Line] = []
    at, blank = 0, False
    for text in folded.split("\n"):
        stripped = text.strip()
        if stripped:
            start = at + len(text) - len(text.lstrip())
            lines.append(Line(start, start + len(stripped), stripped, blank))
            blank = False
        else:
            blank = True
        at += len(text) + 1
    return lines


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """A short string folded in the same way, without offsets: for table rows and for readers of single values."""
    return PageText(text).folded if text else ""
