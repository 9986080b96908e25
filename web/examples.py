"""The examples that the first page and the help page offer: read from `examples.tsv`, each a search to follow."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from web.memory import remembered

TABLE = Path(__file__).with_name("examples.tsv")
TRIES = 3


@dataclass(frozen=True, slots=True)
class Example:
    """One line of the help: the query in Arabic and Latin spelling, and what it does in each language."""

    section: str
    arabic: str
    latin: str
    ar: str
    en: str
    fr: str


@cache
def examples() -> tuple[Example, ...]:
    """Return the table as it stands in the file."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(Example(**row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def sections() -> dict[str, list[Example]]:
    """Return the examples by section, in the order of the table."""
    found: dict[str, list[Example]] = {}
    for example in examples():
        found.setdefault(example.section, []).append(example)
    return found


def first_tries(searcher: Any) -> list[str]:
    """Return three queries that find something in this collection: of the table, else of its own themes."""
    return remembered(searcher, "first tries", lambda: _tries(searcher))


def _tries(searcher: Any) -> list[str]:
    candidates = [row.arabic for row in examples() if row.section == "first"]
    candidates += [label for _, label, _ in sorted(searcher.values("theme"), key=lambda value: -value[2])[:TRIES]]
    return [query for query in candidates if searcher.search(query, limit=0, facets=()).totals["all"]][:TRIES]
