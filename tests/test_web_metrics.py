"""/metrics: real servers read by the official parser; who may read it; no text of a user in it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import ROOT, SAMPLES
from tests.test_web_server import LINE, refused, start
from web import create_app

NAME = re.compile(r"kashshaf_[a-z0-9_]+")
UNITS = ("_seconds", "_total", "_bytes", "_info", "_clauses", "_resolutions")


@contextmanager
def server(*arguments: str) -> Iterator[str]:
    process = start("--port", "0", *arguments)
    assert process.stdout
    said = LINE.fullmatch(process.stdout.readline())
    assert said
    try:
        yield said[1]
    finally:
        process.terminate()
        process.communicate(timeout=20)


def get(address: str, **headers: str) -> tuple[str, str]:
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:
        return answer.read().decode(), answer.headers["Content-Type"]


def figures(text: str) -> dict[str, float]:
    """Return sample → value; the labels in braces, by name."""
    return {
        one.name + "".join(f"{{{name}={value}}}" for name, value in sorted(one.labels.items())): one.value
        for family in text_string_to_metric_families(text) for one in family.samples
    }


@pytest.mark.parametrize("engine", ["tantivy", "whoosh"])
def test_a_server_counts_what_it_answers(engine: str, specimen: str, tmp_path: Path) -> None:
    index = specimen
    if engine == "whoosh":
        from index.build import build

        index = str(tmp_path / "whoosh")
        build([str(SAMPLES / "charter.txt")], index, engine=engine)
    with server("--index", index, "--remember-mb", "0") as address:
        for query in ("الأعضاء", "الأعضاء", "ظظظظظ", '"الأعضاء'):
            get(f"{address}/api/v1/search?q={quote(query)}")
        get(f"{address}/search?q={quote('الأعضاء')}")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            get(f"{address}/nothing-here")
        text, kind = get(f"{address}/metrics")
    found = figures(text)
    assert kind.startswith("text/plain; version=")
    assert found["kashshaf_searches_total{outcome=found}"] == 4
    assert found["kashshaf_searches_total{outcome=nothing}"] >= 1
    assert found["kashshaf_searches_total{outcome=failed}"] == 0
    assert found["kashshaf_search_duration_seconds_count"] == sum(
        value for name, value in found.items() if name.startswith("kashshaf_searches_total"))
    assert sum(value for name, value in found.items() if name.startswith("kashshaf_search_problems_total")) >= 1
    assert found["kashshaf_http_requests_total{code=200}{endpoint=api.search}{method=GET}"] == 4
    assert found["kashshaf_http_requests_total{code=404}{endpoint=none}{method=GET}"] == 1
    assert found["kashshaf_index_clauses"] > 10
    assert found["kashshaf_index_built_timestamp_seconds"] > 1_700_000_000
    assert f'engine="{engine}"' in text
    assert "process_resident_memory_bytes" in text
    assert "الأعضاء" not in text
    assert "ظظظظظ" not in text


def test_names_follow_the_conventions_of_prometheus(specimen: str) -> None:
    with create_app(specimen).test_client() as client:
        text = client.get("/metrics", headers={"Host": "localhost"}).text
    families = [family for family in text_string_to_metric_families(text) if family.name.startswith("kashshaf_")]
    assert len(families) >= 11
    for family in families:
        assert NAME.fullmatch(family.name)
        assert family.documentation.endswith("."), f"{family.name} does not say what it is"
        assert family.type != "unknown"
        for sample in family.samples:
            base = re.sub(r"_(bucket|sum|count|created)$", "", sample.name)
            assert base.endswith(UNITS), f"{sample.name} says no unit"
            assert all(len(value) < 80 and value.isascii() for value in sample.labels.values())


def test_openmetrics_is_given_to_who_asks_for_it(specimen: str) -> None:
    with create_app(specimen).test_client() as client:
        answer = client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert answer.content_type.startswith("application/openmetrics-text")
    assert answer.text.endswith("# EOF\n")


@pytest.mark.parametrize(("settings", "address", "header", "status", "why"), [
    ({}, "127.0.0.1", "", 200, "this machine may read by default"),
    ({}, "::1", "", 200, "this machine by its other name"),
    ({}, "192.0.2.7", "", 403, "others may not by default"),
    ({"metrics": "all"}, "192.0.2.7", "", 200, "all may where it says so"),
    ({"metrics": "off"}, "127.0.0.1", "", 404, "off is off"),
    ({"metrics_token": "s3cret"}, "192.0.2.7", "Bearer s3cret", 200, "the token opens it from anywhere"),
    ({"metrics_token": "s3cret"}, "192.0.2.7", "Bearer s3cre", 401, "a part of a token is none"),
    ({"metrics_token": "s3cret"}, "192.0.2.7", "Basic s3cret", 401, "another scheme is none"),
    ({"metrics_token": "s3cret"}, "127.0.0.1", "", 401, "with a token this machine needs it too: a proxy may be here"),
    ({"metrics_token": "s3cret", "metrics": "all"}, "192.0.2.7", "", 401, "a token is asked of all"),
])
def test_who_may_read_it(specimen: str, settings: dict[str, str], address: str, header: str, status: int,
                         why: str) -> None:
    with create_app(specimen, **settings).test_client() as client:
        headers = {"Authorization": header} if header else {}
        answer = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == status, why
    assert ("kashshaf_searches_total" in answer.text) == (status == 200)
    assert "s3cret" not in answer.text
    assert (answer.headers.get("WWW-Authenticate") is not None) == (status == 401)


def test_a_wrong_setting_is_refused_in_a_sentence(specimen: str) -> None:
    assert "--metrics must be one of local, all, off" in refused("--index", specimen, "--metrics", "yes")


def test_an_unknown_method_is_no_label_of_its_own(specimen: str) -> None:
    with create_app(specimen).test_client() as client:
        client.open("/search", method="PROPFINDX")
        text = client.get("/metrics").text
    assert 'method="other"' in text
    assert "PROPFINDX" not in text


class Broken:
    """What a searcher is when its index is gone: real errors, no real index."""

    def __init__(self, manifest: object) -> None:
        self.manifest = manifest

    def search(self, text: str, **how: object) -> None:
        from index.engine import IndexProblem

        raise IndexProblem("The index cannot answer.") if text == "gone" else RuntimeError("a fault of ours")

    def refresh(self) -> Broken:
        from index.engine import IndexProblem

        raise IndexProblem("The index cannot answer.")


def test_failures_are_counted_by_kind(searcher) -> None:  # type: ignore[no-untyped-def]
    from web.measuring import Figures

    counted = Figures()
    watched = counted.watch(Broken(searcher.manifest))
    for text in ("gone", "gone", "other"):
        with pytest.raises(Exception, match=r"cannot answer|fault of ours"):
            watched.search(text)
    with pytest.raises(Exception, match="cannot answer"):
        watched.refresh()
    found = figures(counted.text(searcher.manifest, "")[0].decode())
    assert found["kashshaf_search_errors_total{kind=index}"] == 2
    assert found["kashshaf_search_errors_total{kind=program}"] == 1
    assert found["kashshaf_searches_total{outcome=failed}"] == 3
    assert found["kashshaf_search_duration_seconds_count"] == 3
    assert found["kashshaf_index_refresh_errors_total"] == 1


def test_an_answer_cut_short_is_counted_as_partial(searcher) -> None:  # type: ignore[no-untyped-def]
    from web.measuring import Figures

    counted = Figures()
    assert counted.watch(searcher).search("التعاون بين الدول", time_limit=1e-9).partial
    assert figures(counted.text(searcher.manifest, "")[0].decode())["kashshaf_search_partial_answers_total"] == 1


def test_several_processes_answer_with_their_sum(specimen: str, tmp_path: Path) -> None:
    """What gunicorn's workers do: every process counts into one folder, and any of them answers for all."""
    program = ("import sys; from web import create_app; client = create_app(sys.argv[1], remember_mb=0).test_client(); "
               "[client.get('/api/v1/search?q=x') for _ in range(3)]; print(client.get('/metrics').text)")
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for process in (1, 2):
        done = subprocess.run([sys.executable, "-c", program, specimen], cwd=ROOT, env=environment, text=True,
                              capture_output=True, check=True)
        found = figures(done.stdout)
        assert found["kashshaf_search_duration_seconds_count"] == 3 * process
        assert found["kashshaf_index_clauses"] > 100
    shutil.rmtree(tmp_path)


def test_processes_of_one_server_answer_with_their_sum(specimen: str) -> None:
    with server("--index", specimen, "--processes", "3") as address:
        for number in range(12):
            get(f"{address}/api/v1/search?q={number}")
        texts = [get(f"{address}/metrics")[0] for _ in range(6)]
    for text in texts:
        assert figures(text)["kashshaf_search_duration_seconds_count"] == 12


def test_the_page_on_it_names_every_figure(specimen: str) -> None:
    page = (ROOT / "docs" / "metrics.md").read_text("utf-8")
    with create_app(specimen).test_client() as client:
        client.get("/search?q=%22x")
        families = list(text_string_to_metric_families(client.get("/metrics").text))
    shown = {sample.name for family in families for sample in family.samples if sample.name.startswith("kashshaf_")}
    plain = {re.sub(r"_(bucket|sum|count)$", "", name) for name in shown if not name.endswith("_created")}
    assert {name for name in plain if f"`{name}`" not in page} == set()
    assert {name for name in re.findall(r"`(kashshaf_[a-z_]+)`", page) if name not in plain} == set()
