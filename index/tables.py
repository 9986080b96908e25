"""Reads the tables of language facts that lie as .tsv files in index/data."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_DATA = Path(__file__).with_name("data")


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of index/data/<name>.tsv as dicts by column name; lines that begin with '#' are remarks."""
    lines = [
        line.split("\t")
        for line in (_DATA / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    ]
    head = lines[0]
    return tuple(dict(zip(head, (cell.strip() for cell in line), strict=False)) for line in lines[1:])
