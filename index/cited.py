"""What a clause cites, as keys: "ministers:32/38", and "ministers:32/38-political" where a suffix says the theme."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from index.symbol import parse_symbol


def citation_keys(row: Mapping[str, object]) -> tuple[str, ...]:
    """Return the keys of the resolutions that a row cites, each once: its `citations`, those of resolutions only."""
    citations = row.get("citations")
    if not isinstance(citations, (list, tuple)):
        return ()
    found = (key for citation in citations if isinstance(citation, Mapping) for key in keys_of(citation, row))
    return tuple(dict.fromkeys(found))


def keys_of(citation: Mapping[str, object], row: Mapping[str, object]) -> tuple[str, ...]:
    """Return the keys of one citation; () for one of the United Nations, of an article or of a whole session.

    A citation that does not name a body means the body of the row it stands in.
    """
    number, session = citation.get("number"), citation.get("session")
    if not number or not session or citation.get("what", "resolution") != "resolution":
        return ()
    theme = _theme(str(citation.get("symbol") or citation.get("raw") or ""), str(session))
    body = citation.get("body") or row.get("body")
    return (resolution_key(body, number, session, theme),)


def resolution_key(body: object, number: object, session: object, theme: object = "") -> str:
    """Return the key under which a resolution is cited; without `theme` the one of citations without a suffix."""
    return f"{body or ''}:{number}/{session}" + (f"-{theme}" if theme else "")


@lru_cache(maxsize=4096)
def _theme(symbol: str, session: str) -> str:
    return next((reading.theme for reading in parse_symbol(symbol) if reading.session == session and reading.theme), "")
