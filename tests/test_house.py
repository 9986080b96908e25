"""The house keeps its order: imports go one way, every file is named in ARCHITECTURE.md, names say something."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("index", "search", "web", "cluster")
FORBIDDEN = {
    "index": {"search", "web", "bench", "tests", "cluster"},
    "search": {"web", "bench", "tests", "cluster"},
    "web": {"bench", "tests", "cluster"},
    "cluster": {"index", "search", "web", "bench", "tests"},
}
# Inside index: who may not import whom. Engines compile clauses and know no language; the language knows no engine.
INSIDE = {
    "index/arabic.py": {"index.stem", "index.analysis", "index.clause", "index.engine", "index.build"},
    "index/stem.py": {"index.analysis", "index.clause", "index.engine", "index.build"},
    "index/analysis.py": {"index.clause", "index.engine", "index.build"},
    "index/clause.py": {"index.engine", "index.build", "index.analysis"},
    "index/engine.py": {"index.build", "index.analysis", "index.engines"},
    "index/engines/tantivy.py": {"index.analysis", "index.arabic", "index.stem", "index.build"},
    "index/engines/whoosh.py": {"index.analysis", "index.arabic", "index.stem", "index.build"},
}
VAGUE = {"utils", "util", "core", "common", "base", "helpers", "helper", "manager", "misc", "tools"}


def python_files(*rooms: str) -> list[Path]:
    return sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))


def imported(path: Path) -> set[str]:
    modules: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return modules


@pytest.mark.parametrize("path", python_files(*ROOMS), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    against = {module for module in imported(path) if module.split(".")[0] in FORBIDDEN[room]}
    assert not against, f"{path.relative_to(ROOT)} imports {sorted(against)}: web → search → index is the only way"
    inner = INSIDE.get(path.relative_to(ROOT).as_posix(), set())
    assert not imported(path) & inner


def test_every_file_is_named_in_the_architecture() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    missing = [
        str(path.relative_to(ROOT))
        for path in python_files("index", "search", "web", "bench", "cluster")
        if path.name != "__init__.py" and path.name not in text
    ]
    assert not missing, f"ARCHITECTURE.md does not say which question these answer: {missing}"


def test_the_architecture_names_no_file_that_is_gone() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    named = {word.strip("`") for word in text.split() if word.startswith("`") and word.strip("`").endswith(".py")}
    there = {path.name for path in python_files("index", "search", "web", "bench", "cluster", "tests", "docs")}
    assert {name.rsplit("/", 1)[-1] for name in named} <= there


def test_names_say_something() -> None:
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.splitlines()
    vague = [name for name in files if {part.lower() for part in Path(name).with_suffix("").parts} & VAGUE]
    assert not vague
