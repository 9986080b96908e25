"""What the parser made of each page, one row a page: for looking over thousands of pages in a spreadsheet.

Pages are parsed in order and in flat memory; where there are many, in other processes beside the one that reads files.
"""

from __future__ import annotations

import csv
import multiprocessing
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from typing import TextIO

from index.cover import cover, share_unassigned
from index.document import CLAUSE_KINDS, Resolution
from index.engine import IndexProblem
from index.export import safe_cell
from index.parse import parse
from index.sources import Fault, Page, Row

COLUMNS = (
    "page", "documents", "id", "kind", "body", "symbol", "title", "clauses", *CLAUSE_KINDS, "citations", "warnings",
    "unassigned", "milliseconds", "said",
)  # fmt: skip
FAULT, LEFT_OUT = "fault", "left out"  # kinds of rows that are no pages; the latter as `index.walk` says it
SEVERAL = " | "  # between the values of several documents on one page
ALONE = 256  # so many pages are parsed here before other processes are worth their start
CHUNK, AHEAD = 64, 6  # pages sent at once, and how many such parcels are on their way

Cells = tuple[str, ...]
Item = Page | Row | Fault


@dataclass(slots=True)
class Counted:
    """What a report was about: pages, those in which no document was found, documents, clauses, warnings, faults."""

    pages: int = 0
    without: int = 0
    documents: int = 0
    clauses: int = 0
    warnings: int = 0
    faults: int = 0


def write_report(
    items: Iterable[Item],
    out: TextIO,
    *,
    kind: str | None = None,
    processes: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Counted:
    """Write the report to `out` and return the counts. What is no page has a row of its own, of the kind "fault", or
    "left out" where it is none: files of other kinds, rows of data.

    Raises `IndexProblem` when a parsing process dies.
    """
    counted = Counted()
    out.write("\ufeff")  # tells spreadsheets the encoding
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows_of(items, kind, processes):
        writer.writerow(map(safe_cell, row))
        _count(counted, row)
        if progress is not None:
            progress(counted.pages)
    return counted


def _count(counted: Counted, row: Cells) -> None:
    kind = row[COLUMNS.index("kind")]
    if kind in (FAULT, LEFT_OUT):
        counted.faults += kind == FAULT
        return
    documents, clauses, warnings = (int(row[COLUMNS.index(name)]) for name in ("documents", "clauses", "warnings"))
    counted.pages += 1
    counted.without += documents == 0
    counted.documents += documents
    counted.clauses += clauses
    counted.warnings += warnings


def rows_of(items: Iterable[Item], kind: str | None = None, processes: int = 1) -> Iterator[Cells]:
    """Yield the row of each page and fault, in order."""
    waiting = iter(items)
    for item in islice(waiting, None if processes < 2 else ALONE):
        yield row_of(item, kind)
    parcels = iter(lambda: list(islice(waiting, CHUNK)), [])
    first = next(parcels, None)
    if first is None:
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, context)
    sent: deque[Future[list[Cells]]] = deque([pool.submit(_rows, first, kind)])
    try:
        for parcel in parcels:
            sent.append(pool.submit(_rows, parcel, kind))
            if len(sent) >= AHEAD:
                yield from sent.popleft().result()
        while sent:
            yield from sent.popleft().result()
    except BrokenProcessPool as problem:
        raise IndexProblem(
            "A process that parses pages has ended unexpectedly. Run the report again with --processes 1; "
            "if it ends too, the memory is short."
        ) from problem
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _rows(items: list[Item], kind: str | None) -> list[Cells]:
    return [row_of(item, kind) for item in items]


def row_of(item: Item, kind: str | None = None) -> Cells:
    """Return the cells of one page, in the order of `COLUMNS`; of a fault or a row of data only what was said."""
    if isinstance(item, Page):
        return _page_row(item, kind)
    place = item.source + (f":{item.line}" if item.line else "")
    if isinstance(item, Row):
        return _said(place, "is a row of JSONL or CSV, no page to parse (skipped)")
    return _said(place, f"{item.problem} ({item.action})", LEFT_OUT if item.action == LEFT_OUT else FAULT)


def _said(place: str, sentence: str, kind: str = LEFT_OUT) -> Cells:
    cells = dict.fromkeys(COLUMNS, "") | {"page": place, "kind": kind, "said": sentence}
    return tuple(cells.values())


def _page_row(page: Page, kind: str | None) -> Cells:
    started = time.perf_counter()
    documents = parse(page.text, source=page.source, kind=kind)
    seconds = time.perf_counter() - started
    clauses = Counter(clause.kind for document in documents for clause in document.clauses)
    warnings = [*page.notes, *(warning.message for document in documents for warning in document.warnings)]
    missing = share_unassigned(page.text, cover(page.text, documents))
    return (
        page.source,
        str(len(documents)),
        _values(documents, "id"),
        _values(documents, "kind"),
        _values(documents, "body"),
        _values(documents, "symbol"),
        _values(documents, "title"),
        str(clauses.total()),
        *(str(clauses[name]) for name in CLAUSE_KINDS),
        str(sum(len(document.citations) for document in documents)),
        str(len(warnings)),
        f"{missing:.4f}",
        f"{1000 * seconds:.2f}",
        SEVERAL.join(warnings) if documents else SEVERAL.join(["no document was found in this page", *warnings]),
    )


def _values(documents: list[Resolution], name: str) -> str:
    return SEVERAL.join(dict.fromkeys(str(getattr(document, name) or "") for document in documents))
