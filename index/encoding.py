"""Which encoding are these bytes in? Answered by the bytes; what a page declares of itself only breaks ties.

Order of questions: byte order marks, UTF-16 without a mark, binary, UTF-8, then 8-bit Arabic encodings compared by how
often their letters stand in Arabic. A file that changes its encoding between lines is read line by line.
"""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.mojibake import repair_mojibake

# Byte order marks, longest first: UTF-32 LE begins with the mark of UTF-16 LE.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# First bytes of files that people rename by mistake. Source: the formats' own specifications.
SIGNATURES = (
    (b"%PDF-", "a PDF file"), (b"PK\x03\x04", "a ZIP file (or DOCX, XLSX)"), (b"\x1f\x8b", "a gzip file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (DOC, XLS)"), (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"), (b"GIF8", "a GIF picture"), (b"\x7fELF", "a program"),
    (b"{\\rtf", "an RTF file"), (b"Rar!", "a RAR file"),
    (b"7z\xbc\xaf", "a 7-Zip file"), (b"SQLite format 3", "a database"),
)
# 8-bit encodings of Arabic as Python names them. Windows-1256 first: it wins ties, being by far the commonest.
# Windows-1252 is there for pages in a European language.
LEGACY = ("cp1256", "iso8859_6", "cp720", "cp1252")
NAMES = {"cp1256": "windows-1256", "iso8859_6": "iso-8859-6", "cp720": "ibm-720", "cp1252": "windows-1252"}
PRIOR = {"cp1256": 4.0}  # worth about one letter: decides between readings of a single word
_MIXED = re.compile("[a-zA-Z][\u0621-\u0652]|[\u0621-\u0652][a-zA-Z]")  # scripts that meet inside a word
_LATIN = re.compile("[A-Za-z][\u00c0-\u00ff\u0152\u0153]|[\u00c0-\u00ff\u0152\u0153][a-z]")
SAMPLE_BYTES = 65536
SCORED_BYTES = 3000  # from the first byte beyond ASCII on: enough to tell 8-bit encodings apart
CONTROLS = bytes(b for b in range(32) if b not in b"\t\n\r\f\v\x1a\x1b\x1e\x1f") + b"\x7f"
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_FREQUENCIES = Path(__file__).with_name("data") / "letter_frequencies.tsv"


class BinaryData(Exception):
    """The bytes are no text; the message says what they look like, as in "it is a PDF file"."""


@dataclass(slots=True)
class Decoded:
    """Bytes as text. `text` has no byte order mark; NUL is a space, so that offsets stay as they are."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode_bytes(data: bytes, hint: str = "") -> Decoded:
    """Return the text of `data`, its encoding and notes on damage; `hint` is a declared charset, used for ties only.

    Raises BinaryData where the bytes are no text at all.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _clean(data[len(mark):].decode(encoding, "replace"), encoding, ())
    for signature, what in SIGNATURES:
        if data.startswith(signature):
            raise BinaryData(f"it is {what}")
    sample = data[:SAMPLE_BYTES]
    controls = len(sample) - len(sample.translate(None, CONTROLS))
    if controls:
        wide = find_utf16(sample)
        if wide:
            return _clean(data.decode(wide, "replace"), wide, ())
        if controls > max(8, len(sample) // 50):
            raise BinaryData(f"it is binary: {controls} of its first {len(sample)} bytes are control characters")
    try:
        return _clean(data.decode("utf-8"), "utf-8", ())
    except UnicodeDecodeError:
        return _decode_broken_utf8(data, hint)


def find_utf16(sample: bytes) -> str:
    """Return "utf-16-le" or "utf-16-be" where `sample`, without a byte order mark, reads as such, else ""."""
    size = len(sample) // 2
    if size < 2:
        return ""
    best, share = "", 0.0
    for encoding, high, low in (("utf-16-le", sample[1:size * 2:2], sample[0:size * 2:2]),
                                ("utf-16-be", sample[0:size * 2:2], sample[1:size * 2:2])):
        # Rows of Unicode that Arabic pages use: Latin, Arabic, general punctuation, presentation forms.
        known = sum(high.count(row) for row in (0x00, 0x06, 0x20, 0xFB, 0xFC, 0xFD, 0xFE))
        wrong = sum(1 for h, b in zip(high, low, strict=True) if h == 0 and b < 32 and b not in b"\t\n\r\f")
        plausible = (known - 4 * wrong) / size
        if plausible > share:
            best, share = encoding, plausible
    return best if share > 0.9 else ""


def _decode_broken_utf8(data: bytes, hint: str) -> Decoded:
    """Return `data`, known not to be whole UTF-8, as damaged UTF-8, as an 8-bit encoding, or line by line."""
    good = len(_MULTIBYTE.findall(data))
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    if good > 4 * bad:
        where = text.count("\n", 0, text.index("\ufffd")) + 1
        if not any(_is_legacy(line) for line in _broken_lines(data)):
            return _clean(text, "utf-8", (f"damaged letters: {bad}, the first in line {where}, shown as \ufffd",))
    if good and any(_is_whole_utf8(line) for line in data.splitlines() if not line.isascii()):
        return _decode_by_line(data, hint)
    encoding = best_legacy(data[:SAMPLE_BYTES * 4], hint)
    return _clean(data.decode(encoding, "replace"), NAMES[encoding], ())


def _broken_lines(data: bytes) -> list[bytes]:
    return [line for line in data.splitlines() if not line.isascii() and not _is_whole_utf8(line)]


def _is_whole_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_legacy(line: bytes) -> bool:
    """Return whether a line that is no UTF-8 is an 8-bit encoding rather than UTF-8 with a few damaged bytes."""
    return len(_MULTIBYTE.findall(line)) < line.decode("utf-8", "replace").count("\ufffd")


def _decode_by_line(data: bytes, hint: str) -> Decoded:
    """Return a file of several encodings, each line in its own."""
    lines = data.splitlines(keepends=True)
    odd = [i for i, line in enumerate(lines) if not line.isascii() and not _is_whole_utf8(line) and _is_legacy(line)]
    encoding = best_legacy(b"".join(lines[i] for i in odd)[:SAMPLE_BYTES * 4], hint)
    chosen = set(odd)
    text = "".join(line.decode(encoding if i in chosen else "utf-8", "replace") for i, line in enumerate(lines))
    if not odd:
        return _clean(text, "utf-8", (f"damaged letters: {text.count(chr(0xFFFD))}, shown as \ufffd",))
    note = f"two encodings in one file: {NAMES[encoding]} in {len(odd)} lines, the first is line {odd[0] + 1}"
    return _clean(text, f"utf-8 + {NAMES[encoding]}", (note,))


def best_legacy(data: bytes, hint: str = "") -> str:
    """Return the name in LEGACY whose reading of `data` is the likeliest Arabic."""
    first = next(_BEYOND_ASCII.finditer(data), None)
    if first is not None:
        data = data[max(0, first.start() - 1):][:SCORED_BYTES]
    readings = {encoding: _score(data.decode(encoding, "replace")) + PRIOR.get(encoding, 0.0) for encoding in LEGACY}
    hinted = normal_charset(hint)
    if hinted in readings:
        readings[hinted] += 1.0
    return max(LEGACY, key=lambda encoding: readings[encoding])


@cache
def letter_weights() -> dict[str, float]:
    """Return for each Arabic letter how much its presence speaks for Arabic: log(1 + per thousand)."""
    weights = {}
    for line in _FREQUENCIES.read_text("utf-8").splitlines():
        letter, _, rate = line.partition("\t")
        if len(letter) == 1:
            weights[letter] = math.log1p(float(rate))
    return weights


def _score(text: str) -> float:
    """Return how much the letters beyond ASCII read as Arabic, or as a European language with accents."""
    weights = letter_weights()
    total = 3.0 * text.count("ال") - 6.0 * len(_MIXED.findall(text)) + 3.0 * len(_LATIN.findall(text))
    for letter, count in Counter(text).items():
        if letter > "\x7f":
            total += count * weights.get(letter, _other_weight(letter))
    return total


def _other_weight(letter: str) -> float:
    """Return how much a letter that is neither ASCII nor an Arabic letter speaks for a reading."""
    if "\u064b" <= letter <= "\u0652":  # vowel marks are rare in such files
        return 0.2
    if letter == "\ufffd" or "\u2500" <= letter <= "\u259f" or letter <= "\x9f":  # nobody writes these
        return -4.0
    return -0.5


@cache
def normal_charset(name: str) -> str:
    """Return Python's name of a charset, "" where there is none: "Windows-1256" and "cp1256" are one."""
    try:
        return codecs.lookup(name.strip()).name.replace("-", "_") if name.strip() else ""
    except (LookupError, ValueError):
        return ""


def _clean(text: str, encoding: str, notes: tuple[str, ...]) -> Decoded:
    """Return text without a leading mark and NUL, repaired where it was encoded twice."""
    text = text.removeprefix("\ufeff").replace("\0", " ")
    repaired, how = repair_mojibake(text)
    if how:
        notes = (*notes, f"its letters were {how}; read back")
    return Decoded(repaired, encoding, notes)
