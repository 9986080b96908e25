"""Several nodes as one cluster on loopback: started together, waited for, stopped exactly."""

from __future__ import annotations

import atexit
import http.client
import json
import os
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from cluster.distribution import home
from cluster.java import java
from cluster.node import Node, refuse_taken
from cluster.places import ClusterProblem, cache, give

STARTING = 180.0  # seconds until a cluster must be green; three nodes take about 12 on two free cores
ELECTING = 30.0  # seconds
BESIDE_HEAP_MB = 350  # what a small node takes beside its heap


class Cluster:
    """A cluster of `nodes` nodes. As a context it is started and stopped, and without `folder` its data are deleted.

    `port` is the first node's, the others follow; 0 takes free ones. `settings` are lines of opensearch.yml for all
    nodes, such as {"thread_pool.write.queue_size": "1"}. `optimised` is for measuring: slower to start. Every node may
    write snapshots below `snapshots`.
    """

    def __init__(self, nodes: int = 3, *, port: int = 0, folder: Path | str | None = None, heap_mb: int = 512,
                 settings: Mapping[str, str] | None = None, optimised: bool = False) -> None:
        if not 1 <= nodes <= 20:
            raise ClusterProblem(f"A development cluster has 1 to 20 nodes, not {nodes}.")
        self.temporary = folder is None
        if folder is None:
            _sweep()
            folder = tempfile.mkdtemp(prefix=f"run-{os.getpid()}-", dir=cache())
        self.folder = Path(folder).absolute()
        self.heap_mb, self.settings, self.optimised = heap_mb, dict(settings or {}), optimised
        first = port or _free_ports(nodes)
        self.nodes = [Node(self.folder / f"node-{number}", number, first + number - 1)
                      for number in range(1, nodes + 1)]
        self.snapshots = self.folder / "snapshots"

    @classmethod
    def of(cls, folder: Path | str) -> Cluster | None:
        """Return the cluster that was made in a folder, None where there is none."""
        try:
            made = json.loads((Path(folder) / "cluster.json").read_text("utf-8"))
        except OSError:
            return None
        return cls(int(made["nodes"]), port=int(made["port"]), folder=folder, heap_mb=int(made["heap_mb"]),
                   settings=made["settings"])

    @property
    def addresses(self) -> list[str]:
        """Return the nodes' addresses, such as http://127.0.0.1:9200."""
        return [node.address for node in self.nodes]

    def node(self, number: int) -> Node:
        """Return a node by its number, 1 for the first."""
        return self.nodes[number - 1]

    def start(self) -> None:
        """Start all nodes that do not run, and return when all have joined and every shard is in place."""
        command, server = java(), home()
        waiting = [node for node in self.nodes if not node.alive()]
        refuse_memory(len(waiting) * (self.heap_mb + BESIDE_HEAP_MB))
        for node in waiting:
            refuse_taken(node.port)
        self.snapshots.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        give(self.snapshots)
        (self.folder / "cluster.json").write_text(json.dumps(
            {"nodes": len(self.nodes), "port": self.nodes[0].port, "heap_mb": self.heap_mb, "settings": self.settings}))
        atexit.register(self._at_exit, os.getpid())
        for node in waiting:
            node.prepare(self._settings())
            node.start(command, server, self.heap_mb, optimised=self.optimised)
        self.wait()

    def restart(self, number: int, *, wait: bool = True) -> None:
        """Start a node again that was killed or stopped."""
        self.node(number).start(java(), home(), self.heap_mb, optimised=self.optimised)
        if wait:
            self.wait()

    def wait(self, status: str = "green", nodes: int | None = None, seconds: float = STARTING) -> None:
        """Return when `nodes` (all of them) are together and the cluster is `status` or better, else raise."""
        wanted = len(self.nodes) if nodes is None else nodes
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            running = [node for node in self.nodes if node.alive()]
            if len(running) < wanted:
                ended = next(node for node in self.nodes if node not in running)
                raise ClusterProblem(f"{ended.name} ended: {ended.last_words()} (its log: {ended.log})")
            for node in running:
                with suppress(OSError, http.client.HTTPException, ValueError, KeyError):
                    told = ask(node, f"/_cluster/health?wait_for_nodes={wanted}&wait_for_status={status}&timeout=2s")
                    together = told.get("timed_out") is False and told.get("number_of_nodes") == wanted
                    if together and (wanted < len(self.nodes) or _all_vote(running)):
                        return
            time.sleep(0.1)
        raise ClusterProblem(f"The cluster is not {status} with {wanted} nodes within {seconds:.0f} seconds; "
                             f"the logs are {self.folder}/node-*/log.txt")

    def manager(self) -> Node:
        """Return the node that the others have elected to manage the cluster; waits while they are at it."""
        until = time.monotonic() + ELECTING
        while time.monotonic() < until:
            for node in self.nodes:
                with suppress(OSError, http.client.HTTPException, ValueError, KeyError, IndexError, StopIteration):
                    name = ask(node, "/_cat/cluster_manager?format=json")[0]["node"]
                    return next(other for other in self.nodes if other.name == name)
            time.sleep(0.1)
        raise ClusterProblem("No node has been elected to manage the cluster.")

    def stop(self) -> None:
        """Stop the nodes that were started here, and no other process."""
        for node in self.nodes:
            node.thaw()
        for node in reversed(self.nodes):
            node.stop()

    def delete(self) -> None:
        """Stop the nodes and delete their data."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Cluster:
        try:
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.delete() if self.temporary else self.stop()

    def _at_exit(self, process: int) -> None:
        if self.temporary and os.getpid() == process:
            self.delete()

    def _settings(self) -> dict[str, str]:
        made = {"cluster.name": "kashshaf-development", "path.repo": str(self.snapshots),
                "cluster.routing.allocation.disk.threshold_enabled": "false"}
        if len(self.nodes) == 1:
            made["discovery.type"] = "single-node"
        else:
            seeds = [f"127.0.0.1:{node.port + 100}" for node in self.nodes]
            made["discovery.seed_hosts"] = json.dumps(seeds)
            made["cluster.initial_cluster_manager_nodes"] = json.dumps([node.name for node in self.nodes])
        return made | self.settings


def ask(node: Node, path: str, timeout: float = 5.0):  # type: ignore[no-untyped-def]
    """Return a node's JSON answer to a GET, whatever its status. Raises OSError, HTTPException or ValueError."""
    connection = http.client.HTTPConnection("127.0.0.1", node.port, timeout=timeout)
    try:
        connection.request("GET", path)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def _all_vote(nodes: Sequence[Node]) -> bool:
    """Return whether every node knows that all of them vote in elections.

    Two nodes found the cluster, and the third is let in to vote a moment after health is green; a node killed before
    the others have heard of that takes the majority with it for good. Of an even number of nodes one has no vote.
    """
    for node in nodes:
        told = ask(node, "/_cluster/state/metadata?local=true&filter_path=metadata.cluster_coordination")
        votes = told["metadata"]["cluster_coordination"]
        committed, accepted = set(votes["last_committed_config"]), set(votes["last_accepted_config"])
        if committed != accepted or len(committed) != len(nodes) - (len(nodes) + 1) % 2:
            return False
    return True


def refuse_memory(needed_mb: int) -> None:
    """Raise ClusterProblem when the system says that less memory is free than needed."""
    listing = Path("/proc/meminfo")
    if not listing.exists():
        return
    free = next((int(line.split()[1]) // 1024 for line in listing.read_text().splitlines()
                 if line.startswith("MemAvailable")), needed_mb)
    if free < needed_mb:
        raise ClusterProblem(f"The nodes need {needed_mb} MB of memory and {free} MB are free: "
                             "start fewer nodes, or give each a smaller --heap.")


def _free_ports(count: int) -> int:
    """Return the first of `count` neighbouring ports that are free, with their neighbours for the other nodes."""
    import random

    for _ in range(200):
        first = random.randrange(21_000, 31_000, 20)
        with suppress(ClusterProblem):
            for number in range(count):
                refuse_taken(first + number)
                refuse_taken(first + number + 100)
            return first
    raise ClusterProblem("No free ports are found on this machine.")


def _sweep() -> None:
    """Stop and delete what runs left behind that were killed themselves: their process is gone."""
    for folder in cache().glob("run-*-*"):
        process = int(folder.name.split("-")[1])
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            left = Cluster.of(folder)
            if left:
                left.stop()
            shutil.rmtree(folder, ignore_errors=True)
        except PermissionError:
            continue
