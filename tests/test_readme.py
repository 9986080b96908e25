"""README and tutorials do not rot: their commands run, their Python runs, their links lead somewhere."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ["README.md", "docs/documents.md"]  # whose commands are run, each document's in a folder of its own


def blocks(document: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / document).read_text("utf-8"), re.DOTALL)


def commands(document: str) -> list[str]:
    return [line for block in blocks(document, "sh") for line in block.splitlines() if line.startswith("python -m ")]


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory, specimen: str) -> Path:
    """A folder that looks like a checkout in which `make run` has been called."""
    folder = tmp_path_factory.mktemp("checkout")
    (folder / "samples").symlink_to(ROOT / "samples")
    (folder / "kashshaf-index").symlink_to(specimen)
    return folder


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_runs_in_its_order(place: Path, document: str) -> None:
    assert len(commands(document)) >= 10
    for line in commands(document):
        words = shlex.split(line)
        done = subprocess.run(
            [sys.executable, *words[1:]],
            cwd=place,
            capture_output=True,
            check=False,
            timeout=120,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert done.returncode == 0, f"{line}\n{done.stderr.decode()}"
        assert done.stdout.strip()


@pytest.mark.parametrize(
    ("document", "says"), [("README.md", "والتعاون"), ("docs/documents.md", "ministers/9/3-information")]
)
def test_the_python_runs(place: Path, document: str, says: str) -> None:
    source = "\n".join(blocks(document, "python"))
    done = subprocess.run(
        [sys.executable, "-c", source],
        cwd=place,
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stderr.decode()
    assert says in done.stdout.decode()


@pytest.mark.parametrize(
    "document", ["README.md", "ARCHITECTURE.md", *(f"docs/{p.name}" for p in sorted((ROOT / "docs").glob("*.md")))]
)
def test_links_lead_somewhere(document: str) -> None:
    path = ROOT / document
    for target in re.findall(r"\]\(([^)#\s]+)", path.read_text("utf-8")):
        assert "://" in target or (path.parent / target).exists(), f"{document} links to {target}"


def test_the_two_commands_are_targets_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^make (\w+)", "\n".join(blocks("README.md", "sh")), re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
