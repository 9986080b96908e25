"""Builds on a cluster: in one go, killed and resumed, in parts, checked before publishing, changed afterwards."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cluster_nodes
import pytest

from index import remote_build
from index.build import add, build, remove
from index.clause import Everything, Or, Term
from index.engine import Entry, IndexProblem
from index.engines import opensearch_generations
from index.engines.opensearch_generations import Generations
from index.opening import open_reader, read_manifest
from index.remote_build import Share
from index.stored import all_rows
from index.verify import verify
from search import open_index

pytestmark = cluster_nodes.MARK
ROOT = Path(__file__).resolve().parents[1]
WORDS = "التعاون الأمن السلم المنظمة القرار الدولة المؤتمر الثقافة العلوم الاقتصاد التجارة البيئة الصحة التعليم".split()


def text(number: int) -> str:
    """Return a text of a few words that depend on the number."""
    return " ".join(WORDS[(number * step + step) % len(WORDS)] for step in range(1, 4 + number % 5)) + f" رقم {number}"


def write_rows(path: Path, count: int, first: int = 0) -> str:
    lines = (json.dumps({"id": f"r{n}", "text": text(n), "session": str(n % 9), "resolution": f"d{n // 10}"},
                        ensure_ascii=False) for n in range(first, first + count))
    path.write_text("".join(line + "\n" for line in lines), "utf-8")
    return str(path)


def same_answers(one: str, other: str, *, ranked: bool = True) -> None:
    """Two indexes hold the same rows, and answer alike to the last score of the re-ranker.

    Without `ranked` the lists alone: engines forget at different times how common removed words were.
    """
    left, right = open_index(one), open_index(other)
    try:
        assert list(all_rows(left.reader)) == list(all_rows(right.reader))
        assert (left.manifest.corpus, left.manifest.tokens) == (right.manifest.corpus, right.manifest.tokens)
        for query in ("التعاون والأمن", "القرار رقم 7", "ثقافة الدول", "جذر:علم", "من*"):
            answers = [searcher.search(query, limit=1000) for searcher in (left, right)]
            assert {hit.id for hit in answers[0].hits} == {hit.id for hit in answers[1].hits}, query
            assert answers[0].totals == answers[1].totals
            assert answers[0].facets == answers[1].facets
            if not ranked:
                continue
            assert [hit.id for hit in answers[0].hits] == [hit.id for hit in answers[1].hits], query
            assert [hit.score for hit in answers[0].hits] == pytest.approx(
                [hit.score for hit in answers[1].hits], rel=1e-3, abs=1e-6)
    finally:
        left.close()
        right.close()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    yield cluster_nodes.address(tmp_path)
    cluster_nodes.delete(tmp_path)


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations(cluster_nodes.connection(tmp_path))


KILLED = """
import os, signal, sys
from index import remote_build
from index.sources import read_sources
remote_build.CHECKPOINT = 600
def found():
    for number, item in enumerate(read_sources([sys.argv[1]])):
        if number == 4000:
            os.kill(os.getpid(), signal.SIGKILL)
        yield item
remote_build.build([sys.argv[1]], sys.argv[2], found=found())
"""


def test_a_killed_build_leaves_the_old_answers_and_is_taken_up_where_it_was(
        address: str, generations: Generations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build([write_rows(tmp_path / "old.jsonl", 5)], address)
    source = write_rows(tmp_path / "new.jsonl", 5_000)
    killed = subprocess.run([sys.executable, "-c", KILLED, source, address], cwd=ROOT, check=False, timeout=120)
    assert killed.returncode == -signal.SIGKILL
    assert open_index(address).search("", session=["0", "1", "2", "3", "4"]).total == 5, "the old index answers"
    fed: list[Entry] = []
    operations = remote_build.operations

    def counted(entries: list[Entry], *rest: object) -> object:
        fed.extend(entries)
        return operations(entries, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(remote_build, "operations", counted)
    report = remote_build.build([source], address, share=Share(resume=True))
    assert report.clauses == 5_000
    assert 1_000 <= len(fed) < 3_000, "what was acknowledged at a checkpoint is not sent again"
    assert len(generations.all()) == 2, "the killed generation is the one that lives now, and the one before it is kept"
    folder = str(tmp_path / "folder")
    build([source], folder)
    same_answers(address, folder, ranked=False)  # what was sent twice is counted twice until the engine merges
    with pytest.raises(IndexProblem, match="no unfinished build"):
        remote_build.build([source], address, share=Share(resume=True))


def test_a_build_whose_sources_have_changed_is_not_taken_up(address: str, tmp_path: Path) -> None:
    source = write_rows(tmp_path / "new.jsonl", 4_500)
    subprocess.run([sys.executable, "-c", KILLED, source, address], cwd=ROOT, check=False, timeout=120)
    write_rows(tmp_path / "new.jsonl", 4_500, first=1)
    with pytest.raises(IndexProblem, match="not what they were"):
        remote_build.build([source], address, share=Share(resume=True))
    write_rows(tmp_path / "new.jsonl", 100)
    with pytest.raises(IndexProblem, match="hold less"):
        remote_build.build([source], address, share=Share(resume=True))
    build([source], address)
    assert read_manifest(address).clauses == 100


def test_parts_feed_one_generation_and_the_last_publishes_it(
        address: str, generations: Generations, tmp_path: Path) -> None:
    source = write_rows(tmp_path / "rows.jsonl", 700)
    for part in (3, 1):
        report = remote_build.build([source], address, share=Share(part, 3, "november"))
        assert report.manifest is None
    with pytest.raises(IndexProblem, match=r"missing are the parts 2/3"):
        remote_build.finish(address, "november")
    with pytest.raises(IndexProblem, match="There is no index"):
        open_index(address)
    with pytest.raises(IndexProblem, match="begun with parts 3, not 4"):
        remote_build.build([source], address, share=Share(2, 4, "november"))
    with pytest.raises(IndexProblem, match="was built with the analyzer"):
        remote_build.build([source], address, analyzer="snowball", share=Share(2, 3, "november"))
    report = remote_build.build([source], address, share=Share(2, 3, "november"))
    assert report.manifest is not None
    assert generations.living() == f"{generations.name}-gnovember"
    folder = str(tmp_path / "folder")
    build([source], folder)
    same_answers(address, folder)
    assert read_manifest(address).resolutions == 70
    with pytest.raises(IndexProblem, match="is published"):
        remote_build.build([source], address, share=Share(2, 3, "november"))


def test_what_is_not_what_was_fed_is_not_published(address: str, generations: Generations, tmp_path: Path) -> None:
    build([write_rows(tmp_path / "old.jsonl", 5)], address)
    source = write_rows(tmp_path / "rows.jsonl", 200)
    ask = generations.connection.ask
    for damage in ("delete", "change"):
        remote_build.build([source], address, share=Share(1, 2, damage))
        index = generations.named(damage)
        ask("POST", f"/{index}/_refresh")
        hit = ask("POST", f"/{index}/_search", {"size": 1})["hits"]["hits"][0]
        if damage == "delete":
            ask("DELETE", f"/{index}/_doc/{hit['_id']}")
            told = "199 clauses, and 200 were fed"
        else:
            ask("PUT", f"/{index}/_doc/{hit['_id']}", {**hit["_source"], "row": "{}", "ordinal": 1})
            told = "the hash over all rows"
        with pytest.raises(IndexProblem, match=told):
            remote_build.build([source], address, share=Share(2, 2, damage))
        assert read_manifest(address).clauses == 5, "the old index stays"


def test_generations_before_the_last_are_deleted_and_open_readers_go_on(
        address: str, generations: Generations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readers = []
    for count in (2, 3, 4):
        assert len(generations.all()) == len(readers), "who looked a moment ago may still open what lived then"
        monkeypatch.setattr(opensearch_generations, "READERS_NEED", 10 if count < 4 else 0)
        build([write_rows(tmp_path / "rows.jsonl", count)], address)
        readers.append(open_reader(address)[0])
    assert len(generations.all()) == 2
    assert [reader.count(Everything()) for reader in readers[1:]] == [3, 4]
    for reader in readers:
        reader.close()


def test_additions_and_removals_on_the_living_index(address: str, tmp_path: Path) -> None:
    folder = str(tmp_path / "folder")
    first, more = write_rows(tmp_path / "first.jsonl", 60), write_rows(tmp_path / "more.jsonl", 30, first=50)
    searcher = None
    for where in (address, folder):
        build([first], where)
        if where == address:
            searcher = open_index(address)
        assert add([more], where).replaced == 10
        assert remove(["r3", "d1", "nobody"], where) == (11, ["nobody"])
    same_answers(address, folder, ranked=False)
    assert verify(address) == []
    assert searcher is not None
    assert searcher.reader.count(Everything()) == 60, "an open reader keeps its view"
    remote_opening = sys.modules["index.remote_opening"]
    remote_opening._seen.clear()
    assert searcher.refresh().reader.count(Everything()) == 69
    searcher.close()


def test_words_come_from_tables_and_are_counted_anew_after_removals(address: str, tmp_path: Path) -> None:
    build([write_rows(tmp_path / "rows.jsonl", 300)], address)
    add([write_rows(tmp_path / "more.jsonl", 30, first=300)], address)
    reader, side = open_reader(address)
    assert side is not None
    fields = ("folded", "marked", "stem")
    by_tables = {field: reader.vocabulary(field, "ال") for field in fields}
    reader._tables = None  # type: ignore[attr-defined]
    assert {field: reader.vocabulary(field, "ال") for field in fields} == by_tables
    assert dict(by_tables["folded"])
    reader.close()
    remove(["r299", "r300", "d1"], address)
    reader, _ = open_reader(address)
    removed = dict(reader.vocabulary("folded"))
    assert "299" not in removed
    assert removed["رقم"] == 318
    reader.close()


def test_three_shards_score_as_one(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_rows(tmp_path / "rows.jsonl", 400)
    found = []
    for shards in ("1", "3"):
        monkeypatch.setenv("KASHSHAF_OPENSEARCH_SHARDS", shards)
        build([source], address)
        reader, _ = open_reader(address)
        several = Or(tuple(Term("stem", word) for word in ("تعاون", "امن", "رقم", "7")))
        for clause in (several, Term("folded", "القرار")):
            found.append([(hit.id, hit.score) for hit in reader.search(clause, limit=400).hits])
        reader.close()
    assert found[:2] == found[2:]
    assert len({score for _, score in found[0]}) > 5


def test_an_export_is_of_one_moment_while_documents_change(address: str, tmp_path: Path,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.engines.opensearch.ROWS_AT_ONCE", 10)
    build([write_rows(tmp_path / "rows.jsonl", 100)], address)
    reader, _ = open_reader(address)
    rows = all_rows(reader)
    read = [next(rows) for _ in range(5)]
    remove([f"r{n}" for n in range(40, 90)], address)
    add([write_rows(tmp_path / "more.jsonl", 20, first=200)], address)
    read += rows
    assert [row["id"] for row in read] == [f"r{n}" for n in range(100)]
    reader.snapshot.connection.ask("DELETE", "/_search/point_in_time/_all")  # type: ignore[attr-defined]
    with pytest.raises(IndexProblem, match="start the reading again"):
        list(all_rows(reader))
    assert reader.count(Term("session", "1")) > 0, "ordinary questions take a new view"
    reader.close()


def test_another_analyzer_is_refused(address: str, generations: Generations, tmp_path: Path) -> None:
    source = write_rows(tmp_path / "rows.jsonl", 3)
    build([source], address)
    index = generations.living()
    assert index is not None
    meta = generations.meta(index)
    meta["manifest"]["fingerprint"] = "light-0"
    generations.describe(index, meta)
    for use in (lambda: open_index(address), lambda: add([source], address)):
        with pytest.raises(IndexProblem, match=r"analyzer light-0, this program has .* Build it again"):
            use()


def test_a_name_that_is_not_ours_and_an_alias_that_is_gone(address: str, generations: Generations,
                                                           tmp_path: Path) -> None:
    source = write_rows(tmp_path / "rows.jsonl", 3)
    ask = generations.connection.ask
    ask("PUT", f"/{generations.name}", {"settings": {"number_of_replicas": 0}})
    for use in (lambda: build([source], address), lambda: open_index(address)):
        with pytest.raises(IndexProblem, match="an index of another program"):
            use()
    ask("DELETE", f"/{generations.name}")
    build([source], address)
    index = generations.living()
    ask("DELETE", f"/{index}/_alias/{generations.name}")
    with pytest.raises(IndexProblem, match=f"build --finish --generation {index}"):
        open_index(address)
    remote_build.finish(address, str(index))
    assert read_manifest(address).clauses == 3


def test_a_second_writer_is_told_who_writes(address: str, generations: Generations, tmp_path: Path) -> None:
    source = write_rows(tmp_path / "rows.jsonl", 3)
    build([source], address)
    with generations.state.lock(remote_build.BUILDING, "building"):
        for change in (lambda: build([source], address), lambda: add([source], address),
                       lambda: remove(["r1"], address)):
            with pytest.raises(IndexProblem, match=r"process \d+ .*\(building\).*try again"):
                change()
    assert remove(["r1"], address) == (1, [])


def test_nothing_to_index_leaves_nothing_behind(address: str, generations: Generations, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("", "utf-8")
    with pytest.raises(IndexProblem, match="nothing to index"):
        build([str(tmp_path / "empty.jsonl")], address)
    assert generations.all() == {}
