"""A page → the lines of each document on it, divided into head and body, and what kind of document each is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from index import line_kinds as kinds
from index.articles import article_label
from index.document_kinds import looks_like_clauses, numbered_in_past, title_line
from index.header_lines import is_header_line, is_number_line
from index.inline_clauses import split_preamble
from index.league_pages import LeagueSymbol, league_symbol
from index.openers import operative_opener, past_opener, preamble_opener
from index.page_text import LETTER, Line, PageText

_HEAD_LENGTH = 110  # a longer line is text, not a heading


@dataclass(slots=True)
class DocumentLines:
    """The lines of one document: head (headings and title), body (formula and clauses)."""

    kind: str
    head: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)
    has_formula: bool = False
    by_clauses: bool = True  # preamble and operative clauses, or paragraphs
    title: tuple[int, int] | None = None  # where a title line names the kind
    league: LeagueSymbol | None = None


def split_documents(page: PageText, kind: str | None = None) -> list[DocumentLines]:
    """The documents of a page, at least one. `kind` overrides what each seems to be."""
    lines = split_flattened(page)
    parts = _league(lines) or [(part, None) for part in _by_formula(lines)]
    return [_divide(lines, symbol, kind) for lines, symbol in parts]


_FLAT_FORMULA = re.compile(
    rf"(?<=[ .،\"])ان ?(?:الموتمر الاسلامي|موتمر وزراء|موتمر القمه|مجلس وزراء|مجلس الامن|الجمعيه العامه"
    rf"|مجلس الجامعه)(?![{LETTER}]{{4}})"
)


def split_flattened(page: PageText) -> list[Line]:
    """The lines of a page; where line breaks were lost and no line opens with a formula,
    the line is cut where the formula begins.
    """
    lines = page.lines
    if any(kinds.is_formula(line.text) for line in lines):
        return lines
    for i, line in enumerate(lines):
        match = _FLAT_FORMULA.search(line.text)
        if match and is_header_line(line.text[: min(match.start(), 200)].strip()):
            at = line.start + match.start()
            before = line.text[: match.start()].rstrip()
            head = Line(line.start, line.start + len(before), before, line.blank_before)
            return [*lines[:i], head, Line(at, line.end, line.text[match.start() :]), *lines[i + 1 :]]
    return lines


def _league(lines: list[Line]) -> list[tuple[list[Line], LeagueSymbol | None]]:
    """Cut after each line that ends with a symbol of the League."""
    found: list[tuple[list[Line], LeagueSymbol | None]] = []
    at = 0
    for i, line in enumerate(lines):
        symbol = league_symbol(line) if " د" in line.text or "/د" in line.text or "/ د" in line.text else None
        if symbol:
            found.append((lines[at : i + 1], symbol))
            at = i + 1
    if found and at < len(lines) and not all(kinds.is_furniture(line.text) for line in lines[at:]):
        found.append((lines[at:], None))
    return found


def _by_formula(lines: list[Line]) -> list[list[Line]]:
    """Cut where a second head begins: the number line before a second enacting formula,
    or the first title line before it.
    """
    named = title_line(lines)
    if named and named[1] != "declaration":
        return [lines]
    formulas = [i for i, line in enumerate(lines) if kinds.is_formula(line.text)]
    cuts = [0]
    for before, at in pairwise(formulas):
        start = at
        while start > before + 1 and _belongs_to_head(lines[start - 1]):
            start -= 1
        if any(is_header_line(line.text) for line in lines[start:at]):
            cuts.append(start)
    return [lines[a:b] for a, b in zip(cuts, [*cuts[1:], len(lines)], strict=True)]


def _belongs_to_head(line: Line) -> bool:
    text = line.text
    if kinds.is_furniture(text) or is_header_line(text):
        return True
    if len(text) > _HEAD_LENGTH or text[-1] in ".؛،" or kinds.annex_label(text) or kinds.note_label(text):
        return False
    return not (kinds.number_label(text) or kinds.letter_label(text) or operative_opener().match(text))


def _divide(lines: list[Line], symbol: LeagueSymbol | None, wanted: str | None) -> DocumentLines:
    named = title_line(lines)
    if symbol and lines:
        return _divide_league(lines, symbol, wanted)
    formula = next((i for i, line in enumerate(lines) if kinds.is_formula(line.text)), None)
    if named and named[1] in ("communique", "treaty", "other") and wanted in (None, named[1]):
        return _divide_named(lines, named, wanted or named[1])
    if formula is not None and _is_resolution(lines, formula):
        first_person = lines[formula].text.lstrip("و").startswith("نحن")
        kind = "declaration" if first_person or named else "resolution"
        part = DocumentLines(wanted or kind, lines[:formula], lines[formula:], True)
        if wanted in ("communique", "other"):  # told by a person: paragraphs, unless there are articles
            part.by_clauses = any(article_label(line.text) for line in part.body)
        if named and named[0] < formula:
            part.title = _title_span(lines, named[0])
        return part
    if named:
        return _divide_named(lines, named, wanted or named[1])
    return _divide_unnamed(lines, wanted)


def _is_resolution(lines: list[Line], formula: int) -> bool:
    """A sentence of a speech may begin like a formula; a formula has a number line before it or clauses after it."""
    if lines[formula].text.startswith("نحن") or any(is_number_line(line.text) for line in lines[:formula]):
        return True
    following = lines[formula : formula + 4]
    if split_preamble(following[0].text, 1) or any(preamble_opener().match(line.text) for line in following[1:]):
        return True
    return looks_like_clauses(lines[formula:])


def _divide_league(lines: list[Line], symbol: LeagueSymbol, wanted: str | None) -> DocumentLines:
    last = lines[-1]
    body_end = symbol.at[0]
    tail = Line(last.start, body_end, last.text[: body_end - last.start].rstrip(" ("), last.blank_before)
    tail.end = tail.start + len(tail.text)
    last.role = "heading" if not tail.text else ""
    lines = lines[:-1] + ([tail] if tail.text else [])
    formula = next((i for i, line in enumerate(lines) if kinds.is_formula(line.text)), None)
    start = formula if formula is not None else _first_clause(lines, past=True)
    return DocumentLines(wanted or "resolution", lines[:start], lines[start:], formula is not None, league=symbol)


def _divide_named(lines: list[Line], named: tuple[int, str], kind: str) -> DocumentLines:
    """A document whose title line names its kind: the head goes on while lines speak of session, place and date."""
    start = _title_end(lines, named[0]) + 1
    while start < len(lines) and _in_head(lines, start):
        start += 1
    body = lines[start:]
    if kind == "treaty" and len(body) > 1 and body[0].text in _PREFACE:
        start, body = start + 1, body[1:]
    has_formula = bool(body) and (
        kinds.is_formula(body[0].text) or (kind == "treaty" and body[0].text.startswith("ان "))
    )
    articles = any(article_label(line.text) for line in body)
    by_clauses = articles or (
        kind == "declaration" and (has_formula or looks_like_clauses(body) or _opens_with_verbs(body))
    )
    part = DocumentLines(kind, lines[:start], body, has_formula, by_clauses)
    part.title = _title_span(lines, named[0])
    return part


_PREFACE = ("ديباجه", "الديباجه", "المقدمه", "مقدمه", "تمهيد")  # a heading above the formula of a treaty


def _title_span(lines: list[Line], at: int) -> tuple[int, int]:
    """The title line, with the next one where it goes on in grammar: "البيان الختامي" + "للدورة …"."""
    end = _title_end(lines, at)
    return lines[at].start, lines[end].end


def _title_end(lines: list[Line], at: int) -> int:
    end = at
    while (
        end + 1 < min(len(lines), at + 4)
        and lines[end + 1].text.startswith(_GOES_ON)
        and len(lines[end + 1].text) < _HEAD_LENGTH
    ):
        end += 1
    return end


_GOES_ON = ("لل", "لم", "لدور", "لاجتماع", "الصادر", "بشان", "حول", "عن ", "والصادر")


def _in_head(lines: list[Line], at: int) -> bool:
    """Whether a line below the title still speaks of session, place or date, or stands just above such a line."""
    text = lines[at].text
    if kinds.is_furniture(text) or _still_head(text):
        return True
    below = lines[at + 1].text if at + 1 < len(lines) else ""
    return (
        len(text) < 60 and text[-1] not in ".؛:" and bool(below) and not kinds.number_label(text) and _still_head(below)
    )


def _still_head(text: str) -> bool:
    return (
        len(text) < _HEAD_LENGTH
        and text[-1] not in ".؛"
        and (text[0] in '("' or is_header_line(text))
        and not kinds.is_formula(text)
    )


def _opens_with_verbs(lines: list[Line]) -> bool:
    return sum(1 for line in lines if operative_opener().match(line.text)) > 1


def _divide_unnamed(lines: list[Line], wanted: str | None) -> DocumentLines:
    articles = sum(1 for line in lines if article_label(line.text))
    if articles > 1 and wanted in (None, "treaty", "other"):
        start = next(
            i for i, line in enumerate(lines) if article_label(line.text) or preamble_opener().match(line.text)
        )
        return DocumentLines(wanted or "other", lines[:start], lines[start:])
    has_number = any(is_number_line(line.text) for line in lines[:15])
    if wanted == "resolution" or (wanted in (None, "declaration") and (looks_like_clauses(lines) or has_number)):
        start = _first_clause(lines)
        return DocumentLines(wanted or "resolution", lines[:start], lines[start:])
    start = 0
    while start < len(lines) and (kinds.is_furniture(lines[start].text) or is_header_line(lines[start].text)):
        start += 1
    if start + 1 < len(lines) and _looks_like_title(lines[start], lines[start + 1]):
        start += 1
    if wanted is None and numbered_in_past(lines):
        wanted = "communique"
    return DocumentLines(wanted or "other", lines[:start], lines[start:], by_clauses=False)


def _looks_like_title(line: Line, following: Line) -> bool:
    text = line.text
    if len(text) > 90 or text[-1] in ".؛،:؟!" or kinds.number_label(text) or past_opener().match(text):
        return False
    return following.blank_before or len(following.text) > 2 * len(text)


def _first_clause(lines: list[Line], past: bool = False) -> int:
    """Where the body begins when no formula says so:
    the first opener, number, verb, or sentence after the last header line.
    """
    head = 0
    for i, line in enumerate(lines):
        text = line.text
        if kinds.is_furniture(text):
            continue
        if preamble_opener().match(text) or kinds.is_decides(text) or operative_opener().match(text):
            return _back_to_fragment(lines, head, i)
        if kinds.number_label(text) or (past and past_opener().match(text)):
            return _back_to_fragment(lines, head, i)
        if is_header_line(text):
            head = i + 1
    return _back_to_fragment(lines, head, len(lines))


def _back_to_fragment(lines: list[Line], head: int, first: int) -> int:
    """A page that begins in mid-clause:
    a line before the first clause that ends like a sentence belongs to the body.
    """
    for i in range(head, first):
        text = lines[i].text
        if kinds.is_furniture(text) or is_header_line(text):
            continue
        if text[-1] in ".؛،" or len(text) > _HEAD_LENGTH:
            return i
    return first
