"""One document as Akoma Ntoso 3.0 (OASIS LegalDocML, UN profile: a resolution is a <statement>), and back.

The text stands in the body as any reader of the standard expects it: recitals, paragraphs, sub-paragraphs. What the
standard has no place for (theme, verb, ids of clauses, unknown keys) stands in <proprietary>, so that nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

import orjson

from index.safe_xml import UnsafeXml, parse_xml

AKN = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
OURS = "urn:kashshaf:rows:1"
# Kind of clause → element, and how its eId begins. Source: Akoma Ntoso Naming Convention 1.0, 5.4, and AKN4UN.
ELEMENTS = {
    "preamble": ("recital", "rec"), "operative": ("paragraph", "para"), "paragraph": ("paragraph", "para"),
    "sub": ("subparagraph", "subpara"), "annex": ("hcontainer", "annex"), "note": ("hcontainer", "note"),
    "heading": ("hcontainer", "heading"),
}
OTHER = ("hcontainer", "part")
# Languages of a row → ISO 639-2, which FRBRlanguage asks for.
LANGUAGES = {"ar": "ara", "en": "eng", "fr": "fra", "fa": "fas", "tr": "tur", "ur": "urd"}
# Bodies whose documents the naming convention knows a code for; others are "xx", a code that ISO 3166 leaves to users.
COUNTRIES = {"security_council": "un", "general_assembly": "un"}
UNKNOWN_DATE = "0001-01-01"  # the schema asks for a date
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SEGMENT = re.compile(r"[^\w.\-]+")
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?$")

Rows = Sequence[dict[str, object]]


def write_document(rows: Rows) -> bytes:
    """Return the rows of one document, in order, as one Akoma Ntoso file in UTF-8, valid against the OASIS schema."""
    identity = str(rows[0].get("resolution") or rows[0]["id"])
    shared = _shared(rows)
    names = _element_ids(rows)
    out = [
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        f'<akomaNtoso xmlns="{AKN}">\n<statement name={_quoted(shared.get("document_kind", "statement"))} '
        'contains="originalVersion">\n',
        *_meta(identity, rows, shared, names), *_preface(shared), *_body(rows, names), "</statement>\n</akomaNtoso>\n",
    ]
    return "".join(out).encode("utf-8")


def _shared(rows: Rows) -> dict[str, object]:
    """Return the keys and values that all rows have in common, beside id and text."""
    first = {key: value for key, value in rows[0].items() if key not in ("id", "text")}
    return {key: value for key, value in first.items() if all(key in row and row[key] == value for row in rows)}


def _element_ids(rows: Rows) -> list[str]:
    """Return an eId for each clause: the kind's prefix and its number in the document, below the paragraph it is in."""
    counts: dict[str, int] = {}
    names = []
    parent = ""
    for row in rows:
        kind = str(row.get("kind") or "")
        prefix = ELEMENTS.get(kind, OTHER)[1]
        within = f"{parent}__" if kind == "sub" and parent else ""
        counts[within + prefix] = counts.get(within + prefix, 0) + 1
        names.append(f"{within}{prefix}_{counts[within + prefix]}")
        if kind != "sub":
            parent = names[-1] if prefix == "para" else ""
    return names


def _meta(identity: str, rows: Rows, shared: dict[str, object], names: list[str]) -> Iterator[str]:
    """Yield the metadata: work, expression, manifestation, the body as organisation, and what is ours alone."""
    body = str(shared.get("body") or "unknown")
    country = COUNTRIES.get(body, "xx")
    language = LANGUAGES.get(str(shared.get("language") or "ar"), "ara")
    day = _date(shared.get("date"))
    work = f"/akn/{country}/statement/{day[:4]}/{_SEGMENT.sub('-', identity).strip('-') or 'x'}"
    levels = (("Work", work), ("Expression", f"{work}/{language}@{day}"),
              ("Manifestation", f"{work}/{language}@{day}.akn"))
    yield '<meta>\n<identification source="#kashshaf">\n'
    for level, uri in levels:
        this = uri.removesuffix(".akn") + "/!main" + (".akn" if level == "Manifestation" else "")
        yield (f"<FRBR{level}><FRBRthis value={_quoted(this)}/><FRBRuri value={_quoted(uri)}/>"
               f'<FRBRdate date="{day}" name="{"adoption" if day != UNKNOWN_DATE else "unknown"}"/>'
               f'<FRBRauthor href="#body" as="#author"/>')
        if level == "Work":
            yield f'<FRBRcountry value="{country}"/>'
            if shared.get("number"):
                yield f"<FRBRnumber value={_quoted(shared['number'])}/>"
            if shared.get("title"):
                yield f"<FRBRname value={_quoted(shared['title'])}/>"
        elif level == "Expression":
            yield f'<FRBRlanguage language="{language}"/>'
        else:
            yield '<FRBRformat value="application/akn+xml"/>'
        yield f"</FRBR{level}>\n"
    yield ('</identification>\n<references source="#kashshaf">\n'
           f'<TLCOrganization eId="body" href="/ontology/organization/{_SEGMENT.sub("-", body)}" '
           f"showAs={_quoted(body)}/>\n"
           '<TLCOrganization eId="kashshaf" href="/ontology/organization/kashshaf" showAs="Kashshaf"/>\n'
           '<TLCRole eId="author" href="/ontology/role/author" showAs="Author"/>\n</references>\n')
    yield f'<proprietary source="#kashshaf"><k:document xmlns:k="{OURS}" id={_quoted(identity)}>\n'
    yield from (_field(key, value) for key, value in shared.items())
    for row, name in zip(rows, names, strict=True):
        own = [_field(k, v) for k, v in row.items() if k not in ("id", "text") and (k not in shared or shared[k] != v)]
        yield f'<k:clause eId="{name}" id={_quoted(row["id"])}>{"".join(own)}</k:clause>\n'
    yield "</k:document></proprietary>\n</meta>\n"


def _field(key: str, value: object) -> str:
    """Return one key of a row; what is no string is written as JSON."""
    if isinstance(value, str):
        return f"<k:field name={_quoted(key)}>{_escaped(value)}</k:field>"
    return f'<k:field name={_quoted(key)} type="json">{_escaped(orjson.dumps(value).decode())}</k:field>'


def _preface(shared: dict[str, object]) -> Iterator[str]:
    """Yield what stands above the text: symbol and title."""
    if shared.get("symbol") or shared.get("title"):
        yield "<preface>\n"
        if shared.get("symbol"):
            yield f"<p><docNumber>{_escaped(str(shared['symbol']))}</docNumber></p>\n"
        if shared.get("title"):
            yield f"<p><docTitle>{_escaped(str(shared['title']))}</docTitle></p>\n"
        yield "</preface>\n"


def _body(rows: Rows, names: list[str]) -> Iterator[str]:
    """Yield preamble and main body; recitals that stand behind an operative clause go into the body, in their place."""
    first = next((i for i, row in enumerate(rows) if row.get("kind") != "preamble"), len(rows))
    if first:
        yield '<preamble>\n<recitals eId="recs">\n'
        for row, name in zip(rows[:first], names[:first], strict=True):
            yield f'<recital eId="{name}">{_number(row)}{_paragraphs(row)}</recital>\n'
        yield "</recitals>\n</preamble>\n"
    yield "<mainBody>\n"
    i = first
    while i < len(rows):
        end = i + 1
        if ELEMENTS.get(str(rows[i].get("kind")), OTHER)[0] == "paragraph":
            while end < len(rows) and rows[end].get("kind") == "sub":
                end += 1
        yield from _unit(rows[i:end], names[i:end])
        i = end
    if first == len(rows):
        yield "<p/>\n"
    yield "</mainBody>\n"


def _unit(rows: Rows, names: Sequence[str]) -> Iterator[str]:
    """Yield one clause, with its sub-clauses inside it."""
    tag, prefix = ELEMENTS.get(str(rows[0].get("kind")), OTHER)
    if tag == "recital":
        tag, prefix = "hcontainer", "recital"
    name = f' name="{prefix}"' if tag == "hcontainer" else ""
    yield f'<{tag} eId="{names[0]}"{name}>{_number(rows[0])}'
    if len(rows) == 1:
        yield f"<content>{_paragraphs(rows[0])}</content>"
    else:
        yield f"<intro>{_paragraphs(rows[0])}</intro>\n"
        for row, each in zip(rows[1:], names[1:], strict=True):
            yield from _unit([row], [each])
    yield f"</{tag}>\n"


def _number(row: dict[str, object]) -> str:
    number = row.get("clause_number")
    return f"<num>{_escaped(str(number))}</num>" if number else ""


def _paragraphs(row: dict[str, object]) -> str:
    return "".join(f"<p>{_escaped(line)}</p>" for line in str(row["text"]).split("\n"))


def _escaped(text: str) -> str:
    """Return text for XML; what XML cannot hold is shown as U+FFFD, a carriage return survives."""
    return escape(_NOT_XML.sub("\ufffd", text), {"\r": "&#13;"})


def _quoted(value: object) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", str(value)), {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"})


def _date(value: object) -> str:
    """Return a full ISO date: of a year or a month its first day, of nothing UNKNOWN_DATE."""
    found = _DATE.match(str(value or ""))
    if not found:
        return UNKNOWN_DATE
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1)).isoformat()
    except ValueError:
        return UNKNOWN_DATE


def read_document(data: bytes) -> list[dict[str, object]]:
    """Return the rows of an Akoma Ntoso file that `write_document` wrote, their text as it stands in the body.

    Raises UnsafeXml where it is none of ours, broken, or holds entities.
    """
    root = parse_xml(data)
    ours = root.find(f".//{{{OURS}}}document")
    if root.tag != f"{{{AKN}}}akomaNtoso" or ours is None:
        raise UnsafeXml("is no Akoma Ntoso that Kashshaf wrote: it does not say which clauses it holds")
    elements = {element.get("eId"): element for element in root.iter() if element.tag.startswith(f"{{{AKN}}}")}
    shared = dict(_fields(ours))
    rows = []
    for clause in ours.findall(f"{{{OURS}}}clause"):
        element = elements.get(clause.get("eId"))
        if element is None:
            raise UnsafeXml(f"names a clause that it does not hold: {clause.get('eId')}")
        rows.append({"id": clause.get("id", ""), "text": _text(element)} | shared | dict(_fields(clause)))
    return rows


def _fields(element: Element) -> Iterator[tuple[str, object]]:
    for field in element.findall(f"{{{OURS}}}field"):
        text = field.text or ""
        try:
            yield field.get("name", ""), orjson.loads(text) if field.get("type") == "json" else text
        except orjson.JSONDecodeError as problem:
            raise UnsafeXml(f"holds a field that is no JSON ({field.get('name')})") from problem


def _text(element: Element) -> str:
    """Return the text of a clause: its own paragraphs, not those of clauses inside it."""
    holder = element
    for name in ("content", "intro"):
        found = element.find(f"{{{AKN}}}{name}")
        if found is not None:
            holder = found
    return "\n".join("".join(p.itertext()) for p in holder.findall(f"{{{AKN}}}p"))
