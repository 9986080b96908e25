"""A whole process, measured from outside: seconds, peak memory, exit code. The figure is what a user waits for."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench.places import CHECKOUT, BenchProblem

_KIB = 1 if sys.platform == "darwin" else 1024  # unit of ru_maxrss
SAMPLE = 0.02  # seconds between two looks at the memory


class Ran(NamedTuple):
    """What a process took: seconds on the clock and of work on all cores; `peak`: the most bytes, children added."""

    seconds: float
    cpu: float
    peak: int
    output: str


class _Memory(threading.Thread):
    """Adds up, every SAMPLE seconds, what a process and its children have held; 0 where the system has no /proc.

    `ru_maxrss` will not do where there is /proc: it begins with what the parent held, and leaves children out.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._most, self._over = pid, 0, threading.Event()

    def run(self) -> None:
        """Sample until `stop`."""
        while True:
            self._most = max(self._most, _held(self._pid))
            if self._over.wait(SAMPLE):
                return

    def stop(self) -> int:
        """Return the most bytes seen; pages that are shared count for each process."""
        self._over.set()
        self.join()
        return self._most


def _held(pid: int) -> int:
    """Return the most bytes that a process has held since it began, with its children's; 0 for one that has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("utf-8", "replace")
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except OSError:
        return 0
    peak = next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0)
    return peak + sum(_held(int(child)) for child in children)


def run(arguments: Sequence[str]) -> Ran:
    """Run `python ARGUMENTS` from the checkout. Raises BenchProblem with its last line for an exit code above 1."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out, tempfile.TemporaryFile("w+", encoding="utf-8") as told:
        started = time.perf_counter()
        process = subprocess.Popen([sys.executable, *arguments], cwd=CHECKOUT, stdout=out, stderr=told)
        together = _Memory(process.pid)
        together.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        told.seek(0)
        if process.returncode not in (0, 1):
            lines = told.read().strip().splitlines()
            raise BenchProblem(f"python {' '.join(arguments[:4])} … ended with {process.returncode}: "
                               + (lines[-1] if lines else "it said nothing"))
        return Ran(seconds, usage.ru_utime + usage.ru_stime, together.stop() or usage.ru_maxrss * _KIB, out.read())
