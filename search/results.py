"""What a search answers with: `Results`, its `Hit`s and `Facet`s, and their JSON form (schema 1, fixed)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.problem import Problem

JSON_SCHEMA = 1

# Keys of a row that a hit shows first, in this order; every other key of the row follows.
_HIT_KEYS = ("session", "theme", "title", "kind", "number", "symbol", "date")


@dataclass(slots=True)
class Hit:
    """One clause found. `highlights` are whole words, [start, end) in code points of `text`.

    `snippet` is the part of a long text to show first; None for a text that is shown whole. `score` is 0 when the
    order is not relevance. `explanation` is filled on request: what gave how much of the score.
    """

    id: str
    score: float
    text: str
    highlights: list[tuple[int, int]]
    row: Mapping[str, object]
    snippet: tuple[int, int] | None = None
    explanation: list[dict[str, object]] | None = None

    def to_json(self) -> dict[str, object]:
        """Return the hit as one JSON object."""
        data: dict[str, object] = {
            "id": self.id,
            "score": round(self.score, 6),
            "text": self.text,
            "highlights": [list(span) for span in self.highlights],
        }
        data |= {key: self.row.get(key) for key in _HIT_KEYS}
        data |= {key: value for key, value in self.row.items() if key not in data}
        if self.snippet:
            data["snippet"] = list(self.snippet)
        if self.explanation is not None:
            data["explanation"] = self.explanation
        return data


@dataclass(slots=True)  # not frozen: that takes three times as long, and a page has hundreds
class Facet:
    """One value of a facet: how many clauses the query finds with it, the field's own filter left aside."""

    value: str
    label: str
    count: int
    selected: bool = False

    def to_json(self) -> dict[str, object]:
        """Return the facet value as one JSON object."""
        return {"value": self.value, "label": self.label, "count": self.count, "selected": self.selected}


@dataclass(slots=True, frozen=True)
class Expanded:
    """A name in the query that was searched under its other names as well; start and end lie in the query."""

    typed: str
    alternatives: tuple[str, ...]
    start: int = 0
    end: int = 0
    why: str = ""


@dataclass(slots=True, frozen=True)
class Suggestion:
    """Another query worth trying, with how many clauses it finds. Offered, never substituted."""

    query: str
    count: int
    why: str


@dataclass(slots=True)
class Results:
    """The answer to one search."""

    query: str
    echo: str = ""
    echo_en: str = ""
    echo_fr: str = ""
    total: int = 0
    totals: dict[str, int] = field(default_factory=lambda: {"all": 0, "any": 0})
    took_ms: float = 0.0
    problems: Sequence[Problem] = ()
    hits: list[Hit] = field(default_factory=list)
    facets: dict[str, list[Facet]] = field(default_factory=dict)
    page: int = 1
    limit: int = 10
    expansions: list[Expanded] = field(default_factory=list)
    suggestions: list[Suggestion] = field(default_factory=list)
    partial: bool = False
    nearest: list[Hit] = field(default_factory=list)  # near in meaning, never in `hits`; scores are cosines
    meaning_only: bool = False  # `nearest` is the whole answer

    @property
    def pages(self) -> int:
        """Return how many pages of `limit` hits there are."""
        return -(-self.total // self.limit) if self.limit else 0

    @property
    def main_list(self) -> list[Hit]:
        """Return the list that was asked for: the found clauses, or the near ones where only those were."""
        return self.nearest if self.meaning_only else self.hits

    def to_json(self) -> dict[str, object]:
        """Return the results as one JSON object of schema 1."""
        return {
            "schema": JSON_SCHEMA,
            "query": self.query,
            "echo": self.echo,
            "echo_en": self.echo_en,
            "echo_fr": self.echo_fr,
            "total": self.total,
            "totals": self.totals,
            "took_ms": round(self.took_ms, 3),
            "page": self.page,
            "pages": self.pages,
            "limit": self.limit,
            "partial": self.partial,
            "problems": [
                {
                    "message": p.message,
                    "message_en": p.message_en,
                    "message_fr": p.message_fr,
                    "code": p.code,
                    "start": p.start,
                    "end": p.end,
                }
                for p in self.problems
            ],
            "expansions": [
                {"typed": e.typed, "alternatives": list(e.alternatives), "start": e.start, "end": e.end, "why": e.why}
                for e in self.expansions
            ],
            "suggestions": [{"query": s.query, "count": s.count, "why": s.why} for s in self.suggestions],
            "hits": [hit.to_json() for hit in self.hits],
            "nearest": [hit.to_json() for hit in self.nearest],
            "facets": {name: [value.to_json() for value in values] for name, values in self.facets.items()},
        }
