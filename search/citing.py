"""Which resolutions of a collection a resolution cites, and which cite it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from index.cited import keys_of, resolution_key
from index.clause import And, Clause, Or, Term
from index.engine import Reader

MOST_CLAUSES = 1_000  # clauses that are read for one question


def cited(reader: Reader, citation: Mapping[str, Any], row: Mapping[str, Any]) -> list[str]:
    """Return the ids of the resolutions that one citation of `row` may mean; [] where the collection has none."""
    found: dict[str, None] = {}
    for key in keys_of(citation, row):
        body, _, symbol = key.partition(":")
        wanted: list[Clause] = [Term("symbol", symbol)]
        if body:
            wanted.append(Term("body", body))
        found.update(dict.fromkeys(_resolutions(reader, And(tuple(wanted)))))
    return list(found)


def citing(reader: Reader, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the ids of the resolutions whose clauses cite the resolution that `rows` are, itself left out.

    A citation without a suffix counts only where no other resolution of the body has the same number and session.
    """
    if not rows or not rows[0].get("number") or not rows[0].get("session"):
        return []
    row = rows[0]
    body, number, session = (row.get(name) for name in ("body", "number", "session"))
    keys = [resolution_key(body, number, session, row["theme"])] if row.get("theme") else []
    own: list[Clause] = [Term("symbol", f"{row['number']}/{row['session']}")]
    if row.get("body"):
        own.append(Term("body", str(row["body"])))
    if len(_resolutions(reader, And(tuple(own)))) == 1:
        keys.append(resolution_key(body, number, session))
    found = _resolutions(reader, Or(tuple(Term("cites", key) for key in keys)))
    return [name for name in found if name != row.get("resolution")]


def _resolutions(reader: Reader, clause: Clause) -> list[str]:
    hits = reader.search(clause, limit=MOST_CLAUSES).hits
    return list(dict.fromkeys(str(name) for hit in hits if (name := orjson.loads(hit.row).get("resolution"))))
