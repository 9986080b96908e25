"""Which words hold which three letters: an inverted list over an index's distinct words, for the re-ranker.

A word is taken as ^word$, so that its beginning and end count as letters. The file `word_grams` holds, one after
another: two counts (grams, postings), the grams in order (three code points packed into 64 bits), where each one's
list begins, and the lists of word numbers. Seven postings a word or so; built with a few array operations for all
words at once.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = "word_grams"
SIZE = 3  # letters
_BITS = 21  # of one code point
_EDGE_BEFORE, _EDGE_AFTER = "\x02", "\x03"


def gram_keys(word: str) -> NDArray[np.uint64]:
    """Return the packed grams of one word in order; a repeated one is there twice."""
    letters = np.frombuffer(f"{_EDGE_BEFORE}{word}{_EDGE_AFTER}".encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return _packed(letters.astype(np.uint64))


def _packed(letters: NDArray[np.uint64]) -> NDArray[np.uint64]:
    two = np.uint64(2 * _BITS)
    one = np.uint64(_BITS)
    return np.asarray((letters[:-2] << two) | (letters[1:-1] << one) | letters[2:], dtype=np.uint64)


def write_grams(generation: Path, words: list[str]) -> None:
    """Write the lists for all words of a generation; the place in `words` is the number."""
    joined = "".join(f"{_EDGE_BEFORE}{word}{_EDGE_AFTER}" for word in words)
    letters = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    if len(letters) < SIZE:
        keys, owners = np.zeros(0, np.uint64), np.zeros(0, np.int32)
    else:
        owner = np.cumsum(letters == ord(_EDGE_BEFORE)).astype(np.int32) - 1
        whole = owner[:-2] == owner[2:]  # not across two words
        keys, owners = _packed(letters)[whole], owner[:-2][whole]
        order = np.argsort(keys, kind="stable")  # word numbers stay in order within a gram
        keys, owners = keys[order], owners[order]
        first = np.ones(len(keys), bool)
        first[1:] = (keys[1:] != keys[:-1]) | (owners[1:] != owners[:-1])  # a word once in each list
        keys, owners = keys[first], owners[first]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else np.zeros(0, np.int64)
    part = generation / f"{FILE}.part"
    with open(part, "wb") as out:
        out.write(np.array([len(starts), len(owners)], np.uint64).tobytes())
        out.write(keys[starts].tobytes())
        out.write(np.concatenate((starts, [len(owners)])).astype(np.uint64).tobytes())
        out.write(owners.astype(np.int32).tobytes())
    part.replace(generation / FILE)


class WordGrams:
    """The lists of one generation, mapped and not read. Raises FileNotFoundError where there is no file."""

    def __init__(self, generation: Path) -> None:
        data = np.memmap(generation / FILE, dtype=np.uint8, mode="r")
        grams, postings = (int(number) for number in data[:16].view(np.uint64))
        end_of_keys = 16 + 8 * grams
        end_of_starts = end_of_keys + 8 * (grams + 1)
        self.keys = data[16:end_of_keys].view(np.uint64)
        self.starts = data[end_of_keys:end_of_starts].view(np.uint64)
        self.numbers = data[end_of_starts : end_of_starts + 4 * postings].view(np.int32)

    def words(self, key: np.uint64) -> NDArray[np.int32]:
        """Return the numbers of the words that hold a gram, in order; empty for an unknown gram."""
        place = int(np.searchsorted(self.keys, key))
        if place == len(self.keys) or self.keys[place] != key:
            return self.numbers[:0]
        return self.numbers[int(self.starts[place]) : int(self.starts[place + 1])]
