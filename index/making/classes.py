"""From lemmas to terms: which words share a stem, which a plural class, which a root."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from index.arabic import fold
from index.making.lemmas import Choice
from index.making.readings import GENDERED

FEMININE_WORD = 2.0  # a feminine that many times commoner than its masculine is a word of its own (جامعة, جامع)
NISBA_WORD = 5.0  # of a nisba only the plainest cases: عملية, but شعبية is an adjective
NISBA = "نسبة"
NAMES_A_PLACE = "اسم زمان أو مكان"
SECOND = 0.2  # a reading with less than this share of a word says nothing


class Lemma(NamedTuple):
    """The lemma of a folded word: its folded letters, and the reading that fits best."""

    letters: str
    share: float
    best: Choice


def letters_of(choice: Choice) -> str:
    """The folded letters of a choice's lemma."""
    return fold(choice.reading.key.split(" ")[0])


def is_feminine(choice: Choice) -> bool:
    """Whether the reading adds ة, ات to a lemma without ة."""
    return choice.reading.suffixes.startswith(("ة", "ات")) and not letters_of(choice).endswith("ة")


def gender_pairs(counts: dict[str, int], choices: dict[str, list[Choice]]) -> tuple[dict[str, str], dict[str, str]]:
    """(merged, split): feminine lemma → its masculine, and masculine lemma → a feminine that is a word of its own."""
    masculine: dict[str, float] = defaultdict(float)
    feminine: dict[str, float] = defaultdict(float)
    gendered: dict[str, float] = defaultdict(float)
    adjective: dict[str, float] = defaultdict(float)
    nisba: set[str] = set()
    places: set[str] = set()
    for word, found in choices.items():
        for choice in found:
            if not choice.reading.key.endswith(" n"):
                continue
            letters, mass = letters_of(choice), counts[word] * choice.share
            if is_feminine(choice):
                feminine[letters + "ة"] += mass
                if choice.reading.kind in GENDERED:
                    gendered[letters + "ة"] += mass
            elif letters.endswith("ة"):
                feminine[letters] += mass
            elif not choice.reading.suffixes.startswith("ة"):
                masculine[letters] += mass
                if choice.reading.kind in GENDERED:
                    adjective[letters] += mass
            if choice.reading.kind == NISBA:
                nisba.add(letters)
            if choice.reading.kind == NAMES_A_PLACE:
                places.add(letters)
    merged: dict[str, str] = {}
    split: dict[str, str] = {}
    own = {letters_of(choice) for found in choices.values() for choice in found if choice.reading.key.endswith(" n")}
    for letters, mass in feminine.items():
        base = letters[:-1]
        if letters not in own or not gendered.get(letters):
            continue
        ratio = mass / (masculine.get(base, 0.0) + 1)
        if ratio > (NISBA_WORD if base in nisba else FEMININE_WORD) or base in places:
            split[base] = letters
        elif gendered[letters] > 0.2 * mass and adjective.get(base, 0.0) > 0.3 * masculine.get(base, 0.0):
            merged[letters] = base
    return merged, split


def lemma_of(found: list[Choice], merged: dict[str, str], split: dict[str, str]) -> list[Lemma]:
    """The lemmas of a word by letters, heaviest first, gender settled."""
    shares: dict[str, float] = defaultdict(float)
    best: dict[str, Choice] = {}
    for choice in found:
        letters = letters_of(choice)
        if choice.reading.key.endswith(" n"):
            if letters in split and is_feminine(choice):
                letters = split[letters]
            letters = merged.get(letters, letters)
        shares[letters] += choice.share
        if letters not in best or best[letters].share < choice.share:
            best[letters] = choice
    return sorted((Lemma(k, v, best[k]) for k, v in shares.items()), key=lambda x: (-x.share, x.letters))
