"""Resolution symbols, read and written: "38/32-س", "9 /20 - أت", "2/8- أ.ف (ق.إ)", "القرار 32 الدورة 38".

A symbol does not say which part is the session: by default number/session, reversed in one session's set and in
citations since about session 39. Hence readings, the likelier first, and keys that find a resolution in either order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from index.ordinals import ordinal_forms, ordinal_pattern, ordinal_value
from index.page_text import LETTER, fold
from index.parse_tables import table

__all__ = [
    "Symbol",
    "SymbolReading",
    "find_symbols",
    "ordinal_forms",
    "ordinal_value",
    "parse_symbol",
    "symbol_keys",
    "theme_of_suffix",
]

_END = rf"(?![{LETTER}A-Za-z])"
_SUMMIT = r"\(? ?(?:ق ?\.? ?ا(?: ?\.)?|IS)" + _END + r" ?\)?"
_MINISTERS = r"\(? ?و ?\.? ?خ ?\.? ?\)?"
INTRODUCER = (
    r"(?:(?:ال)?قرار(?:ات|ين|ان)?[،.:]? ?(?:ذ[ياو]\w* )?(?:ال)?(?:رقم|ارقام)?|resolution(?: no\.?)?) ?[:،.(]{0,2} ?"
)


@dataclass(slots=True, frozen=True)
class Symbol:
    """A symbol as it stands in folded text: its two parts in printed order, canonical suffix, place.

    `fixed` means the order is certain.
    """

    first: str
    second: str | None
    suffix: str | None
    summit: bool
    at: tuple[int, int]
    fixed: bool = False

    def printed(self) -> str:
        """The normalised printed form, parts in the printed order: "38/32-س", "7/3-س (ق.إ)"."""
        parts = self.first if self.second is None else f"{self.first}/{self.second}"
        return parts + (f"-{self.suffix}" if self.suffix else "") + (" (ق.إ)" if self.summit else "")


@dataclass(slots=True, frozen=True)
class SymbolReading:
    """One way to read a symbol: which part is the number and which the session."""

    number: str
    session: str | None
    theme: str | None = None
    summit: bool = False
    symbol: str = ""


@cache
def _suffixes() -> dict[str, str]:
    """Folded letters of a suffix → its canonical spelling (the first of the table that folds so)."""
    found: dict[str, str] = {}
    for row in table("theme_suffixes"):
        found.setdefault(fold(row["suffix"]).replace(" ", "").upper(), row["suffix"])
    return found


def _suffix_pattern() -> str:
    words = sorted(_suffixes(), key=len, reverse=True)
    spelled = [r" ?\.? ?".join(re.escape(c) for c in word) if not word.isascii() else re.escape(word) for word in words]
    economic = spelled.index("ق")
    spelled[economic] = rf"ق(?![. ]{{0,2}}ا(?![{LETTER}]))"  # "ق أ" is the summit's mark
    return "(?:" + "|".join(spelled) + r")(?: ?\.(?= ?\(? ?ق))?" + _END


@cache
def _pattern() -> re.Pattern[str]:
    suffix = _suffix_pattern()
    tail = (
        rf"(?:(?: ?(?:من(?= ?-))? ?(?P<dash>-)?-{{0,2}} ?|(?<=\d) ?/ ?)(?P<suffix>{suffix})"
        rf"| ?-? ?\( ?(?P<bracketed>{suffix}) ?\))?(?: ?-? ?(?P<summit>{_SUMMIT}))?"
        rf"(?: ?{_MINISTERS})?"
    )
    slash = rf"(?P<a>\d{{1,4}}) ?[/\\] ?(?P<b>\d{{1,3}})(?!\d)(?: ?/ ?\d{{1,3}}(?!\d))?(?! ?/ ?\d){tail}"
    dashed = rf"(?P<a2>\d{{1,3}}) ?- ?(?P<b2>\d{{1,3}}) ?/ ?(?P<suffix2>{suffix})"
    last = (
        rf"(?P<a3>\d{{1,3}}) ?- ?(?P<suffix3>{suffix}) ?/ ?(?P<summit3>{_SUMMIT}) ?- ?(?P<b3>\d{{1,2}})(?!\d)"
        rf"(?: ?{_MINISTERS})?"
    )
    return re.compile(rf"(?<![\d/.])(?:{last}|{slash}|{dashed})", re.IGNORECASE)


def find_symbols(folded: str) -> list[Symbol]:
    """Symbols of a folded text in order;
    pairs of numbers without a suffix are included, so look at what introduces them.
    """
    if "/" not in folded and "\\" not in folded:  # quick: no spelling does without
        return []
    found = []
    for m in _pattern().finditer(folded):
        key = "2" if m["a2"] else "3" if m["a3"] else ""
        suffix = m["suffix" + key] or m["bracketed"]
        summit = key == "3" or bool(m["summit"])
        first, second = m["a" + key], m["b" + key]
        found.append(Symbol(_bare(first), _bare(second), _canonical(suffix), summit, m.span(), fixed=key == "3"))
    return found


def _bare(digits: str) -> str:
    return digits.lstrip("0") or "0"


def _canonical(suffix: str | None) -> str | None:
    return _suffixes().get(re.sub(r"[ .]", "", suffix).upper()) if suffix else None


def theme_of_suffix(suffix: str | None, session: str | None = None) -> str | None:
    """The theme a suffix stands for in a session; أم is finance up to session 20 and minorities later."""
    if not suffix:
        return None
    number = int(session) if session and session.isdigit() else None
    for row in table("theme_suffixes"):
        if row["suffix"] == suffix:
            first, last = int(row.get("first") or 0), int(row.get("last") or 9999)
            if (number is None and last == 9999) or (number is not None and first <= number <= last):
                return row["theme"]
    return None


@cache
def _spoken() -> re.Pattern[str]:
    number = rf"{INTRODUCER}(?P<number>\d{{1,4}})(?![\d/])"
    session = (
        r"(?:لل?|من |في )?(?:ال)?دوره?(?:تها?)? ?(?:رقم )?\(?(?:(?P<session>\d{1,3})|(?P<words>ال[^\d،.؛\n]{3,40}))"
    )
    return re.compile(rf"{number}.{{0,60}}?{session}")


def parse_symbol(text: str) -> list[SymbolReading]:
    """All readings of the first symbol in a text, the default order (number/session) first; [] when there is none."""
    folded = fold(text[:400])
    symbols = find_symbols(folded)
    if symbols:
        symbol = symbols[0]
        pairs = [(symbol.first, symbol.second)]
        if symbol.second and symbol.second != symbol.first and not symbol.fixed:
            pairs.append((symbol.second, symbol.first))
        return [
            SymbolReading(number, session, theme_of_suffix(symbol.suffix, session), symbol.summit, symbol.printed())
            for number, session in pairs
        ]
    spoken = _spoken().search(folded)
    if spoken:
        session = spoken["session"]
        if session is None:
            words = ordinal_pattern().search(spoken["words"])
            value = ordinal_value(words["ordinal"]) if words else None
            session = str(value) if value else None
        if session:
            return [SymbolReading(_bare(spoken["number"]), session, symbol=f"{_bare(spoken['number'])}/{session}")]
    return []


def symbol_keys(session: str | None, number: str | None) -> tuple[str, ...]:
    """Look-up strings of a resolution: "32/38" (number/session) and "38/32";
    both sides of a look-up go through them.
    """
    if not number:
        return ()
    if not session:
        return (number,)
    return tuple(dict.fromkeys((f"{number}/{session}", f"{session}/{number}")))
