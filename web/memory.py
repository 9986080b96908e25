"""Remembers what is the same for every reader of one index: counts of the collection, tries that find something."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")
_KEPT: WeakKeyDictionary[Any, dict[Hashable, Any]] = WeakKeyDictionary()
_LOCK = threading.Lock()


def remembered(searcher: Any, key: Hashable, make: Callable[[], T]) -> T:
    """Return what `make` gives, made once for a searcher and key; a new generation is a new searcher."""
    with _LOCK:
        kept = _KEPT.setdefault(searcher, {})
    if key not in kept:
        kept[key] = make()  # two threads may both make it: the same value, and no lock is held while it is made
    value: T = kept[key]
    return value
