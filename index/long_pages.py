"""A text too long to be a page of a document: kept by line, so that nothing hangs and nothing is lost."""

from __future__ import annotations

import re
from hashlib import blake2b

from index.document import Clause, PageWarning, Resolution

PAGE_LIMIT = 5_000_000  # characters; the longest real document of the survey has less than a fifth of that
_LINE = re.compile(r"\S[^\n]*")


_WHITE = "".join(chr(code) for code in range(0x3001) if chr(code).isspace() and chr(code) != " ")


def _collapsed(text: str) -> str:
    """White space collapsed without a list of words, which for 100 MB would take more memory than the text."""
    for space in _WHITE:
        text = text.replace(space, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def read_long_page(raw: str, source: str, kind: str | None) -> Resolution:
    """One document of paragraphs, one for each line, with a warning that says why."""
    head = f"{len(raw)} {raw[:100_000]} {raw[-100_000:]}".encode("utf-8", "replace")
    digest = blake2b(head, digest_size=6).hexdigest()
    document = Resolution(id=f"other/{digest}", kind=kind or "other", source=source or None, address=source or None)
    for n, match in enumerate(_LINE.finditer(raw), 1):
        printed = match.group().rstrip()
        text, end = _collapsed(printed), match.start() + len(printed)
        document.clauses.append(Clause(f"{document.id}#g{n}", "paragraph", None, None, text, match.start(), end))
    message = (
        f"The text has {len(raw):,} characters, more than the {PAGE_LIMIT:,} of a page; it was kept by line, "
        "without looking for clauses. Split it into its documents to have them found."
    )
    document.warnings.append(PageWarning("kind", message))
    return document
