"""`python -m bench.cluster`: one and three real nodes, ours beside OpenSearch's own `arabic` analyzer; `--growth` too.

Documents are the real texts hadith and laws, 82 thousand clauses. Nodes and clients share the cores, so that the
figures are of the whole machine. A page of ours is ranked anew, with ten lit hits, three facets and both totals; the
peer is asked for as much in one request. `--growth` measures one shard of growing size, for docs/scaling.md.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from bench import opensearch_peer
from bench.child import run
from bench.clients import Target, load
from bench.corpora import RECIPE, Size, made, rows_of
from bench.machine import describe
from bench.metrics import percentile
from bench.places import CACHE, BenchProblem
from bench.query_samples import Question, draw
from bench.report import save, table
from cluster import Cluster, ClusterProblem
from index.engine import IndexProblem
from search.searcher import Searcher

CORPORA = ("hadith", "laws")
CLIENTS = (1, 8, 32)
STEPS = (50_000, 200_000, 500_000)  # clauses of one shard
ASKED = 4  # times each question is asked there; the best counts, so that what else the machine does counts less
VOWELLED = 0.15  # of the growing collection, as in bench.corpora's B
OURS, PEER = "Kashshaf", "OpenSearch `arabic`"
Json = dict[str, Any]


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    top = argparse.ArgumentParser("python -m bench.cluster", description=__doc__,
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--nodes", default="1,3", help="sizes of the cluster (default 1,3)")
    top.add_argument("--seconds", type=float, default=4, metavar="S", help="of asking at every number of clients")
    top.add_argument("--heap", type=int, default=1024, metavar="MB", help="of each node (default 1024)")
    top.add_argument("--port", type=int, default=0, metavar="N", help="first port of the nodes (default: free ones)")
    top.add_argument("--only", type=int, default=0, metavar="N", help="only N clauses, for a quick try (never saved)")
    top.add_argument("--growth", action="store_true", help="one shard of growing size instead")
    top.add_argument("--queries", type=int, default=40, metavar="N", help="of each of nine classes (default 40)")
    top.add_argument("--steps", default=",".join(map(str, STEPS)), help="clauses of that shard (default: %(default)s)")
    top.add_argument("--no-save", action="store_true", help="do not write to bench/runs")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, save; exit code 0, or 2 with a sentence where something is missing."""
    options = parser().parse_args(arguments)
    measure: Callable[[argparse.Namespace], list[Json]] = growing if options.growth else sides
    machine = describe()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the nodes are stopped as well
    os.environ["KASHSHAF_OPENSEARCH_TIMEOUT"] = "120"  # what is slow is measured, not given up
    try:
        found = measure(options)
    except (BenchProblem, ClusterProblem, IndexProblem) as problem:
        print(problem, file=sys.stderr)
        return 2
    text = growth_table(found) if options.growth else sides_table(found)
    print(f"\n{text}")
    if not options.no_save and not options.only:
        name = "cluster-growth" if options.growth else "cluster"
        print(f"\nwritten to {save(name, {name: found}, text, machine)}")
        if options.growth:
            from bench import scaling

            print(f"written to {scaling.write()}")
    return 0


def sides(options: argparse.Namespace) -> list[Json]:
    """Return what both systems did on every size of cluster."""
    rows = [row for name in CORPORA for row in rows_of(name)][: options.only or None]
    source = _written(f"both-{options.only or 'whole'}", rows)
    questions = draw(rows, options.queries)
    found: list[Json] = []
    for nodes in map(int, options.nodes.split(",")):
        with Cluster(nodes, port=options.port, heap_mb=options.heap, optimised=True) as cluster:
            address = _address(cluster)
            seconds = run(["-m", "index.cli", "build", str(source), "--index", address, "--quiet"]).seconds
            found.append(_side(OURS, cluster, seconds, _name(address), Target((), address), questions, options))
            seconds = opensearch_peer.feed(cluster.addresses, rows, nodes, min(1, nodes - 1))
            found.append(_side(PEER, cluster, seconds, opensearch_peer.NAME, Target(tuple(cluster.addresses)),
                               questions, options))
    return found


def _side(system: str, cluster: Cluster, seconds: float, index: str, target: Target, questions: Sequence[Question],
          options: argparse.Namespace) -> Json:
    size, clauses = opensearch_peer.size(cluster.addresses, index)
    if target.ours:
        size += opensearch_peer.size(cluster.addresses, f"{index}-state")[0]  # the lists of words
    asked = [asdict(load(target, questions, clients, options.seconds)) for clients in CLIENTS]
    side: Json = {"nodes": len(cluster.nodes), "system": system, "clauses": clauses, "build_seconds": round(seconds, 2),
                  "clauses_per_second": round(clauses / seconds), "bytes_per_clause": round(size / clauses),
                  "node_mb": _memory_mb(cluster), "asked": asked}
    print(f"{len(cluster.nodes)} nodes, {system}: {clauses:,} clauses in {seconds:.1f} s; " + ", ".join(
        f"{one['clients']} clients {one['p50_ms']:.0f} ({one['p99_ms']:.0f}) ms" for one in asked), flush=True)
    return side


def growing(options: argparse.Namespace) -> list[Json]:
    """Return building and asking of one shard on one node, at every size."""
    os.environ["KASHSHAF_OPENSEARCH_SHARDS"] = "1"
    found: list[Json] = []
    for clauses in map(int, options.steps.split(",")):
        source = _written(f"growing-{RECIPE.decode()}-{clauses}", made(Size(clauses, VOWELLED)))
        with source.open("rb") as lines:
            questions = draw(map(orjson.loads, lines), options.queries)
        with Cluster(1, port=options.port, heap_mb=options.heap, optimised=True) as cluster:
            address = _address(cluster)
            ran = run(["-m", "index.cli", "build", str(source), "--index", address, "--quiet"])
            size, count = opensearch_peer.size(cluster.addresses, _name(address))
            size += opensearch_peer.size(cluster.addresses, f"{_name(address)}-state")[0]
            one: Json = {"clauses": count, "build_seconds": round(ran.seconds, 1),
                         "clauses_per_second": round(count / ran.seconds), "client_cpu_seconds": round(ran.cpu, 1),
                         "node_cpu_seconds": round(_cpu_seconds(cluster), 1), "client_peak_mb": ran.peak // 1_000_000,
                         "bytes_per_clause": round(size / count), "text_bytes_per_clause": _text_bytes(source) // count}
            one |= _latencies(address, questions) | {"node_mb": _memory_mb(cluster)}
            found.append(one)
            print(f"{count:,} clauses in one shard: {ran.seconds:.0f} s, {one['ten_hits_p50_ms']} ms ten hits, "
                  f"{one['page_p50_ms']} ms a page", flush=True)
    return found


def _latencies(address: str, questions: Sequence[Question]) -> Json:
    """Return p50 and p99 over questions of pages and of ten hits, one client: of every question its best time."""
    from bench.asking import one_field, page
    from search import open_index

    searcher = open_index(address)
    told: Json = {}
    try:
        for name, ask in (("ten_hits", one_field), ("page", page)):
            times = [min(_milliseconds(ask, searcher, question) for _ in range(ASKED)) for question in questions]
            told |= {f"{name}_p50_ms": round(percentile(times, 0.5), 2),
                     f"{name}_p99_ms": round(percentile(times, 0.99), 2)}
    finally:
        searcher.close()
    return told


def _milliseconds(ask: Callable[[Searcher, Question], object], searcher: Searcher, question: Question) -> float:
    started = time.perf_counter()
    ask(searcher, question)
    return (time.perf_counter() - started) * 1000


def sides_table(found: Sequence[Json]) -> str:
    """Return both systems as a Markdown table: rates, bytes, p50 (p99) in ms at every number of clients."""
    heads = ("nodes", "system", "clauses", "clauses/s", "bytes a clause",
             *(f"{clients} client{'s' if clients > 1 else ''}: p50 (p99) ms, answers/s" for clients in CLIENTS))
    lines = [[one["nodes"], one["system"], one["clauses"], one["clauses_per_second"], one["bytes_per_clause"],
              *(f"{asked['p50_ms']:.1f} ({asked['p99_ms']:.0f}), {asked['per_second']:.0f}" for asked in one["asked"])]
             for one in found]
    return "### A cluster beside OpenSearch's own Arabic\n\n" + table(heads, lines)


def growth_table(found: Sequence[Json]) -> str:
    """Return the growing shard as a Markdown table."""
    names = {"clauses": "clauses in one shard", "clauses_per_second": "clauses/s",
             "client_cpu_seconds": "CPU s of the client", "node_cpu_seconds": "CPU s of the node",
             "bytes_per_clause": "bytes a clause", "ten_hits_p50_ms": "ten hits p50 ms", "ten_hits_p99_ms": "p99 ms",
             "page_p50_ms": "page p50 ms", "page_p99_ms": "p99 ms "}
    return "### One shard as it grows\n\n" + table(list(names.values()), [[one[key] for key in names] for one in found])


def _address(cluster: Cluster) -> str:
    return "opensearch://" + ",".join(one.removeprefix("http://") for one in cluster.addresses) + "/bench"


def _name(address: str) -> str:
    return address.rsplit("/", 1)[1]


def _written(name: str, rows: Any) -> Path:
    """Return a JSON Lines file of rows, written when missing."""
    path = CACHE / "cluster" / f"{name}.jsonl"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with part.open("wb") as out:
            for row in rows:
                out.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
        part.rename(path)
    return path


def _text_bytes(source: Path) -> int:
    with source.open("rb") as lines:
        return sum(len(orjson.loads(line)["text"].encode()) for line in lines)


def _memory_mb(cluster: Cluster) -> int:
    """Return the most that a node holds in memory, in MB; 0 where the system does not say."""
    held = []
    for node in cluster.nodes:
        status = Path(f"/proc/{node.pid}/status")
        if status.exists():
            lines = status.read_text().splitlines()
            held += [int(line.split()[1]) // 1000 for line in lines if line.startswith("VmHWM")]
    return max(held, default=0)


def _cpu_seconds(cluster: Cluster) -> float:
    """Return the seconds of work that all nodes have done since they began; 0 where the system does not say."""
    total = 0.0
    for node in cluster.nodes:
        stat = Path(f"/proc/{node.pid}/stat")
        if stat.exists():
            parts = stat.read_text().rsplit(")", 1)[1].split()
            total += (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")
    return total


if __name__ == "__main__":
    sys.exit(main())
