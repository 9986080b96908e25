"""What goes into an index: pages and rows → new rows in batches, with faults told and everything counted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from index.analysis import Analyzer
from index.engine import Entry, IndexProblem, Manifest
from index.sources import Fault, Page, Row
from index.words import WordNumbers

BATCH = 512  # clauses handed on at a time

Found = Iterable[Page | Row | Fault]


class StrictProblem(IndexProblem):
    """A source was faulty and `strict` forbids to go on; the old index stays."""


@dataclass(slots=True)
class Report:
    """What a run did: counts, and the faults in order (each was told to `tell` when it was found)."""

    clauses: int = 0
    pages: int = 0
    replaced: int = 0
    faults: list[Fault] = field(default_factory=list)
    warnings: int = 0
    manifest: Manifest | None = None


@dataclass(slots=True)
class Intake:
    """One pass over the sources: what was seen, what is told."""

    analyzer: Analyzer
    numbers: WordNumbers
    report: Report
    tell: Callable[[Fault], None]
    progress: Callable[[int], None]
    strict: bool
    kind: str | None = None
    processes: int = 1
    seen: set[int] = field(default_factory=set)
    resolutions: set[str] = field(default_factory=set)
    corpus: int = 0
    tokens: int = 0
    counts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    def batches(self, found: Found) -> Iterator[list[dict[str, object]]]:
        """Yield the new rows in batches; faults, pages without a clause and repeated ids are told and skipped."""
        batch: list[dict[str, object]] = []
        for source, line, row in self._rows(found):
            key = int.from_bytes(hashlib.blake2b(str(row["id"]).encode(), digest_size=8).digest())
            if key in self.seen:
                self.fault(Fault(source, line, f"the id {str(row['id'])!r} stands twice", "skipped, the first stays"))
                continue
            self.seen.add(key)
            batch.append(row)
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def count(self, batch: Sequence[Entry]) -> None:
        """Add a batch to the counts: clauses, resolutions, tokens, how often each word stands, the corpus hash."""
        for entry in batch:
            self.resolutions.update(entry.values.get("resolution", ()))
            self.corpus ^= row_hash(entry.row)
            self.tokens += len(entry.words)
        numbers = np.fromiter(chain.from_iterable(entry.words for entry in batch), np.int64)
        if len(numbers):
            added = np.bincount(numbers, minlength=len(self.counts))
            added[: len(self.counts)] += self.counts
            self.counts = added
        self.report.clauses += len(batch)
        self.progress(self.report.clauses)

    def _rows(self, found: Found) -> Iterator[tuple[str, int | None, dict[str, object]]]:
        from index.document import clause_rows
        from index.parse import parse

        for item in found:
            if isinstance(item, Fault):
                self.fault(item)
            elif isinstance(item, Row):
                yield item.source, item.line, item.data
            else:
                self.report.pages += 1
                resolutions = parse(item.text, source=item.source, kind=self.kind)
                if not any(resolution.clauses for resolution in resolutions):
                    self.fault(Fault(item.source, None, "no clause was found in this page", "skipped"))
                for resolution in resolutions:
                    self.report.warnings += len(resolution.warnings)
                    for row in clause_rows(resolution):
                        yield item.source, None, row

    def fault(self, fault: Fault) -> None:
        """Tell a fault; with `strict` it ends the run."""
        self.report.faults.append(fault)
        self.tell(fault)
        if self.strict:
            raise StrictProblem(
                "Nothing was changed, because --strict forbids faulty input. "
                "Mend the source named above, or leave --strict out."
            )


def row_hash(row: bytes) -> int:
    """Return 64 bits of a stored row; xor over all rows is the corpus hash, whatever their order."""
    return int.from_bytes(hashlib.blake2b(row, digest_size=8).digest())
