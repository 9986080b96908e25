"""From a query to its tokens: brackets, operators, marks, and terms that are already nodes of the tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from index.arabic import fold
from search import query_tables as tables
from search.query_terms import read_term
from search.query_text import Source, bounded_distance, read_number
from search.query_tree import Node, Word

Kind = Literal["term", "open", "close", "and", "or", "not", "near", "must", "must_not"]


@dataclass(frozen=True, slots=True)
class Token:
    """One token at [start, end) of the text typed.

    A term holds its nodes: one, or the words of one glued chunk (a-b). An `arabic` operator is a word where it does
    not stand between two terms; `distance` belongs to near.
    """

    kind: Kind
    start: int
    end: int
    typed: str = ""
    nodes: tuple[Node, ...] = ()
    arabic: bool = False
    distance: int = 0


_LATIN: dict[str, Kind] = {"AND": "and", "OR": "or", "NOT": "not"}
_BEFORE_MARK = frozenset("(|")


def tokens(source: Source) -> Iterator[Token]:
    """The tokens in order; what could not be read is among `source.problems`."""
    at = 0
    text = source.text
    while at < len(text):
        c = text[at]
        if c in "()":
            yield Token("open" if c == "(" else "close", source.start(at), source.end(at + 1), c)
            at += 1
        elif c == "|":
            begin = at
            while source.peek(at) == "|":
                at += 1
            yield Token("or", source.start(begin), source.end(at), text[begin:at])
        elif c in tables.MARKS:
            token, at = _read_mark(source, at)
            if token:
                yield token
        elif source.is_word(at) or c in tables.QUOTES or c in "*\\" or (c == "=" and not source.is_word(at - 1)):
            token, at = _read_operator(source, at)
            if token:
                yield token
                continue
            begin = at
            nodes, at = read_term(source, at)
            if nodes:
                yield Token("term", source.start(begin), source.end(at), text[begin:at], nodes)
        else:
            if c == "~" and not _is_dash_like(source, at):
                source.remark("stray_tilde", at, at + 1)
            at += 1


def _is_dash_like(source: Source, at: int) -> bool:
    """Whether the sign at `at` stands alone between words, as a dash in a sentence does."""
    return source.peek(at + 1).isspace() and at > 0 and at + 1 < len(source.text.rstrip())


def _read_mark(source: Source, at: int) -> tuple[Token | None, int]:
    """`+` or `-` directly before a term; anything else is punctuation, reported where it looks like an operator."""
    begin = at
    while source.peek(at) and source.text[at] in tables.MARKS:
        at += 1
    before, after = source.peek(begin - 1), source.peek(at)
    at_head = not before or before.isspace() or before in _BEFORE_MARK
    if not at_head:
        return None, at
    starts = bool(after) and (source.is_word(at) or after in tables.QUOTES or after in '=*\\"(')
    typed = source.text[begin:at]
    if not starts or at - begin > 1:
        dash = set(typed) <= set(tables.MINUS) and not starts and _is_dash_like(source, at - 1)
        if not dash:
            source.remark("lone_mark", begin, at, typed=typed)
        return None, at
    kind: Kind = "must" if typed == "+" else "must_not"
    return Token(kind, source.start(begin), source.end(at), typed), at


def _read_operator(source: Source, at: int) -> tuple[Token | None, int]:
    """An operator in words at `at`: AND, أو, NEAR/3 …; None and the same place where there is none."""
    end = at
    while source.is_word(end):
        end += 1
    typed = source.text[at:end]
    following = source.peek(end)
    if end == at or len(typed) > 12 or source.is_word(at - 1):
        return None, at
    if typed == "NEAR" or fold(typed) == "قرب":
        number, after = read_number(source, end + 1) if following == "/" else (None, end)
        if number is not None:
            distance = bounded_distance(source, number, at, after)
            token = Token("near", source.start(at), source.end(after), source.text[at:after], distance=distance)
            return token, after
        if typed == "NEAR" or following == "/":
            source.remark("no_distance", at, end)
        return None, at
    part_of_more = following in tables.GLUE + tables.INSIDE + "?:" and (source.is_word(end + 1))
    if following and (following in "*~" or part_of_more):
        return None, at
    if typed in _LATIN:
        return Token(_LATIN[typed], source.start(at), source.end(end), typed), end
    arabic = tables.ARABIC_OPERATORS.get(fold(typed))
    if arabic is None:
        return None, at
    kind: Kind = "and" if arabic == "and" else "or" if arabic == "or" else "not"
    word = Word(typed, None, source.start(at), source.end(end))
    return Token(kind, source.start(at), source.end(end), typed, (word,), arabic=True), end
