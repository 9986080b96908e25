"""Terms of a word: its stem, its plural class and its root. The dictionary decides, rules serve the unknown."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from index.arabic import fold
from index.lexicon import Lexicon, default_lexicon
from index.light import LightRules, Step
from index.roots import isri_root

DATA = Path(__file__).parent / "data"
_ARABIC = re.compile("[\u0621-\u063a\u0641-\u064a]+").fullmatch
_LATIN = re.compile("[a-z]+").fullmatch


class WordTerms(NamedTuple):
    """The three terms of a word, none empty, none with a space."""

    stem: str
    plural: str
    root: str


@cache
def stop_words() -> frozenset[str]:
    """Folded words without a subject, question words among them: queries drop them outside quotes."""
    lines = (DATA / "stop_words.tsv").read_text(encoding="utf-8").splitlines()
    return frozenset(line.split("\t")[0] for line in lines if line and not line.startswith("#"))


class Stemmer:
    """Folded word → terms. `kind` is "light" (ours) or "snowball" (Snowball's Arabic, for comparison)."""

    def __init__(self, kind: Literal["light", "snowball"] = "light", lexicon: Lexicon | None = None) -> None:
        self.kind = kind
        self.lexicon = lexicon or default_lexicon()
        self._rules = LightRules(self.lexicon.count)

    @property
    def fingerprint(self) -> str:
        """A hash that changes whenever a word's terms may change: code version, tables, lexicon."""
        digest = hashlib.blake2b(f"{self.kind}:1:".encode(), digest_size=8)
        if self.kind == "light":
            digest.update(self.lexicon.fingerprint().encode())
        return digest.hexdigest()

    def terms(self, folded: str) -> WordTerms:
        """The terms of a folded word: Arabic by dictionary and rules, Latin by Snowball, anything else itself."""
        if _ARABIC(folded):
            return self._snowball(folded) if self.kind == "snowball" else self._arabic(folded)
        if _LATIN(folded):
            stem = _snowball_stemmer("english")(folded) or folded
            return WordTerms(stem, stem, stem)
        return WordTerms(folded, folded, folded)

    def _arabic(self, folded: str) -> WordTerms:
        known = self.lexicon.terms(folded)
        if known:
            return WordTerms(*known)
        stem = self._rules.stem(folded) or folded
        return WordTerms(stem, stem, isri_root(folded) or folded)

    def _snowball(self, folded: str) -> WordTerms:
        stem = _snowball_stemmer("arabic")(folded) or folded
        return WordTerms(stem, stem, isri_root(folded) or folded)

    def explain(self, word: str) -> list[Step]:
        """Every rule tried on a word as typed, in order, with the lexicon's counts."""
        folded = fold(word)
        steps = [Step("fold", word, folded, word != folded, "letters a search does not tell apart")]
        known = self.lexicon.terms(folded) if _ARABIC(folded) else None
        if known:
            why = f"seen {self.lexicon.count(folded)} times in 100 million words"
            steps.append(Step("dictionary", folded, " · ".join(known), True, why))
        elif _ARABIC(folded):
            steps.append(Step("dictionary", folded, folded, False, "unknown word: rules decide"))
            self._rules.stem(folded, steps)
        return steps


@cache
def _snowball_stemmer(language: str):  # type: ignore[no-untyped-def]
    import snowballstemmer

    return snowballstemmer.stemmer(language).stemWord
