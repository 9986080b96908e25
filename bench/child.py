"""A whole process, measured from outside: seconds, peak memory, exit code. The figure is what a user waits for.

Children find their modules compiled, as an installed program does, also where PYTHONDONTWRITEBYTECODE is set here.
"""

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

from bench.places import CACHE, CHECKOUT, BenchProblem

_KIB = 1 if sys.platform == "darwin" else 1024  # unit of ru_maxrss
FINE, SAMPLE = 0.005, 0.05  # seconds between two looks at the memory, in the first second and later


class Ran(NamedTuple):
    """What a process took: seconds on the clock and of work on all cores; `peak`: the most bytes, children added."""

    seconds: float
    cpu: float
    peak: int
    output: str


class _Memory(threading.Thread):
    """Adds up, every few milliseconds, what a process and its children hold; 0 where the system has no /proc.

    `ru_maxrss` will not do where there is /proc: it begins with what the parent held, and leaves children out. Pages
    that several share are divided among them (PSS), so that a sum over processes counts each page once.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._most, self._over = pid, 0, threading.Event()

    def run(self) -> None:
        """Sample until `stop`."""
        began = time.perf_counter()
        while True:
            self._most = max(self._most, _held(self._pid))
            if self._over.wait(FINE if time.perf_counter() - began < 1 else SAMPLE):
                return

    def stop(self) -> int:
        """Return the most bytes seen."""
        self._over.set()
        self.join()
        return self._most


def _held(pid: int) -> int:
    """Return the bytes that a process holds, with its children's; 0 for one that has ended."""
    try:
        shares = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except OSError:
        return 0
    share = next((int(line.split()[1]) * 1024 for line in shares if line.startswith("Pss:")), 0)
    return share + sum(_held(int(child)) for child in children)


def run(arguments: Sequence[str]) -> Ran:
    """Run `python ARGUMENTS` from the checkout. Raises BenchProblem with its last line for an exit code above 1."""
    return run_program([sys.executable, *arguments])


def run_program(command: Sequence[str]) -> Ran:
    """Run a command from the checkout. Raises BenchProblem with its last line for an exit code above 1."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment.setdefault("PYTHONPYCACHEPREFIX", str(CACHE / "compiled"))
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out, tempfile.TemporaryFile("w+", encoding="utf-8") as told:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=out, stderr=told)
        together = _Memory(process.pid)
        together.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        told.seek(0)
        if process.returncode not in (0, 1):
            lines = told.read().strip().splitlines()
            raise BenchProblem(f"{' '.join(command[:5])} … ended with {process.returncode}: "
                               + (lines[-1] if lines else "it said nothing"))
        return Ran(seconds, usage.ru_utime + usage.ru_stime, together.stop() or usage.ru_maxrss * _KIB, out.read())
