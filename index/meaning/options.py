"""The options of `python -m index.cli meaning` and `build --meaning`; light, as every command's grammar has them."""

from __future__ import annotations

import argparse
import os
from typing import Any

from index.engine import IndexProblem


def add_options(build: argparse.ArgumentParser, meaning: argparse.ArgumentParser) -> None:
    """Add what the two commands take."""
    build.add_argument("--meaning", action="store_true", help="also make the vectors that search by meaning needs")
    meaning.add_argument("--again", action="store_true", help="make all of them anew, also where a text has one")
    meaning.add_argument("--off", action="store_true", help="take the vectors out of the index")
    meaning.add_argument("--processes", type=int, default=_cores(), metavar="N", help="default: one for each core")
    meaning.add_argument("--quiet", action="store_true", help="no progress")
    for command in (build, meaning):
        command.add_argument(
            "--encoder", default="", metavar="FOLDER", help="an ONNX sentence encoder, see docs/meaning.md"
        )
        command.add_argument("--with-title", action="store_true", help="encode a clause with its title before it")


def finish_of(options: argparse.Namespace) -> Any:
    """Return what `build` does before it publishes: vectors where they were asked for, else None."""
    if not (options.meaning or options.encoder):
        return None
    from index.meaning.command import asked

    return asked(options, options.processes).begin


def refuse_on_cluster(options: argparse.Namespace) -> None:
    """Raise `IndexProblem` where vectors are asked for an index on a cluster."""
    if options.meaning or options.encoder:
        raise IndexProblem("Vectors are made for an index in a folder, not yet on a cluster. Leave --meaning out.")


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    from index.meaning.command import run

    return run(options)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
