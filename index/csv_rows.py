"""CSV with a header row → rows, the same as from JSON Lines. Separators , ; and tab are told apart by the header."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

import orjson

from index.encoding import BinaryData, decode_bytes
from index.jsonl import check_row
from index.line_blocks import line_blocks
from index.source_items import Fault, Row
from index.source_limits import Limits, shown_bytes

SEPARATORS = ",;\t"
# What a spreadsheet takes for the beginning of a formula; the export puts ' before it.
# Source: OWASP, "CSV Injection", the full-width forms included.
FORMULA_STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
REST = "more"  # the column in which the export keeps as JSON what has no column of its own


def read_csv(stream: BinaryIO, source: str, shown: str, limits: Limits) -> Iterator[Row | Fault]:
    """Yield a Row for every record that has id and text, a Fault for every other; the first record names the columns.

    An empty cell is no value. A leading ' that the export put before a formula is taken off again.
    """
    csv.field_size_limit(limits.line_bytes)
    lines = _Lines(stream, limits)
    records = csv.reader(lines, delimiter=lines.separator, strict=True)
    header: list[str] | None = None
    while True:
        first = lines.number + 1
        try:
            record = next(records)
        except StopIteration:
            break
        except csv.Error as problem:
            yield Fault(shown, first, f"the record is no CSV ({problem})", "skipped")
            records = csv.reader(lines, delimiter=lines.separator, strict=True)
            continue
        finally:
            while lines.faults:
                line, problem_text = lines.faults.pop(0)
                yield Fault(shown, line, problem_text, "skipped")
        if header is None:
            header = [name.strip().removeprefix("\ufeff") for name in record]
            if "id" not in header or "text" not in header:
                yield Fault(shown, first, f"the first record must name the columns, id and text among them; it says "
                                          f"{', '.join(header[:8])}", "skipped")
                return
            continue
        if not any(cell.strip() for cell in record):
            continue
        if len(record) > len(header):
            yield Fault(shown, first, f"the record has {len(record)} cells, the header {len(header)}", "skipped")
            continue
        data: dict[str, object] = {
            name: _unquoted(cell) for name, cell in zip(header, record, strict=False) if name and cell}
        data |= _rest(data.pop(REST, ""))
        yield check_row(data, source, shown, first, limits)


def _rest(cell: object) -> dict[str, object]:
    """Return the keys that the export kept as JSON; a column of that name with other contents stays a column."""
    try:
        found = orjson.loads(str(cell))
    except orjson.JSONDecodeError:
        found = None
    if isinstance(found, dict):
        return found
    return {REST: cell} if cell else {}


def _unquoted(cell: str) -> str:
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in FORMULA_STARTS + "'" else cell


class _Lines(Iterator[str]):
    """The lines of a CSV file as text, each in its own encoding, counted."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self.number = 0
        self.faults: list[tuple[int | None, str]] = []
        self._limits = limits
        self._lines = self._read(stream)
        self._first = next(self._lines, "")
        names = self._first.split("\n")[0]
        self.separator = max(SEPARATORS, key=lambda each: (names.count(each), -SEPARATORS.index(each)))
        self._pending = bool(self._first)

    def __next__(self) -> str:
        """Return the next line with its end."""
        if self._pending:
            self._pending = False
            line = self._first
        else:
            line = next(self._lines)
        self.number += 1
        return line

    def _read(self, stream: BinaryIO) -> Iterator[str]:
        number = 0
        for block in line_blocks(stream, self._limits.line_bytes):
            if isinstance(block, str):
                raise BinaryData(block)
            if isinstance(block, int):
                number += 1
                self.faults.append((number, f"the line holds {shown_bytes(block)}, more than the limit of "
                                            f"{shown_bytes(self._limits.line_bytes)}"))
                continue
            try:
                text = block.decode("utf-8")
            except UnicodeDecodeError:
                text = decode_bytes(block).text
            for line in io.StringIO(text, newline="\n"):
                number += 1
                yield line if line.endswith("\n") else line + "\n"
