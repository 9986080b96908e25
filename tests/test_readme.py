"""The README does not rot: its commands run, its Python runs, its links lead somewhere."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


COMMANDS = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("python -m ")]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, specimen: str) -> Path:
    """A folder that looks like a checkout in which `make run` has been called."""
    folder = tmp_path_factory.mktemp("checkout")
    (folder / "samples").symlink_to(ROOT / "samples")
    (folder / "kashshaf-index").symlink_to(specimen)
    return folder


def test_every_command_of_the_readme_runs_in_its_order(place: Path) -> None:
    assert len(COMMANDS) >= 10
    for line in COMMANDS:
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


def test_the_python_of_the_readme_runs(place: Path) -> None:
    source = "\n".join(blocks("python"))
    done = subprocess.run(
        [sys.executable, "-c", source],
        cwd=place,
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "والتعاون" in done.stdout.decode()


@pytest.mark.parametrize(
    "document", ["README.md", "ARCHITECTURE.md", *(f"docs/{p.name}" for p in sorted((ROOT / "docs").glob("*.md")))]
)
def test_links_lead_somewhere(document: str) -> None:
    path = ROOT / document
    for target in re.findall(r"\]\(([^)#\s]+)", path.read_text("utf-8")):
        assert "://" in target or (path.parent / target).exists(), f"{document} links to {target}"


def test_the_two_commands_are_targets_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^make (\w+)", "\n".join(blocks("sh")), re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
