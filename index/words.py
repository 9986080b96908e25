"""The numbered list of an index's distinct folded words, which the re-ranker reads instead of texts.

A word's number is its line in the file `words`; numbers never change within a generation, words are only added. Beside
it `word_counts` says how often each stands in all texts, and `word_keys` holds five 32-bit numbers a word: the keys
of its folded, stem, plural and root terms, and 1 for a number of
up to four digits. Engines that keep no such files (a cluster) leave them out; the re-ranker then analyses stored texts.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable, Sequence
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WORDS = "words"
KEYS = "word_keys"
COUNTS = "word_counts"
COLUMNS = 5
ROOT_COLUMN = 3  # of word_keys
WordKeys = tuple[int, int, int, int, int]  # a row of `word_keys`
_LONGEST_NUMBER = 4  # digits of a number that may be a year or a count


def term_key(term: str) -> int:
    """Return 32 bits that stand for a term. Two terms share a key once in four thousand million: enough for ranking."""
    return zlib.crc32(term.encode())


def word_keys(folded: str, stem: str, plural: str, root: str) -> WordKeys:
    """Return a word's row of `word_keys`."""
    number = folded.isdigit() and len(folded) <= _LONGEST_NUMBER
    return term_key(folded), term_key(stem), term_key(plural), term_key(root), int(number)


class WordNumbers(dict[str, int]):
    """folded word → number; an unknown word gets the next number on its first look-up."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        super().__init__(zip(words, count()))
        self.keys_of_new = array("I")  # rows of `word_keys` of the words that came with theirs

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number

    def numbers(self, words: Iterable[str]) -> array[int]:
        """Return the number of each word in order, 32 bits each."""
        return array("i", map(self.__getitem__, words))

    def with_keys(self, words: Sequence[str], keys: Sequence[WordKeys]) -> array[int]:
        """Return the numbers of distinct words, and keep the keys of those that were unknown."""
        known = len(self)
        numbers = self.numbers(words)
        for number, row in zip(numbers, keys, strict=True):
            if number >= known:
                self.keys_of_new.extend(row)
        return numbers


def read_words(generation: Path) -> list[str]:
    """Return the words of a generation; the place in the list is the number. Empty where there is no file."""
    path = generation / WORDS
    return path.read_text("utf-8").split("\n")[:-1] if path.is_file() else []


def write_words(generation: Path, numbers: WordNumbers) -> bool:
    """Write all words of a generation and their keys, and say whether there were new ones.

    New words must have come with their keys. Files are replaced in one step, so that an older generation that shares
    them by links stays whole.
    """
    keys_path = generation / KEYS
    if not numbers.keys_of_new and keys_path.is_file():
        return False
    old, words = (path.read_bytes() if path.is_file() else b"" for path in (keys_path, generation / WORDS))
    new = islice(numbers, len(old) // (4 * COLUMNS), None)  # those before it stand there already
    _replace(keys_path, old + numbers.keys_of_new.tobytes())
    _replace(generation / WORDS, words + "".join(f"{word}\n" for word in new).encode())
    return True


def write_counts(generation: Path, added: NDArray[np.int64]) -> None:
    """Add to how often each word stands in all texts; what was removed is not taken off."""
    import numpy as np

    path = generation / COUNTS
    old = np.fromfile(path, dtype=np.uint32) if path.is_file() else np.zeros(0, dtype=np.uint32)
    counts = np.zeros(max(len(old), len(added)), dtype=np.uint32)
    counts[: len(old)] = old
    counts[: len(added)] += added.astype(np.uint32)
    _replace(path, counts.tobytes())


def map_counts(generation: Path) -> NDArray[np.uint32]:
    """Return how often each word stands in all texts, mapped and not read."""
    import numpy as np

    return np.asarray(np.memmap(generation / COUNTS, dtype=np.uint32, mode="r"))


def map_keys(generation: Path) -> NDArray[np.uint32] | None:
    """Return the keys of all words, [words, COLUMNS], mapped and not read; None where there is no file."""
    import numpy as np

    path = generation / KEYS
    if not path.is_file() or not path.stat().st_size:
        return None
    return np.asarray(np.memmap(path, dtype=np.uint32, mode="r")).reshape(-1, COLUMNS)


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.replace(path)
