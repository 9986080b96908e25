"""A document and its clauses: the fields, the ids, the JSON form, and the flat rows that are indexed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field

KINDS = ("resolution", "communique", "declaration", "treaty", "other")
CLAUSE_KINDS = ("preamble", "operative", "sub", "paragraph", "annex", "note", "heading")
ROLES = ("heading", "title", "formula", "clause", "note", "furniture", "unassigned")


@dataclass(slots=True)
class Clause:
    """One clause: `text` is the raw slice start..end with white space collapsed;
    `number` as printed, `verb` the opener as printed.
    """

    id: str
    kind: str
    number: str | None
    verb: str | None
    text: str
    start: int
    end: int
    label_start: int = -1  # where the printed number or label begins; -1 when there is none
    page: int = 1  # the page whose raw text start and end count, where a document has several
    address: str = ""  # the address of that page, "" for the first
    parts: list[tuple[int, int, int]] = field(default_factory=list)  # (page, start, end) of what goes on on later pages

    def to_json(self) -> dict[str, object]:
        """The clause as a JSON object; page and parts only where a document has several pages."""
        pages: dict[str, object] = {"page": self.page} if self.page > 1 else {}
        if self.parts:
            pages["parts"] = [list(part) for part in self.parts]
        return {
            "id": self.id,
            "kind": self.kind,
            "number": self.number,
            "verb": self.verb,
            "text": self.text,
            "start": self.start,
            "end": self.end,
        } | pages


@dataclass(slots=True)
class Citation:
    """A reference inside a clause. `what`: resolution, un, article or session;
    `start`/`end` lie in the raw page text.
    """

    number: str | None
    session: str | None
    raw: str
    start: int
    end: int
    clause: str
    what: str = "resolution"
    body: str | None = None
    symbol: str | None = None

    def to_json(self) -> dict[str, object]:
        """The citation as a JSON object, keys without a value left out except number and session."""
        extra: dict[str, object] = {"what": self.what, "body": self.body, "symbol": self.symbol, "clause": self.clause}
        return {
            "number": self.number,
            "session": self.session,
            "raw": self.raw,
            "start": self.start,
            "end": self.end,
        } | {key: value for key, value in extra.items() if value is not None}


@dataclass(slots=True)
class Reading:
    """What one place of a page says about a field: the value, the name of the place, its raw offsets."""

    value: str
    where: str
    start: int = 0
    end: int = 0


@dataclass(slots=True)
class PageWarning:
    """A contradiction or damage: the field, a sentence for people, and the readings that stand against each other."""

    field: str
    message: str
    readings: list[Reading] = dataclasses.field(default_factory=list)

    def to_json(self) -> dict[str, object]:
        """The warning as a JSON object."""
        readings = [{"value": r.value, "where": r.where, "start": r.start, "end": r.end} for r in self.readings]
        return {"field": self.field, "message": self.message, "readings": readings}


@dataclass(slots=True)
class Resolution:
    """One document of a page. Dates are ISO strings of the Gregorian calendar,
    Hijri ones ISO strings of their own; unknown is None.
    """

    id: str = ""
    body: str | None = None
    kind: str = "resolution"
    session: str | None = None
    number: str | None = None
    theme: str | None = None
    title: str | None = None
    session_title: str | None = None
    place: str | None = None
    date_start: str | None = None
    date_end: str | None = None
    source: str | None = None
    symbol: str | None = None
    hijri: str | None = None
    hijri_start: str | None = None
    hijri_end: str | None = None
    citations: list[Citation] = field(default_factory=list)
    warnings: list[PageWarning] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)
    address: str | None = None
    addresses: list[str] = field(default_factory=list)
    extraordinary: bool = False  # an extraordinary session, which has a count of its own
    page: int = 1
    continued: bool = False  # the page begins in the middle of a document
    dangling: str | None = None  # the number of a clause whose text stands on the next page
    filled: list[str] = field(default_factory=list)
    marks: list[tuple[int, int, str]] = field(default_factory=list)  # raw spans and their roles, for the cover

    def to_json(self) -> dict[str, object]:
        """The document as one JSON object: first the keys that interface.md fixes, then the others."""
        fixed: dict[str, object] = {
            "id": self.id,
            "body": self.body,
            "kind": self.kind,
            "session": self.session,
            "number": self.number,
            "theme": self.theme,
            "title": self.title,
            "session_title": self.session_title,
            "place": self.place,
            "date_start": self.date_start,
            "date_end": self.date_end,
            "source": self.source,
            "symbol": self.symbol,
            "citations": [citation.to_json() for citation in self.citations],
            "warnings": [warning.to_json() for warning in self.warnings],
            "clauses": [clause.to_json() for clause in self.clauses],
        }
        return fixed | {
            "hijri": self.hijri,
            "hijri_start": self.hijri_start,
            "hijri_end": self.hijri_end,
            "address": self.address,
            "addresses": self.addresses,
            "page": self.page,
            "continued": self.continued,
            "extraordinary": self.extraordinary,
            "filled": self.filled,
        }


def clause_rows(resolution: Resolution) -> Iterator[dict[str, object]]:
    """One flat row per clause, in order, keys without a value left out; `kind` is the clause's, `document_kind` the
    document's, `citations` those of the clause; `warnings` of the document are sentences on its first row.
    """
    shared = {
        "session": resolution.session,
        "theme": resolution.theme,
        "title": resolution.title,
        "date": resolution.date_start,
        "date_end": resolution.date_end,
        "document_kind": resolution.kind,
        "number": resolution.number,
        "body": resolution.body,
        "place": resolution.place,
        "source": resolution.source,
        "address": resolution.address,
        "symbol": resolution.symbol,
        "resolution": resolution.id,
        "hijri": resolution.hijri,
        "session_title": resolution.session_title,
    }
    shared = {key: value for key, value in shared.items() if value}
    cited = _cited_by_clause(resolution)
    told = list(dict.fromkeys(warning.message for warning in resolution.warnings))
    for position, clause in enumerate(resolution.clauses):
        own = {
            "kind": clause.kind,
            "clause_number": clause.number,
            "verb": clause.verb,
            "citations": cited.get(clause.id),
            "warnings": told if position == 0 else None,
        }
        yield (
            {"id": clause.id, "text": clause.text}
            | shared
            | {key: value for key, value in own.items() if value}
            | {"position": position}
        )


def _cited_by_clause(resolution: Resolution) -> dict[str, list[dict[str, str]]]:
    """Clause id → its citations, each once and as short as a stored row needs it: no offsets, no empty keys, and `what`
    only where it is no resolution. What is cited outside the clauses (in the title) goes to the first one.
    """
    if not resolution.citations:
        return {}
    names = {clause.id for clause in resolution.clauses}
    found: dict[str, list[dict[str, str]]] = {}
    for citation in resolution.citations:
        parts = {key: getattr(citation, key) for key in ("number", "session", "raw", "body", "symbol")}
        short = {key: str(value) for key, value in parts.items() if value}
        if short.get("symbol") == citation.raw:
            del short["symbol"]
        if citation.what != "resolution":
            short["what"] = citation.what
        listed = found.setdefault(citation.clause if citation.clause in names else resolution.clauses[0].id, [])
        if short not in listed:
            listed.append(short)
    return found
