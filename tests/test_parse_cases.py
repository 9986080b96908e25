"""Every folder of tests/cases/parse is one shape of a page:
page.txt, expected.json (documents with fields, warnings, clauses), why.txt.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from index.parse import parse

CASES = sorted(path for path in (Path(__file__).parent / "cases" / "parse").iterdir() if path.is_dir())


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_shape_of_page_gives_its_fields_and_clauses(case: Path) -> None:
    raw = (case / "page.txt").read_bytes().decode("utf-8")
    expected: list[dict[str, Any]] = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    why = (case / "why.txt").read_text(encoding="utf-8")
    documents = [document.to_json() for document in parse(raw)]
    assert len(documents) == len(expected), why
    for document, wanted in zip(documents, expected, strict=True):
        assert {key: document[key] for key in wanted["fields"]} == wanted["fields"], why
        clauses: Any = document["clauses"]
        got = [{key: clause[key] for key in ("kind", "number", "verb", "text", "start", "end")} for clause in clauses]
        assert got == wanted["clauses"], why
        cited: Any = document["citations"]
        if "citations" in wanted:
            assert [{k: one[k] for k in ("number", "session", "raw")} for one in cited] == wanted["citations"], why
        warnings: Any = document["warnings"]
        warned = {warning["field"] for warning in warnings}
        assert set(wanted["warnings"]) <= warned, why
        if not wanted["warnings"]:
            assert not warned, why


def test_there_is_a_case_for_each_of_sixty_shapes() -> None:
    assert len(CASES) >= 60
