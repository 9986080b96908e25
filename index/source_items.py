"""What a source yields: pages to be parsed, rows that are clauses already, and faults that a person should hear of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Page:
    """One document as text. `text` is what offsets of its clauses count in: code points, line ends as they were."""

    source: str  # path relative to what was named, archive members as "a.zip!b/c.txt"
    text: str
    encoding: str  # "utf-8", "windows-1256", …; "docx" and "pdf" for formats that say it themselves
    modified: str | None = None  # ISO time, UTC, of the file or archive member
    url: str = ""  # the page's own address where the page says it
    notes: tuple[str, ...] = ()  # warnings about the document, one sentence each: a wrong charset, damaged letters


@dataclass(slots=True)
class Row:
    """One clause given as a row. `id` and `text` are non-blank strings; every known key that is there is a string."""

    source: str
    line: int  # from 1
    data: dict[str, object]


@dataclass(slots=True)
class Fault:
    """Something that could not be read as it is; the rest goes on."""

    source: str  # the path as a person can open it
    line: int | None  # from 1, where the source has lines
    problem: str  # one sentence, with the value
    action: str  # "skipped", "stopped here", "left out", …

    def __post_init__(self) -> None:
        """Keep the problem on one line: it may quote a file that is hostile to terminals."""
        if not self.problem.isprintable():
            self.problem = " ".join("".join(c if c.isprintable() else " " for c in self.problem).split())

    def __str__(self) -> str:
        """Return the fault as one line for standard error."""
        place = self.source if self.line is None else f"{self.source}:{self.line}"
        return f"{place}: {self.problem}; {self.action}"
