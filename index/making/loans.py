"""Foreign names and words that papers spell in more than one way: the commoner spelling speaks for the rarer one.

Words that meet in one skeleton (`index.loans`) are compared with the commoner ones among them, commonest first; a word
near enough to one of these is a spelling of it. The commonest of a long enough skeleton is kept in the lexicon, so that
a spelling that no list holds finds it too.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from index.loans import MOST_LISTED, distance, limit, skeleton

COMMON, LISTED = 2, 8  # how common a preferred spelling is at least, and one that the lexicon lists
SURE = 0.25  # a distance that needs no proof by counts: one doubled letter, ج for غ, ت for ط
SHORT_LETTERS = 6  # below that one vowel tells names apart (ماركس, ماركوس) unless one of them is very rare
RARER = 5.0
BOTH_RARE = 100
LEAST_LETTERS, LEAST_CONSONANTS = 4, 2
LISTED_CONSONANTS = 3  # of skeletons that the lexicon lists
HINT_RARER, HINT_MOST, HINT_CONSONANTS = 10.0, 60, 4


class Loans(NamedTuple):
    """Rarer spelling → preferred one; skeleton → the commonest words that have it."""

    same: dict[str, str]
    listed: dict[str, list[str]]


def _is_spelling(word: str, preferred: str, counts: dict[str, int]) -> bool:
    apart = distance(word, preferred)
    if apart > limit(min(word, preferred, key=len)):
        return False
    rarer = counts[preferred] >= RARER * counts[word] or counts[preferred] <= BOTH_RARE
    return apart <= SURE or rarer or min(len(word), len(preferred)) >= SHORT_LETTERS


def loans(counts: dict[str, int], foreign: set[str], doubtful: set[str]) -> Loans:
    """Group foreign words by what they are spellings of.

    `doubtful` are words that affixes explain as well, such as names begin and end with (رانجون: رانج + ون); they speak
    for no other word.
    """
    meeting: dict[str, list[str]] = defaultdict(list)
    for word in foreign | doubtful:
        if len(word) >= LEAST_LETTERS and len(shape := skeleton(word)) >= LEAST_CONSONANTS:
            meeting[shape].append(word)
    same: dict[str, str] = {}
    listed: dict[str, list[str]] = {}
    for shape, words in meeting.items():
        centres: list[str] = []
        for word in sorted(words, key=lambda w: (-counts[w], w)):
            near = [centre for centre in centres if _is_spelling(word, centre, counts)]
            if word in doubtful and len(shape) < HINT_CONSONANTS:
                near = [centre for centre in near if distance(word, centre) <= SURE]
            if near:
                same[word] = min(near, key=lambda centre: (distance(word, centre), centre))
            elif counts[word] >= COMMON and word not in doubtful:
                centres.append(word)
        common = [word for word in centres if counts[word] >= LISTED][:MOST_LISTED]
        if common and len(shape) >= LISTED_CONSONANTS:
            listed[shape] = common
    return Loans(same, listed)


def second_reading(word: str, counts: dict[str, int], listed: dict[str, list[str]]) -> str | None:
    """The foreign name of which a rare word that has another reading may be a spelling (بسمارك: ب + سمار + ك)."""
    shape = skeleton(word)
    if len(shape) < HINT_CONSONANTS or counts[word] > HINT_MOST:
        return None
    for centre in listed.get(shape, ()):
        if counts[centre] >= HINT_RARER * counts[word] and distance(word, centre) <= limit(word):
            return centre if centre != word else None
    return None
