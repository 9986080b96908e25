"""A whole process, measured from outside: seconds, peak memory, exit code. The figure is what a user waits for."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from typing import NamedTuple

from bench.places import CHECKOUT, BenchProblem

_KIB = 1 if sys.platform == "darwin" else 1024  # unit of ru_maxrss


class Ran(NamedTuple):
    """What a process took: seconds on the clock and of work on all cores; `peak`: its or a child's most bytes."""

    seconds: float
    cpu: float
    peak: int
    output: str


def run(arguments: Sequence[str]) -> Ran:
    """Run `python ARGUMENTS` from the checkout. Raises BenchProblem with its last line for an exit code above 1."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out, tempfile.TemporaryFile("w+", encoding="utf-8") as told:
        started = time.perf_counter()
        process = subprocess.Popen([sys.executable, *arguments], cwd=CHECKOUT, stdout=out, stderr=told)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        told.seek(0)
        if process.returncode not in (0, 1):
            lines = told.read().strip().splitlines()
            raise BenchProblem(f"python {' '.join(arguments[:4])} … ended with {process.returncode}: "
                               + (lines[-1] if lines else "it said nothing"))
        return Ran(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _KIB, out.read())
