"""Apache Lucene 9.9.1 as a peer: fetched by Maven, compiled by javac, run as a child process. Needs a JDK and Maven."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from bench.child import Ran, run_program
from bench.places import CACHE, BenchProblem

ANALYZERS = ("arabic", "snowball")
HERE = Path(__file__).resolve().parent / "lucene"
_JARS = CACHE / "lucene" / "jars"
_CLASSES = CACHE / "lucene" / "classes"
_HEAP = "-Xmx2g"


def missing() -> str:
    """Return why Lucene cannot be measured here; "" where it can."""
    gone = [name for name in ("java", "javac", "mvn") if not shutil.which(name)]
    return f"{', '.join(gone)} not found: install a JDK (11 or newer) and Maven to compare with Lucene" if gone else ""


def prepare() -> None:
    """Fetch the libraries and compile the program, unless both are there. Raises BenchProblem with the reason."""
    if reason := missing():
        raise BenchProblem(reason)
    stamp = CACHE / "lucene" / f"ready-{_source_hash()}"
    if stamp.exists():
        return
    _run(["mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies", f"-DoutputDirectory={_JARS}"],
         "Maven could not fetch Lucene")
    _CLASSES.mkdir(parents=True, exist_ok=True)
    _run(["javac", "-cp", f"{_JARS}/*", "-d", str(_CLASSES), *map(str, sorted(HERE.glob("*.java")))],
         "The Lucene program does not compile")
    stamp.touch()


def write_lines(rows: Iterable[Mapping[str, object]], path: Path) -> None:
    """Write rows as the lines the program reads: id, session, theme, text, with tabs between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as lines:
        for row in rows:
            parts = (" ".join(str(row.get(key) or "").split()) for key in ("id", "session", "theme", "text"))
            lines.write("\t".join(parts) + "\n")


def build(lines: Path, folder: Path, analyzer: str = "arabic", threads: int = 1,
          repeats: int = 1) -> tuple[list[tuple[float, float]], int]:
    """Build an index from `write_lines`' lines; return (seconds, CPU seconds) of each repeat and the peak bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    ran = _java("index", lines, folder, analyzer, threads, repeats)
    out = ran.output.splitlines()
    seconds = [(float(wall), float(cpu)) for wall, cpu in (line.split("\t") for line in out[:-1])]
    return seconds, ran.peak


def analysis(lines: Path, analyzer: str = "arabic", repeats: int = 5) -> list[float]:
    """Return the seconds of each pass of one thread over the texts of `write_lines`' lines; the first is cold."""
    return [float(line) for line in _java("analyze", lines, analyzer, repeats).output.splitlines()]


def lines_of(name: str, rows: Callable[[], Iterable[Mapping[str, object]]]) -> Path:
    """Return the file of `write_lines` for a collection, made at the first call and kept in the cache."""
    path = CACHE / "lucene" / f"{name}.tsv"
    if not path.exists():
        write_lines(rows(), path.with_suffix(".part"))
        path.with_suffix(".part").rename(path)
    return path


def answer(folder: Path, analyzer: str, queries: Mapping[str, str], limit: int = 100) -> dict[str, list[str]]:
    """Return the ids of the hits of each query (id → words), best first; any word matches."""
    path = folder.parent / f"{folder.name}.queries"
    _write_queries(path, [(qid, "any", text) for qid, text in queries.items()])
    lines = _java("run", folder, analyzer, path, limit).output.splitlines()
    return {qid: hits for qid, *hits in (line.split("\t") for line in lines)}


def times(folder: Path, questions: Sequence[tuple[str, str, str]], analyzer: str = "arabic", limit: int = 10,
          repeats: int = 3) -> tuple[dict[str, list[float]], int]:
    """Return milliseconds by class for questions (class, kind, text), see Asking.java, and the peak memory in bytes."""
    path = folder.parent / f"{folder.name}.queries"
    _write_queries(path, questions)
    found: dict[str, list[float]] = {}
    *lines, last = _java("time", folder, analyzer, path, limit, repeats).output.splitlines()
    for line in lines:
        name, ms = line.split("\t")
        found.setdefault(name, []).append(float(ms))
    return found, int(last.split("\t")[1]) * 1024


def _write_queries(path: Path, questions: Iterable[tuple[str, str, str]]) -> None:
    path.write_text("".join(f"{name}\t{kind}\t{' '.join(text.split())}\n" for name, kind, text in questions), "utf-8")


def _java(*arguments: object) -> Ran:
    prepare()
    command = ["java", _HEAP, "-Dfile.encoding=UTF-8", "-cp", f"{_CLASSES}:{_JARS}/*", "Peer", *map(str, arguments)]
    return run_program(command)


def _run(command: list[str], what: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise BenchProblem(f"{what}: {lines[0] if lines else f'exit code {done.returncode}'}")
    return done.stdout


def _source_hash() -> str:
    sources = b"".join(path.read_bytes() for path in sorted(HERE.iterdir()) if path.suffix in (".java", ".xml"))
    return hashlib.blake2b(sources, digest_size=6).hexdigest()
