"""Clauses + stored text → spans of the original: what made this text a hit, as whole words with their marks.

The text is analysed again with the index's own analyzer and the question is answered once more on its tokens, so a
phrase lights only where it stands as a phrase, and one side of an OR that does not match lights nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import cast

from index.analysis import LEVELS, Analyzer, Terms, Token
from index.clause import And, Best, Boost, Clause, Near, Not, Or, Phrase, Prefer, Prefix, Term

Span = tuple[int, int]
LONG_UNION = 8  # terms

# A clause is shown whole up to this many letters; only longer ones are shown in part (issue: snippets).
SNIPPET_FROM = 600
SNIPPET_LENGTH = 420
_SENTENCE_ENDS = ".؛;!?؟\n:،"


class TokenPlaces:
    """The terms of one text's tokens in order, and where each stands at each level."""

    def __init__(self, terms: Sequence[Terms]) -> None:
        self._levels = dict(zip(LEVELS, zip(*terms, strict=True), strict=True)) if terms else {}

    def at(self, level: str) -> tuple[str, ...]:
        """Return the terms at one level in order; none for a level that texts do not have (session, title …)."""
        return self._levels.get(level, ())

    def of(self, level: str, term: str) -> list[int]:
        """Return the places of a term in order."""
        terms = self._levels.get(level, ())
        return [place for place, own in enumerate(terms) if own == term] if term in terms else []


@dataclass(frozen=True, slots=True)
class _AnyOf:
    """An Or of many terms of one level, as a set: a wildcard stands for hundreds, and a text has fewer words."""

    field: str
    terms: frozenset[str]


def lightable(clause: Clause) -> Clause:
    """Return a question that lights the same as `clause`, made once for many texts: its long unions are sets."""
    match clause:
        case Or(clauses) if len(clauses) >= LONG_UNION:
            sets: dict[str, set[str]] = {}
            rest: list[Clause] = []
            for inner in clauses:
                if isinstance(inner, Term) and inner.field in LEVELS:
                    sets.setdefault(inner.field, set()).add(inner.term)
                else:
                    rest.append(lightable(inner))
            unions = [cast(Clause, _AnyOf(field, frozenset(terms))) for field, terms in sets.items()]
            return Or((*unions, *rest))
        case And(clauses) | Or(clauses) | Best(clauses):
            return type(clause)(tuple(map(lightable, clauses)))
        case Boost(inner, _) | Prefer(inner, _):
            return lightable(inner)
    return clause


def lit_places(clause: Clause, text: TokenPlaces) -> set[int] | None:
    """Return the places of the tokens that make the text match `clause`; None where it does not match.

    Questions about other fields than the text (filters, title) count as matching and light nothing.
    """
    match clause:
        case Term(field, term):
            if field not in LEVELS:
                return set()
            return set(text.of(field, term)) or None
        case Prefix(field, prefix):
            if field not in LEVELS:
                return set()
            return {place for place, term in enumerate(text.at(field)) if term.startswith(prefix)} or None
        case Phrase(field, alternatives):
            return _phrase(text, field, alternatives) or None
        case Near(field, terms, distance, ordered):
            return _near(text, field, terms, distance, ordered) or None
        case And(clauses):
            found = [lit_places(part, text) for part in clauses]
            return None if None in found else set().union(*(f for f in found if f))
        case Or(clauses) | Best(clauses):
            lit = [places for part in clauses if (places := lit_places(part, text)) is not None]
            return set().union(*lit) if lit else None
        case Boost(inner, _) | Prefer(inner, _):
            return lit_places(inner, text)
        case _AnyOf(field, wanted):
            return {place for place, term in enumerate(text.at(field)) if term in wanted} or None
        case Not(_):
            return set()
        case _:
            return set()


def _phrase(text: TokenPlaces, field: str, alternatives: tuple[tuple[str, ...], ...]) -> set[int]:
    starts: set[int] | None = None
    for offset, terms in enumerate(alternatives):
        here = {place - offset for term in terms for place in text.of(field, term)}
        starts = here if starts is None else starts & here
    return {start + offset for start in starts or () for offset in range(len(alternatives))}


def _near(text: TokenPlaces, field: str, terms: tuple[str, ...], distance: int, ordered: bool) -> set[int]:
    lit: set[int] = set()
    for order in [terms] if ordered else set(permutations(terms)):
        for start in text.of(field, order[0]):
            end = start + len(terms) - 1 + distance
            lit.update(_chain(text, field, order, start, end))
    return lit


def _chain(text: TokenPlaces, field: str, order: tuple[str, ...], start: int, end: int) -> list[int]:
    """Return the places of `order` from `start` on, each as early as it can stand; empty when one falls after `end`."""
    chain = [start]
    for term in order[1:]:
        later = next((place for place in text.of(field, term) if place > chain[-1]), None)
        if later is None or later > end:
            return []
        chain.append(later)
    return chain


def highlights(clause: Clause, tokens: Sequence[Token]) -> list[Span]:
    """Return the spans [start, end) to light, in reading order; they are whole words and never overlap."""
    places = lit_places(clause, TokenPlaces([token.terms for token in tokens])) or set()
    return [(tokens[place].start, tokens[place].end) for place in sorted(places)]


def highlights_in(clause: Clause, text: str, analyzer: Analyzer) -> list[Span]:
    """Return `highlights` of the tokens of `text`, in half the time: only those that are lit are made."""
    terms = analyzer.terms_of(text)
    places = lit_places(clause, TokenPlaces(terms))
    return analyzer.spans(text, sorted(places), len(terms)) if places else []


def snippet(text: str, spans: Sequence[Span], length: int = SNIPPET_LENGTH) -> Span | None:
    """Return the part of a long text to show first, or None when the text is short enough to be shown whole.

    It is the window with the most highlighted words, moved back to the beginning of its sentence where that is near.
    """
    if len(text) <= SNIPPET_FROM:
        return None
    best_start, best_count = 0, 0
    for number, (start, _) in enumerate(spans):
        count = sum(1 for _, end in spans[number:] if end <= start + length * 3 // 4)
        if count > best_count:
            best_start, best_count = start, count
    start = _back_to_sentence(text, best_start, length // 4)
    end = min(len(text), start + length)
    while end < len(text) and not text[end].isspace():
        end += 1
    return start, end


def _back_to_sentence(text: str, place: int, most: int) -> int:
    low = max(0, place - most)
    if low == 0:
        return 0
    for back in range(place - 1, low - 1, -1):
        if text[back] in _SENTENCE_ENDS:
            return next((i for i in range(back + 1, place + 1) if not text[i].isspace()), place)
    while low < place and not text[low - 1].isspace():
        low += 1
    return low
