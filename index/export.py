"""The rows of an index → files that others read: JSON Lines, CSV for spreadsheets, Akoma Ntoso a file per document."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

import orjson

from index.csv_rows import FORMULA_STARTS, REST

FORMATS = ("jsonl", "csv", "akn")
# The columns of the CSV, in order; every other key, and every value that is no text, stands as JSON in the last one.
COLUMNS = (
    "id", "text", "session", "theme", "title", "date", "date_end", "kind", "document_kind", "number", "clause_number",
    "verb", "symbol", "body", "place", "source", "address", "url", "language", "resolution", "hijri", "session_title",
)
AKN_ENDING = ".akn.xml"
_FILE_NAME = re.compile(r"[^\w.\-]+")

Rows = Iterable[dict[str, object]]


def export_rows(rows: Rows, format: str, out: BinaryIO | Path) -> int:
    """Write rows as `format` and return how many files or rows were written.

    "jsonl" and "csv" go to a binary stream, and building from them gives the same index again; "akn" goes to a folder,
    one file a document. Raises ValueError for an unknown format or the wrong kind of `out`, OSError of the disk.
    """
    if format not in FORMATS:
        raise ValueError(f"There is no format {format!r}; there are {', '.join(FORMATS)}.")
    if isinstance(out, Path) != (format == "akn"):
        raise ValueError("Akoma Ntoso goes to a folder, one file a document; JSONL and CSV go to one file.")
    if isinstance(out, Path):
        return _write_documents(rows, out)
    write = _write_csv if format == "csv" else _write_jsonl
    return write(rows, out.write)


def _write_jsonl(rows: Rows, write: Callable[[bytes], object]) -> int:
    count = 0
    for row in rows:
        write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
        count += 1
    return count


def _write_csv(rows: Rows, write: Callable[[bytes], object]) -> int:
    """Write a header and a record for each row, with a mark that tells spreadsheets the encoding."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow((*COLUMNS, REST))
    count = 0
    write(b"\xef\xbb\xbf")
    for row in rows:
        cells = {key: value for key, value in row.items() if key in COLUMNS and isinstance(value, str) and value}
        rest = {key: value for key, value in row.items() if key not in cells}
        record = [safe_cell(cells.get(key, "")) for key in COLUMNS]
        writer.writerow([*record, orjson.dumps(rest).decode() if rest else ""])
        count += 1
        if buffer.tell() > 1 << 18:
            write(buffer.getvalue().encode("utf-8"))
            buffer.seek(0)
            buffer.truncate()
    write(buffer.getvalue().encode("utf-8"))
    return count


def safe_cell(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: a ' before what would begin one; reading takes it off."""
    if value.startswith(tuple(FORMULA_STARTS)):
        return f"'{value}"
    if len(value) > 1 and value[0] == "'" and value[1] in FORMULA_STARTS + "'":
        return f"'{value}"  # so that taking one ' off gives this value back
    return value


def _write_documents(rows: Rows, folder: Path) -> int:
    """Write one Akoma Ntoso file a document; rows of a document that do not stand together are brought together."""
    from index.akoma_ntoso import read_document, write_document

    folder.mkdir(parents=True, exist_ok=True)
    names: dict[str, str] = {}  # document → file
    taken: set[str] = set()
    for identity, group in groupby(rows, key=lambda row: str(row.get("resolution") or row["id"])):
        clauses = list(group)
        if identity in names:
            clauses = read_document((folder / names[identity]).read_bytes()) + clauses
        else:
            names[identity] = file_name(identity, taken)
        (folder / names[identity]).write_bytes(write_document(clauses))
    return len(names)


def file_name(identity: str, taken: set[str]) -> str:
    """Return the name of a document's file: its id as a plain name, with a short hash where another one is `taken`."""
    name = _FILE_NAME.sub("-", identity).strip("-.")[:80]
    if not name or name.lower() in taken:
        name = f"{name}-{hashlib.blake2b(identity.encode('utf-8', 'replace'), digest_size=6).hexdigest()}"
    taken.add(name.lower())
    return name + AKN_ENDING
