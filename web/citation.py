"""How to cite: a resolution in Arabic form, BibTeX, RIS, CSL-JSON, COinS, Highwire and schema.org; and a search."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from web.described import Row, about, named, one
from web.languages import TABLE, Texts
from web.parameters import Asked
from web.security import clean

ARABIC = Texts(TABLE["ar"])
# What a BibTeX value may not hold bare (bibtex manual; Arabic needs no escape with biber or XeTeX).
BIBTEX_SPECIAL = {
    "\\": "\\textbackslash{}",
    "{": "\\{",
    "}": "\\}",
    "%": "\\%",
    "&": "\\&",
    "#": "\\#",
    "_": "\\_",
    "$": "\\$",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
}


def arabic(rows: Sequence[Row], url: str) -> str:
    """Return one line in Arabic: symbol, title, body and session, place, dates in both calendars, address."""
    head = about(rows[0], ARABIC)
    name = ARABIC.t("cite.resolution", symbol=head.symbol) if head.symbol else head.title or head.name
    parts = [
        name,
        f"«{head.title}»" if head.title and head.symbol else "",
        head.body,
        head.session,
        head.place,
        " - ".join(head.dates),
    ]
    return "، ".join(part for part in parts if part) + ".\n" + url + "\n"


def bibtex(rows: Sequence[Row], url: str) -> str:
    """Return one BibTeX entry, its key the resolution's id in ASCII."""
    fields = _fields(rows, url)
    lines = "".join(
        f"  {key} = {{{_bibtex(value)}}},\n"
        for key, value in (
            ("title", fields["title"]),
            ("number", fields["number"]),
            ("institution", fields["author"]),
            ("author", "{" + fields["author"] + "}" if fields["author"] else ""),
            ("year", fields["date"][:4]),
            ("date", fields["date"]),
            ("address", fields["place"]),
            ("note", fields["session"]),
            ("url", url),
            ("langid", "arabic"),
        )
        if value
    )
    return f"@techreport{{{_key(fields['id'])},\n{lines}}}\n"


def ris(rows: Sequence[Row], url: str) -> str:
    """Return one RIS record of type STAT, lines ended by CR LF as reference managers expect."""
    fields = _fields(rows, url)
    lines = [
        ("TY", "STAT"),
        ("TI", fields["title"]),
        ("AU", fields["author"]),
        ("M1", fields["number"]),
        ("PY", fields["date"][:4]),
        ("DA", fields["date"].replace("-", "/")),
        ("CY", fields["place"]),
        ("T2", fields["session"]),
        ("UR", url),
        ("LA", "ar"),
        ("ID", fields["id"]),
    ]
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in lines if value) + "ER  - \r\n"


def csl(rows: Sequence[Row], url: str) -> str:
    """Return a CSL-JSON array of one item (citationstyles.org schema 1.0)."""
    fields = _fields(rows, url)
    date = [int(part) for part in fields["date"].split("-") if part.isdecimal()]
    item: dict[str, Any] = {
        "id": fields["id"],
        "type": "legislation",
        "title": fields["title"],
        "number": fields["number"],
        "event-title": fields["session"],
        "event-place": fields["place"],
        "URL": url,
        "language": "ar",
    }
    if fields["author"]:
        item["author"] = [{"literal": fields["author"]}]
    if date:
        item["issued"] = {"date-parts": [date]}
    return json.dumps([{key: value for key, value in item.items() if value}], ensure_ascii=False, indent=2) + "\n"


# name in the address → maker, media type, name of the file's ending
FORMATS: dict[str, tuple[Callable[[Sequence[Row], str], str], str, str]] = {
    "text": (arabic, "text/plain", "txt"),
    "bibtex": (bibtex, "application/x-bibtex", "bib"),
    "ris": (ris, "application/x-research-info-systems", "ris"),
    "csl": (csl, "application/vnd.citationstyles.csl+json", "json"),
}


def coins(rows: Sequence[Row]) -> str:
    """Return the ContextObject in a span (COinS, Z39.88-2004) that reference managers read off the page."""
    fields = _fields(rows, "")
    return urlencode(
        [
            (key, value)
            for key, value in (
                ("ctx_ver", "Z39.88-2004"),
                ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"),
                ("rft.type", "document"),
                ("rft.title", fields["title"]),
                ("rft.creator", fields["author"]),
                ("rft.identifier", fields["number"]),
                ("rft.date", fields["date"]),
                ("rft.language", "ar"),
            )
            if value
        ]
    )


def highwire(rows: Sequence[Row], url: str) -> list[tuple[str, str]]:
    """Return the Highwire `citation_*` metadata as (name, content)."""
    fields = _fields(rows, url)
    return [
        (name, value)
        for name, value in (
            ("citation_title", fields["title"]),
            ("citation_author", fields["author"]),
            ("citation_technical_report_number", fields["number"]),
            ("citation_publication_date", fields["date"].replace("-", "/")),
            ("citation_conference_title", fields["session"]),
            ("citation_language", "ar"),
            ("citation_public_url", url),
        )
        if value
    ]


def linked_data(rows: Sequence[Row], url: str) -> Markup:
    """Return schema.org Legislation as JSON-LD, safe inside a script element."""
    fields = _fields(rows, url)
    data = {
        "@context": "https://schema.org",
        "@type": "Legislation",
        "@id": url,
        "url": url,
        "inLanguage": "ar",
        "name": fields["title"],
        "legislationIdentifier": fields["number"],
        "legislationDate": fields["date"],
        "legislationPassedBy": {"@type": "Organization", "name": fields["author"]} if fields["author"] else None,
        "about": named("theme", one(rows[0], "theme"), ARABIC),
    }
    text = json.dumps({key: value for key, value in data.items() if value}, ensure_ascii=False)
    for sign, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(sign, code)
    return Markup(text)  # no sign is left in it that HTML reads


def of_search(asked: Asked, total: int, manifest: Any, url: str, day: str) -> dict[str, Any]:
    """Return what repeats a search: its query and filters, count, day, corpus hash, analyzer and version."""
    return {
        "query": asked.text,
        "parameters": asked.pairs(),
        "total": total,
        "date": day,
        "url": url,
        "corpus": manifest.corpus,
        "generation": manifest.generation,
        "analyzer": manifest.analyzer,
        "fingerprint": manifest.fingerprint,
        "kashshaf": manifest.version,
    }


def _fields(rows: Sequence[Row], url: str) -> dict[str, str]:
    row, head = rows[0], about(rows[0], ARABIC)
    return {
        "id": clean(one(row, "resolution") or one(row, "id")),
        "title": head.title or head.name,
        "number": head.symbol,
        "author": head.body,
        "date": one(row, "date")[:10],
        "place": head.place,
        "session": head.session,
        "url": url,
    }


def _bibtex(value: str) -> str:
    if value.startswith("{") and value.endswith("}"):
        return "{" + _bibtex(value[1:-1]) + "}"
    return "".join(BIBTEX_SPECIAL.get(letter, letter) for letter in " ".join(value.split()))


def _key(id: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", id).strip("-") or "kashshaf"
