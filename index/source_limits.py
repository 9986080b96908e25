"""How much a source may hold. Every limit is reported when reached; docs/limits-of-sources.md shows this table."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

MEGABYTE = 1_000_000


def _limit(value: int, why: str) -> int:
    """Return a dataclass field that carries its reason, so that the table in the docs can be tested against it."""
    return field(default=value, metadata={"why": why})


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of reading; sizes in bytes, lengths in letters (code points), times in seconds."""

    text_letters: int = _limit(1_000_000, "letters in the text of one row; a clause is seldom longer than 5,000")
    id_letters: int = _limit(512, "letters in the id of a row")
    line_bytes: int = _limit(16 * MEGABYTE, "bytes in one line of JSONL or one record of CSV")
    page_bytes: int = _limit(20 * MEGABYTE, "bytes of one text or HTML page; the longest book is about 10 MB")
    document_bytes: int = _limit(100 * MEGABYTE, "bytes of one DOCX or PDF file")
    unpacked_bytes: int = _limit(4_000 * MEGABYTE, "bytes that one archive may unpack to, all its members together")
    tags: int = _limit(500_000, "tags of one HTML page; a long one has 20,000")
    part_bytes: int = _limit(50 * MEGABYTE, "bytes that one part of a DOCX may unpack to")
    ratio: int = _limit(100, "unpacked bytes for each packed byte, looked at above 20 MB; text packs 3 to 20 to one")
    members: int = _limit(100_000, "members of one archive")
    faults: int = _limit(1_000, "faults of one file that are told one by one; the others are counted in one line")
    pages: int = _limit(5_000, "pages of one PDF")
    seconds: int = _limit(10, "seconds for one HTML page or PDF; a PDF above 1 MB has 2 more for each further MB")
    memory_bytes: int = _limit(900 * MEGABYTE, "bytes of memory for the process that reads a PDF")


LIMITS = Limits()


def limits_table() -> list[tuple[str, int, str]]:
    """Return (name, default, why) of every limit, in order."""
    return [(each.name, int(getattr(LIMITS, each.name)), each.metadata["why"]) for each in fields(Limits)]


def shown_bytes(count: int) -> str:
    """Return a size for people, as in "20 MB"."""
    if count < 1000:
        return f"{count} bytes"
    if count < MEGABYTE:
        return f"{count / 1000:.0f} kB"
    if count < 1000 * MEGABYTE:
        return f"{count / MEGABYTE:.0f} MB"
    return f"{count / (1000 * MEGABYTE):.1f} GB"
