"""Letters in the order in which they are drawn → reading order: a small inverse of the bidirectional algorithm.

Source: UAX #9. A line is drawn from left to right; in an Arabic line the runs are read from the right, while numbers
and Latin words are read from the left.
"""

from __future__ import annotations

import re
import unicodedata

_RIGHT = ("R", "AL")
_NUMBER_JOINERS = ",./:٫٬"
# Brackets that are drawn mirrored in Arabic; those around verses are not. Source: Unicode, BidiMirroring.txt.
_MIRRORED = {"(": ")", ")": "(", "[": "]", "]": "[", "{": "}", "}": "{", "«": "»", "»": "«"}
_BRACKETS = re.compile(r"[()\[\]{}«»]")


def from_right(units: list[str]) -> str:
    """Return visual units (left to right, one letter with its marks each) of an Arabic line in reading order."""
    kinds = [strong(unit) for unit in units]
    out: list[str] = []
    i = len(units) - 1
    while i >= 0:
        if kinds[i] in "LN":
            start = _run_start(units, kinds, i)
            out.extend(units[start:i + 1])
            i = start - 1
        else:
            out.append(units[i])
            i -= 1
    return repair_brackets("".join(out))


def strong(unit: str) -> str:
    """Return R for Arabic and Hebrew letters, L for others, N for digits, and a blank for the rest."""
    kind = unicodedata.bidirectional(unit[0])
    return "R" if kind in _RIGHT else "L" if kind == "L" else "N" if kind in ("EN", "AN") else " "


def _run_start(units: list[str], kinds: list[str], end: int) -> int:
    """Return where the left-to-right run that ends at `end` begins: a Latin phrase, or one number."""
    start = end
    while start > 0 and kinds[start - 1] != "R":
        start -= 1
    while kinds[start] not in "LN":
        start += 1
    if "L" in kinds[start:end + 1] and "\t" not in units[start:end + 1]:
        return start
    start = end  # a number: digits, and single separators between digits
    while start > 0 and (kinds[start - 1] in "LN" or (
            units[start - 1] in _NUMBER_JOINERS and start > 1 and kinds[start - 2] == "N" and kinds[start] == "N")):
        start -= 1
    return start


def from_left(units: list[str]) -> str:
    """Return the text of a line that is read from the left, Arabic words in it turned round."""
    out: list[str] = []
    i = 0
    while i < len(units):
        if strong(units[i]) != "R":
            out.append(units[i])
            i += 1
            continue
        end = last = i
        while end < len(units) and strong(units[end]) != "L":
            if strong(units[end]) == "R":
                last = end
            end += 1
        out.append(from_right(units[i:last + 1]))
        i = last + 1
    return "".join(out)


def repair_brackets(text: str) -> str:
    """Return a line whose brackets open before what they hold: PDF writers disagree on which shape to name.

    A bracket with a space before and a letter after opens, the reverse closes; in doubt it closes what is open.
    """
    letters = list(text)
    depth = 0
    for found in _BRACKETS.finditer(text):
        place, bracket = found.start(), found[0]
        before = text[place - 1] if place else " "
        after = text[place + 1] if place + 1 < len(text) else " "
        opens = before.isspace() and not after.isspace()
        closes = not before.isspace() and (after.isspace() or after in ".،؛:,;")
        if opens == closes:
            opens = depth <= 0
        if opens == (bracket in ")]}»"):
            letters[place] = _MIRRORED[bracket]
        depth += 1 if opens else -1
    return "".join(letters)
