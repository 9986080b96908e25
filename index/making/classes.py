"""From lemmas to terms: which words share a stem, which a plural class, which a root."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from index.arabic import fold
from index.making.lemmas import Choice
from index.making.readings import GENDERED

FEMININE_WORD = 2.0  # a feminine that many times commoner than its masculine is a word of its own (جامعة, جامع)
NISBA_WORD = 5.0  # of a nisba only the plainest cases: عملية, but شعبية is an adjective
GENDERED_SHARE = 0.2  # of a feminine that must read as the feminine of an adjective or participle
ADJECTIVE_SHARE = 0.2  # of its masculine that must read as one
SOUND_PLURAL = 0.01  # a word with so many plurals in ون is said of people (فنان), and its ة makes the woman
FEMALE = 0.6  # a فعيلة that much rarer than its فعيل is its feminine (طبيب, طبيبة), not another noun (حديقة)
FEMALE_PERSON = re.compile("[^اوي]{2}ي[^اوي]").fullmatch
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


def _is_human(word: str, counts: dict[str, int]) -> bool:
    """Whether the word has the sound plural of people often enough."""
    plural = sum(counts.get(head + word + "ون", 0) for head in ("", "ال"))
    return plural > SOUND_PLURAL * sum(counts.get(head + word, 0) for head in ("", "ال"))


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
        if letters not in own or not (gendered.get(letters) or FEMALE_PERSON(base) or _is_human(base, counts)):
            continue
        ratio = mass / (masculine.get(base, 0.0) + 1)
        if ratio > (NISBA_WORD if base in nisba else FEMININE_WORD) or base in places:
            split[base] = letters
        elif (
            _is_human(base, counts)
            or (ratio < FEMALE and FEMALE_PERSON(base))
            or (gendered[letters] > GENDERED_SHARE * mass and adjective[base] > ADJECTIVE_SHARE * masculine[base])
        ):
            merged[letters] = base
    return merged, split


def lemmas_of(
    counts: dict[str, int], choices: dict[str, list[Choice]], merged: dict[str, str], split: dict[str, str]
) -> dict[str, list[Lemma]]:
    """Each word's lemmas by letters, heaviest first, gender settled."""

    def common(word: str) -> int:
        return counts.get(word, 0) + counts.get("ال" + word, 0)

    def settled(choice: Choice) -> str:
        letters = letters_of(choice)
        if not choice.reading.key.endswith(" n"):
            return letters
        if is_feminine(choice) and choice.reading.kind not in GENDERED:
            # A noun that takes ة is another noun (طبق, طبقة), and ات is its plural where it is the commoner one.
            # But where the dictionary knows only the man, ة makes the woman (رئيس, رئيسة).
            woman = FEMALE_PERSON(letters) and common(letters + "ة") < FEMALE * common(letters)
            if not woman and (choice.reading.suffixes.startswith("ة") or common(letters + "ة") > common(letters)):
                letters += "ة"
        elif letters in split and is_feminine(choice):
            letters = split[letters]
        return merged.get(letters, letters)

    result: dict[str, list[Lemma]] = {}
    for word, found in choices.items():
        shares: dict[str, float] = defaultdict(float)
        best: dict[str, Choice] = {}
        for choice in found:
            letters = settled(choice)
            shares[letters] += choice.share
            if letters not in best or best[letters].share < choice.share:
                best[letters] = choice
        result[word] = sorted((Lemma(k, v, best[k]) for k, v in shares.items()), key=lambda x: (-x.share, x.letters))
    return result
