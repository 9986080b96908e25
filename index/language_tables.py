"""Reading the language tables in `data/*.tsv`: one row a line, columns by tab, `#` starts a comment line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


def rows(name: str, columns: int) -> Iterator[tuple[str, ...]]:
    """The rows of `data/<name>.tsv`, padded with empty strings to `columns`."""
    for line in (DATA / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            cells = [cell.strip() for cell in line.split("\t")]
            yield tuple((cells + [""] * columns)[:columns])


@cache
def stop_words() -> frozenset[str]:
    """Folded words without a subject, question words among them: queries drop them outside quotes."""
    return frozenset(word for word, _, _ in rows("stop_words", 3))
