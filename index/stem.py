"""Terms of a word: its stem, its plural class and its root. The dictionary decides, rules serve the unknown."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from index.arabic import fold
from index.language_tables import stop_words
from index.lexicon import Lexicon, default_lexicon
from index.light import LightRules, Step
from index.roots import isri_root
from index.unknown import explain_unknown

_ARABIC = re.compile("[\u0621-\u063a\u0641-\u064a]+").fullmatch
_ARTICLE = re.compile("[وف]?(?:[بك]?ال|لل)..+").match
_SHORTEST_MARBUTA = 3  # letters; وجه، فقه and the like are far more common so than with ة
_SURELY = 10  # times more common with ة
__all__ = ["Stemmer", "Step", "WordTerms", "stop_words"]
_LATIN = re.compile("[a-z]+").fullmatch


class WordTerms(NamedTuple):
    """The three terms of a word, none empty, none with a space."""

    stem: str
    plural: str
    root: str


class Stemmer:
    """Folded word → terms. `kind` is "light" (ours) or "snowball" (Snowball's Arabic, for comparison)."""

    def __init__(self, kind: Literal["light", "snowball"] = "light", lexicon: Lexicon | None = None) -> None:
        self.kind = kind
        self.lexicon = lexicon or default_lexicon()
        self._rules = LightRules(self.lexicon.count)

    @property
    def fingerprint(self) -> str:
        """A hash that changes whenever a word's terms may change: the rules' own files, their tables, the lexicon."""
        return _fingerprint(self.kind, self.lexicon.fingerprint() if self.kind == "light" else "")

    def terms(self, folded: str) -> WordTerms:
        """The terms of a folded word: Arabic by dictionary and rules, Latin by Snowball, anything else itself."""
        if _ARABIC(folded):
            return self._snowball(folded) if self.kind == "snowball" else self._arabic(folded)
        if _LATIN(folded):
            stem = _snowball_stemmer("english")(folded) or folded
            return WordTerms(stem, stem, stem)
        return WordTerms(folded, folded, folded)

    def _arabic(self, folded: str) -> WordTerms:
        own = self._as_written(folded)
        other = self._with_ta_marbuta(folded)
        if other is None:
            return own
        marbuta = self._as_written(other)
        return marbuta if self._is_surely_ta_marbuta(folded, other) else own._replace(plural=marbuta.plural)

    def _with_ta_marbuta(self, folded: str) -> str | None:
        """Return the word with ة for its final ه, if it is as common so: people and old pages leave the dots out.

        مكتبه is "his office" and a careless مكتبة: its stem finds it with the one, its plural class with the other.
        """
        if len(folded) < _SHORTEST_MARBUTA or folded[-1] != "ه":
            return None
        other = folded[:-1] + "ة"
        count = self.lexicon.count(other)
        return other if count and count >= self.lexicon.count(folded) else None

    def _is_surely_ta_marbuta(self, folded: str, other: str) -> bool:
        """Say whether ه can only be ة: after an article there is no "his", and منظمه is far rarer than منظمة."""
        return bool(_ARTICLE(folded)) or self.lexicon.count(other) >= _SURELY * self.lexicon.count(folded)

    def _as_written(self, folded: str) -> WordTerms:
        known = self.lexicon.terms(folded)
        if known:
            return WordTerms(*known)
        parts = explain_unknown(folded, self.lexicon.entry)
        if parts:
            return WordTerms(*parts.terms)
        stem = self._rules.stem(folded) or folded
        return WordTerms(stem, stem, isri_root(folded) or folded)

    def _snowball(self, folded: str) -> WordTerms:
        stem = _snowball_stemmer("arabic")(folded) or folded
        return WordTerms(stem, stem, isri_root(folded) or folded)

    def explain(self, word: str) -> list[Step]:
        """Every rule tried on a word as typed, in order, with the lexicon's counts."""
        folded = fold(word)
        steps = [Step("fold", word, folded, word != folded, "letters a search does not tell apart")]
        other = self._with_ta_marbuta(folded) if _ARABIC(folded) else None
        if other:
            sure = self._is_surely_ta_marbuta(folded, other)
            why = f"{other} is seen {self.lexicon.count(other)} times, {folded} {self.lexicon.count(folded)} times"
            steps.append(Step("ه for ة" if sure else "ه may be ة", folded, other, True, why))
            folded = other if sure else folded
        known = self.lexicon.terms(folded) if _ARABIC(folded) else None
        if known:
            why = f"seen {self.lexicon.count(folded)} times in 100 million words"
            steps.append(Step("dictionary", folded, " · ".join(known), True, why))
            single = "its own" if known[1] == known[0] else f"{known[1]} is seen {self.lexicon.count(known[1])} times"
            steps.append(Step("plural class", folded, known[1], known[1] != known[0], single))
            alone: list[Step] = []
            stem = self._rules.stem(folded, alone)
            same = "as the dictionary says" if stem == known[0] else "the dictionary overrules them"
            steps += [step._replace(rule=f"rules alone: {step.rule}") for step in alone]
            steps.append(Step("rules alone", folded, stem, False, same))
        elif _ARABIC(folded):
            steps.append(Step("dictionary", folded, folded, False, "the dictionary does not list it"))
            parts = explain_unknown(folded, self.lexicon.entry)
            if parts:
                cut = f"{parts.head}+{parts.base}+{parts.tail}".strip("+")
                why = f"{cut}: {parts.base} is listed, seen {parts.seen} times"
                steps.append(Step("take apart", folded, " · ".join(parts.terms), True, why))
            else:
                steps.append(Step("take apart", folded, folded, False, "no part of it is listed either"))
                self._rules.stem(folded, steps)
        return steps


# What decides a word's terms beside the lexicon: a change in any of these files changes the fingerprint.
RULES = (
    "arabic.py", "stem.py", "light.py", "affixes.py", "unknown.py", "spellings.py", "loans.py", "roots.py",
    "data/spellings.tsv",
)  # fmt: skip


@cache
def _fingerprint(kind: str, lexicon: str) -> str:
    digest = hashlib.blake2b(f"{kind}:{lexicon}:".encode(), digest_size=8)
    for name in RULES:
        digest.update((Path(__file__).parent / name).read_bytes())
    return digest.hexdigest()


@cache
def _snowball_stemmer(language: str) -> Callable[[str], str]:
    import snowballstemmer

    stem: Callable[[str], str] = snowballstemmer.stemmer(language).stemWord
    return stem
