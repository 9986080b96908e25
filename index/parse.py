"""From the raw text of one page to its documents.

The pipeline: fold, split into documents, read the head, walk the body, settle the fields.
"""

from __future__ import annotations

from index.articles import article_label
from index.clause_spans import BodyWalker
from index.document import PageWarning, Reading, Resolution
from index.document_ids import name_clauses, name_document
from index.drafts import Body
from index.line_kinds import is_furniture
from index.long_pages import PAGE_LIMIT, read_long_page
from index.other_fields import opening_paragraph, set_outside_fields
from index.page_fields import set_fields
from index.page_header import read_header
from index.page_split import DocumentLines, split_documents
from index.page_text import PageText
from index.paragraph_spans import read_paragraphs
from index.sessions import check_and_fill


def parse(raw: str, source: str = "", kind: str | None = None) -> list[Resolution]:
    """The documents of a page in order, [] when it holds none; never raises on any text.

    `kind` overrides what the page seems to be.
    """
    if len(raw) > PAGE_LIMIT:
        document = read_long_page(raw, source, kind)
        return [document] if document.clauses else []
    page = PageText(raw)
    if all(is_furniture(line.text) for line in page.lines):
        return []
    documents = []
    for part in split_documents(page, kind):
        document = _read(page, part, source)
        if document.clauses:
            documents.append(document)
    return documents


_FORMULA_LENGTH = 3000  # more of a formula is never read for session, place and dates; keeps hostile pages linear


def _read(page: PageText, part: DocumentLines, source: str) -> Resolution:
    document = Resolution(kind=part.kind, address=source or None)
    header = read_header(page, part.head, part.title)
    if part.by_clauses:
        articles = part.kind in ("treaty", "other") and any(article_label(line.text) for line in part.body)
        body = BodyWalker(page, part.body, part.has_formula, articles, past=part.league is not None).walk()
    else:
        spoken = part.kind != "other"
        body = read_paragraphs(page, part.body, numbered=spoken, spoken=spoken)
    opening = body.formula or opening_paragraph(page, part, body)
    if opening:
        opening = opening[0], min(opening[1], opening[0] + _FORMULA_LENGTH)
    islamic = set_fields(document, page, header, opening, part.head)
    set_outside_fields(document, page, part, body)
    document.source = document.source or document.address
    document.continued = header.continued or body.leading
    document.dangling = body.dangling
    _warn_about_body(document, page, body)
    check_and_fill(document, islamic)
    name_document(document, page.raw)
    name_clauses(document, page, body.drafts)
    document.marks = [(*page.raw_span(line.start, line.end), line.role) for line in part.head + part.body if line.role]
    document.marks += [(*page.raw_span(*span), "formula") for span in body.decided]
    return document


def _warn_about_body(document: Resolution, page: PageText, body: Body) -> None:
    if body.leading:
        document.warnings.append(
            PageWarning(
                "clauses", "The page begins in the middle of a clause; its beginning stands on the page before."
            )
        )
    if body.dangling:
        message = f"Clause {body.dangling} has a number but no text on this page; the text stands on the next page."
        document.warnings.append(PageWarning("clauses", message))
    for number, at in body.restarts:
        start = page.to_raw(at)
        reading = Reading(number, "clause number", start, start + len(number))
        document.warnings.append(
            PageWarning(
                "clauses", f"The numbers of the clauses begin again at {number}; they were kept as printed.", [reading]
            )
        )
