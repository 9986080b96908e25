"""Which kind of source is a file? Answered by its ending, packed or not."""

from __future__ import annotations

from dataclasses import dataclass

# Ending → kind. `.ndjson` is another name of JSON Lines, `.xhtml` and `.shtml` of HTML.
ENDINGS = {
    ".txt": "text", ".html": "html", ".htm": "html", ".xhtml": "html", ".shtml": "html",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".docx": "docx", ".pdf": "pdf",
    ".zip": "zip", ".tar": "tar", ".tar.gz": "tar", ".tgz": "tar",
}
# Kinds whose `.gz` is read; a `.tar.gz` is a kind of its own.
PACKED = ("text", "html", "jsonl", "csv", "docx", "pdf")
SHOWN_ENDINGS = ".txt .html .htm .docx .pdf .jsonl .csv, each also .gz, .zip and .tar.gz of them"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a name promises: the kind of its content, and whether it is packed by gzip."""

    name: str
    gzip: bool


def kind_of(name: str) -> Kind | None:
    """Return the kind that a file's name promises, None where the ending is none of ours."""
    lower = name.lower().rsplit("/", 1)[-1]
    if lower.endswith(".akn.xml"):
        return Kind("akn", False)
    for ending in (".tar.gz", ".tgz", ".tar"):
        if lower.endswith(ending):
            return Kind("tar", ending != ".tar")
    packed = lower.endswith(".gz")
    stem = lower[:-3] if packed else lower
    kind = ENDINGS.get("." + stem.rsplit(".", 1)[-1]) if "." in stem else None
    if kind is None or (packed and kind not in PACKED):
        return None
    return Kind(kind, packed)


def hidden(name: str) -> bool:
    """Return whether a path goes through something hidden, a Mac resource fork or a lock file of Word."""
    parts = [part for part in name.split("/") if part not in (".", "..")]
    return any(part.startswith((".", "~$")) or part == "__MACOSX" for part in parts)
