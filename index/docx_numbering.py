"""The numbers of a Word list, which stand nowhere in the text: Word computes them from numbering.xml, and so does this.

Source: ECMA-376 part 1, 17.9 (numbering): abstract definitions, instances with overrides, levels, restarts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from index.html_tables import counted

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LEVELS = 9
# Word's numFmt → the name of a way of counting; what is not here is printed in digits.
FORMATS = {
    "lowerLetter": "lower-alpha", "upperLetter": "upper-alpha",
    "lowerRoman": "lower-roman", "upperRoman": "upper-roman", "arabicAlpha": "alphabet", "arabicAbjad": "abjad",
    "hindiNumbers": "arabic-indic", "bullet": "bullet", "none": "none",
}
_PLACE = re.compile(r"%([1-9])")


@dataclass(slots=True)
class Level:
    """One level of a list."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    restart: int = -1  # the level whose next item restarts this one; -1 any higher one, 0 none
    legal: bool = False  # all numbers of the label in digits


@dataclass(slots=True)
class Numbering:
    """The lists of a document and where their counts stand."""

    abstract: dict[str, dict[int, Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)  # numId → abstract id
    overrides: dict[str, dict[int, Level]] = field(default_factory=dict)
    starts: dict[str, dict[int, int]] = field(default_factory=dict)
    counts: dict[str, list[int | None]] = field(default_factory=dict)  # abstract id → count per level
    begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, number: str, level: int) -> str:
        """Return the printed label of the next item of list `number` (numId) at `level`, "" where there is none."""
        abstract = self.lists.get(number)
        if abstract is None or not 0 <= level < LEVELS:
            return ""
        levels = {**self.abstract.get(abstract, {}), **self.overrides.get(number, {})}
        own = levels.get(level)
        if own is None:
            return ""
        counts = self.counts.setdefault(abstract, [None] * LEVELS)
        forced = self.starts.get(number, {}).get(level)
        before = counts[level]
        if forced is not None and (number, level) not in self.begun:
            counts[level] = forced
        else:
            counts[level] = own.start if before is None else before + 1
        self.begun.add((number, level))
        for deeper in range(level + 1, LEVELS):
            restart = levels.get(deeper, Level()).restart
            if restart != 0 and (restart < 0 or level < restart):
                counts[deeper] = None
        if own.format == "bullet":
            return "•"
        if own.format == "none" and not _PLACE.search(own.text):
            return own.text.strip()

        def number_of(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            other = levels.get(index, Level())
            count = counts[index]
            style = "decimal" if own.legal else other.format
            return "" if style == "none" else counted(other.start if count is None else count, style)

        return _PLACE.sub(number_of, own.text).strip()


def read_numbering(root: Element | None, links: dict[str, str]) -> Numbering:
    """Return the lists that numbering.xml defines; `links` are numbering styles: style id → numId."""
    numbering = Numbering()
    if root is None:
        return numbering
    linked: dict[str, str] = {}
    for abstract in root.iter(f"{W}abstractNum"):
        identity = abstract.get(f"{W}abstractNumId", "")
        levels = abstract.findall(f"{W}lvl")
        numbering.abstract[identity] = {_number(each.get(f"{W}ilvl")): _level(each) for each in levels}
        link = abstract.find(f"{W}numStyleLink")
        if link is not None:
            linked[identity] = link.get(f"{W}val", "")
    for instance in root.iter(f"{W}num"):
        number = instance.get(f"{W}numId", "")
        numbering.lists[number] = _value(instance, "abstractNumId", "")
        for override in instance.findall(f"{W}lvlOverride"):
            level = _number(override.get(f"{W}ilvl"))
            start = override.find(f"{W}startOverride")
            if start is not None:
                numbering.starts.setdefault(number, {})[level] = _number(start.get(f"{W}val"), 1)
            whole = override.find(f"{W}lvl")
            if whole is not None:
                numbering.overrides.setdefault(number, {})[level] = _level(whole)
    for identity, style in linked.items():
        target = numbering.lists.get(links.get(style, ""), "")
        if not numbering.abstract[identity] and target in numbering.abstract:
            numbering.abstract[identity] = numbering.abstract[target]
    return numbering


def _level(element: Element) -> Level:
    form = _value(element, "numFmt", "decimal")
    return Level(
        start=_number(_value(element, "start", "0")),
        format=FORMATS.get(form, "decimal"),
        text=_value(element, "lvlText", ""),
        restart=_number(_value(element, "lvlRestart", "-1"), -1),
        legal=element.find(f"{W}isLgl") is not None,
    )


def _value(element: Element, name: str, default: str) -> str:
    child = element.find(f"{W}{name}")
    return default if child is None else child.get(f"{W}val", default)


def _number(value: str | None, default: int = 0) -> int:
    try:
        number = int(value or "")
    except ValueError:
        return default
    return number if abs(number) < 10**6 else default
