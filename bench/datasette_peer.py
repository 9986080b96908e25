"""Datasette with SQLite's FTS5 as a peer of the page: a database of the same texts, served by its own process.

Datasette is no dependency of ours. Install it apart and say where it is:

    python3 -m venv .cache/bench/datasette && .cache/bench/datasette/bin/pip install datasette
    export KASHSHAF_DATASETTE=.cache/bench/datasette/bin/datasette
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlencode

from bench.places import CACHE
from bench.query_samples import Question


def command() -> str | None:
    """Return the program datasette: KASHSHAF_DATASETTE, the cache's own, or one on the path; None without any."""
    own = CACHE / "datasette" / "bin" / "datasette"
    return os.environ.get("KASHSHAF_DATASETTE") or (str(own) if own.exists() else shutil.which("datasette"))


def database(rows: Iterable[Mapping[str, object]], name: str) -> Path:
    """Return a database of the rows (id, session, theme, text) with an FTS5 index of the texts, made once."""
    path = CACHE / "datasette" / f"{name}.db"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_suffix(".new")
    making.unlink(missing_ok=True)
    connection = sqlite3.connect(making)
    with connection:
        connection.execute("CREATE TABLE clauses (id TEXT, session TEXT, theme TEXT, text TEXT)")
        values = ([str(row.get(key) or "") for key in ("id", "session", "theme", "text")] for row in rows)
        connection.executemany("INSERT INTO clauses VALUES (?, ?, ?, ?)", values)
        connection.execute("CREATE INDEX by_session ON clauses (session)")
        connection.execute("CREATE VIRTUAL TABLE clauses_fts USING fts5(text, content='clauses')")
        connection.execute("INSERT INTO clauses_fts (clauses_fts) VALUES ('rebuild')")
    connection.close()
    making.rename(path)
    return path


def arguments(path: Path, port: int, *, suggesting: bool) -> list[str]:
    """Return the command that serves the database on a port; `suggesting` further facets is its default, and slow."""
    serve = [str(command()), "serve", "--immutable", str(path), "--port", str(port)]
    return serve if suggesting else [*serve, "--setting", "suggest_facets", "off"]


def address(path: Path, question: Question) -> str:
    """Return the page that answers a question there: ten rows that hold all words, sessions counted beside them."""
    asked = {"_search": question.words, "_size": "10", "_facet": "session"}
    if question.session:
        asked["session"] = question.session
    return f"/{path.stem}/clauses?{urlencode(asked)}"
