"""A page → the lines of each document on it, divided into head and body, and what kind of document each is."""

from __future__ import annotations

from dataclasses import dataclass, field

from index import line_kinds as kinds
from index.openers import operative_opener, preamble_opener
from index.page_text import Line, PageText


@dataclass(slots=True)
class DocumentLines:
    """The lines of one document: head (headings and title), body (formula and clauses)."""

    kind: str
    head: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)
    has_formula: bool = False


def split_documents(page: PageText, kind: str | None = None) -> list[DocumentLines]:
    """The documents of a page, at least one."""
    lines = page.lines
    formulas = [i for i, line in enumerate(lines) if kinds.is_formula(line.text)]
    start = formulas[0] if formulas else _first_clause(lines)
    return [DocumentLines(kind or "resolution", lines[:start], lines[start:], bool(formulas))]


def _first_clause(lines: list[Line]) -> int:
    for i, line in enumerate(lines):
        text = line.text
        if preamble_opener().match(text) or kinds.is_decides(text):
            return i
        label = kinds.number_label(text)
        if (label and not kinds.is_furniture(text)) or operative_opener().match(text):
            return i
    return 0
