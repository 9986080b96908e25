"""Reading the characters of a query: words, quoted words, numbers, each with its place in the text typed.

Every function reads on from a place and takes a few steps per character. Invisible direction marks are left out
first, so that a copied RLM hides no operator; the places of what remains are kept.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from index.arabic import CONTROLS, IGNORED
from search import query_tables as tables
from search.limits import limit
from search.problem import Problem, problem
from search.query_tree import Level, Word


@lru_cache(maxsize=4096)
def is_word_character(character: str) -> bool:
    """Letters, digits, marks, tatweel and the low line: what may be part of a word."""
    return character.isalnum() or character in IGNORED or character == "_" or unicodedata.category(character)[0] == "M"


def has_letter(text: str) -> bool:
    """Whether a letter or digit is in the text, and not only marks, tatweel or signs."""
    return any(c.isalnum() and c not in IGNORED for c in text)


@dataclass(slots=True)
class Source:
    """The query without its direction marks, the place of each remaining character, and the problems found so far."""

    text: str
    places: list[int]
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def of(cls, typed: str) -> Source:
        """The source of a query, cut at the limit of characters."""
        most = limit("characters")
        cut = len(typed)
        if cut > most:
            space = max(typed.rfind(" ", 0, most), typed.rfind("\n", 0, most))
            cut = space if space > most // 2 else most
        kept = [(place, c) for place, c in enumerate(typed[:cut]) if c not in CONTROLS]
        source = cls("".join(c for _, c in kept), [place for place, _ in kept])
        source.places.append(kept[-1][0] + 1 if kept else 0)
        if cut < len(typed):
            source.problems.append(problem("too_long", cut, len(typed), limit=most))
        return source

    def start(self, at: int) -> int:
        """The place in the text typed of the character at `at`."""
        return self.places[at]

    def end(self, at: int) -> int:
        """The place just after the character before `at`."""
        return self.places[at - 1] + 1 if at else 0

    def remark(self, code: str, start: int, end: int, **values: object) -> None:
        """Report the problem `code` on the characters [start, end)."""
        self.problems.append(problem(code, self.start(start), max(self.start(start), self.end(end)), **values))

    def peek(self, at: int) -> str:
        """The character at `at`, "" beyond the ends."""
        return self.text[at] if 0 <= at < len(self.text) else ""

    def is_word(self, at: int) -> bool:
        """Whether a character of a word stands at `at`."""
        return 0 <= at < len(self.text) and is_word_character(self.text[at])


@dataclass(slots=True)
class Chunk:
    """Words without a space between them: (text, start, end, escaped) each; `at` is where reading goes on."""

    parts: list[tuple[str, int, int, bool]]
    at: int


def read_chunk(source: Source, at: int, *, wildcards: bool = True) -> Chunk:
    """The chunk of words that begins at `at`: word characters, * and ? as wildcards, glue between words."""
    parts: list[tuple[str, int, int, bool]] = []
    while True:
        begin, escaped = at, False
        letters: list[str] = []
        while at < len(source.text):
            c = source.text[at]
            inside = c in tables.INSIDE and bool(letters) and source.is_word(at + 1) and source.is_word(at - 1)
            if inside or is_word_character(c) or (wildcards and c in "*?"):
                letters.append(c)
                at += 1
            elif c == "\\" and source.is_word(at + 1) and wildcards and not letters:
                escaped = True
                letters.append(source.text[at + 1])
                at += 2
            else:
                break
        text = "".join(letters)
        if has_letter(text) or (wildcards and "*" in text):
            parts.append((text, begin, at, escaped))
        if source.peek(at) and source.text[at] in tables.GLUE and source.is_word(at + 1) and parts:
            at += 1
            continue
        return Chunk(parts, max(at, begin))


def make_word(source: Source, text: str, start: int, end: int, level: Level | None = None) -> Word:
    """The word of a chunk's part, cut and reported where it is longer than the limit."""
    most = limit("word")
    if len(text) > most:
        source.remark("long_word", start, end, limit=most)
        text = text[:most].rstrip(tables.INSIDE)
    return Word(text, level, source.start(start), source.end(end))


def read_quoted(source: Source, at: int, *, literal: bool = False) -> tuple[tuple[Word, ...] | None, int]:
    """The words between the quotation mark at `at` and its partner, and where reading goes on.

    None for a mark without its partner, which is reported. `literal` text, a filter's value, may hold a *.
    """
    family = next(marks for marks in tables.QUOTE_FAMILIES if source.text[at] in marks)
    ends = [end for end in (source.text.find(mark, at + 1) for mark in family) if end >= 0]
    if not ends:
        source.remark("lone_quote", at, at + 1)
        return None, at + 1
    end = min(ends)
    words: list[Word] = []
    i = at + 1
    while i < end:
        if source.is_word(i):
            chunk = read_chunk(source, i, wildcards=False)
            words.extend(make_word(source, text, start, stop) for text, start, stop, _ in chunk.parts)
            i = max(chunk.at, i + 1)
        else:
            if not literal and source.text[i] == "*" and (source.is_word(i - 1) or source.is_word(i + 1)):
                source.remark("wildcard_in_quotes", i, i + 1)
            i += 1
    if not words:
        source.remark("empty_quotes", at, end + 1)
    return tuple(words), end + 1


_NUMBER = re.compile(r"\d{1,6}")


def read_number(source: Source, at: int) -> tuple[int | None, int]:
    """The number at `at` in any digits, and where it ends; None where there is none or letters follow."""
    found = _NUMBER.match(source.text, at)
    if not found or source.is_word(found.end()):
        return None, at
    return int(found.group()), found.end()


def bounded_distance(source: Source, number: int, start: int, end: int) -> int:
    """The distance, cut and reported where it is larger than the limit."""
    most = limit("distance")
    if number > most:
        source.remark("distance", start, end, limit=most)
    return min(number, most)


def plain_words(source: Source) -> list[Word]:
    """All words of the text, whatever signs stand between them: the reading of a query without syntax."""
    words: list[Word] = []
    at = 0
    while at < len(source.text):
        if not source.is_word(at):
            at += 1
            continue
        chunk = read_chunk(source, at, wildcards=False)
        words.extend(make_word(source, text, start, end) for text, start, end, _ in chunk.parts)
        at = max(chunk.at, at + 1)
    return words
