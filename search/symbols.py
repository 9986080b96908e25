"""A resolution's symbol as typed → the keys under which the index holds it (see `index.entry`), in either order."""

from __future__ import annotations

from index.symbol import parse_symbol, symbol_keys


def lookup_keys(text: str) -> tuple[str, ...]:
    """Return the look-up keys of a typed symbol; with a suffix (38/32-س) only those of its theme. () for no symbol."""
    keys: dict[str, None] = {}
    for reading in parse_symbol(text):
        ending = f"-{reading.theme}" if reading.theme else ""
        keys.update(dict.fromkeys(key + ending for key in symbol_keys(reading.session, reading.number)))
    return tuple(keys)
