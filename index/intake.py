"""What goes into an index: pages and rows → new rows in batches, with faults told and everything counted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from index.analysis import Analyzer
from index.clause import TERM_FIELDS
from index.document import Resolution
from index.engine import Entry, IndexProblem, Manifest
from index.seen_ids import SeenIds
from index.sources import Fault, Page, Row
from index.words import WordNumbers

LEFT_OUT = "left out"  # what `index.walk` says of files of other kinds
# Documents whose pages are joined at once; a page that goes on from one this far back stays a document of its own.
MERGED_AT_ONCE = 20_000
BATCH = 512  # clauses handed on at a time
COUNTED_AT_ONCE = 1_000_000  # tokens, because counting costs as much as there are distinct words

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
    notes: list[str] = field(default_factory=list)  # what a person should hear of the run, one sentence each


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
    fields: Sequence[str] = TERM_FIELDS
    seen: SeenIds = field(default_factory=SeenIds)
    resolutions: set[str] = field(default_factory=set)
    corpus: int = 0
    tokens: int = 0
    _counts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    _uncounted: list[NDArray[np.int32]] = field(default_factory=list)
    _counted: int = 0  # tokens

    def batches(self, found: Found) -> Iterator[list[dict[str, object]]]:
        """Yield the new rows in batches; faults, pages without a clause and repeated ids are told and skipped."""
        batch: list[dict[str, object]] = []
        for source, line, row in self._rows(found):
            if not self.seen.add(str(row["id"])):
                self.fault(Fault(source, line, f"the id {str(row['id'])!r} stands twice", "skipped, the first stays"))
                continue
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
            self._uncounted.append(np.asarray(entry.words, np.int32))
        if self.tokens >= self._counted + COUNTED_AT_ONCE:
            self._count_words()
        self.report.clauses += len(batch)
        self.progress(self.report.clauses)

    def word_counts(self) -> NDArray[np.int64]:
        """Return how often each word stands in the texts so far; the place is its number."""
        self._count_words()
        return self._counts

    def _count_words(self) -> None:
        if self.tokens > self._counted:
            added = np.bincount(np.concatenate(self._uncounted), minlength=len(self._counts))
            added[: len(self._counts)] += self._counts
            self._counts = added
        self._uncounted.clear()
        self._counted = self.tokens

    def _rows(self, found: Found) -> Iterator[tuple[str, int | None, dict[str, object]]]:
        parsed: list[tuple[str, Resolution]] = []
        for item in found:
            if isinstance(item, Fault):
                self.fault(item)
            elif isinstance(item, Row):
                yield item.source, item.line, item.data
            else:
                parsed += self._parsed(item)
                if len(parsed) >= MERGED_AT_ONCE:
                    yield from self._merged(parsed)
                    parsed = []
        yield from self._merged(parsed)

    def _parsed(self, page: Page) -> list[tuple[str, Resolution]]:
        from index.parse import parse

        self.report.pages += 1
        self.report.warnings += len(page.notes)
        resolutions = parse(page.text, source=page.source, kind=self.kind)
        if not any(resolution.clauses for resolution in resolutions):
            self.fault(Fault(page.source, None, "no clause was found in this page", "skipped"))
        return [(page.source, resolution) for resolution in resolutions]

    def _merged(self, parsed: list[tuple[str, Resolution]]) -> Iterator[tuple[str, int | None, dict[str, object]]]:
        """Pages that go on from others are joined with them, mirrors of one page become one document."""
        if not parsed:
            return
        from index.document import clause_rows
        from index.merge import merge

        for resolution in merge(resolution for _, resolution in parsed):
            self.report.warnings += len(resolution.warnings)
            for row in clause_rows(resolution):
                yield str(row.get("address") or row.get("source") or resolution.id), None, row

    def fault(self, fault: Fault) -> None:
        """Tell a fault; with `strict` it ends the run. Files of other kinds in a folder are told but no fault."""
        self.tell(fault)
        if fault.action == LEFT_OUT:
            return
        self.report.faults.append(fault)
        if self.strict:
            raise StrictProblem(
                "Nothing was changed, because --strict forbids faulty input. "
                "Mend the source named above, or leave --strict out."
            )


def row_hash(row: bytes) -> int:
    """Return 64 bits of a stored row; xor over all rows is the corpus hash, whatever their order."""
    return int.from_bytes(hashlib.blake2b(row, digest_size=8).digest())
