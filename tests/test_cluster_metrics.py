"""/metrics on a cluster: the same figures, and what fails there is seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cluster_nodes
import pytest
from test_web_metrics import figures

from index.build import build
from web import create_app

pytestmark = cluster_nodes.MARK
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    yield cluster_nodes.address(tmp_path)
    cluster_nodes.delete(tmp_path)


def test_searches_on_a_cluster_are_counted_and_its_loss_is_seen(address: str, tmp_path: Path) -> None:
    build([str(ROOT / "samples" / "charter.txt")], address)
    with create_app(address).test_client() as client:
        assert client.get("/api/v1/search?q=الأعضاء").status_code == 200
        text = client.get("/metrics").text
        assert 'engine="opensearch"' in text
        assert figures(text)["kashshaf_searches_total{outcome=found}"] == 1
        assert figures(text)["kashshaf_index_clauses"] > 10
        cluster_nodes.delete(tmp_path)
        answer = client.get("/api/v1/search?q=الميثاق")
        after = figures(client.get("/metrics").text)
    assert answer.status_code >= 500
    assert after["kashshaf_search_errors_total{kind=index}"] == 1
    assert after[f"kashshaf_http_requests_total{{code={answer.status_code}}}{{endpoint=api.search}}{{method=GET}}"] == 1
