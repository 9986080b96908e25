"""`python -m bench.performance_page`: docs/performance.md and its picture, written from the newest run on file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from bench.growth_picture import Line, picture
from bench.places import CHECKOUT
from bench.report import machine_line, table
from bench.rows import Row, rows_table
from bench.runs_on_file import newest

PAGE = CHECKOUT / "docs" / "performance.md"
PICTURE = CHECKOUT / "docs" / "pictures" / "growth.svg"
TITLES = {
    "analysis": "Analysis", "building": "Building", "memory": "Memory", "size": "Size", "query": "One field, by class",
    "page": "Whole pages", "lights": "Facets and highlights", "process": "A whole command",
    "adding": "One clause more", "web": "The results page over HTTP", "whoosh": "The engine Whoosh",
}  # fmt: skip
HEAD = """# Speed, memory and size, beside others

Written by `python -m bench.performance_page` from `bench/runs`; do not change it by hand. Each figure stands beside its
peer's of the same run: repetitions alternate, medians are compared, ratios are what counts, because a machine is as
busy for one as for the other. The collections are made of real texts (`bench/corpora.py` says how words stay as
frequent and as new as in nature): S 12,500 clauses, A 125,000 (79 MB of text), B 1,250,000 (701 MB), 20 to 80 words
each.
"""
PEERS = """## How it was measured

* **Lucene** 9.9.1 is fetched by Maven and run by a small Java program (`bench/lucene/`): ArabicAnalyzer, BM25, one text
  field, stored texts, matches counted exactly, its JVM warmed up by 300 questions before it is timed. "New process" is
  its first pass in a fresh JVM, "warm" its best one.
* **SQLite FTS5** is asked through apsw as a whole process; it is given our folded words, so that it finds as much.
* **Datasette** serves the same texts with FTS5 and one facet; **Whoosh** is used as its manual says, our stems given.
* Memory is the largest sum over all processes of a run, shared pages divided among them (PSS).
* "One field" asks our engine by stems alone, from the typed words to ten hits with their texts, counted exactly; "full
  ranking" is what a reader gets: re-ranked, highlighted, both totals, three facets.

Again: `python -m bench.speed` (of A), `python -m bench.speed --size B`, `python -m bench.speed --growth`;
`--parts` takes some of it. What each lever gave is told in `docs/decisions/0008-speed.md` and `0011-query-speed.md`.
"""
NOTHING = "\nNo run is on file yet: `python -m bench.speed` makes one.\n\n"


def page(found: tuple[Path, dict[str, object], list[Row]] | None) -> str:
    """Return the page of a run (folder, what it says of itself, rows), or one that says that there is none."""
    if found is None:
        return HEAD + NOTHING + PEERS
    folder, told, rows = found
    machine = cast(dict[str, object], told["machine"])
    where = folder.relative_to(CHECKOUT).as_posix()
    parts = [HEAD, f"Measured on {told['date']}: {machine_line(machine)}. All figures: `{where}/speed.json`.\n",
             "## Goals\n", _goals(rows)]
    for part, title in TITLES.items():
        own = [row for row in rows if row.part == part]
        if own:
            parts += [f"## {title}\n", rows_table(own) + "\n"]
    grown = [row for row in rows if row.part == "growth"]
    if grown:
        parts += ["## Growth\n", "![Growth from 125 thousand to 5 million clauses](pictures/growth.svg)\n",
                  "Dotted: growth in proportion to the first point. One composition throughout.\n",
                  _growth(grown) + "\n"]
    return "\n".join([*parts, PEERS])


def _goals(rows: Sequence[Row]) -> str:
    judged = [row for row in rows if row.met is not None]
    reached = [row for row in judged if row.met]
    missed = [row for row in judged if not row.met]
    lines = [f"{len(reached)} of {len(judged)} goals are reached."]
    if missed:
        lines += ["Not reached:\n", rows_table(missed)]
    return "\n".join([*lines, ""])


def _growth(rows: Sequence[Row]) -> str:
    heads = list(dict.fromkeys(row.collection for row in rows))
    whats = list(dict.fromkeys((row.what, row.unit) for row in rows))
    values = {(row.what, row.collection): row.ours for row in rows}
    cells = [[f"{what}, {unit}", *(values.get((what, head)) for head in heads)] for what, unit in whats]
    return table(["of so many clauses", *heads], cells)


def growth_picture(rows: Sequence[Row]) -> str:
    """Return the SVG of the growth rows; "" where there are fewer than two steps."""
    lines: dict[str, dict[int, float]] = {}
    for row in rows:
        if row.part == "growth":
            lines.setdefault(row.what, {})[int(row.collection.replace(",", ""))] = row.ours
    lines = {what: dict(sorted(line.items())) for what, line in lines.items()}
    if not lines or min(map(len, lines.values())) < 2:
        return ""

    def some(*names: str) -> dict[str, Line]:
        return {name: lines[name] for name in names if name in lines}

    return picture([
        ("Building", "seconds", some("building")),
        ("Peak memory of building", "MB", some("peak memory")),
        ("Index and text", "MB", some("index", "text")),
        ("Answers", "ms", some("one field, p50", "one field, p99", "full page, p50", "full page, p99")),
    ])  # fmt: skip


def write() -> list[Path]:
    """Write the page and, where growth was measured, its picture; return what was written."""
    found = newest()
    PAGE.write_text(page(found), "utf-8")
    drawn = growth_picture(found[2]) if found else ""
    if drawn:
        PICTURE.write_text(drawn, "utf-8")
    return [PAGE, PICTURE] if drawn else [PAGE]


if __name__ == "__main__":
    print(*write(), sep="\n")
    sys.exit(0)
