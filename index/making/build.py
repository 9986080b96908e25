"""From the dictionaries to the lexicon file: every step in order (`python -m index.lexicon build`)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from index.arabic import fold
from index.lexicon import write_lexicon
from index.light import LightRules
from index.making.classes import gender_pairs, lemmas_of
from index.making.cores import TEMPLATE_FIT, cores_of, decide
from index.making.lemmas import Choice, choose, fold_readings
from index.making.loans import spellings
from index.making.overrides import Terms, apply
from index.making.plurals import listed_plurals
from index.making.readings import load_readings
from index.making.stems import core_stems
from index.making.templates import singulars_by_template
from index.roots import isri_root
from index.spellings import canonical
from index.unknown import explain_unknown

LEAST_FIT = 0.01  # a reading whose form fits the counts worse is no reading
LEAST_SHARE = 0.02
SETTLED = 5  # words at least so common get their terms at build time even when no dictionary lists them
SLIP = 3  # ة must be so many times commoner than ه in its place
BARE_SHARE = 0.1  # and the word without either that much rarer

Say = Callable[[str], None]


def likely(choices: dict[str, list[Choice]]) -> dict[str, list[Choice]]:
    """The choices worth believing: the form fits the counts and has a share."""
    kept = {
        word: [choice for choice in found if choice.fit >= LEAST_FIT and choice.share >= LEAST_SHARE]
        for word, found in choices.items()
    }
    return {word: found for word, found in kept.items() if found}


def listed_words(counts: dict[str, int], choices: dict[str, list[Choice]]) -> tuple[dict[str, Terms], set[str]]:
    """(folded word → terms for every word that the dictionary reads, those of them without a root: foreign words)."""
    choices = likely(choices)
    merged, split = gender_pairs(counts, choices)
    lemmas = lemmas_of(counts, choices, merged, split)
    cores = cores_of(counts, lemmas)
    decisions = decide(counts, lemmas, cores, *listed_plurals())
    stems = core_stems(counts, decisions)
    words = {
        word: (stems[core], decisions[core].plural_lemma, fold(decisions[core].root) or isri_root(word))
        for word, core in cores.items()
    }
    return words, {word for word, core in cores.items() if not decisions[core].root and word == core}


def _with_ta_marbuta(word: str, counts: dict[str, int]) -> str | None:
    """The spelling with ة of a word written with ه (حكومه), None where ه is a pronoun or a letter."""
    if not word.endswith("ه") or len(word) < 3:
        return None
    bare, marbuta = word[:-1], word[:-1] + "ة"
    common = counts.get(marbuta, 0)
    if common < SLIP * counts[word] or counts.get(bare, 0) + counts.get("ال" + bare, 0) > BARE_SHARE * common:
        return None
    return marbuta


def settle(words: dict[str, Terms], counts: dict[str, int], rootless: set[str]) -> None:
    """Terms for words that no dictionary lists: by what is left without affixes, else by rule; then spellings."""
    listed = dict(words)
    rules = LightRules(lambda word: counts.get(word, 0))

    def known(word: str) -> tuple[int, Terms | None]:
        return counts.get(word, 0), listed.get(word)

    def found(word: str) -> Terms:
        if word not in listed:
            for single in singulars_by_template(word):
                if single in listed and counts.get(single, 0) >= TEMPLATE_FIT * counts.get(word, 0):
                    return word, listed[single][1], listed[single][2]
        parts = None if word in listed else explain_unknown(word, known)
        if word in listed or parts:
            return parts.terms if parts else listed[word]
        stem = rules.stem(word) or word
        return stem, stem, isri_root(word) or word

    foreign = rootless | {word for word in counts if word not in listed and explain_unknown(word, known) is None}
    same = spellings(counts, foreign)
    for word, count in counts.items():
        preferred = canonical(same.get(word, word))
        marbuta = _with_ta_marbuta(preferred, counts) if preferred in counts else None
        if marbuta or preferred != word:
            words[word] = found(marbuta or preferred)
        elif word not in words and count >= SETTLED:
            words[word] = found(word)


def build(readings: Path, out: Path, say: Say = print) -> None:
    """Make the lexicon file `out` from a readings file (`index.making.readings.write_readings`)."""
    say("reading the dictionary's readings …")
    counts, found = fold_readings(list(load_readings(readings)))
    say(f"{len(counts):,} folded words, {len(found):,} with readings; choosing lemmas …")
    words, rootless = listed_words(counts, choose(counts, found))
    apply(words, counts, isri_root)
    settle(words, counts, rootless)
    apply(words, counts, isri_root)
    write_lexicon(out, {word: (counts.get(word, 1), words.get(word)) for word in counts.keys() | words.keys()})
    say(f"{out}: {len(words):,} words with terms, {len(set(words.values())):,} different triples")
