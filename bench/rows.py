"""One measured figure beside its peer's: what, of which collection, both values, ratio, and whether it will do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median

from bench.report import table


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the issue's table. `goal` bounds the ratio where there is a peer, else our own value.

    `more` says that larger is better (rates); else smaller is (milliseconds, bytes). `peer` None: nothing to compare.
    """

    part: str
    what: str
    collection: str
    unit: str
    ours: float
    peer: float | None = None
    peer_name: str = ""
    goal: float | None = None
    more: bool = False

    @property
    def ratio(self) -> float | None:
        """Return ours ÷ peer's."""
        return self.ours / self.peer if self.peer else None

    @property
    def met(self) -> bool | None:
        """Say whether the goal is reached; None where there is none."""
        if self.goal is None:
            return None
        value = self.ours if self.ratio is None else self.ratio
        return value >= self.goal if self.more else value <= self.goal

    def key(self) -> tuple[str, str, str, str]:
        """Return what two runs of the same measurement share."""
        return self.part, self.what, self.collection, self.peer_name

    def to_json(self) -> dict[str, object]:
        """Return the row as it is kept in runs/."""
        return asdict(self)


def row_from(data: Mapping[str, object]) -> Row:
    """Return the row that `to_json` gave."""
    return Row(**data)  # type: ignore[arg-type]


def middle(values: Sequence[float]) -> float:
    """Return the median of repetitions, to three places."""
    return round(median(values), 4)


def rows_table(rows: Sequence[Row]) -> str:
    """Return a Markdown table of rows: ours, the peer's, ratio, goal, and whether it is met."""
    cells = []
    for row in rows:
        sign = "≥" if row.more else "≤"
        goal = "–" if row.goal is None else f"{sign} {row.goal:g}" + (" ×" if row.peer else f" {row.unit}")
        told = {True: "yes", False: "no", None: "–"}[row.met]
        peer = f"{row.peer_name}" if row.peer is not None else "–"
        ratio = None if row.ratio is None else f"{row.ratio:.2f} ×"
        cells.append([row.what, row.collection, row.unit, row.ours, row.peer, ratio, goal, told, peer])
    heads = ("what", "of", "unit", "ours", "peer", "ratio", "goal", "met", "the peer")
    return table(heads, cells)
