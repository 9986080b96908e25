"""On what kind of machine a figure was measured: processor, cores, memory, versions; never a name or a path of it."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = ("tantivy", "whoosh3", "numpy", "orjson", "snowballstemmer", "PyStemmer")


def describe() -> dict[str, object]:
    """Return processor, cores, memory in GiB, system, Python and the versions of the packages that matter."""
    return {"processor": _processor(), "cores": os.cpu_count() or 1, "memory_gib": _memory_gib(),
            "system": f"{platform.system()} {platform.machine()}", "python": platform.python_version(),
            "load_before": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
            "packages": {name: found for name in _PACKAGES if (found := _version(name))}}


def slug() -> str:
    """Return a short name for the kind of machine: cores, memory and Python version."""
    return f"{os.cpu_count() or 1}-cores-{_memory_gib()}-gib-py{sys.version_info.major}.{sys.version_info.minor}"


def revision(checkout: Path) -> str:
    """Return the commit that was measured, with `+` where files differ from it; "" outside a repository."""
    try:
        head = _git(checkout, "rev-parse", "--short=10", "HEAD")
        return head + ("+" if _git(checkout, "status", "--porcelain", "--", "index", "search") else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


def _git(checkout: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=checkout, capture_output=True, text=True, check=True).stdout.strip()


def _processor() -> str:
    listing = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*:\s*(.+)$", listing.read_text("utf-8"), re.M) if listing.exists() else None
    return found[1] if found else platform.processor() or "unknown"


def _memory_gib() -> int:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
    except (ValueError, OSError, AttributeError):
        return 0


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
