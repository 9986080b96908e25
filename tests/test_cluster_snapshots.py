"""What docs/scaling.md says of snapshots, done on a real node: a backup, a loss, a restore, the same answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import cluster_nodes
import pytest

from index.build import add, build
from index.engine import IndexProblem
from index.engines.opensearch_connection import Connection
from index.verify import verify
from search import open_index

pytestmark = cluster_nodes.MARK
ROOT = Path(__file__).resolve().parents[1]
QUERY = "التعاون بين الدول"


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Connection]:
    connection = cluster_nodes.connection(tmp_path)
    yield connection
    cluster_nodes.delete(tmp_path)
    connection.ask("DELETE", "/_snapshot/backups")


def documented(name: str, repository: str, place: str) -> dict[str, tuple[str, str, object]]:
    """Return the requests of the page by their first comment: method, path, body; names put in."""
    page = (ROOT / "docs" / "scaling.md").read_text("utf-8")
    found = {}
    for what, method, path, body in re.findall(r"^# (\w+): .*\n(PUT|POST|DELETE|GET) (\S+)\n((?:\{.*\n)?)", page, re.M):
        text = body.replace("resolutions", name).replace("/var/backups/kashshaf", place)
        found[what] = (method, path.replace("resolutions", name), json.loads(text) if text else None)
    return found


def test_a_snapshot_brings_back_what_was_lost(asked: Connection, tmp_path: Path) -> None:
    address = cluster_nodes.address(tmp_path)
    name = cluster_nodes.index_name(tmp_path)
    (settings,) = asked.ask("GET", "/_nodes/settings")["nodes"].values()
    place = settings["settings"]["path"].get("repo")
    if not place:
        pytest.skip("the cluster of KASHSHAF_TEST_CLUSTER has no path.repo, so it can write no snapshots")
    steps = documented(name, "backups", (place if isinstance(place, str) else place[0]) + f"/{name}")
    assert list(steps) == ["repository", "backup", "restore"]
    build([str(ROOT / "samples" / "session-7")], address)
    before = open_index(address)
    was = [(hit.id, hit.score, hit.text) for hit in before.search(QUERY).hits]
    manifest = before.manifest.to_json()
    before.close()
    for step in ("repository", "backup"):
        asked.ask(steps[step][0], steps[step][1], steps[step][2], seconds=60)
    add([str(ROOT / "samples" / "session-8")], address)
    cluster_nodes.delete(tmp_path)
    with pytest.raises(IndexProblem):
        open_index(address)
    asked.ask(steps["restore"][0], steps["restore"][1], steps["restore"][2], seconds=60)
    after = open_index(address)
    assert was
    assert [(hit.id, hit.score, hit.text) for hit in after.search(QUERY).hits] == was
    assert after.manifest.to_json() == manifest
    after.close()
    assert verify(address) == []
    assert add([str(ROOT / "samples" / "session-8")], address).clauses > 0, "what was restored goes on being written"
