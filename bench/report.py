"""Figures for people and programs: a Markdown table, and a dated folder of runs that says on what machine."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.machine import describe, revision, slug
from bench.places import CHECKOUT, RUNS


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table, its columns padded so that it reads in a terminal; figures to the right, None as –."""
    texts = [[_text(cell) for cell in row] for row in rows]
    widths = [max(2, len(head), *(len(row[n]) for row in texts)) for n, head in enumerate(heads)]
    right = [all(row[n] is None or isinstance(row[n], (int, float)) for row in rows) for n in range(len(heads))]

    def line(cells: Sequence[str]) -> str:
        padded = (cell.rjust(w) if r else cell.ljust(w) for cell, w, r in zip(cells, widths, right, strict=True))
        return f"| {' | '.join(padded)} |"

    rule = "|" + "|".join("-" * (w + 1) + (":" if r else "-") for w, r in zip(widths, right, strict=True)) + "|"
    return "\n".join([line(heads), rule, *map(line, texts)])


def machine_line(machine: Mapping[str, object]) -> str:
    """Return one sentence on the machine of `bench.machine.describe`."""
    packages = machine["packages"]
    versions = ", ".join(f"{name} {number}" for name, number in packages.items()) if isinstance(packages, dict) else ""
    return (f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB, {machine['system']}; "
            f"Python {machine['python']}; {versions}; load before the run {machine['load_before']}")


def save(name: str, figures: Mapping[str, object], text: str, machine: Mapping[str, object] | None = None) -> Path:
    """Write `name`.json and `name`.md to today's folder of this kind of machine, and return that folder."""
    folder = RUNS / f"{datetime.date.today().isoformat()}-{slug()}"
    folder.mkdir(parents=True, exist_ok=True)
    told = dict(machine or describe())
    whole = {"date": datetime.date.today().isoformat(), "revision": revision(CHECKOUT), "machine": told} | dict(figures)
    (folder / f"{name}.json").write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", "utf-8")
    (folder / f"{name}.md").write_text(f"{text}\n\n{machine_line(told)}\n", "utf-8")
    return folder


def _text(cell: object) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 1_000 else f"{cell:.1f}" if abs(cell) >= 20 else f"{cell:.3f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
