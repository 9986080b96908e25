"""Lines of pages → paragraphs: running heads and page numbers dropped, lines joined where the next word did not fit."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from index.pdf_lines import Line

EDGE_LINES = 3  # lines at the top and at the bottom of a page that may be heads and feet
HEAD_SHARE = 0.6  # of the pages: what stands at the edge of so many is a running head
LEADING = 1.35  # a distance between lines above this many usual ones begins a new paragraph
_PAGE_WORD = r"(?:صفحة|الصفحة|ص|page|p)?\.?"
_PAGE_NUMBER = re.compile(
    rf"[\s\-–—ـ(\[|<]*{_PAGE_WORD}\s*[\d٠-٩]{{1,4}}(?:\s*(?:/|من|of)\s*[\d٠-٩]{{1,4}})?[\s\-–—ـ)\]|>]*", re.IGNORECASE)
_NEW_ITEM = re.compile(
    r"[(\[]?(?:[\d٠-٩]{1,3}|[\u0621-\u064a]|هـ|[a-zA-Z]|[ivx]{1,5})\s?(?:[)\]\-–ـ](?!\s?\d)|\.(?!\d))|[•●▪◦*\uf0b7]"
    r"|(?:أولا|ثانيا|ثالثا|رابعا|خامسا|سادسا|سابعا|ثامنا|تاسعا|عاشرا)ً?\s*[:\-]|المادة\s|(?:بشأن|و?إذ|و?اذ)\b")
_MARKS = re.compile("[\u064b-\u0652\u0670]")
# What browsers print at the edges of a page: date and title above, address and page below.
_BROWSER = re.compile(r"\d{1,4}/\d{1,2}/\d{1,4}, \d{1,2}:\d{2}|(?:file|https?)://\S+.*\d+/\d+$|\d+/\d+\b.*(?:file|https?)://\S+$")
# A lone alef before a lam is no word, but an article whose letters some fonts draw far apart.
_TORN_ARTICLE = re.compile(r"(?<!\S)ا (?=ل[\u0621-\u064a])")
_ENDED = re.compile(r"[.؛:؟!;?]\W*$")


def pages_to_text(pages: list[list[Line]]) -> str:
    """Return the text of a document: a paragraph a line, a blank line where the page leaves more room."""
    pages = drop_furniture([page for page in pages if page])
    parts: list[str] = []
    last: Line | None = None
    widths: dict[int, float] = {}
    for page in pages:
        usual = _usual_distance(page)
        widths |= _column_widths(page)
        for i, line in enumerate(page):
            text = " ".join(line.text.split(" ")).strip(" ")
            if last is None:
                parts.append(text)
            elif _goes_on(last, line, usual if i and last.y > line.y else 0.0, widths[last.column]):
                parts.append(" " + text)
            else:
                wide = i > 0 and last.y - line.y > LEADING * usual > 0
                parts.append(("\n\n" if wide or last.size != line.size else "\n") + text)
            last = line
    text = re.sub(" {2,}", " ", "".join(parts)).strip()
    return _TORN_ARTICLE.sub("ا", text) + "\n"


def _goes_on(last: Line, line: Line, usual: float, width: float) -> bool:
    """Return whether a line continues the paragraph of the line before; `usual` is 0 at the top of a page or column."""
    if abs(last.size - line.size) > 0.6 or "\t" in last.text + line.text:
        return False
    if _NEW_ITEM.match(_MARKS.sub("", line.text)):
        return False
    if usual and not 0 < last.y - line.y <= LEADING * usual:
        return False
    aligned = min(abs(last.right - line.right), abs(last.left - line.left)) <= 1.0
    if _ENDED.search(last.text) and not (usual and aligned):
        return False
    room = width - (last.right - last.left)
    return room < line.first_width + line.size


def _column_widths(page: list[Line]) -> dict[int, float]:
    """Return how wide each column of a page is."""
    columns: dict[int, list[Line]] = {}
    for line in page:
        columns.setdefault(line.column, []).append(line)
    return {column: max(line.right for line in lines) - min(line.left for line in lines)
            for column, lines in columns.items()}


def _usual_distance(page: list[Line]) -> float:
    """Return the smallest distance between two lines of a page that recurs, in points; 0 where there is none."""
    distances = Counter(round(a.y - b.y) for a, b in pairwise(page) if a.y > b.y)
    if not distances:
        return 0.0
    often = max(2.0, 0.08 * distances.total())
    return float(min((distance for distance, count in distances.items() if count >= often), default=min(distances)))


def drop_furniture(pages: list[list[Line]]) -> list[list[Line]]:
    """Return the pages without running heads, feet and page numbers, looked for from the edges inwards."""
    for top in (True, False):
        orders = [sorted(page, key=lambda line: -line.y if top else line.y)[:EDGE_LINES + 1] for page in pages]
        seen = Counter(cell for order in orders for cell in {c for line in order for c in line.text.split("\t")})
        needed = max(2.0, HEAD_SHARE * len(pages))
        for number, (page, order) in enumerate(zip(pages, orders, strict=True), 1):
            usual = _usual_distance(page)
            outer = 0
            for count, line in enumerate(order[:EDGE_LINES], 1):
                if not _is_furniture(line, seen, needed, number if len(pages) == 1 else 0):
                    break
                # The last line of a paragraph may recur as well; heads and feet keep a distance from the text.
                inner = order[count] if count < len(order) else None
                if inner is None or abs(inner.y - line.y) > LEADING * usual or abs(inner.size - line.size) > 0.6:
                    outer = count
            for line in order[:outer]:
                page.remove(line)
    return pages


def _is_furniture(line: Line, seen: Counter[str], needed: float, only: int) -> bool:
    """Return whether an outer line of a page is none of the text.

    Every cell of it stands at that edge of most pages or is a page number; on the `only` page of a document a number
    alone must be the page's.
    """
    if _BROWSER.search(line.text):
        return True
    cells = line.text.split("\t")
    repeated = [seen[cell] >= needed for cell in cells]
    numbers = [bool(_PAGE_NUMBER.fullmatch(cell)) for cell in cells]
    if not all(a or b for a, b in zip(repeated, numbers, strict=True)):
        return False
    return any(repeated) or not only or _number_in(line.text) == only


def _number_in(text: str) -> int:
    """Return the first number in a text, -1 where there is none."""
    found = re.search(r"\d+", text)
    return int(found[0]) if found else -1
