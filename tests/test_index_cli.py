"""`python -m index.cli` as people run it: real processes, their output and exit codes, with good and with bad input."""

from __future__ import annotations

import gzip
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import cluster_nodes
import pytest
from engine_samples import CLUSTER, EMBEDDED, EVERY_ENGINE

ROOT = Path(__file__).resolve().parents[1]


def place(engine: str, folder: Path) -> str:
    """Return the address of a test's index on an engine."""
    return cluster_nodes.address(folder) if engine == CLUSTER else str(folder / "index")


def run(
    *arguments: str, stdin: bytes | None = None, module: str = "index.cli", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run one of our commands in the checkout; output is UTF-8 whatever the locale says."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=120,
        input=stdin,
        env={**os.environ, "LC_ALL": "C", **environment},
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in out + err
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def rows(*texts: str, first: int = 1, **keys: object) -> str:
    return "".join(
        json.dumps({"id": f"r{n}", "text": text, **keys}, ensure_ascii=False) + "\n"
        for n, text in enumerate(texts, first)
    )


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text(rows("التعاون بين الدول", "الأمن والسلم", "مكتبة ومخطوطات", session="9"), "utf-8")
    return path


def found(address: Path | str, query: str, *more: str) -> list[str]:
    done = run(query, "--index", str(address), "--format", "json", *more, module="search.cli")
    assert done.returncode in (0, 1), done.stderr
    return [hit["id"] for hit in json.loads(done.stdout)["hits"]]


@EVERY_ENGINE
def test_build_add_remove(engine: str, source: Path, tmp_path: Path) -> None:
    index = place(engine, tmp_path)
    built = run("build", str(source), "--index", str(index), "--engine", engine)
    assert built.returncode == 0, built.stderr
    assert "3 clauses indexed" in built.stdout
    assert found(index, "والتعاون") == ["r1"]
    more = tmp_path / "more.jsonl"
    more.write_text(rows("نص جديد عن التعاون", "لا شيء", first=3), "utf-8")
    added = run("add", str(more), "--index", str(index))
    assert "1 of them replaced" in added.stdout, added.stderr
    assert sorted(found(index, "التعاون")) == ["r1", "r3"]
    assert found(index, "مخطوطات") == [], "a replaced row is found by its new text only"
    removed = run("remove", "r1", "nobody", "--index", str(index))
    assert removed.returncode == 0
    assert "nobody" in removed.stderr
    assert found(index, "التعاون") == ["r3"]
    info = json.loads(run("info", "--index", str(index), "--json").stdout)
    assert (info["engine"], info["clauses"]) == (engine, 3)
    assert run("verify", "--index", str(index)).returncode == 0


@EVERY_ENGINE
def test_a_whole_resolution_is_removed_by_its_id(engine: str, tmp_path: Path) -> None:
    index = place(engine, tmp_path)
    run("build", "samples/session-8", "--index", str(index), "--engine", engine)
    before = json.loads(run("info", "--index", str(index), "--json").stdout)
    name = json.loads(
        run("", "--session", "8", "--index", str(index), "--format", "json", "--limit", "1", module="search.cli").stdout
    )
    resolution = name["hits"][0]["resolution"]
    assert run("remove", resolution, "--index", str(index)).returncode == 0
    after = json.loads(run("info", "--index", str(index), "--json").stdout)
    assert after["resolutions"] == before["resolutions"] - 1
    assert after["clauses"] < before["clauses"]


BAD_INPUT: list[tuple[str, str, str]] = [
    ("broken JSON", '{"id": "x", "text": \n', "rows.jsonl:2"),
    ("no text", '{"id": "x"}\n', "rows.jsonl:2"),
    ("no id", '{"text": "x"}\n', "rows.jsonl:2"),
    ("a repeated id", rows("مرة أخرى"), "r1"),
    ("no object", "[1, 2]\n", "rows.jsonl:2"),
]


@pytest.mark.parametrize(("what", "line", "told"), BAD_INPUT, ids=[case[0] for case in BAD_INPUT])
def test_a_faulty_row_is_told_and_the_rest_is_indexed(what: str, line: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(rows("الأول") + line + rows("الثاني", first=2), "utf-8")
    done = run("build", str(path), "--index", str(tmp_path / "index"))
    assert done.returncode == 0, done.stderr
    assert told in done.stderr
    assert "2 clauses indexed" in done.stdout
    assert "1 skipped" in done.stdout


def test_faulty_files_are_told_one_by_one(source: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 64)
    (tmp_path / "hollow").mkdir()
    locked = tmp_path / "locked.txt"
    locked.write_text("x", "utf-8")
    locked.chmod(0)
    readable = os.access(locked, os.R_OK)  # root reads everything
    done = run(
        "build",
        str(source),
        str(tmp_path / "empty.txt"),
        str(tmp_path / "binary.txt"),
        str(tmp_path / "hollow"),
        str(tmp_path / "nowhere.txt"),
        str(locked),
        "--index",
        str(tmp_path / "index"),
    )
    locked.chmod(stat.S_IRWXU)
    assert done.returncode == 0
    for name in ("empty.txt", "binary.txt", "hollow", "nowhere.txt", *(() if readable else ("locked.txt",))):
        assert name in done.stderr, f"{name} is not told: {done.stderr}"
    assert f"{3 + readable} clauses indexed" in done.stdout


def test_strict_refuses_and_keeps_the_old_index(source: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    run("build", str(source), "--index", str(index))
    bad = tmp_path / "bad.jsonl"
    bad.write_text(rows("جديد", first=9) + "{\n", "utf-8")
    done = run("build", str(bad), "--index", str(index), "--strict")
    assert done.returncode == 2
    assert "--strict" in done.stderr
    assert found(index, "التعاون") == ["r1"]


ERRORS: list[tuple[str, Sequence[str], str]] = [
    ("an unknown engine", ["build", "samples", "--engine", "lucene", "--index", "{tmp}/i"], "tantivy"),
    ("no index there", ["info", "--index", "{tmp}/nowhere"], "build"),
    ("no index to add to", ["add", "samples", "--index", "{tmp}/nowhere"], "build"),
    ("no index to verify", ["verify", "--index", "{tmp}/nowhere"], "build"),
    ("nothing to index", ["build", "{tmp}", "--index", "{tmp}/i"], "nothing to index"),
    ("a folder with other things", ["build", "samples", "--index", "{root}/samples"], "other files"),
    ("a cluster that is not there", ["info", "--index", "opensearch://127.0.0.1:9/x"], "cannot be reached"),
    ("vectors on a cluster", ["build", "samples", "--meaning", "--index", "opensearch://h/x"], "Leave --meaning"),
    ("a part without a generation", ["build", "samples", "--part", "1/2", "--index", "opensearch://h/x"], "name it on"),
    ("a part that is none", ["build", "samples", "--part", "3/2", "--index", "opensearch://h/x"], "is no part"),
    ("a part of a folder", ["build", "samples", "--part", "1/2", "--index", "{tmp}/i"], "for an index on a cluster"),
    ("publishing sources", ["build", "samples", "--finish", "--index", "opensearch://h/x"], "takes no sources"),
    ("no sources", ["build", "--index", "{tmp}/i"], "Name the sources"),
    ("another kind of address", ["info", "--index", "mysql://localhost/x"], "No engine answers to mysql://"),
    ("a password in an address", ["info", "--index", "opensearch://me:secret@127.0.0.1:9/x"], "holds no password"),
    ("a file in the folder's place", ["build", "samples", "--index", "{root}/README.md"], "README.md"),
]


@pytest.mark.parametrize(("what", "arguments", "told"), ERRORS, ids=[case[0] for case in ERRORS])
def test_an_error_is_one_sentence_and_code_2(what: str, arguments: Sequence[str], told: str, tmp_path: Path) -> None:
    done = run(*(part.format(tmp=tmp_path, root=ROOT) for part in arguments))
    assert done.returncode == 2
    assert told in done.stderr.splitlines()[-1], done.stderr
    assert not done.stdout


@EMBEDDED
def test_a_damaged_index_is_told(engine: str, source: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    run("build", str(source), "--index", str(index), "--engine", engine)
    victim = max(
        (path for path in index.rglob("*") if path.is_file() and path.parent != index),
        key=lambda path: path.stat().st_size,
    )
    data = victim.read_bytes()
    victim.unlink()  # a new file, because a generation before may share this one
    victim.write_bytes(data[: len(data) // 2])
    verified = run("verify", "--index", str(index))
    assert verified.returncode == 1
    assert victim.name in verified.stderr
    searched = run("التعاون", "--index", str(index), module="search.cli")
    assert searched.returncode == 2
    assert "damaged" in searched.stderr


def test_a_manifest_that_is_no_manifest(source: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    run("build", str(source), "--index", str(index))
    for content in ("", "{}", "[]", '{"engine": "x"', "\x00"):
        (index / "manifest.json").write_text(content, "utf-8")
        done = run("التعاون", "--index", str(index), module="search.cli")
        assert done.returncode == 2
        assert "build" in done.stderr
    assert run("build", str(source), "--index", str(index)).returncode in (0, 2)


def test_another_analyzer_is_refused(source: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    run("build", str(source), "--index", str(index))
    manifest = json.loads((index / "manifest.json").read_text("utf-8"))
    (index / "manifest.json").write_text(json.dumps(manifest | {"fingerprint": "light-0"}), "utf-8")
    for done in (
        run("التعاون", "--index", str(index), module="search.cli"),
        run("add", str(source), "--index", str(index)),
    ):
        assert done.returncode == 2
        assert "light-0" in done.stderr
        assert "Build it again" in done.stderr


@EMBEDDED
def test_a_killed_build_leaves_the_old_index_and_the_next_one_cleans_up(
    engine: str, source: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    run("build", str(source), "--index", str(index), "--engine", engine)
    building = subprocess.Popen(
        [sys.executable, "-m", "index.cli", "build", "-", "--index", str(index), "--engine", engine],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert building.stdin
    building.stdin.write(rows("كلام كثير " * 50, "غيره").encode())
    building.stdin.flush()
    deadline = time.monotonic() + 30
    while len(list(index.glob("g-*"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    locked = run("build", str(source), "--index", str(index))
    assert locked.returncode == 2
    assert f"process {building.pid}" in locked.stderr, "the lock says who holds it"
    building.send_signal(signal.SIGKILL)
    building.wait()
    building.stdin.close()
    assert found(index, "التعاون") == ["r1"]
    assert run("build", str(source), "--index", str(index), "--engine", engine).returncode == 0
    living = json.loads((index / "manifest.json").read_text("utf-8"))["generation"]
    assert living in {path.name for path in index.glob("g-*")}
    assert len(list(index.glob("g-*"))) <= 2


def test_standard_input_and_gzip(tmp_path: Path) -> None:
    packed = tmp_path / "rows.jsonl.gz"
    packed.write_bytes(gzip.compress(rows("من ملف مضغوط").encode()))
    index = tmp_path / "index"
    done = run("build", "-", str(packed), "--index", str(index), stdin=rows("من المدخل", first=5).encode())
    assert done.returncode == 0, done.stderr
    assert sorted(found(index, "مضغوط المدخل")) == ["r1", "r5"]


def test_analyze_reads_arguments_and_lines() -> None:
    done = run("analyze", "--json", stdin="والمنظمات\n\nabc\n".encode())
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["text"] for line in lines] == ["والمنظمات", "", "abc"], "an empty line has an answer of its own"
    assert [len(line["tokens"]) for line in lines] == [1, 0, 1]
    token = json.loads(run("analyze", "وَالْمُنَظَّمَاتُ", "--json").stdout)["tokens"][0]
    assert (token["start"], token["end"]) == (0, 17)
    assert {"folded", "stem", "plural", "root"} <= set(token["terms"])


def test_parse_gives_json_lines() -> None:
    page = next((ROOT / "samples" / "session-8").glob("*.txt"))
    done = run("parse", str(page), "--json")
    assert done.returncode == 0
    resolution = json.loads(done.stdout.splitlines()[0])
    for key in (
        "id body kind session number theme title session_title place date_start date_end source symbol citations "
        "warnings "
        "clauses"
    ).split():
        assert key in resolution
    nothing = run("parse", "README.md", "nowhere.txt")
    assert nothing.returncode == 2
    assert "nowhere.txt" in nothing.stderr
