"""A searcher takes up what is published, also what is published while it is being opened."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import search.collection
from index.build import build
from search import open_index


def publish(folder: Path, count: int) -> str:
    source, address = folder / "rows.jsonl", str(folder / "index")
    rows = ({"id": str(n), "text": f"كلمة {n}"} for n in range(count))
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    build([str(source)], address)
    return address


def test_a_new_generation_is_taken_up(tmp_path: Path) -> None:
    first = open_index(publish(tmp_path, 2))
    assert first.refresh() is first
    publish(tmp_path, 3)
    assert first.refresh().search("كلمة").total == 3
    assert first.search("كلمة").total == 2, "an open searcher keeps its snapshot"


def test_what_is_published_while_opening_is_not_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = publish(tmp_path, 2)
    really_open = search.collection.open_reader

    def open_and_publish(where: str):  # type: ignore[no-untyped-def]
        opened = really_open(where)
        publish(tmp_path, 3)
        return opened

    monkeypatch.setattr(search.collection, "open_reader", open_and_publish)
    searcher = open_index(address)
    monkeypatch.undo()
    assert searcher.search("كلمة").total == 2
    assert searcher.refresh().search("كلمة").total == 3
