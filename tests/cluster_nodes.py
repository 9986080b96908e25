"""The nodes that tests of the cluster run on: one for all that asks, three for what fails; started when first needed.

With `KASHSHAF_TEST_CLUSTER=http://host:port` the questions go to a cluster that runs already (never the faults).
"""

from __future__ import annotations

import atexit
import functools
import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

MARK = pytest.mark.cluster


@functools.cache
def why_not() -> str:
    """Return why no node can be started here; "" where one can. Fetches the distribution when it is not there yet."""
    from cluster import ClusterProblem, distribution
    from cluster.__main__ import missing

    if os.environ.get("KASHSHAF_TEST_CLUSTER"):
        return ""
    if reason := missing():
        return reason
    try:
        distribution.home()
    except ClusterProblem as problem:  # a machine without network
        return str(problem)
    return ""


def need_nodes() -> None:
    """Skip the test with the reason where no node can be started."""
    pytest.importorskip("opensearchpy", reason="needs opensearch-py: pip install 'kashshaf[cluster]'")
    if reason := why_not():
        pytest.skip(f"needs real OpenSearch nodes: {reason}")


@functools.cache
def own_cache() -> None:
    """Keep the words of indexes on clusters in a folder of this run."""
    if not os.environ.get("KASHSHAF_CACHE"):
        folder = tempfile.TemporaryDirectory(prefix="kashshaf-cache-", ignore_cleanup_errors=True)
        atexit.register(folder.cleanup)
        os.environ["KASHSHAF_CACHE"] = folder.name


@functools.cache
def node() -> str:
    """Return host:port of the one node, started at the first call and stopped when the tests end."""
    need_nodes()
    own_cache()
    if given := os.environ.get("KASHSHAF_TEST_CLUSTER"):
        return given.rpartition("/")[2]
    from cluster import Cluster

    started = Cluster(1)
    started.start()
    atexit.register(started.delete)
    return f"127.0.0.1:{started.nodes[0].port}"


def index_name(folder: Path | str) -> str:
    """Return the name of the index that stands for a test's folder."""
    return "t-" + hashlib.blake2b(str(folder).encode(), digest_size=8).hexdigest()


def address(folder: Path | str) -> str:
    """Return the address of the index that stands for a test's folder."""
    return f"opensearch://{node()}/{index_name(folder)}"


def connection(folder: Path | str) -> Any:
    """Return a connection for it."""
    from index.engines.opensearch_connection import connect

    return connect(address(folder))


def delete(folder: Path | str) -> None:
    """Delete the indexes that stand for a test's folder."""
    name = index_name(folder)
    request = Request(f"http://{node()}/{name}*?expand_wildcards=all", method="DELETE")
    with urlopen(request, timeout=30) as answer:
        answer.read()
