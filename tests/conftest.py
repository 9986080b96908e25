"""What all tests share: the specimen index, where the project team's data lie, and reading tables of cases."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "samples"
CHECKERS = ROOT / ".cache" / "checkers"  # what `make checkers` gets


def shared_path(name: str) -> Path:
    """Return a file of the project team's data, or skip the test with a reason where it is missing."""
    folder = Path(os.environ.get("KASHSHAF_SHARED") or ROOT.parent / "shared")
    path = folder / name
    if not path.exists():
        pytest.skip(
            f"needs the project team's data: no {name} in {folder.name}/ beside the checkout (or KASHSHAF_SHARED)"
        )
    return path


def cases(name: str) -> list[dict[str, str]]:
    """Return the rows of tests/cases/NAME.tsv as dicts by its first line; every row says why it is there."""
    with open(ROOT / "tests" / "cases" / f"{name}.tsv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert rows, f"tests/cases/{name}.tsv has no cases"
    assert all(row.get("why") for row in rows), f"tests/cases/{name}.tsv: a case without its reason"
    return rows


@pytest.fixture(scope="session")
def specimen(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a freshly built index of the specimen."""
    from index.build import build

    address = str(tmp_path_factory.mktemp("specimen") / "index")
    build([str(SAMPLES)], address)
    return address


@pytest.fixture(scope="session")
def searcher(specimen: str):  # type: ignore[no-untyped-def]
    """A searcher on the specimen."""
    from search import open_index

    opened = open_index(specimen)
    yield opened
    opened.close()
