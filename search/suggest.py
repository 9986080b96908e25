"""What else a person may have meant: completion, did-you-mean, words run together or torn apart, the wrong keyboard.

All of it works on words as typed and as written (folded), never on stems, and is offered, never substituted: each
suggestion is a whole query, and it is made only where that query finds more than the one typed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from index.arabic import IGNORED, fold
from search.keyboard import other_layout
from search.query import parse, words
from search.query_tree import Word
from search.spelling import Spelling

Count = Callable[[str], int]
Vocabulary = Sequence[tuple[str, int]]  # written (folded) words in code point order, with in how many clauses each is
Kind = Literal["keyboard", "split", "joined", "spelling"]

MOST_SUSPECTS = 4  # words of one query that are looked at
MOST_QUESTIONS = 12  # queries counted for one answer; each is one question to the index
RARE = 3  # a written word in at most so many clauses may be a slip although it stands in the index …
MUCH_COMMONER = 20  # … if a word beside it is that many times commoner


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A query to offer: its text, how it was found, and how many clauses it finds."""

    text: str
    kind: Kind
    count: int


@dataclass(frozen=True, slots=True)
class Completion:
    """A query whose last word or name is complete: the text, what was put in, its clauses (0: not counted)."""

    text: str
    completed: str
    count: int


class Suggester:
    """Suggestions over one vocabulary. Cheap to make; what it needs is built at the first question and kept.

    `show` tells how a folded word is best written (مسؤول for مسءول); without it, letters stay as typed where they can.
    """

    def __init__(
        self, vocabulary: Vocabulary, fold: Callable[[str], str] = fold, show: Callable[[str], str] | None = None
    ) -> None:
        self.spelling = Spelling(vocabulary)
        self.fold = fold
        self.show = show

    def suggest(self, text: str, count: Count, limit: int = 3) -> list[Suggestion]:
        """At most `limit` other queries that find more than `text`, the likeliest first.

        `count` tells how many clauses a query finds, as the list would show it for the mode in use. Empty where
        nothing was mistyped, nothing finds more, or the text holds no word.
        """
        query = parse(text)
        typed = [word for word in words(query.tree) if word.level != "root"][:64]
        if not typed or len(text) > 512:
            return []
        found_now = count(text)
        suspects = self._suspects(typed, count)
        offers: dict[str, Suggestion] = {}
        for asked, (kind, other) in enumerate(self._candidates(text, typed, suspects)):
            if asked == MOST_QUESTIONS or len(offers) >= limit:
                break
            same = " ".join(self.fold(part) for part in other.split())
            if same not in offers and other != text and (found := count(other)) > found_now:
                offers[same] = Suggestion(other, kind, found)
        return list(offers.values())[:limit]

    def _suspects(self, typed: Sequence[Word], count: Count) -> list[Word]:
        """The words that may be mistyped: they find nothing, or are rare beside a much commoner neighbour."""
        found: list[Word] = []
        for word in typed:
            written = self.spelling.count(self.fold(word.text))
            if written > RARE:
                continue
            if (written == 0 and count(f"\\{word.text}") == 0) or self._is_slip(word, written):
                found.append(word)
            if len(found) == MOST_SUSPECTS:
                break
        return found

    def _is_slip(self, word: Word, written: int) -> bool:
        letters = self.fold(word.text)
        if not written or len(letters) < 4:
            return False
        return any(distance == 1 and n >= written * MUCH_COMMONER for _, n, distance in self.spelling.near(letters, 1))

    def _candidates(self, text: str, typed: Sequence[Word], suspects: Sequence[Word]) -> Iterator[tuple[Kind, str]]:
        for other in self._keyboard(text, suspects):
            yield "keyboard", other
        for other in self._rejoined(text, typed):
            yield "joined", other
        for other in self._split(text, suspects):
            yield "split", other
        for other in self._respelt(text, suspects):
            yield "spelling", other

    def _keyboard(self, text: str, suspects: Sequence[Word]) -> Iterator[str]:
        """The whole text, and each mistyped stretch between spaces, by the keys of the other layout."""
        if not suspects:
            return
        yield from (other for other in other_layout(text) if self._mostly_known(other))
        stretches: list[tuple[int, int]] = []
        for word in suspects:
            start = max(text.rfind(space, 0, word.start) for space in " \t\n") + 1
            end = min((at for at in (text.find(space, word.end) for space in " \t\n") if at >= 0), default=len(text))
            if (start, end) not in stretches:
                stretches.append((start, end))
        changed = text
        for start, end in reversed(stretches):
            readings = [other for other in other_layout(text[start:end]) if self._mostly_known(other)]
            if readings:
                changed = changed[:start] + readings[0] + changed[end:]
        if changed != text:
            yield changed

    def _mostly_known(self, text: str) -> bool:
        typed = words(parse(text).tree)
        known = sum(1 for word in typed if self.spelling.count(self.fold(word.text)))
        return 2 * known > len(typed)

    def _rejoined(self, text: str, typed: Sequence[Word]) -> Iterator[str]:
        """Two neighbours as the one word that was torn apart, where that one is much commoner than a part of it."""
        for left, right in pairwise(typed):
            if text[left.end : right.start].strip():
                continue
            one = left.text + right.text
            rarer = min(self.spelling.count(self.fold(word.text)) for word in (left, right))
            if self.spelling.count(self.fold(one)) >= MUCH_COMMONER * rarer + 1:
                yield text[: left.start] + one + text[right.end :]

    def _split(self, text: str, suspects: Sequence[Word]) -> Iterator[str]:
        """A word that is no word as the two that were run together."""
        for word in suspects:
            best = max(self._cuts(word.text), default=None)
            if best:
                yield text[: word.start] + best[1] + text[word.end :]

    def _cuts(self, word: str) -> Iterator[tuple[float, str]]:
        for at in range(2, len(word) - 1):
            if word[at] in IGNORED:
                continue
            left, right = word[:at], word[at:]
            counts = self.spelling.count(self.fold(left)), self.spelling.count(self.fold(right))
            if min(counts):
                yield sum(math.log(n) for n in counts), f"{left} {right}"

    def _respelt(self, text: str, suspects: Sequence[Word]) -> Iterator[str]:
        """The query with the likeliest other spelling of each mistyped word; then with the next of one of them."""
        spellings: list[tuple[Word, list[str]]] = []
        for word in suspects:
            others = self.spelling.likeliest(self.fold(word.text))
            if others:
                spellings.append((word, [self._written(word.text, other) for other in others]))
        if not spellings:
            return
        best = [(word, others[0]) for word, others in spellings]
        yield _replaced(text, best)
        for place, (word, others) in enumerate(spellings):
            for other in others[1:]:
                yield _replaced(text, [*best[:place], (word, other), *best[place + 1 :]])

    def _written(self, typed: str, other: str) -> str:
        """The folded word `other` for the eye: shown, or with the letters typed where the two agree."""
        if self.show:
            return self.show(other)
        from rapidfuzz.distance import Levenshtein

        letters = "".join(c for c in typed if c not in IGNORED)
        folded = self.fold(letters)
        if len(folded) != len(letters):
            return other
        return "".join(
            letters[step.src_start : step.src_end] if step.tag == "equal" else other[step.dest_start : step.dest_end]
            for step in Levenshtein.opcodes(folded, other)
        )

    def complete(self, text: str, limit: int = 8, names: Sequence[str] = ()) -> list[Completion]:
        """The query with its last word complete, the commonest words first, after `names` that begin as it ends.

        Nothing for a text that ends in a space or sign, or whose last word has fewer than two letters.
        """
        start = len(text)
        while start and (text[start - 1].isalnum() or text[start - 1] in IGNORED):
            start -= 1
        prefix = self.fold(text[start:])
        if len(prefix) < 2:
            return []
        found = [Completion(head + name, name, 0) for head, name in self._named(text, names)]
        for word, n in self.spelling.beginning(prefix, limit):
            shown = self.show(word) if self.show else text[start:] + word[len(prefix) :]
            found.append(Completion(text[:start] + shown, shown, n))
        return found[:limit]

    def _named(self, text: str, names: Sequence[str]) -> Iterator[tuple[str, str]]:
        """(what stands before, name) for each name whose beginning, of two words or more, the text ends with."""
        typed = text.split(" ")
        for at in range(max(0, len(typed) - 6), len(typed) - 1):
            tail = [self.fold(word) for word in typed[at:]]
            head = "".join(word + " " for word in typed[:at])
            if not all(tail):
                continue
            for name in names:
                if self.fold(name.replace(" ", "_")).startswith("_".join(tail)) and len(name.split()) >= len(tail):
                    yield head, name


def _replaced(text: str, changes: Sequence[tuple[Word, str]]) -> str:
    """The text with words replaced at their places, the last first, so that places stay right."""
    for word, other in sorted(changes, key=lambda change: -change[0].start):
        text = text[: word.start] + other + text[word.end :]
    return text


def written_forms(vocabulary: Iterable[tuple[str, int]], fold: Callable[[str], str] = fold) -> Callable[[str], str]:
    """What `Suggester` takes as `show`, from words as marked in the text with their counts.

    A folded word is shown as it is most often written, without vowel signs; an unknown one as it is.
    """
    forms: dict[str, Counter[str]] = {}
    for marked, n in vocabulary:
        plain = "".join(c for c in marked if c not in IGNORED)
        folded = fold(marked)
        if plain != folded:
            forms.setdefault(folded, Counter())[plain] += n
    best = {folded: max(counts, key=lambda form: (counts[form], form)) for folded, counts in forms.items()}
    return lambda word: best.get(word, word)


def complete(prefix: str, vocabulary: Vocabulary, limit: int = 8) -> list[tuple[str, int]]:
    """The commonest words of a sorted vocabulary that begin with `prefix`, with their counts."""
    return Spelling(vocabulary).beginning(fold(prefix), limit)
