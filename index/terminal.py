"""How our command lines behave: UTF-8 always, one sentence instead of a traceback, quiet on Ctrl-C and broken pipes."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from index.engine import IndexProblem

ERROR = 2
INTERRUPTED = 130  # as shells count it: 128 + SIGINT


def say(sentence: str) -> None:
    """Print one line for a person on standard error."""
    print(sentence, file=sys.stderr)


def guarded(command: Callable[[argparse.Namespace], int], options: argparse.Namespace) -> int:
    """Run a command and return its exit code; whatever goes wrong is one sentence on standard error and code 2."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(
                encoding="utf-8", errors="surrogateescape" if stream is sys.stdin else "backslashreplace"
            )
    try:
        code = command(options)
        sys.stdout.flush()
        return code
    except IndexProblem as problem:
        say(str(problem))
        return ERROR
    except KeyboardInterrupt:
        say("Stopped. Nothing was changed.")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has gone: keep Python from complaining when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except MemoryError:
        say("Not enough memory. Try fewer sources at a time.")
        return ERROR
    except Exception as problem:
        if os.environ.get("KASHSHAF_DEBUG"):
            raise
        say(
            f"Something unforeseen went wrong: {type(problem).__name__}: {problem}. "
            "Set KASHSHAF_DEBUG=1 to see where, and please report it."
        )
        return ERROR
