"""Measured rows on file: `bench/runs/<date and machine>/speed.json`, newer rows replace older ones of the day."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.machine import slug
from bench.places import RUNS
from bench.report import save
from bench.rows import Row, row_from, rows_table


def keep(rows: Sequence[Row], machine: Mapping[str, object]) -> Path:
    """Write rows to today's file of this kind of machine, over those of the same measurement; return its folder."""
    import datetime

    folder = RUNS / f"{datetime.date.today().isoformat()}-{slug()}"
    known = {row.key(): row for row in read(folder)}
    known |= {row.key(): row for row in rows}
    merged = sorted(known.values(), key=lambda row: row.part)
    return save("speed", {"rows": [row.to_json() for row in merged]}, rows_table(merged), machine)


def read(folder: Path) -> list[Row]:
    """Return the rows on file in a folder of runs; empty where there is no such file."""
    path = folder / "speed.json"
    data = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return [row_from(row) for row in data.get("rows", ())]


def newest() -> tuple[Path, dict[str, object], list[Row]] | None:
    """Return the newest run with such rows: its folder, what it says of itself, and its rows; None without any."""
    for folder in sorted(RUNS.iterdir(), reverse=True):
        rows = read(folder)
        if rows:
            return folder, json.loads((folder / "speed.json").read_text("utf-8")), rows
    return None
