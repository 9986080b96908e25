"""A path as a person names it → the files below it, in natural order."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from index.kinds import hidden, kind_of
from index.natural_order import natural_key
from index.source_items import Fault

DEEPEST = 100  # folders inside each other


@dataclass(frozen=True, slots=True)
class File:
    """A file to be read."""

    path: str  # as a person can open it
    name: str  # relative to what was named
    size: int  # bytes
    modified: float  # seconds since 1970


def walk(path: str) -> Iterator[File | Fault]:
    """Yield the file `path`, or the files of known kinds below the folder `path` in natural order; never raises."""
    try:
        found = os.stat(path)
    except (OSError, ValueError) as problem:
        reason = "does not exist" if isinstance(problem, FileNotFoundError) else f"cannot be read: {_why(problem)}"
        yield Fault(printable(path), None, reason, "skipped")
        return
    if not stat.S_ISDIR(found.st_mode):
        if stat.S_ISREG(found.st_mode):
            yield File(path, printable(os.path.basename(path)), found.st_size, found.st_mtime)
        else:
            yield Fault(printable(path), None, "is no regular file; pipe JSON Lines through -", "skipped")
        return
    others: Counter[str] = Counter()
    files = 0
    for each in _folder(path, "", others, frozenset()):
        files += isinstance(each, File)
        yield each
    if others:
        yield described(printable(path), others)
    if not files:
        yield Fault(printable(path), None, "holds no document", "skipped")


def _folder(path: str, name: str, others: Counter[str], above: frozenset[tuple[int, int]]) -> Iterator[File | Fault]:
    """Yield the files below a folder; `above` holds the folders on the way, so that a link in a circle ends."""
    try:
        own = os.stat(path)
        entries = sorted(os.scandir(path), key=lambda entry: natural_key(entry.name))
    except OSError as problem:
        yield Fault(printable(path), None, f"the folder cannot be read: {_why(problem)}", "skipped")
        return
    if (own.st_dev, own.st_ino) in above or len(above) >= DEEPEST:
        reason = "lies too deep" if len(above) >= DEEPEST else "is a link to one that holds it"
        yield Fault(printable(path), None, f"the folder {reason}", "skipped")
        return
    above = above | {(own.st_dev, own.st_ino)}
    for entry in entries:
        below = f"{name}{entry.name}"
        if hidden(entry.name):
            continue
        try:
            found = entry.stat()
        except OSError as problem:
            yield Fault(printable(entry.path), None, f"cannot be read: {_why(problem)}", "skipped")
            continue
        if stat.S_ISDIR(found.st_mode):
            yield from _folder(entry.path, f"{below}/", others, above)
        elif not stat.S_ISREG(found.st_mode) or kind_of(entry.name) is None:
            others[ending(entry.name)] += 1
        else:
            yield File(entry.path, printable(below), found.st_size, found.st_mtime)


def described(shown: str, others: Counter[str]) -> Fault:
    """Return the fault that counts the files of other kinds in a folder or archive."""
    kinds = ", ".join(f"{each} ({count})" for each, count in others.most_common(8))
    return Fault(shown, None, f"holds files of other kinds: {kinds}", "left out")


def ending(name: str) -> str:
    """Return a file's ending for people."""
    return printable(os.path.splitext(name)[1].lower()) or "without ending"


def _why(problem: Exception) -> str:
    if isinstance(problem, ValueError):
        return "the name holds a character that no path can hold"
    return getattr(problem, "strerror", None) or str(problem)


def printable(path: str) -> str:
    """Return a path that can be written as UTF-8 on one line."""
    name = path.encode("utf-8", "replace").decode("utf-8")
    return name if name.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in name)
