"""Stable names of documents and of their clauses: "ministers/38/32-political" and "…#o4"."""

from __future__ import annotations

import re
from hashlib import blake2b

from index.citations import find_citations
from index.document import Clause, Resolution
from index.drafts import Draft
from index.page_text import PageText, fold

_COUNTED = ("operative", "note", "paragraph")  # kinds whose printed number is in the anchor
_PREFIX = {"preamble": "p", "operative": "o", "sub": "s", "paragraph": "g", "note": "n", "heading": "h", "annex": "x"}


def name_document(document: Resolution, raw: str) -> None:
    """Sets `id`: body/session/number-theme where the page has a number, else kind and a slug of the title,
    else a hash of the text.
    """
    session = f"extraordinary-{document.session}" if document.extraordinary and document.session else document.session
    if document.number:
        last = "-".join(part for part in (document.number, document.theme) if part)
        document.id = "/".join(part for part in (document.body or document.kind, session, last) if part)
        return
    slug = _slug(document.title or "")
    if not slug or document.continued:
        digest = blake2b(" ".join(raw.split()).encode("utf-8", "replace"), digest_size=6).hexdigest()
        slug = f"{slug}-{digest}" if slug else digest
    document.id = "/".join(part for part in (document.body, session, document.kind, slug) if part)


def _slug(title: str) -> str:
    """Letters and digits of a title joined by hyphens, at most ten words, folded so that spelling variants share it."""
    return "-".join(re.findall(r"\w+", fold(title))[:10])


def name_clauses(document: Resolution, page: PageText, drafts: list[Draft]) -> None:
    """Turns drafts into clauses with raw offsets and ids that are unique within the document;
    empty ones are left out.
    """
    used: dict[str, int] = {}
    counts: dict[tuple[str | None, str], int] = {}
    parent = ""
    for draft in drafts:
        start, end = page.raw_span(draft.start, draft.end)
        if start >= end:
            continue
        prefix = f"a{draft.annex}-" if draft.annex is not None else ""
        letter = _PREFIX[draft.kind]
        key = (draft.annex, draft.kind if draft.kind != "sub" else f"sub {parent}")
        counts[key] = counts.get(key, 0) + 1
        if draft.kind == "sub":
            tail = (draft.number or str(counts[key])).split(".")[-1]
            anchor = f"{parent or prefix + 's'}.{_latin(tail)}"
        elif draft.kind == "operative" and draft.number and not draft.number.isdigit():
            anchor = f"{prefix}o{_latin(draft.number)}"
        else:
            counted = draft.number if draft.kind in _COUNTED and draft.number and draft.number.isdigit() else None
            anchor = f"{prefix}{letter}{counted or counts[key]}"
        anchor = _unique(anchor, used)
        if draft.kind in ("operative", "preamble", "annex", "paragraph"):
            parent = anchor
        kind = (
            "annex"
            if draft.annex is not None and draft.kind in ("preamble", "operative", "sub", "paragraph")
            else draft.kind
        )
        verb = page.printed(*draft.verb) if draft.verb else None
        text = " ".join(page.raw[start:end].split())
        label = page.to_raw(draft.label_start) if draft.label_start >= 0 else -1
        clause = Clause(f"{document.id}#{anchor}", kind, draft.number, verb, text, start, end, label)
        document.clauses.append(clause)
        document.citations += find_citations(page, clause, draft.start, draft.end, document.session)


_ABJAD = dict(zip("أابجدهوزحطيكلمنسعفصقرشت", "aabcdefghijklmnopqrstuv", strict=True))


def _latin(letter: str) -> str:
    """A letter of a list as Latin, "113 مكرر" as 113-bis, digits as they are."""
    if letter[:1].isdigit():
        return letter.replace(" مكرر", "-bis")
    return _ABJAD.get(letter[:1], letter)


def _unique(anchor: str, used: dict[str, int]) -> str:
    """The anchor, with -2, -3 … where it was given before;
    `used` remembers the last of each, so that many repeats stay linear.
    """
    found = anchor
    while found in used:
        used[anchor] += 1
        found = f"{anchor}-{used[anchor]}"
    used[found] = 1
    return found
