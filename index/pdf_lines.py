"""Glyphs with places → lines in reading order: baselines, columns, and the gaps that are spaces."""

from __future__ import annotations

import unicodedata
from bisect import bisect
from dataclasses import dataclass
from itertools import pairwise

from index.pdf_glyphs import Glyph, is_mark
from index.visual_order import from_left, from_right, strong

SPACE_GAP = 0.25  # of the size: a wider gap between letters is a space
VAGUE_GAP = 0.16  # of the size: the same where a letter carries marks, and PDFium takes them for different words
WORD_GAP = 0.12  # of the size: the same between other letters of different words
CELL_GAP = 1.8  # of the size: a wider gap separates cells of a table, or a head from its page number


@dataclass(slots=True)
class Line:
    """One line of a page."""

    text: str
    left: float
    right: float
    y: float
    size: float
    first_width: float = 0.0  # width of its first word with a space: would it have fitted on the line before?
    column: int = 0  # 0 across the page, 1 and 2 in the order of reading


def page_lines(glyphs: list[Glyph], known: float | None = None) -> tuple[list[Line], float | None]:
    """Return the lines of a page from top to bottom, and where its two columns are divided.

    Columns come one after the other, the right one first in Arabic; `known` is the division of the page before.
    """
    letters = [g for g in glyphs if not is_mark(g.text)]
    if not any(g.text.strip() for g in letters):
        return [], known
    rows = _rows(letters)
    arabic = sum(1 for g in letters if strong(g.text) == "R")
    latin = sum(1 for g in letters if strong(g.text) == "L")
    to_left = arabic >= latin
    _attach(rows, [g for g in glyphs if is_mark(g.text)])
    gutter = find_gutter(rows)
    if gutter is None and known is not None and not any(_crosses(row, known) for row in rows):
        gutter = known
    if gutter is None:
        return [line for row in rows if (line := _line(row, to_left)).text], None
    lines: list[Line] = []
    for band in _bands(rows, gutter):
        if len(band) == 1 and _crosses(band[0], gutter):
            lines.append(_line(band[0], to_left))
            continue
        for column, right_side in ((1, to_left), (2, not to_left)):
            parts = [[g for g in row if (g.x > gutter) == right_side] for row in band]
            for part in parts:
                if part:
                    lines.append(_line(part, to_left))
                    lines[-1].column = column
    return [line for line in lines if line.text], gutter


def _rows(letters: list[Glyph]) -> list[list[Glyph]]:
    """Return the letters by baseline, from top to bottom, each row from left to right."""
    # The baselines of most letters come first: raised and lowered ones belong to the nearest of them.
    usual: dict[float, list[float]] = {}
    for glyph in letters:
        usual.setdefault(round(glyph.y, 1), []).append(glyph.size)
    baselines: list[tuple[float, float]] = []
    for y, sizes in sorted(usual.items(), key=lambda each: -len(each[1])):
        size = max(sizes)
        if all(abs(y - other) > 0.55 * max(size, other_size) for other, other_size in baselines):
            baselines.append((y, size))
    baselines.sort(reverse=True)
    rows: dict[float, list[Glyph]] = {y: [] for y, _ in baselines}
    centres = [-y for y in rows]
    for glyph in letters:
        place = bisect(centres, -glyph.y)
        near = [-c for c in centres[max(0, place - 1):place + 1]]
        rows[min(near, key=lambda y: abs(y - glyph.y))].append(glyph)
    return [sorted(row, key=lambda g: (g.x, g.left)) for row in rows.values()]


def _attach(rows: list[list[Glyph]], marks: list[Glyph]) -> None:
    """Put each vowel mark behind the letter it is drawn over: the one of its row that lies nearest."""
    for mark in sorted(marks, key=lambda m: unicodedata.combining(m.text[0])):
        row = min(rows, key=lambda each: abs(each[0].y - mark.y))
        middle = (mark.left + mark.right) / 2
        row = [g for g in row if g.text != " "] or row
        letter = min(row, key=lambda g: max(g.left - middle, middle - g.right, 0.0) + 0.05 * abs(g.x - middle))
        letter.text += mark.text


def find_gutter(rows: list[list[Glyph]]) -> float | None:
    """Return where a page of two columns of prose is divided, None for a page of one column or a table."""
    left = min(row[0].left for row in rows)
    right = max(g.right for row in rows for g in row)
    width = right - left
    gaps: list[tuple[float, float]] = []
    for row in rows:
        for a, b in pairwise(row):
            if b.left - a.right > 1.2 * a.size and 0.3 < (a.right + b.left - 2 * left) / 2 / width < 0.7:
                gaps.append((a.right, b.left))
    if len(gaps) < 6 or len(gaps) < 0.4 * len(rows):
        return None
    middle = sorted((a + b) / 2 for a, b in gaps)[len(gaps) // 2]
    hit = [row for row in rows if not _crosses(row, middle)]
    both = [row for row in hit if row[0].left < middle < row[-1].right]
    if len(hit) < 0.7 * len(rows) or len(both) < 6:
        return None
    # Prose fills its column; cells of a table do not.
    full = [row for row in both if sum(g.right - g.left for g in row) > 0.6 * width]
    return middle if len(full) > 0.5 * len(both) else None


def _crosses(row: list[Glyph], x: float) -> bool:
    """Return whether letters or a plain word space lie across x."""
    before = [g for g in row if g.x <= x]
    after = [g for g in row if g.x > x]
    return bool(before and after) and after[0].left - before[-1].right <= 0.9 * before[-1].size


def _bands(rows: list[list[Glyph]], gutter: float) -> list[list[list[Glyph]]]:
    """Return runs of rows that lie in two columns, and single rows that cross the gutter, from top to bottom."""
    bands: list[list[list[Glyph]]] = []
    open_band = False
    for row in rows:
        if _crosses(row, gutter):
            bands.append([row])
            open_band = False
        elif open_band:
            bands[-1].append(row)
        else:
            bands.append([row])
            open_band = True
    return bands


def _line(row: list[Glyph], to_left: bool) -> Line:
    """Return a row, from left to right as drawn, as a line in reading order."""
    row_text = [glyph for glyph in row if glyph.text != " "]
    if not row_text:
        return Line("", 0.0, 0.0, row[0].y, row[0].size)
    units: list[str] = []  # a letter each, in visual order, with the spaces and cell gaps between them
    starts: list[float] = []
    last: Glyph | None = None
    spaced = False
    for glyph in row:
        if glyph.text == " ":
            spaced = True
            continue
        if last is not None:
            gap = glyph.left - last.right
            size = max(last.size, glyph.size)
            if spaced or gap > _space(last, glyph) * size:
                units.append("\t" if gap > CELL_GAP * size else " ")
                starts.append(last.right)
        units.append(glyph.text)
        starts.append(glyph.left)
        last, spaced = glyph, False
    arabic = any(strong(u) == "R" for u in units)
    latin = any(strong(u) == "L" for u in units)
    backwards = arabic if not latin else arabic and to_left
    if not arabic and not latin:
        backwards = to_left
    text = from_right(units) if backwards else from_left(units)
    left, right = min(g.left for g in row_text), max(g.right for g in row_text)
    sizes = sorted(g.size for g in row_text)
    size = sizes[len(sizes) // 2]
    gaps = [i for i, unit in enumerate(units) if unit in " \t"]
    if not gaps:
        first = right - left
    else:
        first = right - starts[gaps[-1]] if backwards else starts[gaps[0]] - left
    return Line(text, left, right, row[0].y, size, first + 0.25 * size)


def _space(a: Glyph, b: Glyph) -> float:
    """Return the gap between two neighbours above which they are different words, as a share of their size."""
    if a.word == b.word or (a.text.isdigit() and b.text.isdigit()):
        return SPACE_GAP
    vague = is_mark(a.text[-1]) or is_mark(b.text[-1])  # PDFium does not know the extent of a letter with marks
    return VAGUE_GAP if vague else WORD_GAP
