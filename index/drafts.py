"""What the walks over a body produce: clauses in folded offsets, before they get ids and raw offsets."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Draft:
    """A clause in folded offsets. `label_start` is where its printed number begins,
    `annex` the annex it stands in ("" outside).
    """

    kind: str
    number: str | None
    start: int
    end: int
    verb: tuple[int, int] | None = None
    label_start: int = -1
    annex: str | None = None
    parent: str | None = None
    style: str = ""


@dataclass(slots=True)
class Body:
    """The clauses of a body, its formula, and what was noticed on the way."""

    drafts: list[Draft] = field(default_factory=list)
    formula: tuple[int, int] | None = None
    leading: bool = False  # the body begins in mid-clause
    dangling: str | None = None
    restarts: list[tuple[str, int]] = field(default_factory=list)
    closing: list[tuple[int, int]] = field(default_factory=list)  # "حررت في جدة …" and the like
    decided: list[tuple[int, int]] = field(
        default_factory=list
    )  # "يقرر:", on its own line or at the end of a preamble paragraph
