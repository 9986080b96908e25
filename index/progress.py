"""What a person sees while an index is built: a bar with rate and time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

BAR = 24  # letters wide
EVERY_ON_TERMINAL = 0.2  # seconds between two drawings
EVERY_IN_LOG = 5.0


class Progress:
    """Call it with the number of clauses so far (or of `what` is counted); `done_share` tells how much of the input
    was read, 0 to 1 or None.
    """

    def __init__(
        self, done_share: Callable[[], float | None], out: TextIO | None = None, what: str = "clauses"
    ) -> None:
        self.out = out or sys.stderr
        self.done_share = done_share
        self.what = what
        self.terminal = self.out.isatty()
        self.started = time.monotonic()
        self.last = self.started
        self.drawn = False

    def __call__(self, count: int) -> None:
        now = time.monotonic()
        if now - self.last < (EVERY_ON_TERMINAL if self.terminal else EVERY_IN_LOG):
            return
        self.last = now
        seconds = now - self.started
        share = self.done_share()
        line = f"{count:,} {self.what}  {count / seconds:,.0f}/s"
        if share and share > 0.01:
            line += f"  {share:.0%}  {_time(seconds * (1 - share) / share)} left"
        if self.terminal:
            filled = round(BAR * (share or 0))
            self.out.write(f"\r\x1b[K[{'█' * filled}{'·' * (BAR - filled)}] {line}")
            self.drawn = True
        else:
            self.out.write(line + "\n")
        self.out.flush()

    def clear(self) -> None:
        """Wipe the bar, so that another line can be printed."""
        if self.drawn:
            self.out.write("\r\x1b[K")
            self.out.flush()
            self.drawn = False


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
