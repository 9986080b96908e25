"""Reads the tables in tests/cases: input, expected, why; `<U+XXXX>` stands for a code point that cannot be seen."""

from __future__ import annotations

import re
from pathlib import Path

CASES = Path(__file__).parent / "cases"
_CODE_POINT = re.compile(r"<U\+([0-9A-F]{4,6})>")


def cases(name: str) -> list[tuple[str, str, str]]:
    """The rows of tests/cases/<name>.tsv as (input, expected, why)."""
    rows = []
    for line in (CASES / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            cells = [_CODE_POINT.sub(lambda match: chr(int(match[1], 16)), cell) for cell in line.split("\t")]
            rows.append((cells[0], cells[1], cells[2]))
    return rows
