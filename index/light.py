"""The light stemmer's rules: which affixes of an unknown word go, each cut guarded by how common words are.

Pure functions over a count of folded words. The dictionary decides the words it knows (`index.lexicon`); these rules
serve the others, and the builder of the dictionary starts from them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from index.affixes import (
    ARTICLE_IS_LETTERS,
    CONJUNCTIONS,
    LEXICAL_WITH_ARTICLE,
    NUMBERS,
    POSSESSIVES,
    PROCLITICS,
)

Count = Callable[[str], int]


class Step(NamedTuple):
    """One rule tried on a word: what it would make of it, whether it fired, and why."""

    rule: str
    before: str
    after: str
    fired: bool
    why: str


_ARTICLE = re.compile("^([وف]?(?:[بك]?ال|لل))(.{2,})$")


class LightRules:
    """The guarded affix rules over `count`, the number of times a folded word stood in the lexicon's source."""

    def __init__(self, count: Count) -> None:
        self.count = count

    def with_article(self, word: str) -> int:
        """Count of the word alone and behind the article."""
        return self.count(word) + self.count("ال" + word)

    def stem(self, word: str, steps: list[Step] | None = None) -> str:
        """The word without its clitics and regular endings; `steps`, when given, receives every rule tried."""
        log = steps if steps is not None else []
        rest, article = self._cut_article(word, log)
        if not article and len(rest) >= 4:
            rest = self._cut_proclitics(rest, log)
        rest = self._cut_possessive(rest, log)
        return self.stem_of_core(rest, log)

    def stem_of_core(self, core: str, steps: list[Step] | None = None) -> str:
        """The stem of a word that has no clitics: number and gender endings go."""
        log = steps if steps is not None else []
        return self._cut_gender(self._cut_number(core, log), log)

    def _cut_article(self, word: str, log: list[Step]) -> tuple[str, bool]:
        match = _ARTICLE.match(word)
        if not match:
            return word, False
        head, rest = match.groups()
        if head.endswith("لل"):
            with_lam = "ل" + rest
            if self.count("ال" + with_lam) + self.count(with_lam) > self.with_article(rest):
                rest = with_lam
            log.append(Step("article", word, rest, True, f"{head} before a word seen {self.with_article(rest)} times"))
            return rest, True
        bare = self.count(rest)
        if head == "ال":
            own = self.count("ال" + word)
            if len(word) >= 5 and own > ARTICLE_IS_LETTERS * (own + bare):
                log.append(Step("article", word, word, False, f"ال{word} itself is seen {own} times"))
                return word, False
        else:
            own = self.count("ال" + word)
            if own >= max(2, ARTICLE_IS_LETTERS * self.with_article(rest)):
                log.append(Step("article", word, word, False, f"ال{word} itself is seen {own} times"))
                return word, False
            if self.count("ال" + "ال" + rest) > ARTICLE_IS_LETTERS * self.with_article(rest):
                rest = "ال" + rest
        log.append(Step("article", word, rest, True, f"{head} goes: {rest} is seen {bare} times"))
        return rest, True

    def _cut_proclitics(self, word: str, log: list[Step]) -> str:
        for _ in range(2):
            letter = word[0]
            if letter not in PROCLITICS or len(word) < 4:
                break
            rest = word[1:]
            own, bare = self.with_article(word), self.with_article(rest)
            fired = bare >= PROCLITICS[letter] * own and bare > 0
            log.append(Step("proclitic", word, rest if fired else word, fired, f"{rest} {bare}, {word} {own}"))
            if not fired:
                break
            word = rest
            if letter not in CONJUNCTIONS:
                break
        return word

    def _support(self, rest: str) -> int:
        return self.with_article(rest) + self.with_article(rest + "ه") + self.with_article(rest + "ة")

    def _cut_possessive(self, word: str, log: list[Step]) -> str:
        for suffix in POSSESSIVES:
            if not word.endswith(suffix.text) or len(word) - len(suffix.text) < suffix.remainder:
                continue
            rest = word[: -len(suffix.text)]
            support = self.with_article(rest) + (self.with_article(rest[:-1] + "ة") if rest.endswith("ت") else 0)
            own = self.count("ال" + word)
            fired = not (own >= LEXICAL_WITH_ARTICLE * support and own > 0) and (
                support >= suffix.support * self.count(word)
            )
            log.append(Step("possessive", word, rest if fired else word, fired, f"{rest} {support}, ال{word} {own}"))
            if not fired:
                continue
            if rest.endswith("ت") and self.with_article(rest[:-1] + "ة") >= self.with_article(rest):
                rest = rest[:-1] + "ة"
            return rest
        return word

    def _cut_number(self, word: str, log: list[Step]) -> str:
        for suffix in NUMBERS:
            if word.endswith(suffix.text) and len(word) - len(suffix.text) >= suffix.remainder:
                rest = word[: -len(suffix.text)]
                support, own = self._support(rest), self.with_article(word)
                fired = support >= suffix.support * own
                log.append(Step("number", word, rest if fired else word, fired, f"{rest} {support}, {word} {own}"))
                return self._singular(rest, suffix.text) if fired else word
        if word.endswith("وا") and len(word) >= 5:
            log.append(Step("number", word, word[:-2], True, "verb plural وا"))
            return word[:-2]
        if word.endswith("ا") and len(word) >= 4 and self.count(word[:-1]) >= self.count(word):
            log.append(Step("number", word, word[:-1], True, "accusative ا"))
            return word[:-1]
        return word

    def _singular(self, rest: str, ending: str) -> str:
        """What a number ending leaves, with the ة that the ending hid: عمليت(ين) is عملية, جمعي(ات) is جمعية."""
        if ending in ("ين", "ان") and rest.endswith("ت") and self.with_article(rest[:-1] + "ة") > 0:
            return rest[:-1] + "ة"
        if ending == "ات" and rest.endswith("ي") and len(rest) >= 4:
            return rest + "ة"
        return rest

    def _cut_gender(self, word: str, log: list[Step]) -> str:
        for ending, least in (("ية", 5), ("يه", 5), ("ة", 3), ("ي", 5)):
            if word.endswith(ending) and len(word) >= least:
                log.append(Step("gender", word, word[: -len(ending)], True, f"final {ending}"))
                return word[: -len(ending)]
        return word
