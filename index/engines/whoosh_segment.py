"""A Whoosh segment: making one from clauses or from smaller segments, and reading its postings and numbers.

Clauses are collected as numbers of their terms and turned into posting lists by sorting all of a field at once, instead
of one Python call per posting. Beside Whoosh's files a segment has one of numbers, `.num`: little-endian u32, one row
for each of `COLUMNS`, one column for each document.
"""

# Whoosh is typed in part only.
# mypy: allow-untyped-calls

from __future__ import annotations

import mmap
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec
from whoosh.fields import FieldType, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.formats import Existence
from whoosh.index import _DEF_INDEX_NAME as INDEX_NAME
from whoosh.reading import SegmentReader, TermNotFound

from index.clause import POSITIONAL_FIELDS, TERM_FIELDS, VALUE_FIELDS
from index.engine import Entry
from index.engines.fields import all_values
from index.engines.whoosh_codec import NO_POSTINGS, ArrayCodec, Places, Postings, unpack

COLUMNS = ("ordinal", "date", *TERM_FIELDS)  # a term field's number is its length
NUMBERS_EXT = ".num"
ALL_FIELDS = sorted(TERM_FIELDS + VALUE_FIELDS)


class _MappedFile(StructFile):
    """A file of Whoosh's whose bytes are taken from a mapping: five readings for a term cost no call of the system."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.open("rb"), name=path.name)
        self._bytes = mapped(path)

    def get(self, position: int, length: int) -> bytes:
        """Return some bytes of the file."""
        return self._bytes[position:position + length]


class MappedStorage(FileStorage):
    """A folder whose files are mapped when they are read."""

    def open_file(self, name: str, **options: Any) -> StructFile:
        """Return an open file."""
        return _MappedFile(Path(self.folder, name))


def mapped(path: Path) -> bytes | mmap.mmap:
    """Return a file's bytes as a mapping."""
    with path.open("rb") as file:
        empty = not file.seek(0, 2)
        return b"" if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def schema() -> Schema:
    """Return the schema of every index: fields of terms that come ready, so that there is no analyzer anywhere."""
    return Schema(**{field: FieldType(Places() if field in POSITIONAL_FIELDS else Existence(), None)  # type: ignore[arg-type]
                     for field in ALL_FIELDS})


class _Numbering(dict[str, int]):
    """Numbers the terms of a field in the order in which they come."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


class Batch:
    """Clauses on their way into one segment."""

    def __init__(self) -> None:
        self.numbering = {field: _Numbering() for field in ALL_FIELDS}
        self.terms = {field: array("I") for field in ALL_FIELDS}
        self.lengths = {field: array("I") for field in ALL_FIELDS}
        self.ordinals, self.dates = array("I"), array("I")
        self.removed: set[int] = set()
        self.size = 0  # in terms

    def __len__(self) -> int:
        return len(self.ordinals)

    def add(self, entry: Entry, ordinal: int) -> None:
        """Take a clause in."""
        words = {field: entry.terms[field].split(" ") if entry.terms.get(field) else [] for field in TERM_FIELDS}
        for field, terms in (words | all_values(entry)).items():
            numbering = self.numbering[field]
            self.terms[field].extend([numbering[term] for term in terms])
            self.lengths[field].append(len(terms))
            self.size += len(terms)
        self.ordinals.append(ordinal)
        self.dates.append(entry.date)

    def remove(self, field: str, value: str) -> None:
        """Mark the clauses that hold a value as removed."""
        if value in self.numbering[field]:
            documents = np.repeat(np.arange(len(self)), np.frombuffer(self.lengths[field], np.uint32))
            held = np.frombuffer(self.terms[field], np.uint32) == self.numbering[field][value]
            self.removed.update(documents[held].tolist())

    def postings(self, field: str) -> Iterator[tuple[bytes, Postings]]:
        """Yield the terms of a field in the order of their bytes, which is the order of code points, with postings."""
        order = sorted(self.numbering[field])
        rank = np.empty(len(order), np.uint32)
        rank[[self.numbering[field][term] for term in order]] = np.arange(len(order), dtype=np.uint32)
        lengths = np.frombuffer(self.lengths[field], np.uint32).astype(np.int64)
        ranks = rank[np.frombuffer(self.terms[field], np.uint32)]
        places = np.arange(len(ranks)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        by_term = np.argsort(ranks, kind="stable")
        documents = np.repeat(np.arange(len(self), dtype=np.uint32), lengths)[by_term]
        return _grouped(order, ranks[by_term], documents,
                        places[by_term].astype(np.uint32) if field in POSITIONAL_FIELDS else None)

    def numbers(self) -> NDArray[np.uint32]:
        """Return the table of `COLUMNS`."""
        return np.array([self.ordinals, self.dates, *(self.lengths[field] for field in TERM_FIELDS)], np.uint32)


def _grouped(order: list[str], ranks: NDArray[np.uint32], documents: NDArray[np.uint32],
             places: NDArray[np.uint32] | None) -> Iterator[tuple[bytes, Postings]]:
    """Yield (term, postings) from occurrences that are sorted by term, document and place."""
    if not len(ranks):
        return
    new = np.ones(len(ranks), bool)
    new[1:] = (ranks[1:] != ranks[:-1]) | (documents[1:] != documents[:-1])
    starts = np.flatnonzero(new)  # of each posting among the occurrences
    counts = np.diff(starts, append=len(ranks)).astype(np.uint32)
    documents = documents[starts]
    firsts = np.searchsorted(ranks[starts], np.arange(len(order) + 1))  # of each term among the postings
    edges = np.append(starts, len(ranks))[firsts].tolist()
    bounds = firsts.tolist()
    for number, term in enumerate(order):
        first, end = bounds[number], bounds[number + 1]
        held = NO_POSTINGS.places if places is None else places[edges[number]:edges[number + 1]]
        yield term.encode(), Postings(documents[first:end], counts[first:end], held)


def _write(storage: MappedStorage, numbers: NDArray[np.uint32],
           fields: Iterator[tuple[str, Iterator[tuple[bytes, Postings]]]]) -> Any:
    """Return a new segment, whose files are complete but which no table of contents names yet."""
    codec = ArrayCodec()
    segment = codec.new_segment(storage, INDEX_NAME)
    documents = codec.per_document_writer(storage, segment)
    for document in range(numbers.shape[1]):
        documents.start_doc(document)
        documents.finish_doc()
    documents.close()
    writer = codec.field_writer(storage, segment)
    layout = schema()
    for field, terms in fields:
        writer.start_field(field, layout[field])
        for term, postings in terms:
            writer.add_term(term, postings)
        writer.finish_field()
    writer.close()
    file = segment.create_file(storage, NUMBERS_EXT)
    file.write(numbers.astype("<u4").tobytes())
    file.close()
    segment.set_doc_count(numbers.shape[1])
    return segment


def write_batch(storage: MappedStorage, batch: Batch) -> Any:
    """Return a new segment of these clauses."""
    segment = _write(storage, batch.numbers(), ((field, batch.postings(field)) for field in ALL_FIELDS))
    for document in batch.removed:
        segment.delete_document(document)
    return segment


class SegmentFiles:
    """An open segment: its term dictionary through Whoosh, its postings and numbers from mapped files."""

    def __init__(self, storage: MappedStorage, layout: Schema, segment: Any) -> None:
        self.reader = SegmentReader(storage, layout, segment)
        self._postings = mapped(Path(storage.folder, segment.make_filename(W3Codec.POSTS_EXT)))
        self.size: int = segment.doc_count_all()
        data = mapped(Path(storage.folder, segment.make_filename(NUMBERS_EXT)))
        table = np.frombuffer(data, "<u4").reshape(len(COLUMNS), self.size)
        self.numbers: dict[str, NDArray[np.uint32]] = dict(zip(COLUMNS, table, strict=True))
        self.alive = np.ones(self.size, bool)
        self.alive[list(segment.deleted_docs())] = False
        self.has_removed = not self.alive.all()

    def postings(self, field: str, term: bytes) -> Postings:
        """Return the postings of a term, removed documents among them; empty where the term is unknown."""
        try:
            info: Any = self.reader.term_info(field, term)
        except TermNotFound:
            return NO_POSTINGS
        return unpack(self._postings, info.extent()[0])

    def terms(self, field: str, prefix: bytes = b"") -> Iterator[bytes]:
        """Yield the terms of a field that start with `prefix`, in the order of their bytes."""
        for name, term in self.reader.terms_from(field, prefix):
            if name != field or not term.startswith(prefix):
                return
            yield term

    def counted_terms(self, field: str, prefix: bytes) -> Iterator[tuple[bytes, int]]:
        """Yield (term, number of its documents that are not removed) of the terms with a prefix, none with 0."""
        for (name, term), info in self.reader.iter_from(field, prefix):
            if name != field or not term.startswith(prefix):
                return
            held = int(info.doc_frequency())
            if self.has_removed:
                held = int(self.alive[self.postings(field, term).documents].sum())
            if held:
                yield term, held

    def frequency(self, field: str, term: bytes) -> int:
        """Return in how many documents a term stands, removed ones among them."""
        return int(self.reader.doc_frequency(field, term))

    def close(self) -> None:
        """Close Whoosh's files; mapped ones go when nobody looks at them any more."""
        self.reader.close()


def join(storage: MappedStorage, segments: Sequence[Any]) -> Any:
    """Return one new segment in place of several, without the documents removed from them."""
    layout = schema()
    files = [SegmentFiles(storage, layout, segment) for segment in segments]
    kept = [np.flatnonzero(file.alive) for file in files]
    starts = np.cumsum([0, *map(len, kept)])
    new = [np.where(file.alive, np.cumsum(file.alive) - 1 + start, 0).astype(np.uint32)
           for file, start in zip(files, starts[:-1], strict=True)]
    numbers = np.concatenate([np.array([file.numbers[name] for name in COLUMNS])[:, alive]
                              for file, alive in zip(files, kept, strict=True)], axis=1)
    joined = _write(storage, numbers, ((field, _joined_terms(files, new, field)) for field in ALL_FIELDS))
    for file in files:
        file.close()
    return joined


def _joined_terms(files: Sequence[SegmentFiles], new: Sequence[NDArray[np.uint32]],
                  field: str) -> Iterator[tuple[bytes, Postings]]:
    for term in sorted({term for file in files for term in file.terms(field)}):
        parts = []
        for file, renumbered in zip(files, new, strict=True):
            found = file.postings(field, term)
            alive = file.alive[found.documents]
            places = found.places[np.repeat(alive, found.counts)] if len(found.places) else found.places
            parts.append(Postings(renumbered[found.documents[alive]], found.counts[alive], places))
        if any(len(part.documents) for part in parts):
            yield term, Postings(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))
