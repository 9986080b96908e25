"""How long one search may go on: when its time is over, what is left to do is left out and the answer says so."""

from __future__ import annotations

import time


class TimeLimit:
    """The time of one search, running from its making. `cut` says whether something was left out for it.

    A single question to the engine is never broken off: between two of them is where a search stops.
    """

    def __init__(self, seconds: float | None) -> None:
        self.started = time.perf_counter()
        self.seconds = seconds
        self.cut = False

    def allows(self) -> bool:
        """Return whether there is time for another step; a no is remembered in `cut`."""
        if self.seconds is not None and time.perf_counter() - self.started > self.seconds:
            self.cut = True
            return False
        return True

    @property
    def milliseconds(self) -> float:
        """Return how long the search has gone on."""
        return (time.perf_counter() - self.started) * 1000
