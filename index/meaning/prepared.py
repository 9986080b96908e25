"""What of a clause is encoded: its text without marks and tatweel, cut into windows, and the key it is known by."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

from index.arabic import IGNORED, compose

RECIPE = "marks-tatweel-off 1"  # part of every key: vectors made by another recipe are never taken for these
KEY_BYTES = 16
LONGEST = 200_000  # characters of a clause that are encoded; what follows hardly moves the mean of so many windows
_OFF: dict[int, str | None] = {ord(character): None for character in IGNORED}
T = TypeVar("T")


def prepared(text: str) -> str:
    """Return a text as it is encoded: no marks, no tatweel, no unseen controls, single spaces.

    A model trained on plain print takes a vowelled word for rare pieces: on vowelled hadith the encoder alone reaches
    half the nDCG with marks that it reaches without (docs/meaning.md).
    """
    return " ".join(compose(text[:LONGEST]).translate(_OFF).split())


def text_of(row: Mapping[str, object], with_title: bool) -> str:
    """Return the text of a stored row as it is encoded, its title before it where `with_title`."""
    text, title = str(row.get("text") or ""), row.get("title")
    if with_title and isinstance(title, str) and title.strip() and not text.startswith(title.strip()):
        text = f"{title.strip()}. {text}"
    return prepared(text)


def key_of(text: str) -> bytes:
    """Return the key of a prepared text: equal texts share one vector."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES, key=RECIPE.encode()).digest()


def windows(pieces: Sequence[T], size: int) -> list[Sequence[T]]:
    """Return the pieces in as few parts of at most `size` as possible, all of like length; one empty part for none."""
    count = max(1, -(-len(pieces) // size))
    bounds = [round(len(pieces) * number / count) for number in range(count + 1)]
    return [pieces[start:end] for start, end in pairwise(bounds)]
