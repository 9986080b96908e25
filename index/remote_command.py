"""What `python -m index.cli build` says and does where the address is a cluster: parts, going on, publishing."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from index.engine import IndexProblem, resolve_address

OPTIONS = ("part", "generation", "resume", "finish")


def add_options(build: argparse.ArgumentParser) -> None:
    """Add the options of a build on a cluster to the command."""
    group = build.add_argument_group("on a cluster (opensearch://host:port/name)")
    group.add_argument("--part", metavar="K/N", help="feed one of N parts, as 3/16; the last one publishes")
    group.add_argument("--generation", metavar="NAME", help="which generation the parts feed, or --finish publishes")
    group.add_argument("--resume", action="store_true", help="go on with a build of these sources that was cut off")
    group.add_argument("--finish", action="store_true", help="check and publish a generation that is fed")


def build_on_cluster(options: argparse.Namespace, run_sources: Callable[[argparse.Namespace, object], int]) -> int:
    """Run the command and return its exit code."""
    from index.remote_build import build, finish, read_share

    address = resolve_address(options.index)
    if options.meaning or options.encoder:
        raise IndexProblem("Vectors are made for an index in a folder, not on a cluster. Leave --meaning out.")
    if options.finish:
        if options.sources or not options.generation:
            raise IndexProblem("--finish takes no sources, and a generation: build --finish --generation NAME.")
        manifest = finish(address, options.generation).manifest
        assert manifest is not None
        print(f"{manifest.clauses:,} clauses published as {manifest.generation}. Index: {address}")
        return 0
    share = read_share(options.part, options.generation, options.resume)

    def run(**hooks: object) -> object:
        report = build(options.sources, address, analyzer=options.analyzer, strict=options.strict, kind=options.kind,
                       processes=options.processes, share=share, **hooks)  # type: ignore[arg-type]
        if report.manifest is None:
            print(f"Part {options.part} of {share.generation} is fed; the last part publishes.")
        return report

    return run_sources(options, run)


def refuse_options(options: argparse.Namespace) -> None:
    """Raise `IndexProblem` where an option for clusters is given with a folder."""
    given = [name for name in OPTIONS if getattr(options, name)]
    if given:
        raise IndexProblem(f"--{given[0]} is for an index on a cluster; {resolve_address(options.index)} is a folder.")
