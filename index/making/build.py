"""From the dictionaries to the lexicon file: every step in order (`python -m index.lexicon build`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from index.arabic import fold
from index.lexicon import write_lexicon
from index.light import LightRules
from index.making.classes import gender_pairs, lemma_of
from index.making.cores import cores_of, decide
from index.making.lemmas import Choice, choose, fold_readings
from index.making.overrides import Terms, apply
from index.making.plurals import listed_plurals
from index.making.readings import load_readings
from index.making.stems import core_stems
from index.roots import isri_root
from index.spellings import canonical
from index.unknown import explain_unknown

LEAST_FIT = 0.01  # a reading whose form fits the counts worse is no reading
LEAST_SHARE = 0.02
SETTLED = 5  # words at least so common get their terms at build time even when no dictionary lists them
_ARABIC = re.compile("[\u0621-\u063a\u0641-\u064a]+").fullmatch

Say = Callable[[str], None]


def likely(choices: dict[str, list[Choice]]) -> dict[str, list[Choice]]:
    """The choices worth believing: the form fits the counts and has a share."""
    kept = {
        word: [choice for choice in found if choice.fit >= LEAST_FIT and choice.share >= LEAST_SHARE]
        for word, found in choices.items()
    }
    return {word: found for word, found in kept.items() if found}


def listed_words(counts: dict[str, int], choices: dict[str, list[Choice]]) -> dict[str, Terms]:
    """Folded word → terms for every word that the dictionary reads."""
    choices = likely(choices)
    merged, split = gender_pairs(counts, choices)
    lemmas = {word: lemma_of(found, merged, split) for word, found in choices.items()}
    cores = cores_of(counts, lemmas)
    decisions = decide(counts, lemmas, cores, *listed_plurals())
    stems = core_stems(counts, decisions)
    return {
        word: (stems[core], decisions[core].plural_lemma, fold(decisions[core].root) or isri_root(word))
        for word, core in cores.items()
    }


def settle(words: dict[str, Terms], counts: dict[str, int]) -> None:
    """Spellings first, then words that no dictionary lists: by what is left without affixes, else by rule."""
    for word in list(words):
        preferred = canonical(word)
        if preferred != word and preferred in words:
            words[word] = words[preferred]
    listed = dict(words)

    def known(word: str) -> tuple[int, Terms | None]:
        return counts.get(word, 0), listed.get(word)

    rules = LightRules(lambda word: counts.get(word, 0))
    for word, count in counts.items():
        if word in words or count < SETTLED:
            continue
        parts = explain_unknown(word, known)
        if parts:
            words[word] = parts.terms
        else:
            stem = rules.stem(word) or word
            words[word] = (stem, stem, isri_root(word) or word)


def build(readings: Path, out: Path, say: Say = print) -> None:
    """Make the lexicon file `out` from a readings file (`index.making.readings.write_readings`)."""
    say("reading the dictionary's readings …")
    counts, found = fold_readings(list(load_readings(readings)))
    say(f"{len(counts):,} folded words, {len(found):,} with readings; choosing lemmas …")
    words = listed_words(counts, choose(counts, found))
    apply(words, counts, isri_root)
    settle(words, counts)
    apply(words, counts, isri_root)
    write_lexicon(out, {word: (counts.get(word, 1), words.get(word)) for word in counts.keys() | words.keys()})
    say(f"{out}: {len(words):,} words with terms, {len(set(words.values())):,} different triples")
