"""What a page is taken for: resolution, communique, declaration, treaty or other text, and the line that says so."""

from __future__ import annotations

import re
from functools import cache

from index import line_kinds as kinds
from index.articles import article_label
from index.header_lines import is_about_line, is_number_line
from index.openers import operative_opener, past_opener, preamble_opener
from index.page_text import LETTER, Line, fold
from index.parse_tables import table

_HEAD_LINES = 25  # a title stands among the first lines


@cache
def _keywords() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """(kind, needs, pattern of the beginning of a title line), in the order of the table."""
    return tuple(
        (row["kind"], row.get("needs", ""), re.compile(rf"[\"(]? ?(?:نص )?{fold(row['title'])}(?![{LETTER}])"))
        for row in table("document_titles")
    )


@cache
def _first_letters() -> re.Pattern[str]:
    """A quick test that spares most lines the walk through the table."""
    titles = "|".join(fold(row["title"]) for row in table("document_titles"))
    return re.compile(rf"[\"(]? ?(?:نص )?(?:{titles})")


def title_line(lines: list[Line]) -> tuple[int, str] | None:
    """(index of the line that names the kind of document, kind), None when no title line among the first lines does."""
    articles: bool | None = None
    first_letters = _first_letters()
    for i, line in enumerate(lines[:_HEAD_LINES]):
        if len(line.text) > 160:
            continue
        if is_number_line(line.text) or is_about_line(line.text):
            return None  # what follows is the title of a resolution, whatever word it begins with
        if not first_letters.match(line.text):
            if line.text.startswith(("ان", "اذ", "وا", "نحن")) and (
                kinds.is_formula(line.text) or preamble_opener().match(line.text)
            ):
                return None
            continue
        if kinds.number_label(line.text):
            continue
        if kinds.is_formula(line.text) or preamble_opener().match(line.text):
            return None
        for kind, needs, pattern in _keywords():
            if pattern.match(line.text):
                if needs == "articles":
                    if articles is None:
                        articles = any(article_label(other.text) for other in lines)
                    if not articles:
                        continue
                return i, kind
    return None


_SINCE = re.compile(r"(?:و ?)?اذ ")


def looks_like_clauses(lines: list[Line]) -> bool:
    """Whether the lines hold preamble or operative clauses:
    two openers with إذ, "يقرر:", or a number before a known verb in the imperfect.
    """
    openers = 0
    for line in lines:
        text = line.text
        openers += bool(_SINCE.match(text)) and bool(preamble_opener().match(text))
        if kinds.is_decides(text) or openers > 1:
            return True
        label = kinds.number_label(text)
        if label and (operative_opener().match(text, label.length) or kinds.is_decides(text[label.length :])):
            return True
    return False


def numbered_in_past(lines: list[Line]) -> bool:
    """Whether numbered paragraphs open with verbs in the past, as communiqués do."""
    count = 0
    for line in lines:
        label = kinds.number_label(line.text)
        if label and past_opener().match(line.text, label.length):
            count += 1
            if count > 1:
                return True
    return False
