"""The numbered list of an index's distinct folded words, which the re-ranker reads instead of texts.

A word's number is its line in the file `words`; numbers never change within a generation, words are only added.
Engines that keep no such file (a cluster) leave it out, and the re-ranker analyses the stored texts instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

FILE = "words"


class WordNumbers(dict[str, int]):
    """folded word → number; an unknown word gets the next number on its first look-up."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number

    def numbers(self, words: Iterable[str]) -> tuple[int, ...]:
        """Return the number of each word in order."""
        return tuple(map(self.__getitem__, words))


def read_words(generation: Path) -> list[str]:
    """Return the words of a generation; the place in the list is the number. Empty where there is no file."""
    path = generation / FILE
    return path.read_text("utf-8").split("\n")[:-1] if path.is_file() else []


def write_words(generation: Path, words: Iterable[str]) -> None:
    """Write all words of a generation; the file is replaced in one step, so a linked older one stays whole."""
    part = generation / f"{FILE}.part"
    part.write_text("".join(f"{word}\n" for word in words), "utf-8")
    part.replace(generation / FILE)
