"""What `python -m index.cli info` tells of an index: its manifest, its size and its fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from index.clause import TERM_FIELDS, VALUE_FIELDS
from index.opening import is_remote, read_manifest

SHOWN = ("address", "engine", "analyzer", "fingerprint", "schema", "generation", "clauses", "resolutions", "bytes",
         "shards", "copies", "health", "corpus", "built", "version")  # in this order, those that an index has


def read_info(address: str) -> dict[str, Any]:
    """Return the manifest as JSON with address, bytes and fields. Raises `IndexProblem` without an index."""
    manifest = read_manifest(address)
    data = manifest.to_json() | {
        "address": address,
        "bytes": sum(manifest.files.values()),
        "fields": list(TERM_FIELDS + VALUE_FIELDS),
    }
    if is_remote(address):
        from index.remote_change import describe

        data |= describe(address)
    return data


def lines_of(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines that a person is shown."""
    for key in SHOWN:
        if key in data:
            value = data[key]
            yield f"{key:12} {value:,}" if isinstance(value, int) else f"{key:12} {value}"
    if meaning := data.get("meaning"):
        yield f"{'meaning':12} {meaning['clauses']:,} clauses by {meaning['model']}"
    yield f"{'fields':12} {' '.join(data['fields'])}"
    yield f"{'sources':12} {', '.join(str(source['source']) for source in data['sources'])}"
