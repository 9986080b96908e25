"""What the embedded engines agree on about the values of a clause: what is stored for them, and how long it may be."""

from __future__ import annotations

from index.clause import MISSING, VALUE_FIELDS
from index.engine import Entry

MAX_VALUE_BYTES = 32_766  # of UTF-8, the limit of Lucene and OpenSearch; longer values are cut, in questions too
MAX_COMBINATIONS = 256  # of a phrase's alternatives that are scored one by one
OTHER_VALUES = tuple(field for field in VALUE_FIELDS if field != "id")


def cut_value(value: str) -> str:
    """Return the value, cut to `MAX_VALUE_BYTES` at a character's boundary."""
    if len(value) * 4 <= MAX_VALUE_BYTES:
        return value
    return value.encode()[:MAX_VALUE_BYTES].decode(errors="ignore")


def all_values(entry: Entry) -> dict[str, list[str]]:
    """Return field → distinct values of a clause: `id` from the entry itself, MISSING where there is no value."""
    values = {field: [MISSING] for field in OTHER_VALUES}
    for field, given in entry.values.items():
        if len(given) == 1:
            values[field] = [cut_value(given[0])]
        elif given:
            values[field] = list(dict.fromkeys(map(cut_value, given)))
    values["id"] = [cut_value(entry.id)]
    return values
