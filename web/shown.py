"""Texts as the page shows them: escaped, cleaned, their lit words and opening verb marked. All pure functions."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from markupsafe import Markup, escape

from web.security import clean

# What stands in quotation marks; and figures joined by a stroke or hyphen ("38/32", "1970-03-23").
TURNED = re.compile(
    r"(?<=[«“])[^«»“”]+(?=[»”])"
    r"|[0-9٠-٩]+(?:\s?[/\-–.:]\s?[0-9٠-٩]+)+(?:\s?[-–ـ]\s?[\u0621-\u064a]{1,3}\b)?"
)
TINTS = 6


def light(text: str, spans: Iterable[Sequence[int]] = (), verb: str = "", part: Sequence[int] | None = None) -> Markup:
    """Return `text` (or its `part`) as HTML: `<mark>` around whole words at `spans`, `<b class="verb">` on `verb`.

    Offsets are code points of `text`, end exclusive; spans that overlap are joined, ones outside are left out. The
    letters of the text are never changed, only controls that cannot be seen are dropped.
    """
    first, last = (0, len(text)) if part is None else (max(0, part[0]), min(len(text), part[1]))
    marks = _joined(spans, first, last)
    opener = _opener(text, verb)
    cuts = sorted({first, last, *(at for span in marks for at in span), *(at for at in opener if first < at < last)})
    ends = dict(marks)
    pieces: list[str] = []
    inside = 0  # where the mark ends that the cuts are in
    for start, end in pairwise(cuts):
        piece = str(escape(clean(text[start:end])))
        if opener[0] <= start < opener[1]:
            piece = f'<b class="verb">{piece}</b>'
        inside = ends.get(start, inside)
        pieces.append(f"<mark>{piece}</mark>" if start < inside else piece)
    html = "".join(pieces).replace("</mark><mark>", "").replace('</b><b class="verb">', "")
    before, after = ("… " if first > 0 else ""), (" …" if last < len(text) else "")
    return Markup(before + html + after)  # every piece of it was escaped above


def underline(text: str, problems: Iterable[Any]) -> Markup:
    """Return the query as HTML with `<u>` at the places of its problems."""
    spans = _joined(((problem.start, problem.end) for problem in problems), 0, len(text))
    out, at = Markup(), 0
    for start, end in spans:
        out += escape(clean(text[at:start])) + Markup("<u>{}</u>").format(clean(text[start:end]))
        at = end
    return out + escape(clean(text[at:]))


def isolated(text: object) -> Markup:
    """Return `text` as HTML with `<bdi>` around what a line of the other direction would turn around.

    That is figures joined by a stroke, and what stands between quotation marks.
    """
    shown = clean(text)
    out, at = Markup(), 0
    for found in TURNED.finditer(shown):
        out += escape(shown[at : found.start()]) + Markup("<bdi>{}</bdi>").format(found.group())
        at = found.end()
    return out + escape(shown[at:])


def tint(count: int, largest: int) -> int:
    """Return the tint of a cell, 0 (nothing) to `TINTS`, by its share of the largest count."""
    if count <= 0 or largest <= 0:
        return 0
    return max(1, round(TINTS * math.sqrt(count / largest)))


def _joined(spans: Iterable[Sequence[int]], first: int, last: int) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for span in sorted((max(first, int(span[0])), min(last, int(span[1]))) for span in spans):
        if span[0] >= span[1]:
            continue
        if joined and span[0] < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], span[1]))
        else:
            joined.append(span)
    return joined


def _opener(text: str, verb: str) -> tuple[int, int]:
    """Return where `verb` opens `text`: at its beginning, after a number, dash or bracket at most."""
    if not verb:
        return 0, 0
    at = text.find(verb, 0, len(verb) + 12)
    if at < 0 or any(letter.isalpha() for letter in text[:at]):
        return 0, 0
    return at, at + len(verb)
