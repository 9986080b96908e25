"""A batch of texts → its runs: what stands between characters that belong to no word, cut by one table and one split.

Nearly every run is one word, whatever stands beside it. The others are known by themselves: a run of several words, and
one whose end may be one word with the run behind it (`may_go_on`), which only the text as a whole can decide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from index import damage
from index.analysis import ARABIC, JOINERS, MARKS, READ

END = "\ue000"  # the run that stands for the end of a text; no word holds a private character
_PART_OF_WORD = re.compile(rf"[^\W_]|[{ARABIC}{MARKS}{JOINERS}]").match
# What joins a word over a space (see `READ`): a lone article or its beginning, and a year before its era mark.
_HEADS = "|".join(head.partition(damage.SPACE)[0] for head in damage.TORN)
_YEAR = re.compile(r"\d{4}").fullmatch
_HEAD = re.compile(_HEADS).fullmatch
_ERA_MARKS = ("ه", "م")
_CODES = 0x110000


class Runs:
    """Cuts texts into runs. Each character is judged once, when it is met first."""

    def __init__(self) -> None:
        self._shown = np.zeros(_CODES, np.uint32)  # code point → itself or a space; 0 = not judged yet
        self._shown[0] = ord(END)

    def of(self, texts: Sequence[str]) -> list[str]:
        """Return the runs of all texts in order, with END after each text.

        Cutting `END`'s stretches anew by `READ` gives the matches of the text, but for those that go over a space.
        """
        joined = " \0 ".join([*texts, ""])
        if joined.count("\0") != len(texts):
            joined = " \0 ".join([*(text.replace("\0", " ") for text in texts), ""])
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        shown = self._shown.take(codes)
        if not shown.all():
            for code in np.unique(codes[shown == 0]).tolist():
                self._shown[code] = code if _PART_OF_WORD(chr(code)) else ord(" ")
            shown = self._shown.take(codes)
        return shown.tobytes().decode("utf-32-le").split()


def may_go_on(run: str) -> bool:
    """Return whether the last word of a run may be one word with what follows after a space."""
    found = READ.findall(run)
    return bool(found) and run.endswith(found[-1]) and (is_head(found[-1]) or _YEAR(found[-1]) is not None)


def is_head(word: str) -> bool:
    """Return whether a word may be the first piece of one that a space tears apart."""
    return _HEAD(word) is not None


def goes_on(run: str, following: str) -> bool:
    """Return whether a run that `may_go_on` may do so with this one: a year only with an era mark."""
    return following != END and (not run[-1].isdigit() or following.startswith(_ERA_MARKS))
