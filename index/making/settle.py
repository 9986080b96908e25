"""Terms for the words that no dictionary lists, and for spellings: by what is left without affixes, else by rule."""

from __future__ import annotations

from index.arabic import fold
from index.language_tables import rows, stop_words
from index.light import LightRules
from index.loans import MARK
from index.making.cores import TEMPLATE_FIT
from index.making.loans import loans, second_reading
from index.making.overrides import PLACES, Terms
from index.making.templates import singulars_by_template
from index.roots import isri_root
from index.spellings import spelled
from index.unknown import LOOSE_TAILS, WEAK_HEADS, explain_unknown

SETTLED = 5  # words at least so common get their terms at build time even when no dictionary lists them
NUMBER_ENDINGS = ("ون", "ين", "ان")
SLIP = 3  # ة must be so many times commoner than ه in its place
BARE_SHARE = 0.1  # and the word without either that much rarer


def _with_ta_marbuta(word: str, counts: dict[str, int]) -> str | None:
    """The spelling with ة of a word written with ه (حكومه), None where ه is a pronoun or a letter."""
    if not word.endswith("ه") or len(word) < 3:
        return None
    bare, marbuta = word[:-1], word[:-1] + "ة"
    common = counts.get(marbuta, 0)
    if common < SLIP * counts[word] or counts.get(bare, 0) + counts.get("ال" + bare, 0) > BARE_SHARE * common:
        return None
    return marbuta


class Settler:
    """Works on the words that the dictionary lists; `native` are those of them that it gives an Arabic root."""

    def __init__(self, words: dict[str, Terms], counts: dict[str, int], native: set[str]) -> None:
        self.listed = words
        self.counts = counts
        self.native = native
        self.rules = LightRules(lambda word: counts.get(word, 0))

    def known(self, word: str) -> tuple[int, Terms | None]:
        """Count and terms of a word that the dictionary lists."""
        return self.counts.get(word, 0), self.listed.get(word)

    def found(self, word: str) -> Terms:
        """The terms of any word, listed or not."""
        listed = self.listed
        if word in listed:
            return listed[word]
        for single in singulars_by_template(word):
            if single in listed and self.counts.get(single, 0) >= TEMPLATE_FIT * self.counts.get(word, 0):
                return word, listed[single][1], listed[single][2]
        parts = explain_unknown(word, self.known)
        if parts:
            return parts.terms
        stem = self._by_rule(word)
        return stem, stem, isri_root(word) or word

    def _by_rule(self, word: str) -> str:
        """The light stem; an ending is left on a word commoner than what it leaves, if no dictionary lists that
        (ليمون, نيكسون)."""
        stem = self.rules.stem(word) or word
        for ending in NUMBER_ENDINGS:
            whole = word.endswith(stem + ending) and stem not in self.listed
            if whole and self.counts.get(word, 0) > self.rules.with_article(stem):
                return stem + ending
        return stem

    def preferred(self, word: str) -> str | None:
        """The spelling that the table prefers. A word with a root of its own is only respelled where the table names
        the whole of it, or where it has the lemma of the variant: كرامة is no كرام with an ending."""
        for other in spelled(word):
            whole = not other.head and not other.tail
            if word in self.native and not whole and other.scope != "part":
                variant = self.listed.get(other.variant)
                if variant is None or variant[1] != self.listed[word][1]:
                    continue
            bare = other.preferred + other.tail
            attested = self.counts.get(bare, 0) or self.counts.get("ال" + bare, 0) or self.counts.get(other.word, 0)
            if attested or not other.tail:
                return other.word
        return None


def settle(words: dict[str, Terms], counts: dict[str, int], native: set[str], rootless: set[str]) -> None:
    """Add to `words` the terms of all words that are common enough, of spellings, and of foreign skeletons.

    `native` are listed words that the dictionary gives a root, `rootless` bare ones without.
    """
    settler = Settler(dict(words), counts, native)
    unlisted = (word for word in counts if word not in words)
    explained = {word: parts for word in unlisted if (parts := explain_unknown(word, settler.known)) is not None}
    doubtful = {word for word, parts in explained.items() if parts.head in WEAK_HEADS or parts.tail in LOOSE_TAILS}
    names = {fold(name.lstrip("~")) for name, kind, _ in rows("names", 3) if kind in PLACES}
    plain = {word for word in counts if word not in words or word in rootless} - explained.keys() - stop_words()
    same, listed = loans(counts, plain | (names & counts.keys()), doubtful)
    result: dict[str, Terms] = {}
    for word, count in counts.items():
        preferred = settler.preferred(word) or same.get(word, word)
        preferred = settler.preferred(preferred) or preferred
        marbuta = _with_ta_marbuta(preferred, counts) if preferred in counts else None
        if marbuta or preferred != word:
            result[word] = settler.found(marbuta or preferred)
        elif word not in words and count >= SETTLED:
            result[word] = settler.found(word)
        if word not in same and (hint := second_reading(word, counts, listed)) is not None:
            old = result.get(word) or settler.found(word)
            result[word] = old[0], settler.found(hint)[1], old[2]
    words.update(result)
    for shape, centres in listed.items():
        for number, word in enumerate(centres):
            words[f"{MARK}{shape}{number}"] = word, word, word
