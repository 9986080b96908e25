"""The page of figures is what its script writes from the runs on file, and says of each goal whether it is reached."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bench import quality_page
from bench.performance_page import PAGE, PICTURE, growth_picture, page
from bench.places import CHECKOUT
from bench.rows import Row, row_from
from bench.runs_on_file import newest


def test_the_page_is_written_from_the_newest_run() -> None:
    assert PAGE.read_text("utf-8") == page(newest()), "run python -m bench.performance_page"


def test_the_picture_is_drawn_from_the_newest_run() -> None:
    found = newest()
    drawn = growth_picture(found[2]) if found else ""
    assert not drawn or PICTURE.read_text("utf-8") == drawn, "run python -m bench.performance_page"


ROWS = [
    Row("query", "rare", "B", "ms", 1.0, 2.0, "peer", 1.0),
    Row("query", "common", "B", "ms", 3.0, 2.0, "peer", 1.0),
    Row("building", "rate", "A", "MB/s", 30.0, 20.0, "peer", 1.3, True),
    Row("memory", "peak", "B", "MB", 900.0, None, "", 700.0),
    Row("size", "index", "B", "MB", 9.0),
]


@pytest.mark.parametrize(("row", "met"), list(zip(ROWS, (True, False, True, False, None), strict=True)))
def test_a_goal_bounds_the_ratio_or_else_our_value(row: Row, met: bool | None) -> None:
    assert row.met is met
    assert row_from(row.to_json()) == row


def test_missed_goals_are_named_first() -> None:
    machine = {"processor": "p", "cores": 2, "memory_gib": 8, "system": "s", "python": "3", "packages": {},
               "load_before": 0}
    text = page((CHECKOUT / "bench" / "runs" / "x", {"machine": machine, "date": "2026-01-01"}, ROWS))
    goals = text.partition("## Goals")[2].partition("\n## ")[0]
    assert "2 of 4 goals" in goals
    assert "common" in goals
    assert "rare" not in goals


def test_growth_is_a_picture(tmp_path: Path) -> None:
    rows = [Row("growth", what, f"{count:,}", "s", count / 1000)
            for what in ("building", "peak memory", "index", "text", "one field, p50", "full page, p50")
            for count in (125_000, 1_250_000)]
    root = ET.fromstring(growth_picture(rows))
    assert len(root.findall(".//{*}polyline")) == 6
    assert growth_picture(rows[:1]) == ""


def test_the_page_of_quality_says_what_the_newest_run_says() -> None:
    assert quality_page.PAGE.read_text("utf-8") == quality_page.page(), "python -m bench.quality_page"
