"""Foreign names and words in several spellings: a skeleton that they share, and how far two spellings are apart.

Arabic has no settled letter for many foreign sounds: g is ج غ ق ك by country, t is ت ط, s is س ص ز, long vowels are
written or left out, doubled letters too. The skeleton leaves all that open, so that spellings of one name meet; the
distance then says whether two words that meet are near enough. Words with an Arabic root are not for this file.
"""

from __future__ import annotations

import re

VOWELS = "اويء"
MARK = "\x01"  # before a skeleton that the lexicon lists: no word begins so
MOST_LISTED = 8  # words of one skeleton that the lexicon lists

# Letters that stand for one foreign sound, by country and habit.
CLASSES: dict[str, str] = {
    letter: group[0]
    for group in ("جغقكخ", "تطث", "سصزشذظ", "دض", "فب", "هح")
    for letter in group
}  # fmt: skip
# What it costs to read one letter for another; both ways. Judged from how often the press of several countries differs.
SWAPS: dict[frozenset[str], float] = {
    frozenset(pair): cost
    for cost, pairs in (
        (0.2, ("جغ", "تط", "اه", "هة", "اة", "ءي", "ءو", "ءا")),
        (0.3, ("قك", "سص", "تث", "طث", "ذد", "ذز", "غق", "هح", "نم")),
        (0.4, ("جق", "غك", "جك", "سز", "دض", "ثس", "ظز", "شس", "خك", "اي", "وي", "او", "فب")),
    )
    for pair in pairs
}  # fmt: skip
VOWEL, DOUBLED, ALEF, TAIL, T_BEFORE_SH = 0.4, 0.25, 0.3, 0.1, 0.4  # left out or put in
FAR = 9.0
MOST_MORE = 3  # letters of one spelling beyond the other
LEAST_LETTERS, LEAST_CONSONANTS = 4, 3
SHARE = 0.115  # of a letter's length that two spellings may be apart: two vowels in eight letters
MOST = 1.0
SHORT_NAME = 5


_SOUNDS = str.maketrans(CLASSES | dict.fromkeys(VOWELS, ""))
_SEVERAL = re.compile(r"(.)\1+")


def skeleton(word: str) -> str:
    """The consonants of a folded word, unified by sound, doubled ones once; a final ه or ة is a vowel."""
    word = word[:-1] if word[-1:] in "ةه" else word
    sounds = word.replace("تش", "ش").translate(_SOUNDS)
    return _SEVERAL.sub(r"\1", sounds).replace("نف", "مف")


def limit(word: str) -> float:
    """How far apart two spellings of a word of this length may be."""
    return min(MOST, SHARE * len(word))


def _left_out(word: str, at: int) -> float:
    """What it costs to leave out the letter at a place."""
    letter = word[at]
    if at and (word[at - 1] == letter):
        return DOUBLED
    if at == len(word) - 1 and (letter in "ةه" or (letter == "ا" and word[at - 1] in "وا")):
        return TAIL
    if at == 0:
        return ALEF if letter == "ا" and word[1:2] == "س" else VOWEL if letter == "ا" else FAR
    if letter in VOWELS and at < len(word) - 1:
        return VOWEL
    if letter == "ت" and word[at + 1 : at + 2] == "ش":
        return T_BEFORE_SH
    return FAR


def _other_ending(one: str, other: str) -> bool:
    """Whether the ends make two words of them: an adjective is no spelling of its place (أمريكي, منغولية), and a short
    noun with ة none of a name (كندة, كندا)."""
    if (one[-1:] == "ي") != (other[-1:] == "ي"):
        return True
    if min(len(one), len(other)) <= SHORT_NAME and one[-1:] + other[-1:] in ("اة", "ةا"):
        return True
    return one[-2:] != other[-2:] and (one.endswith(("ية", "يه")) or other.endswith(("ية", "يه")))


def distance(one: str, other: str, most: float = FAR) -> float:
    """How far apart two spellings are: 0 for the same, `FAR` for letters that nobody confuses, or above `most`."""
    if _other_ending(one, other) or abs(len(one) - len(other)) > MOST_MORE:
        return FAR
    first, second = one[:1], other[:1]
    if first != second and "ا" not in (first, second) and frozenset((first, second)) not in SWAPS:
        return FAR
    before = [0.0]
    gaps = [_left_out(other, at) for at in range(len(other))]
    for gap in gaps:
        before.append(before[-1] + gap)
    for row, letter in enumerate(one):
        missing = _left_out(one, row)
        current = [before[0] + missing]
        for at, there in enumerate(other):
            cost = before[at]
            if letter != there:
                cost += SWAPS.get(frozenset((letter, there)), FAR)
            current.append(min(cost, before[at + 1] + missing, current[at] + gaps[at]))
        before = current
        if min(before) > most:
            return FAR
    return min(before[-1], FAR)
