"""JSON Lines → rows that hold what the index needs, in flat memory: a line is judged, given on, and forgotten."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import BinaryIO

import orjson

from index.encoding import BinaryData, decode_bytes
from index.line_blocks import line_blocks
from index.source_items import Fault, Row
from index.source_limits import Limits, shown_bytes

# Keys the index knows; their values become strings. Every other key is kept as it is.
KNOWN_KEYS = frozenset(("id", "text", "session", "theme", "title", "date", "kind", "number", "body", "place", "source",
                        "url", "language"))
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x1f\x7f\u2028\u2029]")


def read_rows(stream: BinaryIO, source: str, shown: str, limits: Limits) -> Iterator[Row | Fault]:
    """Yield a Row for every good line of `stream`, a Fault for every bad one. Blank lines are passed over.

    `source` goes into the rows, `shown` into the faults. Raises BinaryData, and whatever `stream` raises.
    """
    number = 0
    for block in line_blocks(stream, limits.line_bytes):
        if isinstance(block, int):
            number += 1
            yield Fault(shown, number, f"the line holds {shown_bytes(block)}, more than the limit of "
                                       f"{shown_bytes(limits.line_bytes)}", "skipped")
            continue
        if isinstance(block, str):
            raise BinaryData(block)
        if not block or block.isspace():
            number += block.count(b"\n") + 1
            continue
        escapes = b"\\u0000" in block or b"\0" in block
        for line in block.split(b"\n"):
            number += 1
            try:
                data = orjson.loads(line)
            except orjson.JSONDecodeError:
                if not line or line.isspace():
                    continue
                yield _second_reading(line, number, source, shown, limits)
                continue
            if type(data) is dict and not escapes:
                text, identity = data.get("text"), data.get("id")
                if type(text) is str and type(identity) is str and 0 < len(text) <= limits.text_letters:
                    for key, value in data.items():
                        if type(value) is not str and key in KNOWN_KEYS:
                            break
                    else:
                        if not text.isspace() and plain_id(identity, limits):
                            yield Row(source, number, data)
                            continue
            if type(data) is dict and any(type(value) is float for value in data.values()):
                yield _second_reading(line, number, source, shown, limits)  # whole numbers of any length stay whole
            else:
                yield check_row(data, source, shown, number, limits)


def plain_id(identity: str, limits: Limits) -> bool:
    """Return whether an id can be used as it is: not blank, no blanks around it, no controls, not too long."""
    return identity.isprintable() and 0 < len(identity) <= limits.id_letters and identity.strip() == identity


def _second_reading(line: bytes, number: int, source: str, shown: str, limits: Limits) -> Row | Fault:
    """Return a row from a line that the fast parser refused: another encoding, NaN, half a surrogate, or broken."""
    try:
        text = decode_bytes(line.strip()).text
        data = json.loads(text)
    except BinaryData as problem:
        return Fault(shown, number, f"the line is no text: {problem}", "skipped")
    except RecursionError:
        return Fault(shown, number, "the line is nested too deep to be read", "skipped")
    except ValueError as problem:
        if isinstance(problem, json.JSONDecodeError):
            if text.startswith("[") and number == 1:
                return Fault(shown, number, "the file is one JSON array, not JSON Lines: write one object per line "
                                            "(jq -c '.[]' does it)", "skipped")
            reason = f"{problem.msg} at character {problem.pos + 1}, near {_near(text, problem.pos)}"
        else:
            reason = str(problem)
        return Fault(shown, number, f"the line is no JSON: {reason}", "skipped")
    return check_row(data, source, shown, number, limits)


def _near(text: str, position: int) -> str:
    if not text[position:].strip():
        return "the end of the line"
    return f"«{_CONTROL.sub(' ', text[max(0, position - 10):position + 20])}»"


def check_row(data: object, source: str, shown: str, line: int, limits: Limits) -> Row | Fault:
    """Return a Row whose known keys are strings and whose strings are clean, or the Fault that says what is missing."""
    if not isinstance(data, dict):
        return Fault(shown, line, f"the line holds {_kind(data)}, not an object with id and text", "skipped")
    row = {str(_clean(key)): _clean(value) for key, value in data.items()}
    for key in KNOWN_KEYS & row.keys():
        value = row[key]
        if isinstance(value, str):
            continue
        if isinstance(value, (int, float)) and not isinstance(value, bool) and key != "text" and value == value:
            row[key] = str(value)
        elif key in ("id", "text"):
            return Fault(shown, line, f"{key} holds {_kind(value)} where a string belongs", "skipped")
        elif value is None:
            del row[key]
        elif isinstance(value, list) and all(isinstance(each, str) for each in value):
            row[key] = "، ".join(value)
        else:
            return Fault(shown, line, f"{key} holds {_kind(value)} where a string belongs", "skipped")
    identity, text = row.get("id"), row.get("text")
    if isinstance(identity, str) and not plain_id(identity, limits):  # controls become spaces, spaces become one
        row["id"] = identity = " ".join("".join(c if c.isprintable() else " " for c in identity).split())
    if not isinstance(identity, str) or not identity:
        return Fault(shown, line, _missing("id", row), "skipped")
    if len(identity) > limits.id_letters:
        return Fault(shown, line, f"the id has {len(identity):,} letters, more than the limit of "
                                  f"{limits.id_letters:,}", "skipped")
    if not isinstance(text, str) or not text.strip():
        return Fault(shown, line, f"row {identity}: {_missing('text', row)}", "skipped")
    if len(text) > limits.text_letters:
        return Fault(shown, line, f"row {identity}: its text has {len(text):,} letters, more than the limit of "
                                  f"{limits.text_letters:,}", "skipped")
    return Row(source, line, row)


def _missing(key: str, row: dict[str, object]) -> str:
    if key not in row:
        return f"no {key} (keys: {', '.join(list(row)[:8]) or 'none'})"
    return f"{key} is empty"


def _kind(value: object) -> str:
    """Return what a JSON value is, in words, with the value where it is short."""
    if value is None:
        return "null"
    if isinstance(value, (bool, int, float)):
        return f"{json.dumps(value)}"
    return {"str": "a string", "list": "a list", "dict": "an object"}.get(type(value).__name__, "another value")


def _clean(value: object) -> object:
    """Return a JSON value whose strings hold neither NUL nor half a surrogate pair."""
    if isinstance(value, str):
        value = value.replace("\0", " ") if "\0" in value else value
        return _SURROGATE.sub("\ufffd", value) if not value.isascii() and _SURROGATE.search(value) else value
    if isinstance(value, list):
        return [_clean(each) for each in value]
    if isinstance(value, dict):
        return {str(_clean(key)): _clean(each) for key, each in value.items()}
    return value
