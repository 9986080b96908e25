"""A PDF read by another process, limited in time and memory: a file that hangs or crashes the library is a fault."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

from index.source_limits import MEGABYTE, Limits


class BadPdf(Exception):
    """A PDF that cannot be read; the message says why."""


# Sets the limit of memory, then runs the reader: the limit must not hold for this process.
_PROGRAM = """
import sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
except (ImportError, ValueError, OSError):
    sys.stderr.write("no limit of memory on this system\\n")
from index.pdf_text import main
main()
"""


def read_pdf_apart(data: bytes, limits: Limits) -> tuple[str, list[str]]:
    """Return the text of a PDF and notes on it. Raises BadPdf with the reason, also where the library is missing."""
    if importlib.util.find_spec("pypdfium2") is None:
        raise BadPdf("needs a library that is not installed: pip install 'kashshaf[documents]'")
    if not data[:1024].lstrip().startswith(b"%PDF-") and b"%PDF-" not in data[:1024]:
        raise BadPdf("is no PDF file")
    # Large files are given more time: a book of a thousand pages is honest work.
    seconds = limits.seconds + 2 * (len(data) // MEGABYTE)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])}
    command = [sys.executable, "-c", _PROGRAM, str(limits.pages), str(limits.memory_bytes)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=seconds, env=environment, check=False)
    except subprocess.TimeoutExpired as late:
        raise BadPdf(f"could not be read within {seconds} seconds") from late
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().rsplit("\n", 1)[-1]
        reason = f"ran into the limit of memory or crashed the PDF reader ({last or f'exit {done.returncode}'})"
        raise BadPdf(reason)
    answer = json.loads(done.stdout)
    if "problem" in answer:
        raise BadPdf(str(answer["problem"]))
    return str(answer["text"]), [str(note) for note in answer["notes"]]
