"""Where measuring finds its data and keeps what it makes; nothing of either is committed but the figures in runs/."""

from __future__ import annotations

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
CACHE = CHECKOUT / ".cache" / "bench"  # indexes and Lucene's libraries: made again when missing
RUNS = CHECKOUT / "bench" / "runs"


class BenchProblem(Exception):
    """A measurement that cannot be made here; the text is one sentence for a person that says what is missing."""


def shared() -> Path:
    """Return the folder of real texts and judged queries: $KASHSHAF_SHARED, else `shared` beside the checkout."""
    named = os.environ.get("KASHSHAF_SHARED")
    return Path(named) if named else CHECKOUT.parent / "shared"


def data_file(*parts: str) -> Path:
    """Return a file below shared/data. Raises BenchProblem where it is missing."""
    path = shared().joinpath("data", *parts)
    if not path.exists():
        raise BenchProblem(f"{'/'.join(('shared', 'data', *parts))} is not here. Put the folder of test data beside "
                           "the checkout as `shared`, or name it in KASHSHAF_SHARED.")
    return path


def folder_bytes(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
