"""`python -m cluster`: up, down, status, check; three real nodes on this machine for development."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from cluster import Cluster, ClusterProblem, distribution, java
from cluster.places import cache


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    top = argparse.ArgumentParser("python -m cluster", description=__doc__)
    top.add_argument("--folder", metavar="FOLDER", help="where the cluster's data are (default: in the cache)")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    up = commands.add_parser("up", help="start nodes and wait until the cluster is green")
    up.add_argument("--nodes", type=int, default=3, metavar="N", help="how many (default 3)")
    up.add_argument("--port", type=int, default=9200, metavar="N", help="the first node's port (default 9200)")
    up.add_argument("--heap", type=int, default=512, metavar="MB", help="memory for each node's heap (default 512)")
    down = commands.add_parser("down", help="stop the nodes that `up` started, and nothing else; the data stay")
    down.add_argument("--forget", action="store_true", help="delete the data as well")
    commands.add_parser("status", help="say which nodes run and how the cluster is; exit code 1 when none runs")
    commands.add_parser("check", help="say whether a cluster can be started here; exit code 2 and the reason if not")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; exit code 0, 1 for a cluster that is down, 2 with a sentence where something is missing."""
    options = parser().parse_args(arguments)
    try:
        folder = Path(options.folder) if options.folder else cache() / "cluster"
        return {"up": _up, "down": _down, "status": _status, "check": _check}[options.command](folder, options)
    except ClusterProblem as problem:
        print(f"cluster: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def missing() -> str:
    """Return why no cluster can be started here, in one sentence; "" where it can."""
    try:
        return java.missing() or distribution.missing()
    except ClusterProblem as problem:
        return str(problem)


def _up(folder: Path, options: argparse.Namespace) -> int:
    there = Cluster.of(folder)
    if there and (len(there.nodes), there.nodes[0].port) != (options.nodes, options.port):
        raise ClusterProblem(f"{folder} holds a cluster of {len(there.nodes)} nodes from port {there.nodes[0].port}: "
                             "start that one, or delete it by python -m cluster down --forget")
    made = Cluster(options.nodes, port=options.port, folder=folder, heap_mb=options.heap)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        made.start()
    except BaseException:
        if not there:
            made.stop()
        raise
    print(f"OpenSearch {distribution.VERSION}, {len(made.nodes)} nodes: {' '.join(made.addresses)}")
    return 0


def _down(folder: Path, options: argparse.Namespace) -> int:
    there = Cluster.of(folder)
    if not there:
        print("There is no cluster to stop.")
        return 0
    running = sum(node.alive() for node in there.nodes)
    there.delete() if options.forget else there.stop()
    print(f"{running} nodes stopped" + (", their data deleted." if options.forget else f"; their data are in {folder}"))
    return 0


def _status(folder: Path, options: argparse.Namespace) -> int:
    there = Cluster.of(folder)
    if not there or not any(node.alive() for node in there.nodes):
        print("No node runs. Start three by: python -m cluster up")
        return 1
    for node in there.nodes:
        print(f"{node.name}  {node.address}  {f'process {node.pid}' if node.alive() else 'does not run'}")
    there.wait("yellow", nodes=sum(node.alive() for node in there.nodes), seconds=10)
    print(f"managed by {there.manager().name}")
    return 0


def _check(folder: Path, options: argparse.Namespace) -> int:
    if reason := missing():
        raise ClusterProblem(reason)
    print("A cluster can be started here.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
