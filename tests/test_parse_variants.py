"""The same page in another spelling is the same document: letters, marks, spaces and line ends must not matter."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from index.document import Resolution
from index.page_text import fold
from index.parse import parse

_CASES = sorted(path for path in (Path(__file__).parent / "cases" / "parse").iterdir() if path.is_dir())
_JOINING = "بتثجحخسشصضطظعغفقكلمنهي"

VARIANTS: dict[str, Callable[[str], str]] = {
    "Farsi letters": lambda raw: raw.replace("ي", "ی").replace("ك", "ک"),
    "Egyptian yeh": lambda raw: re.sub(r"ي\b", "ى", raw),
    "no hamza on alef": lambda raw: raw.translate(str.maketrans("أإآ", "ااا")),
    "Windows line ends": lambda raw: raw.replace("\n", "\r\n"),
    "non-breaking spaces": lambda raw: raw.replace(" ", "\u00a0"),
    "doubled spaces": lambda raw: raw.replace(" ", "  "),
    "right-to-left marks": lambda raw: re.sub(r"(?m)^(?=.)", "\u200f", raw),
    "kashida": lambda raw: re.sub(f"(?<=[{_JOINING}])(?=[{_JOINING}]{{2}})", "ـ", raw),
    "Arabic digits": lambda raw: raw.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    "blank lines": lambda raw: raw.replace("\n", "\n\n"),
    "no space before stops": lambda raw: re.sub(" (?=[.،؛])", "", raw),
    "vowelled": lambda raw: re.sub(f"(?<=[{_JOINING}])(?=[{_JOINING}])", "\u064e", raw),
    "no marks": lambda raw: re.sub("[\u064b-\u0652]", "", raw),
}


def _plain(text: str | None) -> str | None:
    return None if text is None else re.sub(r"[\s-]", "", fold(text))


def _gist(documents: list[Resolution]) -> list[object]:
    fields = "kind body session number theme title session_title place date_start date_end hijri_start".split()
    return [
        (
            [_plain(getattr(document, name)) for name in fields],
            [(c.kind, c.number, _plain(c.verb), _plain(c.text)) for c in document.clauses],
        )
        for document in documents
    ]


@pytest.mark.parametrize("variant", VARIANTS)
def test_another_spelling_is_read_alike(variant: str) -> None:
    for case in _CASES:
        raw = (case / "page.txt").read_bytes().decode("utf-8")
        assert _gist(parse(VARIANTS[variant](raw))) == _gist(parse(raw)), case.name
