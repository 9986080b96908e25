"""docs/query-syntax.md: every example in it is read without a problem, and equal spellings are equal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from search.limits import LIMITS
from search.query import parse
from search.query_tables import DATE_ENDS, FIELDS, LEVEL_FIELDS
from search.query_tree import EMPTY, Bag, Field, leaves

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "query-syntax.md").read_text(encoding="utf-8")
# What stands between backticks and is no query.
NO_QUERIES = {"--explain", "--match all", "*", "?", "~2", "and", "name:", "--no-expand", "--names FILE", "=", "و / أو"}
CODE = re.compile("`([^`]+)`")


def first_cells() -> list[list[str]]:
    """The queries of each row's first cell; a bar inside backticks is no end of the cell."""
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    return [CODE.findall(re.split(r" \| (?=[^`]*(?:`[^`]*`[^`]*)*$)", line[2:])[0]) for line in rows]


EXAMPLES = sorted(set(CODE.findall(PAGE)) - NO_QUERIES)
# Rows whose first cell shows different things, not spellings of one.
DIFFERENT = {"session:36..38", "38/32-س", "م*ظم?ت"}


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_is_read_without_a_problem(text: str) -> None:
    query = parse(text)
    assert query.tree != EMPTY
    assert query.problems == ()


@pytest.mark.parametrize("spellings", [row for row in first_cells() if len(row) > 1], ids=lambda row: row[0])
def test_spellings_of_one_row_are_equal(spellings: list[str]) -> None:
    if spellings[0] in DIFFERENT:
        assert len({repr(parse(text).tree) for text in spellings}) == len(spellings)
        return
    trees = [parse(text).tree for text in spellings]
    assert all(set(leaves(tree)) == set(leaves(trees[0])) for tree in trees)


def test_the_table_has_rows_of_several_spellings() -> None:
    assert sum(1 for row in first_cells() if len(row) > 1) > 12


def test_every_field_is_on_the_page() -> None:
    shown = {leaf.name for text in EXAMPLES for leaf in leaves(parse(text).tree) if isinstance(leaf, Field)}
    assert shown >= FIELDS.keys() - {"date", "resolution", "id"}
    for spelling in ("date", "تاريخ", *DATE_ENDS["from"][:2], *DATE_ENDS["to"][:2], *LEVEL_FIELDS["root"][:2]):
        assert f"{spelling}:" in PAGE


def test_the_limits_are_those_of_the_code() -> None:
    for row in LIMITS.values():
        assert f"| {row.name} | {row.value} | {row.help} |" in PAGE
    assert PAGE.count("\n| ") - len(first_cells()) == len(LIMITS) + 4, "a row of limits that the code does not have"


def test_one_chunk_stays_together_under_a_sign() -> None:
    tree = parse("+غينيا-بيساو موز").tree
    assert isinstance(tree, Bag)
    assert len(tree.children) == 2
