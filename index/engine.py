"""What an engine is: the protocols for reading and writing, the manifest, and opening an index by its address.

Nothing here knows a file path or calls back per document, so that a remote cluster fits as well as a folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Literal, NamedTuple, Protocol, runtime_checkable

from index.clause import Clause

SCHEMA_VERSION = 3  # 2: with the values hijri_year and cites
DEFAULT_ADDRESS = "kashshaf-index"
ENGINES = ("tantivy", "whoosh")

OrderBy = Literal["relevance", "date", "-date"]


class IndexProblem(Exception):
    """An index that cannot be used; the text is one sentence for a person that says what to do next."""


class IndexUnavailable(IndexProblem):
    """An index that cannot be asked now but may be soon; ask again after `retry_after` seconds."""

    retry_after = 10


class Entry(NamedTuple):
    """One clause as an engine is fed with it. Engines never look into the terms."""

    id: str
    terms: dict[str, str]  # term field → its terms in order, joined by one space; "" for none
    values: dict[str, tuple[str, ...]]  # value field → values; fields without a value are left out
    date: int  # yyyymmdd, 0 where there is none
    row: bytes  # the stored row, one JSON object in UTF-8
    words: Sequence[int] = ()  # the word numbers of the text in order, for the re-ranker; see index/words.py


@dataclass(slots=True)
class Manifest:
    """What an index says of itself; it travels with the index and is checked on opening."""

    engine: str
    analyzer: str  # kind: "light" or "snowball"
    fingerprint: str  # of the analyzer's tables and lexicon: another one is refused
    schema: int = SCHEMA_VERSION
    generation: str = ""
    clauses: int = 0
    resolutions: int = 0
    tokens: int = 0  # of all texts, replaced and removed clauses not taken off: the mean length is near enough
    corpus: str = ""  # hash over ids and rows, order-independent
    built: str = ""  # ISO time, UTC
    version: str = ""  # of Kashshaf
    sources: list[dict[str, object]] = field(default_factory=list)
    meaning: dict[str, object] = field(default_factory=dict)  # of the vectors, where there are any: index/meaning/
    files: dict[str, int] = field(default_factory=dict)  # name below the generation → bytes, checked by `verify`
    hashes: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """Return the manifest as a JSON object."""
        return asdict(self)


@dataclass(slots=True)
class Match:
    """One hit of an engine: its id, its score (0 when ordered by date), its ordinal and its stored row as bytes."""

    id: str
    score: float
    ordinal: int
    row: bytes


@dataclass(slots=True)
class Matches:
    """The answer to one search: how many match in all, the slice asked for, and counts per facet value."""

    total: int
    hits: list[Match]
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    partial: bool = False


@runtime_checkable
class Reader(Protocol):
    """An open index: a consistent snapshot that later writes do not change. Safe to use from several threads."""

    manifest: Manifest

    def search(
        self,
        clause: Clause,
        *,
        limit: int,
        offset: int = 0,
        order: OrderBy = "relevance",
        facets: Sequence[str] = (),
        rows: bool = True,
    ) -> Matches:
        """Return the slice [offset, offset + limit) of the matching clauses, with exact total and facet counts.

        Ties keep the order in which clauses were added. "date" is oldest first, "-date" newest first, undated last
        in both. `limit` 0 is allowed. Facet counts include `MISSING`. Without `rows` the hits' rows are b"".
        """

    def rows(self, matches: Sequence[Match]) -> list[bytes]:
        """Return the stored rows of hits that this reader found."""

    def words(self, matches: Sequence[Match]) -> list[Sequence[int]] | None:
        """Return the word numbers of each hit's text in order, as int32 arrays; None where the engine keeps none."""

    def count(self, clause: Clause) -> int:
        """Return how many clauses match, exactly."""

    def vocabulary(self, field: str, prefix: str = "", limit: int | None = None) -> list[tuple[str, int]]:
        """Return (term, number of clauses) of a term or value field in code point order, those with `prefix` only."""

    def frequency(self, field: str, term: str) -> int:
        """Return in how many clauses `term` stands (deleted clauses not yet merged away may be counted)."""

    def fetch(self, ids: Sequence[str]) -> list[bytes | None]:
        """Return the stored rows of these ids, None where there is none."""

    def close(self) -> None:
        """Release files and connections."""


@runtime_checkable
class Scanned(Protocol):
    """A reader that can give all its rows without holding a list of them."""

    def scan(self) -> Iterator[bytes]:
        """Yield every stored row in the order of addition, of one snapshot. Raises `IndexUnavailable` if it is lost."""


@runtime_checkable
class Distant(Protocol):
    """A reader whose every answer takes a way: what will be asked soon is told it in one piece."""

    @property
    def stale(self) -> bool:
        """Return whether to open the index anew: answers were partial, and what was kept of them should not stay."""

    def learn(self, asked: Sequence[tuple[str, str]]) -> None:
        """Take up the frequencies of these (field, term), so that `frequency` answers at once."""


class Writer(Protocol):
    """Writes to one generation; nothing is visible to readers before `commit`."""

    def add(self, entries: Iterable[Entry]) -> None:
        """Add clauses. A known id must have been removed before, in this or an earlier commit."""

    def remove(self, field: str, values: Iterable[str]) -> None:
        """Remove all clauses that hold one of `values` in a value field (`id`, `resolution`), also added ones."""

    def commit(self) -> None:
        """Make everything since the last commit durable and visible in one step."""

    def rollback(self) -> None:
        """Forget everything since the last commit and release the lock."""

    def close(self) -> None:
        """Release the lock; uncommitted work is forgotten."""


def resolve_address(address: str | None) -> str:
    """Return the address to use: the argument, else `KASHSHAF_INDEX`, else `./kashshaf-index`."""
    return address or os.environ.get("KASHSHAF_INDEX") or DEFAULT_ADDRESS
