"""Which words hold which three letters: an inverted list over an index's distinct words, for the re-ranker.

A word is taken as ^word$, so that its beginning and end count as letters. The file `word_grams` holds, one after
another: two counts (grams, postings), the grams in order (three code points packed into 64 bits), where each one's
list begins, and the lists of word numbers. Seven postings a word or so; built with a few array operations for all
words at once. A few words that are added later stand in a second such file, `word_grams_new`, until they are many.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE, NEW = "word_grams", "word_grams_new"
SIZE = 3  # letters
FEW = 50  # words in NEW: at most one for so many in FILE
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
    """Write the lists for all words of a generation, or for those only that are not in its file while they are few.

    The place in `words` is the number. Words never change their numbers within a generation.
    """
    known = WordGrams(generation).known() if (generation / FILE).is_file() else 0
    if known and len(words) - known <= known // FEW:
        _write(generation / NEW, words[known:], known)
        return
    _write(generation / FILE, words, 0)
    (generation / NEW).unlink(missing_ok=True)


def _write(path: Path, words: list[str], first: int) -> None:
    """Write the lists for words whose numbers begin with `first`."""
    joined = "".join(f"{_EDGE_BEFORE}{word}{_EDGE_AFTER}" for word in words)
    letters = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    if len(letters) < SIZE:
        keys, owners = np.zeros(0, np.uint64), np.zeros(0, np.int32)
    else:
        owner = np.cumsum(letters == ord(_EDGE_BEFORE)).astype(np.int32) - 1 + first
        whole = owner[:-2] == owner[2:]  # not across two words
        keys, owners = _packed(letters)[whole], owner[:-2][whole]
        order = np.argsort(keys, kind="stable")  # word numbers stay in order within a gram
        keys, owners = keys[order], owners[order]
        once = np.ones(len(keys), bool)
        once[1:] = (keys[1:] != keys[:-1]) | (owners[1:] != owners[:-1])  # a word once in each list
        keys, owners = keys[once], owners[once]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else np.zeros(0, np.int64)
    part = path.with_name(f"{path.name}.part")
    with open(part, "wb") as out:
        out.write(np.array([len(starts), len(owners)], np.uint64).tobytes())
        out.write(keys[starts].tobytes())
        out.write(np.concatenate((starts, [len(owners)])).astype(np.uint64).tobytes())
        out.write(owners.astype(np.int32).tobytes())
    part.replace(path)


class _Lists:
    """The lists of one file, mapped and not read. Raises FileNotFoundError where there is no file."""

    def __init__(self, path: Path) -> None:
        data = np.memmap(path, dtype=np.uint8, mode="r")
        grams, postings = (int(number) for number in data[:16].view(np.uint64))
        end_of_keys = 16 + 8 * grams
        end_of_starts = end_of_keys + 8 * (grams + 1)
        self.keys = np.asarray(data[16:end_of_keys]).view(np.uint64)
        self.starts = np.asarray(data[end_of_keys:end_of_starts]).view(np.uint64)
        self.numbers = np.asarray(data[end_of_starts : end_of_starts + 4 * postings]).view(np.int32)

    def words(self, key: np.uint64) -> NDArray[np.int32]:
        """Return the numbers of the words that hold a gram, in order; empty for an unknown gram."""
        place = int(np.searchsorted(self.keys, key))
        if place == len(self.keys) or self.keys[place] != key:
            return self.numbers[:0]
        return self.numbers[int(self.starts[place]) : int(self.starts[place + 1])]


class WordGrams:
    """The lists of one generation. Raises FileNotFoundError where there is no file."""

    def __init__(self, generation: Path) -> None:
        self._lists = _Lists(generation / FILE)
        self._new = _Lists(generation / NEW) if (generation / NEW).is_file() else None

    def known(self) -> int:
        """Return how many words the first file knows; every word holds a gram."""
        return int(self._lists.numbers.max()) + 1 if len(self._lists.numbers) else 0

    def words(self, key: np.uint64) -> NDArray[np.int32]:
        """Return the numbers of the words that hold a gram, in order; empty for an unknown gram."""
        found = self._lists.words(key)
        if self._new is None:
            return found
        more = self._new.words(key)
        return np.concatenate((found, more)) if len(more) else found

    def sizes(self, words: int) -> NDArray[np.int64]:
        """Return how many different grams each of the first `words` words holds."""
        held = np.bincount(self._lists.numbers, minlength=words)[:words]
        if self._new is not None:
            held = held + np.bincount(self._new.numbers, minlength=words)[:words]
        return np.asarray(held, dtype=np.int64)
