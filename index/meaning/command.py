"""What `python -m index.cli meaning` and `build --meaning` show: a bar with rate and time left, what was done."""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

from index.engine import resolve_address
from index.meaning.making import Asked, make, take_out
from index.progress import Progress


def run(options: argparse.Namespace) -> int:
    """Make the vectors of an index, or take them out with `--off`; return the exit code."""
    address = resolve_address(options.index)
    if options.off:
        print("The vectors are taken out." if take_out(address) else "The index has no vectors.")
        return 0
    started = time.monotonic()
    made = make(address, asked(options, options.processes), again=options.again)
    seconds = time.monotonic() - started
    print(
        f"{made.clauses:,} clauses have vectors by {made.model}; {made.encoded:,} texts were encoded, the others were "
        f"known, in {seconds:.1f} s. Index: {address}"
    )
    return 0


def asked(options: argparse.Namespace, processes: int) -> Asked:
    """Return what the options ask for, with a bar of its own. Raises `IndexProblem` where the encoder is not here."""
    from index.meaning.encoder import open_encoder

    open_encoder(options.encoder)  # before anything is read or written: it may not be installed
    bar: list[Progress] = []
    state = [0.0]

    def progress(done: int, whole: int) -> None:
        state[0] = done / whole
        if not bar:
            bar.append(Progress(lambda: state[0], what="clauses with vectors"))
        bar[0](done)
        if done == whole:
            bar[0].clear()

    silent = Asked(options.encoder, options.with_title, max(1, processes))
    return silent if options.quiet else replace(silent, progress=progress)
