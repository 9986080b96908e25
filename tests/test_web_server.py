"""The real server as a process: its one line, its refusals, raw bytes on its socket, a rebuild while it answers."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.conftest import CHECKERS, ROOT

LINE = re.compile(r"Kashshaf: (http://127\.0\.0\.1:(\d+))  \(Ctrl-C ends it\)\n")


def start(*arguments: str, kept: Sequence[str] = ()) -> subprocess.Popen[str]:
    environment = {
        name: value for name, value in os.environ.items() if name in kept or not name.startswith("KASHSHAF_")
    }
    return subprocess.Popen(
        [sys.executable, "-m", "web", *arguments],
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.fixture(scope="module")
def server(specimen: str) -> Iterator[str]:
    process = start("--index", specimen, "--port", "0")
    assert process.stdout
    said = LINE.fullmatch(process.stdout.readline())
    assert said, "the first line is the address"
    yield said[1]
    process.terminate()
    process.communicate(timeout=20)


def refused(*arguments: str, kept: Sequence[str] = ()) -> str:
    process = start(*arguments, kept=kept)
    out, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert out == ""
    assert said.count("\n") == 1
    assert "Traceback" not in said
    return said


def test_it_answers(server: str) -> None:
    with urllib.request.urlopen(server + "/api/v1/search?q=%D8%A7%D9%84%D8%AA%D8%B9%D8%A7%D9%88%D9%86") as answer:
        assert json.load(answer)["total"] > 0
        assert answer.headers["Server"] == "kashshaf"


def test_a_port_in_use_is_one_sentence(server: str, specimen: str) -> None:
    port = server.rpartition(":")[2]
    said = refused("--index", specimen, "--port", port)
    assert port in said
    assert "--port" in said


def test_a_missing_index_is_one_sentence(tmp_path: Path) -> None:
    assert "index.cli build" in refused("--index", str(tmp_path / "none"))


@pytest.mark.parametrize(
    ("flag", "value"),
    [("--port", "99999999"), ("--port", "x"), ("--page-size", "0"), ("--host", "no.such.host.invalid")],
)
def test_a_wrong_setting_is_one_sentence(specimen: str, flag: str, value: str) -> None:
    assert value in refused("--index", specimen, flag, value)


def test_names_that_cannot_be_read_are_one_sentence(
    specimen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KASHSHAF_NAMES", str(tmp_path / "none.tsv"))
    assert "none.tsv" in refused("--index", specimen, kept=["KASHSHAF_NAMES"])


@pytest.mark.parametrize("processes", ["1", "2"])
def test_ctrl_c_is_clean(specimen: str, processes: str) -> None:
    process = start("--index", specimen, "--port", "0", "--processes", processes)
    assert process.stdout
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert (process.returncode, said) == (0, "")


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to see the processes")
def test_several_processes_answer_as_one_and_end_as_one(specimen: str) -> None:
    process = start("--index", specimen, "--port", "0", "--processes", "2")
    assert process.stdout
    said = LINE.fullmatch(process.stdout.readline())
    assert said

    def asked() -> bytes:
        with urllib.request.urlopen(said[1] + "/search?q=%D8%A7%D9%84%D8%AA%D8%B9%D8%A7%D9%88%D9%86") as answer:
            return bytes(answer.read())

    page = asked()
    workers = children_of(process.pid)
    assert len(workers) == 2
    os.kill(workers[0], signal.SIGKILL)
    assert {asked() for _ in range(8)} == {page}  # the other one, and then a new one
    until = time.monotonic() + 20
    while len(children_of(process.pid)) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    workers = children_of(process.pid)
    assert len(workers) == 2
    process.terminate()
    _, told = process.communicate(timeout=20)
    assert process.returncode == 0
    assert told.splitlines() == ["kashshaf-web: a process ended by itself and is started again"]
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)


RAW = {
    "no request": b"\r\n\r\n",
    "bytes": bytes(range(256)) + b"\r\n\r\n",
    "bytes in the path": b"GET /search?q=\xff\xfe\x80 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "null in the path": b"GET /r/\x00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "percent without digits": b"GET /search?q=%zz%&session=% HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "an absolute address": b"GET http://other.example/search?q=a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "a host of bytes": b"GET / HTTP/1.1\r\nHost: \xff\xfe<>\r\nConnection: close\r\n\r\n",
    "no host": b"GET / HTTP/1.0\r\n\r\n",
    "an unknown method": b"BREW / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "a wrong length": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\nConnection: close\r\n\r\n",
    "a long header": b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 300_000 + b"\r\n\r\n",
    "a long query": b"GET /search?q=" + b"a+" * 60_000 + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "headers of bytes": b"GET / HTTP/1.1\r\nHost: x\r\nIf-None-Match: \xff\r\nConnection: close\r\n\r\n",
}


@pytest.mark.parametrize("raw", RAW.values(), ids=RAW)
def test_raw_bytes_are_answered_without_an_error_of_ours(server: str, raw: bytes) -> None:
    with socket.create_connection(("127.0.0.1", int(server.rpartition(":")[2])), timeout=20) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        with contextlib.suppress(ConnectionResetError):  # the server need not read all of it before it refuses
            while piece := connection.recv(65536):
                answer += piece
    status = answer.split(b" ", 2)[1] if answer.startswith(b"HTTP/") else b"closed"
    assert not status.startswith(b"50") or status == b"501"
    assert b"Traceback" not in answer
    assert b"waitress" not in answer.partition(b"\r\n\r\n")[0]


def test_a_rebuild_during_load_gives_no_error(tmp_path: Path) -> None:
    from index.build import build

    source, address = tmp_path / "rows.jsonl", str(tmp_path / "index")

    def publish(count: int) -> None:
        source.write_text(
            "".join(json.dumps({"id": str(n), "text": f"كلمة {n}"}) + "\n" for n in range(count)), "utf-8"
        )
        build([str(source)], address)

    publish(10)
    process = start("--index", address, "--port", "0")
    assert process.stdout
    said = LINE.fullmatch(process.stdout.readline())
    assert said
    totals: list[int] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            with urllib.request.urlopen(said[1] + "/api/v1/search?q=%D9%83%D9%84%D9%85%D8%A9") as answer:
                totals.append(json.load(answer)["total"])

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        publish(20)
        publish(30)
    finally:
        done.set()
        asking.join(20)
    with urllib.request.urlopen(said[1] + "/api/v1/search?q=%D9%83%D9%84%D9%85%D8%A9") as answer:
        assert json.load(answer)["total"] == 30
    assert set(totals) <= {10, 20, 30}
    assert totals == sorted(totals)
    process.terminate()
    _, said_wrong = process.communicate(timeout=20)
    assert "Traceback" not in said_wrong


def test_the_api_does_what_its_document_says(server: str, tmp_path: Path) -> None:
    checker = CHECKERS / "python" / "bin" / "schemathesis"
    if not checker.exists():
        pytest.skip("needs schemathesis, which `make checkers` gets by pip")
    done = subprocess.run(
        [checker, "run", f"{server}/openapi.json", "--max-examples", "10", "--phases", "coverage,fuzzing"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout
    assert "passed" in done.stdout
