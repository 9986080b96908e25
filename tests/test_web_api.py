"""The API on the specimen: its JSON, its errors, its cursors, and that its OpenAPI document says what it does."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import cases
from web import create_app
from web.api import ENDPOINTS


@pytest.fixture(scope="module")
def client(specimen: str) -> FlaskClient:
    return create_app(specimen).test_client()


def test_search_answers_the_fixed_json(client: FlaskClient, searcher: Any) -> None:
    found = client.get("/api/v1/search?q=منظمة الأمن والتعاون&limit=3").get_json()
    expected = searcher.search("منظمة الأمن والتعاون", limit=3).to_json()
    for key in ("schema", "query", "total", "totals", "problems", "hits"):
        assert found[key] == json.loads(json.dumps(expected[key]))
    for hit in found["hits"]:
        for start, end in hit["highlights"]:
            assert 0 <= start < end <= len(hit["text"])


def test_highlights_come_as_html_when_asked_for(client: FlaskClient) -> None:
    (hit,) = client.get("/api/v1/search?q=الأمن&limit=1&html=1").get_json()["hits"]
    assert hit["html"].count("<mark>") == len(hit["highlights"])


@pytest.mark.parametrize("case", cases("web_api_errors"), ids=lambda case: case["input"])
def test_errors_are_problems_that_name_the_parameter(client: FlaskClient, case: dict[str, str]) -> None:
    answer = client.get(case["input"])
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json()
    assert problem["status"] == answer.status_code == int(case["status"])
    assert " ".join(error["parameter"] for error in problem.get("errors", [])) == case["parameter"]
    assert problem["detail"]


def test_what_is_wrong_in_a_query_is_no_error(client: FlaskClient) -> None:
    found = client.get("/api/v1/search", query_string={"q": 'الأمن "التعاون'}).get_json()
    assert found["total"] > 0
    assert [problem["start"] for problem in found["problems"]] == [6]


def test_links_walk_through_the_whole_result(client: FlaskClient) -> None:
    address, seen, total = "/api/v1/search?q=التعاون&limit=7", [], -1
    while address:
        answer = client.get(address)
        found = answer.get_json()
        total = found["total"]
        seen += [hit["id"] for hit in found["hits"]]
        address = found["links"].get("next", "")
        assert bool(address) == ('rel="next"' in answer.headers["Link"])
    assert len(seen) == len(set(seen)) == total


def numbered(count: int, first: int = 0) -> str:
    return "".join(json.dumps({"id": str(n), "text": f"كلمة {n}"}) + "\n" for n in range(first, first + count))


def walked(client: FlaskClient, link: str) -> tuple[list[str], list[str]]:
    """Follow cursors from a link to the end: the ids, and the codes of problems."""
    seen, told = [], []
    while link:
        answer = client.get(link)
        assert answer.status_code == 200
        found = answer.get_json()
        seen += [hit["id"] for hit in found["hits"]]
        told += [problem["code"] for problem in found["problems"]]
        link = found["links"].get("next", "")
    return seen, told


@pytest.mark.parametrize("forgotten", [False, True], ids=["the old one is open", "the old one is gone"])
def test_paging_goes_on_while_the_index_is_rebuilt(tmp_path: Path, forgotten: bool) -> None:
    from index.build import build

    source, address = tmp_path / "rows.jsonl", str(tmp_path / "index")
    source.write_text(numbered(30), "utf-8")
    build([str(source)], address)
    app = create_app(address)
    client = app.test_client()
    first = client.get("/api/v1/search?q=كلمة&limit=7").get_json()
    source.write_text(numbered(3, 100) + numbered(28), "utf-8")  # three before, two fewer at the end
    build([str(source)], address)
    assert client.get("/api/v1/search?q=كلمة").get_json()["total"] == 31
    if forgotten:
        app.extensions["kashshaf"].past.clear()
    seen, told = walked(client, first["links"]["next"])
    before = [hit["id"] for hit in first["hits"]]
    assert before + seen == [str(n) for n in range(28 if forgotten else 30)]
    assert told == (["rebuilt"] if forgotten else [])


def test_a_cursor_whose_hit_is_gone_goes_on_by_its_place(tmp_path: Path) -> None:
    from index.build import build

    source, address = tmp_path / "rows.jsonl", str(tmp_path / "index")
    source.write_text(numbered(30), "utf-8")
    build([str(source)], address)
    link = create_app(address).test_client().get("/api/v1/search?q=كلمة").get_json()["links"]["next"]
    source.write_text(numbered(30, 50), "utf-8")
    build([str(source)], address)
    seen, told = walked(create_app(address).test_client(), link)
    assert seen == [str(n) for n in range(60, 80)]
    assert told == ["rebuilt"]


def test_a_new_index_has_new_etags(tmp_path: Path) -> None:
    from index.build import build

    source, address = tmp_path / "rows.jsonl", str(tmp_path / "index")
    rows = [json.dumps({"id": str(n), "text": f"كلمة {n}"}) + "\n" for n in range(30)]
    source.write_text("".join(rows), "utf-8")
    build([str(source)], address)
    client = create_app(address).test_client()
    etag = client.get("/api/v1/search?q=كلمة").headers["ETag"]
    source.write_text("".join(rows[:20]), "utf-8")
    build([str(source)], address)
    again = client.get("/api/v1/search?q=كلمة", headers={"If-None-Match": etag})
    assert again.status_code == 200
    assert again.get_json()["total"] == 20


def test_any_page_may_ask(client: FlaskClient) -> None:
    assert (
        client.get("/api/v1/sessions", headers={"Origin": "http://other.example"}).headers[
            "Access-Control-Allow-Origin"
        ]
        == "*"
    )
    answer = client.options("/api/v1/search")
    assert answer.status_code == 204
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]


def test_the_other_endpoints(client: FlaskClient, searcher: Any) -> None:
    assert [row["value"] for row in client.get("/api/v1/sessions").get_json()["sessions"]] == ["7", "8", "9"]
    found = client.get("/api/v1/resolutions/ministers/7/1-political").get_json()
    assert found["clauses"] == searcher.resolution("ministers/7/1-political")
    clause = client.get("/api/v1/clauses/ministers/7/1-political%23o1").get_json()["clause"]
    assert clause == searcher.clause("ministers/7/1-political#o1")
    tokens = client.get("/api/v1/analyze?text=وبالمنظمات").get_json()["tokens"]
    assert tokens == [token.to_json() for token in searcher.analyzer.tokens("وبالمنظمات")]
    facets = client.get("/api/v1/facets?q=التعاون&facet=theme").get_json()["facets"]
    assert list(facets) == ["theme"]


def test_suggestions_find_something(client: FlaskClient) -> None:
    found = client.get("/api/v1/suggest?q=التع").get_json()["suggestions"]
    assert found
    for offer in (one for one in found if one["kind"] == "word"):
        assert client.get("/api/v1/search", query_string={"q": offer["text"]}).get_json()["total"] >= offer["count"] > 0
    kinds = {one["kind"] for one in client.get("/api/v1/suggest?q=1/7").get_json()["suggestions"]}
    assert kinds == {"symbol"}
    assert any(one["kind"] == "title" for one in client.get("/api/v1/suggest?q=الترجمة").get_json()["suggestions"])


def test_openapi_names_every_parameter_that_is_checked(client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()
    for endpoint in ENDPOINTS:
        operation = document["paths"][endpoint.path]["get"]
        named = [parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "query"]
        assert named == [row.name for row in endpoint.parameters]
    known = {parameter["name"] for parameter in document["paths"]["/search"]["get"]["parameters"]}
    assert {"q", "session", "theme", "kind", "from", "to", "match", "level", "limit", "page", "sort"} <= known


def test_exports_hold_the_whole_result(client: FlaskClient) -> None:
    total = client.get("/api/v1/search?q=التعاون").get_json()["total"]
    lines = client.get("/export.ndjson?q=التعاون").get_data(as_text=True).splitlines()
    assert len({json.loads(line)["id"] for line in lines}) == total
    rows = list(
        csv.DictReader(io.StringIO(client.get("/export.csv?q=التعاون").get_data(as_text=True).lstrip("\ufeff")))
    )
    assert [row["id"] for row in rows] == [json.loads(line)["id"] for line in lines]


def test_an_export_is_cut_and_says_so_and_runs_no_formula(tmp_path: Path) -> None:
    from index.build import build

    source, address = tmp_path / "rows.jsonl", str(tmp_path / "index")
    rows = [{"id": f"={n}", "text": f"=SUM(A1) كلمة {n}", "title": "@x"} for n in range(9)]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    build([str(source)], address)
    client = create_app(address, export_rows=5).test_client()
    table = list(csv.reader(io.StringIO(client.get("/export.csv?q=كلمة").get_data(as_text=True).lstrip("\ufeff"))))
    assert len(table) == 7
    assert "4 more rows" in table[-1][0]
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in table for cell in row)
    last = client.get("/export.ndjson?q=كلمة").get_data(as_text=True).splitlines()[-1]
    assert json.loads(last) == {"left_out": 4}


def test_a_search_can_be_cited(client: FlaskClient, searcher: Any) -> None:
    found = client.get("/cite-search?q=التعاون&session=7").get_json()
    assert found["total"] == searcher.search("التعاون", session=["7"]).total
    assert found["corpus"] == searcher.manifest.corpus
    assert found["fingerprint"] == searcher.manifest.fingerprint
    assert ["session", "7"] in found["parameters"]
