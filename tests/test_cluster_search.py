"""The specimen on a cluster and in a folder: the library, the command line and the page answer alike."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cluster_nodes
import pytest

from index.build import build
from search import cli, open_index
from search.searcher import Searcher

pytestmark = cluster_nodes.MARK
ROOT = Path(__file__).resolve().parents[1]
HOW: list[dict[str, Any]] = [
    {},
    {"match": "all"},
    {"sort": "date"},
    {"sort": "session", "page": 2},
    {"session": ["8"], "theme": ["political", "cultural"]},
    {"date_from": "2018", "date_to": "2020-06"},
    {"level": "folded"},
    {"level": "root", "limit": 30},
    {"limit": 3, "page": 40},
]
QUERIES = ["منظمة الأمن والتعاون", '"منظمة الأمن"', "مكتبات OR مخطوطات", "جذر:كتب", 'دورة:7..8 "الأمن الغذائي"~2',
           "الامن قرب/5 التعاون", "من*", "مكتبت", "التعون بين الدوال", "+السلم -الحرب", "38/32-س", "8/9-أق", "",
           "لا-شيء-هنا", "qwzxv"]


def examples() -> list[str]:
    """Return the queries that the first page and the help page offer."""
    with open(ROOT / "web" / "examples.tsv", encoding="utf-8", newline="") as file:
        rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
        return [str(row["query"]) for row in rows if row.get("query")]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("specimen-on-a-cluster")
    where = cluster_nodes.address(folder)
    build([str(ROOT / "samples")], where)
    yield where
    cluster_nodes.delete(folder)


@pytest.fixture(scope="module")
def remote(address: str) -> Iterator[Searcher]:
    opened = open_index(address)
    yield opened
    opened.close()


def answer(searcher: Searcher, query: str, **how: Any) -> dict[str, Any]:
    """Return the JSON of an answer; scores of the engine alone are its own."""
    found = json.loads(json.dumps(searcher.search(query, **how).to_json()))
    found.pop("took_ms")
    for hit in found["hits"]:
        hit["score"] = pytest.approx(hit["score"], rel=1e-3, abs=1e-5)
    return found  # type: ignore[no-any-return]


@pytest.mark.parametrize("query", [*QUERIES, *examples()])
def test_answers_are_the_same_in_every_key(query: str, searcher: Searcher, remote: Searcher) -> None:
    assert answer(remote, query) == answer(searcher, query)
    assert remote.levels(query) == searcher.levels(query)
    assert sorted(remote.forms(query)) == sorted(searcher.forms(query))


@pytest.mark.parametrize("how", HOW, ids=str)
def test_filters_orders_levels_and_pages_are_the_same(how: dict[str, Any], searcher: Searcher,
                                                      remote: Searcher) -> None:
    for query in QUERIES[:4]:
        assert answer(remote, query, **how) == answer(searcher, query, **how)


MONSTERS = [
    " ".join(f"كلمة{n} التعاون" for n in range(200)),
    " ".join(f"{letter}*" for letter in "ابتثجحخدرزسشصضطظعغفقكلمنهوي"),
    " OR ".join(f'"الأمن {letter}*"' for letter in "ابتثجح"),
    " ".join('"منظمة الأمن والتعاون في أوروبا"~3' for _ in range(60)),
    "الأمن قرب/90 التعاون قرب/90 السلم",
    "(" * 45 + "التعاون" + " OR السلم)" * 45,
    " ".join(f"جذر:{root}" for root in ("كتب", "علم", "قرر", "عون", "امن", "سلم", "نظم", "دول")),
    "التعاون \ud800 \x00 \u202e السلم",
    "-" + " -".join(f"كلمة{n}" for n in range(250)),
]


@pytest.mark.parametrize("number", range(len(MONSTERS)))
def test_questions_of_any_size_find_the_same(number: int, searcher: Searcher, remote: Searcher) -> None:
    here, there = (one.search(MONSTERS[number], limit=300) for one in (searcher, remote))
    assert (there.total, there.totals) == (here.total, here.totals)
    assert {hit.id for hit in there.hits} == {hit.id for hit in here.hits}


def test_forked_processes_ask_over_connections_of_their_own(remote: Searcher) -> None:
    """`python -m web --processes 2` forks after the index is open."""
    alone = {query: [hit.id for hit in remote.search(query).hits] for query in QUERIES[:6]}

    def ask() -> None:
        for _ in range(10):
            for query, expected in alone.items():
                if [hit.id for hit in remote.search(query).hits] != expected:
                    os._exit(1)
        os._exit(0)

    children = []
    for _ in range(3):
        child = os.fork()
        if not child:
            try:
                ask()
            finally:
                os._exit(2)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0, 0]
    assert [hit.id for hit in remote.search(QUERIES[0]).hits] == alone[QUERIES[0]]


def test_the_collection_is_the_same(searcher: Searcher, remote: Searcher) -> None:
    for field in ("session", "theme", "kind", "verb", "body", "year", "hijri_year", "symbol"):
        assert remote.values(field) == searcher.values(field)
    assert remote.grid() == searcher.grid()
    for name, _, _ in searcher.values("resolution")[:5]:
        assert remote.resolution(name) == searcher.resolution(name)
        assert remote.cited_by(name) == searcher.cited_by(name)
    assert remote.suggester.complete("التعا") == searcher.suggester.complete("التعا")
    assert remote.symbol("8/9-أق") == searcher.symbol("8/9-أق")
    assert remote.manifest.corpus == searcher.manifest.corpus


@pytest.mark.parametrize("form", ["text", "csv", "ndjson", "trec"])
def test_the_command_line_prints_the_same(form: str, address: str, specimen: str,
                                          capsys: pytest.CaptureFixture[str]) -> None:
    shown = []
    for where in (address, specimen):
        codes = [cli.main([query, "--index", where, "--format", form, "--limit", "5", "--color", "never"])
                 for query in ("منظمة الأمن والتعاون", "مكتبات OR مخطوطات", "qwzxv")]
        assert codes == [0, 0, 1]
        lines = [line for line in capsys.readouterr().out.splitlines() if "م.ث" not in line]
        shown.append([line.rsplit(" ", 2)[0] for line in lines] if form == "trec" else lines)
    if form == "ndjson":  # scores are numbers of seven digits
        shown = [[{**json.loads(line), "score": 0} for line in lines] for lines in shown]  # type: ignore[misc]
    assert shown[0] == shown[1]


def test_the_page_is_the_same(address: str, specimen: str) -> None:
    from web import create_app

    clients = [create_app(where, rate="0").test_client() for where in (address, specimen)]
    for path in ("/", "/search?q=التعاون", "/search?q=الأمن&session=8&sort=date", "/browse", "/help"):
        pages = [client.get(path) for client in clients]
        assert [page.status_code for page in pages] == [200, 200]
        same = [[line for line in page.text.splitlines() if "ms" not in line and "م.ث" not in line] for page in pages]
        assert same[0] == same[1], path
