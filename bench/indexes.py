"""Our own indexes of the test data, kept in the cache until the language rules, the texts or what is stored changes."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from bench.places import CACHE, CHECKOUT
from index.analysis import Analyzer
from index.engine import SCHEMA_VERSION
from index.folder import IndexFolder

# The files that decide what an index holds, besides the analyzer, which has a fingerprint of its own.
_LAYOUT = ("entry.py", "words.py", "word_grams.py", "build.py", "engine.py", "clause.py", "store.py", "store_file.py")
_KEEP_SECONDS = 86_400  # an index of older rules is removed when nobody has used it for a day


def index_of(name: str, sources: Sequence[Path], engine: str = "tantivy", analyzer: str = "light") -> Path:
    """Return the folder of an index of these JSONL files, building it where the cache has none."""
    folder = CACHE / "indexes" / f"{name}-{engine}-{analyzer}-{_key(sources, engine, analyzer)}"
    if not IndexFolder(folder).exists():
        from index.build import build

        _sweep(folder.parent, f"{name}-{engine}-{analyzer}-")
        folder.parent.mkdir(parents=True, exist_ok=True)
        build([str(source) for source in sources], str(folder), engine=engine, analyzer=analyzer)
    folder.touch()
    return folder


def _key(sources: Sequence[Path], engine: str, analyzer: str) -> str:
    parts = [Analyzer(analyzer).fingerprint.encode(), str(SCHEMA_VERSION).encode()]
    rooms = CHECKOUT / "index"
    rules = [rooms / file for file in _LAYOUT] + sorted((rooms / "engines").glob(f"*{engine}*.py"))
    parts += [path.read_bytes() for path in (*rules, *sources)]
    return hashlib.blake2b(b"\0".join(parts), digest_size=6).hexdigest()


def _sweep(parent: Path, prefix: str) -> None:
    for old in parent.glob(f"{prefix}*"):
        if time.time() - old.stat().st_mtime > _KEEP_SECONDS:
            shutil.rmtree(old)
