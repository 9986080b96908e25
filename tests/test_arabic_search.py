"""Every line of what goes wrong with Arabic elsewhere, searched on real indexes of all engines.

tests/cases/arabic.tsv: `line` is the number in the team's list (4b and 5b: numbers and dates, damaged text), `text` the
documents with ‖ between them, `found` yes or no for each, `lit` the lit words with ; between them (* for any), in
`text` and `lit` \\u and four digits stand for a character. A query is asked for clauses that hold all of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import cluster_nodes
import pytest
from engine_samples import CLUSTER

from index.build import build
from index.engine import ENGINES, IndexProblem
from index.ordinals import ordinal_forms
from search import open_index
from search.searcher import Searcher
from tests.conftest import cases

CASES = cases("arabic")
LINES = 15  # of the list
NOT_BY_TABLE = {"10", "11", "12", "14"}  # have tests of their own below
BETWEEN = "‖"
HEADS = {"الدورة": True, "المؤتمر": False}  # what is counted: feminine or not
ORDINALS = range(1, 61)


def _read(cell: str) -> list[str]:
    decoded = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), cell)
    return [part.strip() for part in decoded.split(BETWEEN)]


def _rows() -> Iterator[dict[str, object]]:
    for number, case in enumerate(CASES):
        for place, text in enumerate(_read(case["text"])):
            yield {"id": f"{number}/{place}", "text": text, "session": str(number % 7), "kind": "operative"}
    for number in ORDINALS:
        for head in HEADS:
            for place, form in enumerate(_ordinals(number, head)):
                yield {"id": f"{head}{number}/{place}", "text": f"انتهت {form} اليوم"}
            yield {"id": f"{head}{number}/digits", "text": f"انتهت {head} {number} اليوم"}


def _ordinals(number: int, head: str) -> list[str]:
    """A session or congress with its ordinal, in both cases, in its gender."""
    forms = [form for form in ordinal_forms(number) if form.startswith("ال")]
    if number % 10 or number == 10:
        forms = [form for form in forms if form.split()[0].endswith(("ة", "ى")) == HEADS[head]]
    return [f"{head} {form}" for form in forms]


@pytest.fixture(scope="module", params=[*ENGINES, pytest.param(CLUSTER, marks=cluster_nodes.MARK)])
def searcher(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """An index of all texts of the table, on one of the engines."""
    folder = tmp_path_factory.mktemp(request.param)
    source = folder / "texts.jsonl"
    source.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in _rows()), encoding="utf-8")
    address = cluster_nodes.address(folder) if request.param == CLUSTER else str(folder / "index")
    build([str(source)], address, engine=request.param)
    opened = open_index(address)
    yield opened
    opened.close()


def test_every_line_of_the_list_has_cases() -> None:
    assert {case["line"] for case in CASES} | NOT_BY_TABLE >= {str(line) for line in range(1, LINES + 1)}


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda n: f"{CASES[n]['line']}-{CASES[n]['why'][:40]}-{n}")
def test_case(searcher: Searcher, number: int) -> None:
    case = CASES[number]
    results = searcher.search(case["query"], match="all", limit=1000, facets=())
    own = {hit.id: hit for hit in results.hits if hit.id.startswith(f"{number}/")}
    found = ["yes" if f"{number}/{place}" in own else "no" for place in range(len(_read(case["text"])))]
    assert " ".join(found) == case["found"], case["why"]
    if case["lit"] == "*":
        return
    for place, expected in enumerate(_read(case["lit"])):
        hit = own.get(f"{number}/{place}")
        lit = " ; ".join(hit.text[start:end] for start, end in hit.highlights) if hit else ""
        assert lit == expected, case["why"]


@pytest.mark.parametrize("number", ORDINALS)
@pytest.mark.parametrize("head", HEADS)
def test_an_ordinal_and_its_number_find_each_other(searcher: Searcher, number: int, head: str) -> None:
    forms = _ordinals(number, head)
    own = {f"{head}{number}/{place}" for place in range(len(forms))} | {f"{head}{number}/digits"}
    assert len(own) >= 2
    for query in (f"{head} {number}", f"{head} ال{number}", *forms):
        results = searcher.search(query, match="all", limit=1000, facets=())
        assert own <= {hit.id for hit in results.hits}, query


@pytest.mark.parametrize("query", ["منظمة التعاون الإسلامي", "الدورة 38", "يناير"])
def test_names_are_told_and_can_be_switched_off(searcher: Searcher, query: str) -> None:
    with_names = searcher.search(query, match="all", limit=1)
    without = searcher.search(query, match="all", limit=1, expand=False)
    assert with_names.expansions
    assert not without.expansions
    assert without.total < with_names.total


@pytest.mark.parametrize(
    "query",
    ["(" * 1500 + "كتاب" + ")" * 1500, "كتاب " * 20_000, "NOT " * 500 + "كتاب", "ك" * 100_000, "****", '"', "AND",
     "`" * 99, "كتاب" + "\u064e" * 5_000, "\u202e" * 500 + "كتاب", "\x00كتاب\ud800", "ال " * 3_000],
    ids=["brackets", "terms", "nots", "long word", "stars", "quote", "operator", "backticks", "marks", "directions",
         "no characters", "lone articles"],
)  # fmt: skip
def test_hostile_queries_are_answered(searcher: Searcher, query: str) -> None:
    results = searcher.search(query)
    assert results.total >= 0
    assert all(0 <= start < end <= len(hit.text) for hit in results.hits for start, end in hit.highlights)


@pytest.mark.parametrize(
    ("query", "offered"),
    [("lk/lm hgtdghk", ""), ("lk/lm", "منظمة"), ("منضمة التعاوون", "منظمة التعاون"), ("قرارمجلس", "")],
)  # fmt: skip
def test_other_words_are_offered_never_taken(searcher: Searcher, query: str, offered: str) -> None:
    results = searcher.search(query, match="all")
    assert results.total == 0
    assert not offered or offered in [suggestion.query for suggestion in results.suggestions]
    assert all(suggestion.count > 0 for suggestion in results.suggestions)


def test_what_finds_something_is_not_doubted(searcher: Searcher) -> None:
    assert searcher.search("التعاون", match="all").suggestions == []


def test_each_value_of_a_facet_finds_what_it_counts(searcher: Searcher) -> None:
    results = searcher.search("كتاب", facets=("session", "kind"))
    assert results.facets["session"]
    for facet in results.facets["session"]:
        assert facet.count > 0
        assert searcher.search("كتاب", session=[facet.value]).total == facet.count
    for facet in results.facets["kind"]:
        assert searcher.search("كتاب", kind=[facet.value]).total == facet.count


def test_what_stands_before_and_after_a_hit_is_told_by_offsets(searcher: Searcher) -> None:
    """Left and right are before and after in the text, whichever way it is written (KonText 6056)."""
    (hit,) = searcher.search('"بناء الجسر"', match="all", limit=1).hits
    (before, _), (_, after) = hit.highlights[0], hit.highlights[-1]
    assert hit.text[:before].startswith("قرر")
    assert not hit.text[after:].startswith("قرر")


@pytest.mark.parametrize("engine", ENGINES)
def test_another_analyzer_without_reindexing_is_refused(engine: str, tmp_path: Path) -> None:
    source = tmp_path / "texts.jsonl"
    source.write_text(json.dumps({"id": "a", "text": "كتاب"}) + "\n", encoding="utf-8")
    build([str(source)], str(tmp_path / "index"), engine=engine)
    path = tmp_path / "index" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["fingerprint"] = "light-of-another-version"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(IndexProblem, match="light-of-another-version"):
        open_index(str(tmp_path / "index"))
