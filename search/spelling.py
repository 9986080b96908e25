"""Written words near a mistyped one. Made for vocabularies of a million words: only words that share the head or the
tail with the one typed are compared, because a slip of one or two letters seldom touches both ends.
"""

from __future__ import annotations

import heapq
import math
from bisect import bisect_left
from collections.abc import Sequence
from operator import itemgetter

# Letters that are taken for each other: one letter in several shapes, sounds that fall together in speech, dots
# forgotten. Source: the spelling errors listed in Zaghouani et al. (2014), the Qatar Arabic Language Bank guidelines.
CONFUSED: frozenset[frozenset[str]] = frozenset(
    frozenset(pair)
    for pair in ("ةه", "يى", "اء", "ضظ", "ذز", "ذد", "ثت", "ثس", "سص", "تط", "قك", "قف", "حخ", "جح", "جخ", "عغ", "رز",
                 "دذ", "صض", "طظ", "بت", "نت", "بن", "ين", "ؤو", "ئي")
)  # fmt: skip
CONFUSED_BONUS = 1.5  # in units of the logarithm of a count: a confused letter is likelier than another
SHORT = 6  # from so many letters after the article on, three at an end must agree instead of two, and two may differ
MOST_SHOWN = 4
KEPT_PREFIX = 4  # completions of prefixes up to this length are kept: they are the slow and the frequent ones
KEPT_ENDINGS = 1000
# What may stand before the part of a word that tells words apart: the article, and what is attached to it.
HEADS = ("وال", "بال", "فال", "كال", "ال", "لل")


class Spelling:
    """Looks up and compares the words of a sorted vocabulary of (folded word, count)."""

    def __init__(self, vocabulary: Sequence[tuple[str, int]]) -> None:
        self.vocabulary = vocabulary
        self._lines = ""  # all words, one a line: a text search finds an ending faster than any loop over words
        self._endings: dict[str, list[str]] = {}
        self._completed: dict[tuple[str, int], list[tuple[str, int]]] = {}

    def count(self, word: str) -> int:
        """In how many clauses the folded word is written; 0 when it is not in the vocabulary."""
        at = bisect_left(self.vocabulary, (word,))
        if at < len(self.vocabulary) and self.vocabulary[at][0] == word:
            return self.vocabulary[at][1]
        return 0

    def beginning(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """The commonest words that begin with the folded prefix."""
        known = self._completed.get((prefix, limit))
        if known is None:
            low, high = self._range(prefix)
            found = heapq.nlargest(2 * limit, self.vocabulary[low:high], key=itemgetter(1))
            known = sorted(found, key=lambda entry: (-entry[1], len(entry[0]), entry[0]))[:limit]
            if len(prefix) <= KEPT_PREFIX and len(self._completed) < 10_000:
                self._completed[prefix, limit] = known
        return list(known)

    def _range(self, prefix: str) -> tuple[int, int]:
        low = bisect_left(self.vocabulary, (prefix,))
        return low, bisect_left(self.vocabulary, (prefix + "\U0010ffff",), low)

    def _shared(self, word: str, distance: int) -> list[str]:
        """The words of about the same length with the same first letters after the article, or the same last ones."""
        before = _head(word)
        same = 2 if len(word) - before < SHORT else 3
        low, high = self._range(word[: before + same])
        least, most = len(word) - distance, len(word) + distance
        found = [written for written, _ in self.vocabulary[low:high] if least <= len(written) <= most]
        ending = self._ending(word[-2:] if len(word) - before < SHORT - 1 else word[-3:])
        return found + [written for written in ending if least <= len(written) <= most]

    def _ending(self, tail: str) -> list[str]:
        """The words with this ending; those of the endings met so far are kept."""
        if tail not in self._endings:
            if not self._lines:
                self._lines = "\n" + "\n".join(written for written, _ in self.vocabulary) + "\n"
            if len(self._endings) >= KEPT_ENDINGS:
                self._endings.clear()
            found = []
            at = self._lines.find(tail + "\n")
            while at >= 0:
                end = at + len(tail)
                found.append(self._lines[self._lines.rfind("\n", 0, end) + 1 : end])
                at = self._lines.find(tail + "\n", end)
            self._endings[tail] = found
        return self._endings[tail]

    def near(self, word: str, distance: int) -> list[tuple[str, int, int]]:
        """(word, count, letters that differ) of words within `distance` of a folded one, swapped neighbours as one."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        close = extract(word, self._shared(word, distance), scorer=OSA.distance, score_cutoff=distance, limit=None)
        return [(other, self.count(other), int(n)) for other, n in {o: n for o, n, _ in close}.items() if n]

    def likeliest(self, word: str) -> list[str]:
        """At most 4 other spellings of a folded word, the likeliest first; none for less than three letters."""
        if len(word) < 3 or word.isdigit():
            return []
        bare = len(word) - _head(word)
        found = self.near(word, 1 if bare < SHORT else 2)
        fewest = min((differs for _, _, differs in found), default=0)
        nearest = [entry for entry in found if entry[2] == fewest]
        ranked = sorted(nearest, key=lambda entry: (-self._likeliness(word, entry[0], entry[1]), entry[0]))
        return [other for other, _, _ in ranked[:MOST_SHOWN]]

    def _likeliness(self, word: str, other: str, count: int) -> float:
        return math.log(1 + count) + (CONFUSED_BONUS if _confused(word, other) else 0.0)


def _head(word: str) -> int:
    """How many letters at the head tell little: an article with what is attached, before four letters or more."""
    return next((len(head) for head in HEADS if word.startswith(head) and len(word) >= len(head) + 4), 0)


def _confused(word: str, other: str) -> bool:
    """Whether two words of one length differ in one letter only, and that a letter often taken for the other."""
    if len(word) != len(other):
        return False
    different = [frozenset(pair) for pair in zip(word, other, strict=True) if pair[0] != pair[1]]
    return len(different) == 1 and different[0] in CONFUSED
