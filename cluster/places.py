"""Where the development cluster keeps its downloads and its data, and which user runs the nodes."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path


class ClusterProblem(Exception):
    """A cluster that cannot be started or used; the text is one sentence for a person that says what to do next."""


def runner() -> tuple[int, int] | None:
    """Return user and group id that nodes run as: `nobody` where we are root (the server refuses root), else None."""
    if not hasattr(os, "geteuid"):
        raise ClusterProblem("The development cluster needs Linux or macOS; on Windows use deploy/compose.yaml.")
    if os.geteuid():
        return None
    import pwd

    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


def cache() -> Path:
    """Return the folder of downloads and data, made when missing: `KASHSHAF_CLUSTER_CACHE`, else one of this user's.

    Below root's home nothing can be read by `nobody`, so root's folder is in /var/tmp. Raises ClusterProblem where
    the folder belongs to somebody else: what lies in it is run.
    """
    named = os.environ.get("KASHSHAF_CLUSTER_CACHE")
    root = runner() is not None
    folder = Path(named or ("/var/tmp/kashshaf-cluster-0" if root else Path.home() / ".cache" / "kashshaf" / "cluster"))
    folder.mkdir(parents=True, exist_ok=True, mode=0o755)
    found = folder.stat()
    if found.st_uid != os.geteuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise ClusterProblem(f"{folder} can be written by others: name another folder in KASHSHAF_CLUSTER_CACHE.")
    return folder.absolute()


def give(folder: Path) -> None:
    """Hand a folder and all below it to the user that runs the nodes."""
    user = runner()
    if user is None:
        return
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, *user)
