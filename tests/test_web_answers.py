"""Answers kept in memory: the same as fresh ones, never another reader's or of another index, bounded in size."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Response
from flask.testing import FlaskClient

from web import create_app
from web.answers import ENTRY_BYTES, Answers


@pytest.fixture
def client(specimen: str) -> FlaskClient:
    return create_app(specimen).test_client()


@pytest.mark.parametrize(
    "address",
    ["/", "/search?q=التعاون", "/en/search?q=التعاون&page=2", "/r/ministers/7/1-political", "/api/v1/search?q=أ"],
)
def test_what_is_kept_is_what_was_made(client: FlaskClient, address: str) -> None:
    first, second = client.get(address), client.get(address)
    assert "Age" not in first.headers
    assert second.headers["Age"] == "0"
    assert second.data == first.data
    unlike = {name for name, value in first.headers if second.headers.get(name) != value}
    assert unlike <= {"Date"}
    assert client.head(address).headers["Content-Length"] == first.headers["Content-Length"]


def test_every_reader_gets_an_answer_of_their_own_kind(client: FlaskClient) -> None:
    plain = client.get("/search?q=التعاون")
    assert client.get("/search?q=التعاون", headers={"Accept-Encoding": "gzip"}).data[:2] == b"\x1f\x8b"
    assert client.get("/fr/search?q=التعاون").data != plain.data
    ours = client.get("/r/ministers/7/1-political").get_data(as_text=True)
    theirs = client.get("/r/ministers/7/1-political", headers={"Host": "other.example"}).get_data(as_text=True)
    assert "other.example" in theirs
    assert "other.example" not in ours
    below = client.get("/search?q=التعاون", environ_overrides={"SCRIPT_NAME": "/below"}).get_data(as_text=True)
    assert 'href="/below/help"' in below


@pytest.mark.parametrize("address", ["/cite-search?q=التعاون", "/healthz", "/nowhere", "/search", "/api/v1/search?x=1"])
def test_what_holds_for_a_moment_alone_is_not_kept(client: FlaskClient, address: str) -> None:
    client.get(address)
    answer = client.get(address)
    assert "Age" not in answer.headers
    assert "ETag" not in answer.headers


def test_what_time_cut_short_is_not_kept(specimen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from search.time_limit import TimeLimit

    def no_time(clock: TimeLimit) -> bool:
        clock.cut = True
        return False

    client = create_app(specimen).test_client()
    with monkeypatch.context() as patch:
        patch.setattr(TimeLimit, "allows", no_time)
        for address in ("/search?q=التعاون", "/api/v1/search?q=التعاون"):
            assert "ETag" not in client.get(address).headers
    assert "Age" not in client.get("/search?q=التعاون").headers


def test_a_new_index_is_asked_anew(tmp_path: Path) -> None:
    from index.build import build

    source, address = tmp_path / "rows.jsonl", str(tmp_path / "index")
    client = None
    for count in (3, 5):
        source.write_text("".join(json.dumps({"id": f"{n}", "text": "كلمة"}) + "\n" for n in range(count)), "utf-8")
        build([str(source)], address)
        client = client or create_app(address).test_client()
        assert [client.get("/api/v1/search?q=كلمة").get_json()["total"] for _ in range(2)] == [count, count]


def test_none_are_kept_where_that_is_set(specimen: str) -> None:
    client = create_app(specimen, remember_mb=0).test_client()
    client.get("/help")
    assert "Age" not in client.get("/help").headers


def test_room_is_bounded_and_the_oldest_goes_first() -> None:
    answers = Answers(1)
    body = b"x" * 50_000
    for number in range(30):
        answers.keep((str(number),), Response(body))
        answers.get(("0",))
        assert answers.bytes <= answers.room
    assert answers.get(("0",)) is not None
    assert answers.get(("1",)) is None
    assert answers.get(("29",)) is not None
    answers.keep(("big",), Response(b"x" * 500_000))
    assert answers.get(("big",)) is None
    answers.keep(("29",), Response(b"y"))
    assert answers.bytes == sum(len(kept.body) + ENTRY_BYTES for kept in answers._kept.values())


def test_a_page_without_the_counts_of_all_levels_is_not_kept(specimen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from search.time_limit import TimeLimit

    class Over(TimeLimit):
        """A clock whose time is over."""

        def allows(self) -> bool:
            return False

    client = create_app(specimen).test_client()
    with monkeypatch.context() as patch:
        patch.setattr("search.word_forms.TimeLimit", Over)
        answer = client.get("/search?q=التعاون")
    assert "ETag" not in answer.headers
    assert answer.get_data(as_text=True).count("level=") >= 3
    assert "Age" not in client.get("/search?q=التعاون").headers
