"""Several pages, one document: continuation pages are joined in order,
mirrors of one page become one document with several addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import blake2b

from index.document import Clause, PageWarning, Resolution
from index.page_text import fold

# ".../1755_88-2.htm_cvt.htm" is document 1755, page 2; "name-page2.html" and "name_p2.txt" are page 2 of "name".
_NUMBERED = re.compile(
    r"(?P<document>\d{2,})_\d+(?:-(?P<page>\d{1,3}))?\.html?(?:_cvt\.html?)?(?:\.\w{2,3})?$", re.IGNORECASE
)
_NAMED = re.compile(r"(?P<document>[^/\\]+?)[-_. ](?:page|p|صفحة|ص)[-_ ]?(?P<page>\d{1,3})\.\w{2,5}$", re.IGNORECASE)


def page_key(address: str | None) -> tuple[str, int] | None:
    """(folder and name of the document, page number) of an address that counts pages, None for any other."""
    if not address:
        return None
    match = _NUMBERED.search(address) or _NAMED.search(address)
    if not match:
        return None
    return address[: match.start()] + match["document"], int(match["page"] or 1)


def merge(resolutions: Iterable[Resolution]) -> Iterator[Resolution]:
    """The documents, each once, in the order of their first page. Holds all of them until the last page is read."""
    order: list[Resolution] = []
    by_key: dict[str, list[Resolution]] = {}
    for document in resolutions:
        key = page_key(document.address)
        if key:
            document.page = key[1]
            by_key.setdefault(key[0], []).append(document)
        order.append(document)
    groups = [_in_order(pages) for pages in by_key.values() if len({page.page for page in pages}) > 1]
    followers = _pair_by_address(groups)
    taken = {id(page) for pages in followers.values() for page in pages}
    heads = [document for document in order if id(document) not in taken]
    heads = _pair_by_symbol(heads, followers)
    yield from _mirrors([_join(head, followers.get(id(head), [])) for head in heads])


def _in_order(pages: list[Resolution]) -> list[Resolution]:
    return sorted(pages, key=lambda page: page.page)


def _pair_by_address(groups: list[list[Resolution]]) -> dict[int, list[Resolution]]:
    """id of a first page → its continuations, by pages that one address counts."""
    followers: dict[int, list[Resolution]] = {}
    for pages in groups:
        head: Resolution | None = None
        for page in pages:
            if head is not None and page.page > head.page and _continues(page, head):
                followers.setdefault(id(head), []).append(page)
            else:
                head = page
    return followers


def _continues(page: Resolution, head: Resolution) -> bool:
    if page.number and head.number and (page.number, page.session) != (head.number, head.session):
        return False
    return page.continued or not page.number or page.number == head.number


def _pair_by_symbol(heads: list[Resolution], followers: dict[int, list[Resolution]]) -> list[Resolution]:
    """Continuation pages that name their resolution ("(تابع) القرار الرقم …") go to the last document of that
    symbol before them.
    """
    last: dict[tuple[str, str], Resolution] = {}
    kept = []
    for document in heads:
        key = (document.session or "", document.number or "")
        first = last.get(key)
        if (
            document.continued
            and document.number
            and first is not None
            and _text_digest(first) != _text_digest(document)
        ):
            followers.setdefault(id(first), []).append(document)
            continue
        if document.number:
            last[key] = document
        kept.append(document)
    return kept


def _join(head: Resolution, pages: list[Resolution]) -> Resolution:
    """One document from a first page and its continuations; ids of later clauses are given anew."""
    used = {clause.id for clause in head.clauses}
    for page in pages:
        clauses = [replace(clause, page=page.page, address=page.address or "") for clause in page.clauses]
        if clauses and page.continued and clauses[0].kind == "operative" and clauses[0].number is None and head.clauses:
            first = clauses.pop(0)
            last = head.clauses[-1]
            if head.dangling:
                clauses.insert(0, replace(first, number=head.dangling))
            else:
                last.text = f"{last.text} {first.text}"
                last.parts.append((first.page, first.start, first.end))
        for clause in clauses:
            clause.id = _fresh_id(head, clause, used)
            head.clauses.append(clause)
        old = [clause.id for clause in page.clauses]
        kept = len(head.clauses) - len(clauses) - 1
        fresh = dict(zip(old[len(old) - len(clauses) :], (clause.id for clause in clauses), strict=True))
        head.citations += [replace(c, clause=fresh.get(c.clause, head.clauses[kept].id)) for c in page.citations]
        head.warnings += [w for w in page.warnings if w.field != "clauses"]
        head.dangling = page.dangling
        _fill_from(head, page)
        if page.address:
            head.addresses = [*(head.addresses or [head.address or ""]), page.address]
    if pages and head.dangling is None:
        head.warnings = [w for w in head.warnings if not (w.field == "clauses" and "next page" in w.message)]
    return head


def _fresh_id(head: Resolution, clause: Clause, used: set[str]) -> str:
    anchor = clause.id.split("#")[-1]
    if clause.number and clause.number.isdigit() and clause.kind == "operative":
        anchor = f"o{clause.number}"
    name, n = f"{head.id}#{anchor}", 1
    while name in used:
        n += 1
        name = f"{head.id}#{anchor}-{n}"
    used.add(name)
    return name


def _fill_from(head: Resolution, page: Resolution) -> None:
    for name in (
        "body",
        "session",
        "theme",
        "title",
        "place",
        "date_start",
        "date_end",
        "hijri",
        "hijri_start",
        "hijri_end",
    ):
        if getattr(head, name) is None:
            setattr(head, name, getattr(page, name))


def _text_digest(document: Resolution) -> bytes:
    digest = blake2b(digest_size=12)
    for clause in document.clauses:
        digest.update(" ".join(fold(clause.text).split()).encode("utf-8", "replace") + b"\n")
    return digest.digest()


def _mirrors(documents: list[Resolution]) -> Iterator[Resolution]:
    """Documents with the same symbol and the same clauses are one, with all their addresses;
    another text under one id is a warning.
    """
    first: dict[tuple[bytes, str | None, str | None], Resolution] = {}
    kept: list[Resolution] = []
    ids: dict[str, int] = {}
    for document in documents:
        key = (_text_digest(document), document.number, document.session)
        original = first.get(key)
        if original is not None:
            more = document.addresses or ([document.address] if document.address else [])
            original.addresses = [*(original.addresses or ([original.address] if original.address else [])), *more]
            continue
        first[key] = document
        ids[document.id] = ids.get(document.id, 0) + 1
        if ids[document.id] > 1:
            _rename(document, f"{document.id}~{ids[document.id]}")
        kept.append(document)
    yield from kept


def _rename(document: Resolution, name: str) -> None:
    """Two different texts under one symbol: the later one gets "~2" and says so."""
    message = f"Another document with another text is also {document.id}; this one is listed as {name}."
    document.warnings.append(PageWarning("id", message))
    for clause in document.clauses:
        clause.id = name + "#" + clause.id.split("#")[-1]
    for citation in document.citations:
        citation.clause = name + "#" + citation.clause.split("#")[-1]
    document.id = name
