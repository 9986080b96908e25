"""HTML made to choke a parser, tamed before it is parsed: what tree building does in quadratic time is taken out.

Measured with lexbor: 100,000 nested <div> take 18 s. A document needs neither such depth nor thousands of attributes.
"""

from __future__ import annotations

import re

DEEPEST = 400  # elements inside each other; browsers stop at 512
MOST_FORMATTING = 40  # unclosed <font>, <b> … that the parser has to reopen in each following paragraph
FEW_TAGS = DEEPEST  # with fewer tags nothing can be too deep

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_LONG_TAG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9]{0,20})\b[^>]{8000,}?(?:>|\Z)")
_REOPENED = frozenset((
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
))
# Elements without an end, or whose end is implied by the next of its kind.
_FLAT = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup",
))


def tame(markup: str) -> tuple[str, str]:
    """Return (markup, "") as it is, or (markup that parses in linear time, one sentence on what was taken out)."""
    notes = []
    longest = max((len(part) for part in markup.split(">")), default=0)
    if longest > 8000 and _LONG_TAG.search(markup):
        markup = _LONG_TAG.sub(r"<\1>", markup)
        notes.append("elements with more than 8,000 letters of attributes, which were left out")
    if markup.count("<") > FEW_TAGS:
        markup, depth = _flatten(markup)
        if depth:
            notes.append(f"elements nested more than {DEEPEST} deep, which were taken as flat text")
    return markup, f"the page holds {' and '.join(notes)}" if notes else ""


def _flatten(markup: str) -> tuple[str, bool]:
    """Return the markup without the tags that lie too deep, and whether there were any."""
    depth = formatting = 0
    dropped: list[tuple[int, int]] = []
    unclosed: dict[str, int] = {}
    for tag in _TAG.finditer(markup):
        name = tag[2].lower()
        if name in _FLAT:
            continue
        reopened = name in _REOPENED
        if tag[1]:
            if unclosed.get(name):
                unclosed[name] -= 1
                depth -= 1
                formatting -= reopened
            continue
        if depth >= DEEPEST or (reopened and formatting >= MOST_FORMATTING):
            dropped.append(tag.span())
            continue
        unclosed[name] = unclosed.get(name, 0) + 1
        depth += 1
        formatting += reopened
    if not dropped:
        return markup, False
    parts, last = [], 0
    for start, end in dropped:
        stop = markup.find(">", end)
        if stop < 0:
            break
        if start >= last:
            parts.append(markup[last:start])
            last = stop + 1
    parts.append(markup[last:])
    return " ".join(parts), True
