"""The dictionary: a compact, memory-mapped file that knows words, how common they are, and their terms.

One 64-bit slot a word (open addressing, linear probing): 38 bits of the word's hash, 18 bits that number its three
terms, 8 bits of the logarithm of its count. Nothing is unpacked on opening, all processes share the pages. The words
themselves are not stored: an unknown word is taken for a known one about once in 10^11.
"""

from __future__ import annotations

import hashlib
import math
import mmap
import os
from array import array
from functools import cache
from pathlib import Path

MAGIC = b"KSHLEX01"
HEADER = 64
TERMS_BITS = 18
COUNT_STEP = 8  # counts are kept as round(8 * log2(1 + count)): within 5 % of the true one
DEFAULT_PATH = Path(__file__).parent / "data" / "lexicon.bin"


class LexiconError(Exception):
    """The lexicon file is missing or damaged; the message says which and what to do."""


def word_key(word: str) -> int:
    """The 64-bit hash of a folded word (BLAKE2b, the same on every machine)."""
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


_COUNTS: tuple[int, ...] = tuple(round(2 ** (code / COUNT_STEP)) - 1 if code else 0 for code in range(256))


class Lexicon:
    """A read-only lexicon file. Cheap to make: the file is opened at the first question."""

    def __init__(self, path: Path = DEFAULT_PATH) -> None:
        self.path = path
        self._map: memoryview | None = None
        self._slots: memoryview = memoryview(b"")
        self._size = 1
        self._terms: memoryview = memoryview(b"")
        self._offsets: memoryview = memoryview(b"")
        self._text: memoryview = memoryview(b"")
        self._seen: dict[int, tuple[str, str, str]] = {}  # triples read so far: five words share one on average

    def _open(self) -> None:
        try:
            with self.path.open("rb") as file:
                mapped = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except (OSError, ValueError) as error:
            raise LexiconError(
                f"the lexicon {self.path} cannot be opened ({error}); reinstall the package, "
                "or make it with: python -m index.lexicon build"
            ) from error
        sizes = [int.from_bytes(mapped[8 + 8 * n : 16 + 8 * n], "little") for n in range(4)]
        slots, terms, strings, text = sizes
        if bytes(mapped[:8]) != MAGIC or HEADER + slots * 8 + terms * 12 + (strings + 1) * 4 + text != len(mapped):
            raise LexiconError(
                f"the lexicon {self.path} is damaged or of another version; reinstall the package, "
                "or make it with: python -m index.lexicon build"
            )
        at = HEADER
        self._slots = mapped[at : at + slots * 8].cast("Q")
        at += slots * 8
        self._terms = mapped[at : at + terms * 12].cast("I")
        at += terms * 12
        self._offsets = mapped[at : at + (strings + 1) * 4].cast("I")
        at += (strings + 1) * 4
        self._text = mapped[at : at + text]
        self._size = slots
        self._map = mapped

    def _find(self, word: str) -> int:
        """The word's slot, 0 when the lexicon does not know it."""
        if self._map is None:
            self._open()
        key = word_key(word)
        tag = key >> 26
        at = key % self._size
        slots = self._slots
        while slot := slots[at]:
            if slot >> 26 == tag:
                return slot
            at = (at + 1) % self._size
        return 0

    def count(self, word: str) -> int:
        """How often the word stood in the source, per hundred million words; 0 when unknown."""
        return _COUNTS[self._find(word) & 255]

    def terms(self, word: str) -> tuple[str, str, str] | None:
        """(stem, plural, root) of a known word, None for an unknown one or one without stored terms."""
        return self.entry(word)[1]

    def entry(self, word: str) -> tuple[int, tuple[str, str, str] | None]:
        """(count, terms or None) of a word, in one look-up."""
        slot = self._find(word)
        number = (slot >> 8) & (1 << TERMS_BITS) - 1
        if number == 0:
            return _COUNTS[slot & 255], None
        terms = self._seen.get(number)
        if terms is None:
            at = 3 * number
            table = self._terms
            terms = self._string(table[at]), self._string(table[at + 1]), self._string(table[at + 2])
            self._seen[number] = terms
        return _COUNTS[slot & 255], terms

    def _string(self, number: int) -> str:
        return bytes(self._text[self._offsets[number] : self._offsets[number + 1]]).decode("utf-8")

    def fingerprint(self) -> str:
        """The hash that the builder wrote into the header, 16 hexadecimal digits."""
        if self._map is None:
            self._open()
        assert self._map is not None
        return bytes(self._map[40:48]).hex()


def write_lexicon(path: Path, words: dict[str, tuple[int, tuple[str, str, str] | None]]) -> None:
    """Write words → (count, terms or None) as a lexicon file; the same words give the same bytes."""
    strings: dict[str, int] = {}
    triples: dict[tuple[int, int, int], int] = {(0, 0, 0): 0}

    def number(text: str) -> int:
        return strings.setdefault(text, len(strings))

    number("")
    size = len(words) * 10 // 8 + 16
    slots = [0] * size
    for word in sorted(words):
        count, terms = words[word]
        code = min(255, round(COUNT_STEP * math.log2(1 + count)))
        triple = 0
        if terms:
            triple = triples.setdefault((number(terms[0]), number(terms[1]), number(terms[2])), len(triples))
        if triple >= 1 << TERMS_BITS:
            raise LexiconError(f"more than {1 << TERMS_BITS} different triples of terms do not fit; give fewer words")
        key = word_key(word)
        at = key % size
        while slots[at]:
            if slots[at] >> 26 == key >> 26:
                raise LexiconError(f"two words share the hash of {word}; leave one out")
            at = (at + 1) % size
        slots[at] = (key >> 26) << 26 | triple << 8 | code
    encoded = [text.encode() for text in strings]
    offsets = [0]
    for text in encoded:
        offsets.append(offsets[-1] + len(text))
    body = b"".join(
        (array("Q", slots).tobytes(), array("I", [n for t in triples for n in t]).tobytes(),
         array("I", offsets).tobytes(), b"".join(encoded))
    )  # fmt: skip
    sizes = b"".join(n.to_bytes(8, "little") for n in (size, len(triples), len(strings), offsets[-1]))
    digest = hashlib.blake2b(body, digest_size=8).digest()
    # Written beside it and renamed, so that programs that hold the old file open keep it whole.
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes((MAGIC + sizes + digest).ljust(HEADER, b"\0") + body)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@cache
def default_lexicon() -> Lexicon:
    """The lexicon that ships with the package."""
    return Lexicon()


def main(arguments: list[str] | None = None) -> int:
    """`python -m index.lexicon show WORD… | readings FILE | build READINGS`; exit status 0, 2 on a usage error."""
    import argparse
    import sys

    parser = argparse.ArgumentParser(prog="python -m index.lexicon", description="Show or make the dictionary.")
    commands = parser.add_subparsers(dest="command", required=True)
    show = commands.add_parser("show", help="what the dictionary knows of words")
    show.add_argument("words", nargs="+")
    readings = commands.add_parser("readings", help="read wordfreq's words with farahidi (twenty minutes on one core)")
    readings.add_argument("file", type=Path)
    readings.add_argument("--words", type=int, default=None, help="only so many of the commonest")
    build = commands.add_parser("build", help="make the lexicon file from such readings")
    build.add_argument("file", type=Path)
    build.add_argument("--out", type=Path, default=DEFAULT_PATH)
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "show":
            _show(chosen.words)
        elif chosen.command == "readings":
            from index.making.readings import write_readings

            print(f"{chosen.file}: {write_readings(chosen.file, chosen.words):,} words")
        else:
            from index.making.build import build as make

            make(chosen.file, chosen.out)
    except ImportError as error:
        print(f"{error}; making the lexicon needs: pip install farahidi wordfreq arramooz-pysqlite", file=sys.stderr)
        return 2
    except (LexiconError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _show(words: list[str]) -> None:
    from index.arabic import fold

    for word in words:
        count, terms = default_lexicon().entry(fold(word))
        print(word, count, *(terms or ("not listed",)), sep="\t")


if __name__ == "__main__":
    raise SystemExit(main())
