"""Datasette and apsw as peers: a virtual environment in the cache, filled by pip at the first call."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import venv
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from bench.places import CACHE, CHECKOUT
from index.analysis import Analyzer

FOLDER = CACHE / "datasette"  # where bench.datasette_peer looks for the program
PACKAGES = ("datasette", "apsw")
_BIN = "Scripts" if os.name == "nt" else "bin"


def python() -> Path:
    """Return the environment's Python."""
    return FOLDER / _BIN / ("python.exe" if os.name == "nt" else "python")


def missing() -> str:
    """Make the environment where there is none, and return why there still is none; "" where it is ready."""
    if _has_apsw():
        return ""
    try:
        venv.create(FOLDER, with_pip=True)
        subprocess.run([str(python()), "-m", "pip", "install", "-q", "--disable-pip-version-check", *PACKAGES],
                       check=True, capture_output=True, timeout=300)
    except (OSError, subprocess.SubprocessError) as problem:
        return f"Datasette and apsw cannot be installed ({str(problem)[:100]}): both are left out"
    return "" if _has_apsw() else "apsw does not start in the cache's environment: it is left out"


def _has_apsw() -> bool:
    if not python().exists():
        return False
    return subprocess.run([str(python()), "-c", "import apsw, datasette"], capture_output=True).returncode == 0


def ask(database: Path, query: str, limit: int = 10) -> list[str]:
    """Return the command of one question to FTS5 as a whole process."""
    return [str(python()), str(CHECKOUT / "bench" / "fts5_ask.py"), str(database), query, str(limit)]


def database(name: str, rows: Callable[[], Iterable[Mapping[str, str]]]) -> Path:
    """Return a database of the rows with an FTS5 index of their folded words, made once.

    FTS5 is given our folded words, so that it need not know marks and letters; its tokenizer only splits them.
    """
    path = CACHE / "datasette" / f"{name}-fts5.db"
    if path.exists():
        return path
    making = path.with_suffix(".new")
    making.unlink(missing_ok=True)
    analyzer = Analyzer()
    connection = sqlite3.connect(making)
    with connection:
        connection.execute("CREATE TABLE clauses (id TEXT, session TEXT, theme TEXT, text TEXT)")
        connection.execute("CREATE VIRTUAL TABLE found USING fts5(words, content='')")
        for number, row in enumerate(rows(), 1):
            values = (number, *(row[key] for key in ("id", "session", "theme", "text")))
            connection.execute("INSERT INTO clauses (rowid, id, session, theme, text) VALUES (?, ?, ?, ?, ?)", values)
            words = " ".join(terms.folded for terms in analyzer.terms_of(row["text"]))
            connection.execute("INSERT INTO found (rowid, words) VALUES (?, ?)", (number, words))
        connection.execute("INSERT INTO found (found) VALUES ('optimize')")
    connection.close()
    making.rename(path)
    return path


if __name__ == "__main__":
    print(missing() or "ready")
    sys.exit(0)
