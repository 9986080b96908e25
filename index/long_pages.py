"""A text too long to be a page of a document: kept by line, so that nothing hangs and nothing is lost."""

from __future__ import annotations

import re
from hashlib import blake2b

from index.document import Clause, PageWarning, Resolution

PAGE_LIMIT = 5_000_000  # characters; the longest real document of the survey has less than a fifth of that
_LINE = re.compile(r"\S[^\n]*")


def read_long_page(raw: str, source: str, kind: str | None) -> Resolution:
    """One document of paragraphs, one for each line, with a warning that says why."""
    digest = blake2b(raw.encode("utf-8", "replace"), digest_size=6).hexdigest()
    document = Resolution(id=f"other/{digest}", kind=kind or "other", source=source or None, address=source or None)
    for n, match in enumerate(_LINE.finditer(raw), 1):
        text = " ".join(match.group().split())
        end = match.start() + len(match.group().rstrip())
        document.clauses.append(Clause(f"{document.id}#g{n}", "paragraph", None, None, text, match.start(), end))
    message = (
        f"The text has {len(raw):,} characters, more than the {PAGE_LIMIT:,} of a page; it was kept by line, "
        "without looking for clauses. Split it into its documents to have them found."
    )
    document.warnings.append(PageWarning("kind", message))
    return document
