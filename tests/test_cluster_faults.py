"""Three real nodes and what happens to nodes: killed, frozen, overloaded, lost.

Nothing acknowledged is lost, answers are whole or say that they are not, and everybody is told in bounded time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import cluster_nodes
import pytest
from engine_samples import entry
from test_cluster_building import same_answers, write_rows
from test_index_cli import run

from index.build import add, build, remove
from index.clause import Everything
from index.engine import IndexUnavailable
from index.engines.opensearch_bulk import operations, send
from index.engines.opensearch_connection import connect
from index.opening import open_reader
from index.sources import read_sources
from index.verify import verify
from search import open_index

if TYPE_CHECKING:
    from cluster import Cluster
    from cluster.node import Node

pytestmark = cluster_nodes.MARK
QUICK = {  # a node that is lost is noticed within seconds, and few bulks fill the queues
    "cluster.fault_detection.follower_check.timeout": "2s",
    "cluster.fault_detection.follower_check.interval": "500ms",
    "cluster.fault_detection.follower_check.retry_count": "2",
    "cluster.fault_detection.leader_check.timeout": "2s",
    "cluster.fault_detection.leader_check.interval": "500ms",
    "cluster.fault_detection.leader_check.retry_count": "2",
    "thread_pool.write.queue_size": "4",
}


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster_nodes.need_nodes()
    cluster_nodes.own_cache()
    from cluster import Cluster

    with Cluster(3, heap_mb=384, settings=QUICK) as started:
        yield started


@pytest.fixture
def whole(three: Cluster) -> Iterator[Cluster]:
    """The three nodes, running again when a test has ended however it ended."""
    yield three
    for node in three.nodes:
        node.thaw()
        if not node.alive():
            three.restart(node.number, wait=False)
    three.wait("yellow")


def at(three: Cluster, name: str) -> str:
    return f"opensearch://{','.join(f'127.0.0.1:{node.port}' for node in three.nodes)}/{name}"


def other(three: Cluster) -> Node:
    """Return a node that is not the elected manager."""
    manager = three.manager()
    return next(node for node in three.nodes if node is not manager)


def interrupted(source: str, after: int, what: Callable[[], None]) -> Iterator[object]:
    """Yield the rows of a source; something happens on the way."""
    for number, row in enumerate(read_sources([source])):
        if number == after:
            what()
        yield row


def test_a_data_node_is_killed_while_an_index_is_built_and_another_is_read(whole: Cluster, tmp_path: Path) -> None:
    old, new = at(whole, "read"), at(whole, "built")
    build([write_rows(tmp_path / "old.jsonl", 300)], old)
    reader, _ = open_reader(old)
    done, said = threading.Event(), []

    def read() -> None:
        while not done.is_set():
            try:
                answer = reader.search(Everything(), limit=3)
                said.append("partial" if answer.partial else answer.total)
            except IndexUnavailable as problem:
                said.append(str(problem))

    source = write_rows(tmp_path / "new.jsonl", 8_000)
    thread = threading.Thread(target=read)
    thread.start()
    try:
        report = build([source], new, found=interrupted(source, 3_000, other(whole).kill))  # type: ignore[arg-type]
    finally:
        done.set()
        thread.join()
    assert report.clauses == 8_000
    assert said.count(300) > 10
    assert all(one in (300, "partial") or "ask again" in str(one) for one in said), set(said)
    reader.close()
    folder = str(tmp_path / "folder")
    build([source], folder)
    same_answers(new, folder, ranked=False)  # what was sent twice still counts in how common words are
    assert verify(new) == []


def test_the_elected_manager_is_killed_while_clauses_are_added(whole: Cluster, tmp_path: Path) -> None:
    address = at(whole, "added")
    build([write_rows(tmp_path / "old.jsonl", 300)], address)
    source = write_rows(tmp_path / "more.jsonl", 2_000, first=300)
    found = interrupted(source, 1_999, whole.manager().kill)
    assert add([source], address, found=found).clauses == 2_000  # type: ignore[arg-type]
    reader, _ = open_reader(address)
    assert reader.count(Everything()) == 2_300
    reader.close()
    assert verify(address) == []


def test_full_queues_make_feeding_wait_and_lose_nothing(whole: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.engines.opensearch_bulk.FIRST_PAUSE", 0.05)
    connection = connect(at(whole, "full"))
    connection.ask("PUT", "/full-g1", {"settings": {"number_of_shards": 3, "number_of_replicas": 1}})
    batches = [[(f"{n}-{m}", {"n": "x" * 400}) for m in range(300)] for n in range(40)]
    with ThreadPoolExecutor(20) as threads:
        list(threads.map(lambda batch: send(connection, "full-g1", batch), batches))
    connection.ask("POST", "/full-g1/_refresh")
    assert connection.ask("GET", "/full-g1/_count")["count"] == 40 * 300
    pools = connection.ask("GET", "/_nodes/stats/thread_pool")["nodes"].values()
    assert sum(pool["thread_pool"]["write"]["rejected"] for pool in pools) > 0, "the queues were full"
    assert operations([entry(1, "a")], [5], "")[0][1]["ordinal"] == 5  # type: ignore[index]


def test_a_frozen_node_costs_time_that_is_bounded(whole: Cluster, tmp_path: Path,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    address = at(whole, "frozen")
    build([write_rows(tmp_path / "rows.jsonl", 300)], address)
    monkeypatch.setenv("KASHSHAF_OPENSEARCH_TIMEOUT", "4")
    reader, _ = open_reader(address)
    other(whole).freeze()
    for _ in range(40):
        started = time.monotonic()
        answer = None
        with suppress(IndexUnavailable):
            answer = reader.search(Everything(), limit=3)
        seconds = time.monotonic() - started
        assert seconds < 15, "at most two questions of four seconds, and a new view"
        if answer is not None:
            assert answer.partial or answer.total == 300
            if not answer.partial and seconds < 1:
                break
    else:
        pytest.fail("the search never became quick and whole again")
    reader.close()


def test_when_no_node_answers_page_and_command_line_say_so(whole: Cluster, tmp_path: Path,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    from web import create_app

    address = at(whole, "silent")
    build([write_rows(tmp_path / "rows.jsonl", 30)], address)
    monkeypatch.setenv("KASHSHAF_OPENSEARCH_TIMEOUT", "4")
    client = create_app(address, rate="0").test_client()
    assert client.get("/search?q=التعاون").status_code == 200
    for node in whole.nodes:
        node.freeze()
    page = client.get("/search?q=الأمن")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "10")
    assert "لا يمكن سؤال الفهرس" in page.text
    answer = client.get("/api/v1/search?q=السلم")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert answer.json["status"] == 503  # type: ignore[index]
    for arguments in (("info",), ("remove", "r1"), ("build", str(tmp_path / "rows.jsonl"))):
        done = run(*arguments, "--index", address)
        assert done.returncode == 2
        assert "did not answer within 4 s" in done.stderr.splitlines()[-1]
    for node in whole.nodes:
        node.thaw()
    whole.wait()
    assert client.get("/search?q=العلوم").status_code == 200


def test_a_red_index_answers_in_part_and_says_so(whole: Cluster, tmp_path: Path,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KASHSHAF_OPENSEARCH_REPLICAS", "0")
    address = at(whole, "red")
    build([write_rows(tmp_path / "rows.jsonl", 300)], address)
    searcher = open_index(address)
    victim = other(whole)
    victim.kill()
    found = searcher.search("رقم")
    assert found.partial
    assert 0 < found.total < 300
    from web import create_app

    client = create_app(address, rate="0").test_client()
    page = client.get("/search?q=رقم")
    assert (page.status_code, "ETag" in page.headers) == (200, False)
    assert "لم يكتمل البحث" in page.text
    documents = [client.get(f"/r/d{number}") for number in range(3)]
    assert {document.status_code for document in documents} == {503}, "a document is shown whole or not at all"
    rows = [client.get(f"/api/v1/clauses/r{number}").status_code for number in range(15)]
    assert set(rows) == {200, 503}, "a clause that may be there is not said to be missing"
    with pytest.raises(IndexUnavailable):
        remove(["r1", "r2", "r3", "r4", "r5"], address)
    shown = run("رقم", "--index", address, module="search.cli")
    assert "these results are partial" in shown.stderr
    for command in ("export", "verify"):
        done = run(command, "--index", address)
        assert done.returncode in (1, 2)
        assert "health" in done.stderr or "red" in done.stderr
    whole.restart(victim.number, wait=False)
    whole.wait("yellow")
    monkeypatch.setattr("index.engines.opensearch_snapshot.STALE_AFTER", 0)
    searcher = searcher.refresh()
    found = searcher.search("رقم")
    assert (found.total, found.partial) == (300, False)
    assert not searcher.reader.stale  # type: ignore[attr-defined]
    searcher.close()


def test_an_index_comes_back_from_a_snapshot_with_its_name(whole: Cluster, tmp_path: Path) -> None:
    address = at(whole, "saved")
    build([write_rows(tmp_path / "rows.jsonl", 300)], address)
    ask = connect(address).ask
    ask("PUT", "/_snapshot/kept", {"type": "fs", "settings": {"location": str(whole.snapshots)}}, seconds=60.0)
    body = {"indices": "saved-*", "include_global_state": False}
    ask("PUT", "/_snapshot/kept/one", body, seconds=60.0, wait_for_completion="true")
    for index in [*ask("GET", "/saved-g*"), "saved-state"]:
        ask("DELETE", f"/{index}")
    assert run("info", "--index", address).returncode == 2
    ask("POST", "/_snapshot/kept/one/_restore", body, seconds=60.0, wait_for_completion="true")
    assert verify(address) == []
    folder = str(tmp_path / "folder")
    build([str(tmp_path / "rows.jsonl")], folder)
    same_answers(address, folder)
