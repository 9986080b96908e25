"""`python -m search.cli` as people and scripts run it: forms of output, exit codes, odd queries, pipes."""

from __future__ import annotations

import csv
import gc
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from search.cli import main
from tests.test_index_cli import ROOT, run


def search(specimen: str, *arguments: str, stdin: bytes | None = None) -> subprocess.CompletedProcess[str]:
    return run("--index", specimen, *arguments, module="search.cli", stdin=stdin)


def test_json_has_the_fixed_keys(specimen: str) -> None:
    done = search(specimen, "منظمة الأمن والتعاون", "--format", "json", "--limit", "3")
    assert done.returncode == 0
    data = json.loads(done.stdout)
    assert {"schema", "query", "total", "totals", "took_ms", "problems", "hits", "facets"} <= set(data)
    assert data["schema"] == 1
    assert data["totals"]["all"] <= data["totals"]["any"] == data["total"]
    assert len(data["hits"]) == 3
    hit = data["hits"][0]
    assert {
        "id",
        "score",
        "text",
        "highlights",
        "session",
        "theme",
        "title",
        "kind",
        "number",
        "symbol",
        "date",
    } <= set(hit)
    assert all(hit["text"][start:end].strip() for start, end in hit["highlights"])
    assert {"value", "label", "count"} <= set(data["facets"]["session"][0])


def test_the_named_session_leaves_exactly_its_own(specimen: str) -> None:
    everywhere = json.loads(search(specimen, '"منظمة الأمن والتعاون"', "--format", "json", "--limit", "100").stdout)
    for facet in everywhere["facets"]["session"]:
        only = json.loads(
            search(
                specimen, '"منظمة الأمن والتعاون"', "--session", facet["value"], "--format", "json", "--limit", "100"
            ).stdout
        )
        assert only["total"] == facet["count"]
        assert {hit["session"] for hit in only["hits"]} == {facet["value"]}


def test_clauses_that_say_it_come_first(specimen: str) -> None:
    said = json.loads(search(specimen, '"منظمة الأمن والتعاون"', "--format", "json", "--limit", "100").stdout)
    ranked = json.loads(search(specimen, "منظمة الأمن والتعاون", "--format", "json", "--limit", "100").stdout)
    saying = {hit["id"] for hit in said["hits"]}
    assert saying
    first = [hit["id"] for hit in ranked["hits"][: len(saying)]]
    assert len(saying & set(first)) >= 0.8 * len(saying)
    assert first[0] in saying


def test_exit_codes(specimen: str) -> None:
    assert search(specimen, "التعاون").returncode == 0
    assert search(specimen, "zzzzqqq").returncode == 1
    assert search(specimen).returncode == 2
    assert search(specimen, "التعاون", "--limit", "x").returncode == 2
    assert run("التعاون", "--index", "/nonexistent", module="search.cli").returncode == 2


@pytest.mark.parametrize(
    "query",
    [
        "(",
        ")",
        '"',
        "****",
        "*",
        "~",
        "+",
        "-",
        "session:",
        "دورة:",
        '"a',
        "((((",
        "a AND",
        "NOT",
        "\x00",
        "38/32-س",
        "\u202e",
        "`",
        "\\",
        "=",
        "==",
        'a"b"c',
        "🙂",
        "[1 TO 2]",
        "a:b:c",
        "%",
        "' OR 1=1 --",
    ],
)
def test_odd_queries_are_answered(specimen: str, query: str) -> None:
    if "\x00" in query:  # no argument of a process can hold it
        done = search(specimen, "-", stdin=query.encode())
    else:
        done = search(specimen, "--", query)
    assert done.returncode in (0, 1), done.stderr


def test_a_problem_is_shown_under_its_place(specimen: str) -> None:
    done = search(specimen, 'التعاون "الأمن')
    assert "^" in done.stderr
    assert done.returncode == 0


def test_trec_runs_over_many_queries(specimen: str, tmp_path: Path) -> None:
    queries = tmp_path / "queries.tsv"
    queries.write_text('q1\tالتعاون بين الدول\nbroken line\nq2\tوزير: "المالية" OR\n', "utf-8")
    done = search(specimen, "--queries", str(queries), "--format", "trec", "--limit", "5")
    assert done.returncode == 0, done.stderr
    assert "queries.tsv:2" in done.stderr
    lines = [line.split(" ") for line in done.stdout.splitlines()]
    assert all(len(line) == 6 and line[1] == "Q0" and line[5] == "kashshaf" for line in lines)
    ranks = [int(line[3]) for line in lines if line[0] == "q1"]
    assert ranks == list(range(1, len(ranks) + 1))
    scores = [float(line[4]) for line in lines if line[0] == "q1"]
    assert scores == sorted(scores, reverse=True)


def test_ndjson_and_csv(specimen: str) -> None:
    lines = search(specimen, "التعاون", "--format", "ndjson", "--limit", "4").stdout.splitlines()
    assert [set(json.loads(line)) >= {"id", "text"} for line in lines] == [True] * 4
    table = list(csv.DictReader(io.StringIO(search(specimen, "التعاون", "--format", "csv", "--limit", "4").stdout)))
    assert [row["id"] for row in table] == [json.loads(line)["id"] for line in lines]


def test_pages_do_not_overlap_and_cover_everything(specimen: str) -> None:
    whole = json.loads(search(specimen, "التعاون", "--format", "json", "--limit", "1000").stdout)
    pages = []
    for page in range(1, -(-whole["total"] // 50) + 1):
        pages += json.loads(
            search(specimen, "التعاون", "--format", "json", "--limit", "50", "--page", str(page)).stdout
        )["hits"]
    assert [hit["id"] for hit in pages] == [hit["id"] for hit in whole["hits"]]
    beyond = json.loads(search(specimen, "التعاون", "--format", "json", "--page", "5000").stdout)
    assert (beyond["hits"], beyond["total"]) == ([], whole["total"])


def test_order_by_session_and_date(specimen: str) -> None:
    by_session = json.loads(search(specimen, "الدول", "--format", "json", "--limit", "200", "--sort", "session").stdout)
    sessions = [int(hit["session"]) for hit in by_session["hits"] if hit["session"]]
    assert sessions == sorted(sessions)
    by_date = json.loads(search(specimen, "الدول", "--format", "json", "--limit", "200", "--sort", "date").stdout)
    dates = [hit["date"] for hit in by_date["hits"] if hit["date"]]
    assert dates == sorted(dates, reverse=True)
    assert {hit["id"] for hit in by_date["hits"]} == {hit["id"] for hit in by_session["hits"]}


def test_colours_only_where_they_are_wanted(specimen: str) -> None:
    assert "\x1b[" not in search(specimen, "التعاون").stdout
    assert "\x1b[" in search(specimen, "التعاون", "--color", "always").stdout


def test_queries_from_standard_input(specimen: str) -> None:
    done = search(specimen, "-", "--format", "json", stdin="التعاون\nالأمن\n".encode())
    assert [json.loads(line)["query"] for line in done.stdout.splitlines()] == ["التعاون", "الأمن"]


def test_a_closed_pipe_is_silent(specimen: str) -> None:
    command = f'"{sys.executable}" -m search.cli --index "{specimen}" --format ndjson --limit 1000 الدول | head -c 10'
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert done.stderr == b""


def test_a_file_of_names_adds_to_ours(specimen: str, tmp_path: Path) -> None:
    own = tmp_path / "names.tsv"
    own.write_text("group\tname\nours\tالتعاون\nours\tالتآزر المجهول\n", encoding="utf-8")
    plain = json.loads(search(specimen, "التآزر المجهول", "--format", "json", "--match", "all").stdout)
    assert plain["total"] == 0
    for done in (
        search(specimen, "التآزر المجهول", "--format", "json", "--match", "all", "--names", str(own)),
        run("--index", specimen, "التآزر المجهول", "--format", "json", "--match", "all", module="search.cli",
            KASHSHAF_NAMES=str(own)),
    ):  # fmt: skip
        assert done.returncode == 0
        assert json.loads(done.stdout)["total"] > 0


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "cannot be read"), ("", "holds no names"), ("name\nكلمة\n", "line 1"), ("group\tname\na\n", "line 2"),
     ("group\tname\tfrom\na\tاسم\tأمس\n", "is no year"), ("group\tname\tuse\na\tاسم\tدائما\n", "is unknown")],
)  # fmt: skip
def test_a_bad_file_of_names_is_one_sentence_and_code_2(
    specimen: str, tmp_path: Path, content: str | None, said: str
) -> None:
    own = tmp_path / "names.tsv"
    if content is not None:
        own.write_text(content, encoding="utf-8")
    done = search(specimen, "التعاون", "--names", str(own))
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_program_that_calls_main_keeps_its_collector_of_cycles(specimen: str) -> None:
    assert gc.isenabled()
    assert main(["الأمن", "--index", specimen, "--limit", "1"]) == 0
    assert gc.isenabled(), "or every index it opens later stays open"
