"""From the dictionaries to the lexicon file: every step in order (`python -m index.lexicon build`)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from index.arabic import fold
from index.lexicon import write_lexicon
from index.making.classes import gender_pairs, lemmas_of
from index.making.cores import cores_of, decide
from index.making.lemmas import Choice, choose, fold_readings
from index.making.overrides import Terms, apply
from index.making.plurals import listed_plurals
from index.making.readings import load_readings
from index.making.settle import settle
from index.making.stems import core_stems
from index.roots import isri_root

LEAST_FIT = 0.01  # a reading whose form fits the counts worse is no reading
LEAST_SHARE = 0.02

Say = Callable[[str], None]


def likely(choices: dict[str, list[Choice]]) -> dict[str, list[Choice]]:
    """The choices worth believing: the form fits the counts and has a share."""
    kept = {
        word: [choice for choice in found if choice.fit >= LEAST_FIT and choice.share >= LEAST_SHARE]
        for word, found in choices.items()
    }
    return {word: found for word, found in kept.items() if found}


def listed_words(
    counts: dict[str, int], choices: dict[str, list[Choice]]
) -> tuple[dict[str, Terms], set[str], set[str]]:
    """(folded word → terms for every word that the dictionary reads, those that it gives a root, bare ones without)."""
    choices = likely(choices)
    merged, split = gender_pairs(counts, choices)
    lemmas = lemmas_of(counts, choices, merged, split)
    cores = cores_of(counts, lemmas)
    decisions = decide(counts, lemmas, cores, *listed_plurals())
    stems = core_stems(counts, decisions)
    verbs = {core for word, core in cores.items() if lemmas[word][0].best.reading.key.endswith(" v")}
    stems |= {
        core: stems[verb]
        for core in verbs
        if (verb := decisions[core].stem_lemma) in decisions and decisions[verb].plural_lemma != verb
    }  # كتب has the plural class كتاب, so يكتب can only meet it by its stem
    words = {
        word: (stems[core], decisions[core].plural_lemma, fold(decisions[core].root) or isri_root(word))
        for word, core in cores.items()
    }
    native = {word for word in cores if lemmas[word][0].best.reading.root}
    return words, native, {word for word, core in cores.items() if word == core} - native


def build(readings: Path, out: Path, say: Say = print) -> None:
    """Make the lexicon file `out` from a readings file (`index.making.readings.write_readings`)."""
    say("reading the dictionary's readings …")
    counts, found = fold_readings(list(load_readings(readings)))
    say(f"{len(counts):,} folded words, {len(found):,} with readings; choosing lemmas …")
    finish(counts, choose(counts, found), out, say)


def finish(counts: dict[str, int], choices: dict[str, list[Choice]], out: Path, say: Say = print) -> None:
    """Make the lexicon file `out` from the words' counts and their lemmas (`index.making.lemmas.choose`)."""
    words, native, rootless = listed_words(counts, choices)
    apply(words, counts, isri_root)
    settle(words, counts, native, rootless)
    apply(words, counts, isri_root)
    every = counts.keys() | words.keys()
    write_lexicon(out, {word: (counts.get(word, 1), words.get(word)) for word in every})
    say(f"{out}: {len(words):,} words with terms, {len(set(words.values())):,} different triples")
