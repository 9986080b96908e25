"""Broken plurals from a second dictionary, arramooz 0.4.2 (GPL, Taha Zerrouki): what it lists as plural of what."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from pathlib import Path

from index.arabic import fold
from index.making.readings import bare

_WORD = re.compile("[\u0621-\u064a]{2,}").fullmatch
_SEPARATORS = re.compile("[;:،, ]+")
_NOTHING = frozenset({"", "Non", "0"})


def listed_plurals() -> tuple[dict[str, set[str]], frozenset[str]]:
    """(folded broken plural → its folded singulars, folded words listed as singulars themselves)."""
    import arramooz

    database = Path(arramooz.__file__).parent / "data" / "arabicdictionary.sqlite"
    plurals: dict[str, set[str]] = defaultdict(set)
    singulars: set[str] = set()
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        rows = connection.execute("select unvocalized, number, single, broken_plural from nouns").fetchall()
    for word, number, single, broken in rows:
        word = bare(word or "").strip()
        single = bare(single or "").strip()
        is_plural = "تكسير" in (number or "")
        if not _WORD(word):
            continue
        if is_plural and _WORD(single):
            plurals[fold(word)].add(fold(single))
        if not is_plural and "جمع" not in (number or ""):
            singulars.add(fold(word))
        for plural in _SEPARATORS.split(broken or ""):
            plural = bare(plural).strip()
            if plural not in _NOTHING and _WORD(plural):
                plurals[fold(plural)].add(fold(word))
    return dict(plurals), frozenset(singulars)
