"""The OpenSearch distribution: fetched once from a Maven repository, checked, unpacked where the nodes can read it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cluster.places import ClusterProblem, cache

VERSION = "3.8.0"
SHA512 = (
    "8470fc447309e84216f9359030db53a85b087492e161e5ce1a29276e776d4725"
    "b802f93ba8d218ea88e4a7999addadb863be93b8e1f89e9a292163e636e62de3"
)
ARTIFACT = "org.opensearch.distribution.integ-test-zip:opensearch"  # a whole distribution without security plugin
PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
# Not needed for searching; leaving them out saves start time, and lib/tools is not on the class path of a node.
DROPPED = ("modules/ingest-geoip/", "modules/transport-grpc/", "modules/opensearch-dashboards/",
           "modules/ingest-user-agent/", "lib/tools/")
FETCHING = 900  # seconds


def missing() -> str:
    """Return why the distribution cannot be had here; "" where it is there or can be fetched."""
    if (cache() / f"opensearch-{VERSION}" / "ready").exists() or repository() or shutil.which("mvn"):
        return ""
    return ("The distribution of OpenSearch is fetched by Maven, and no mvn is found: install Maven "
            "(Debian: apt-get install maven), or name a Maven repository in KASHSHAF_MAVEN_REPOSITORY.")


def repository() -> str:
    """Return the address of a Maven repository to fetch from without Maven, "" for none."""
    return os.environ.get("KASHSHAF_MAVEN_REPOSITORY", "").rstrip("/")


def home() -> Path:
    """Return the folder of the unpacked distribution, fetched when missing. Raises ClusterProblem with the reason."""
    folder = cache() / f"opensearch-{VERSION}"
    if (folder / "ready").exists():
        return folder
    if reason := missing():
        raise ClusterProblem(reason)
    with _alone():
        if not (folder / "ready").exists():
            archive = cache() / f"opensearch-{VERSION}.zip"
            if not archive.exists() or _sha512(archive) != SHA512:
                _fetch(archive)
            _unpack(archive, folder)
            archive.unlink()
    return folder


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the cache for one process: test runs side by side fetch once."""
    with open(cache() / "lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _fetch(archive: Path) -> None:
    partial = cache() / "fetched"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    try:
        got = partial / f"opensearch-{VERSION}.zip"
        _by_address(got) if repository() else _by_maven(partial)
        found = _sha512(got)
        if found != SHA512:
            raise ClusterProblem(f"What was fetched as OpenSearch {VERSION} is not it (SHA-512 begins with "
                                 f"{found[:16]} instead of {SHA512[:16]}); it was thrown away.")
        got.replace(archive)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _by_address(target: Path) -> None:
    address = f"{repository()}/{ARTIFACT.replace('.', '/').replace(':', '/')}/{VERSION}/opensearch-{VERSION}.zip"
    try:
        with urllib.request.urlopen(address, timeout=60) as answer, target.open("wb") as file:
            shutil.copyfileobj(answer, file, 1 << 20)
    except (OSError, ValueError) as error:
        raise ClusterProblem(f"{address} cannot be fetched: {error}.") from None


def _by_maven(folder: Path) -> None:
    command = ["mvn", "-B", "-q", PLUGIN, f"-Dmaven.repo.local={folder / 'm2'}", f"-Dartifact={ARTIFACT}:{VERSION}:zip",
               f"-DoutputDirectory={folder}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=FETCHING, cwd=folder)
    except subprocess.TimeoutExpired:
        raise ClusterProblem(f"Maven did not fetch OpenSearch {VERSION} within {FETCHING // 60} minutes.") from None
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()
        raise ClusterProblem(f"Maven could not fetch OpenSearch {VERSION}: {lines[0] if lines else done.returncode}")


def _unpack(archive: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    top = f"opensearch-{VERSION}/"
    with zipfile.ZipFile(archive) as packed:
        for name in packed.namelist():
            if name.startswith(top) and not name[len(top):].startswith(DROPPED):
                packed.extract(name, folder.parent)
    for needed in ("bin", "plugins", "config"):
        (folder / needed).mkdir(exist_ok=True)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    (folder / "ready").touch()


def _sha512(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha512").hexdigest()
