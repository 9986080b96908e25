"""Foreign names and words that papers spell in more than one way: the commoner spelling speaks for the rarer one.

Only among words that have no Arabic root. Two of them are one word when they differ by nothing but the letter for g
(غ ج, in longer words ق ك too) and for t (ت ط), or by one long vowel more or less inside (نيوتن, نيوتون).
"""

from __future__ import annotations

from collections import defaultdict

SHORT_SWAPS = str.maketrans("غط", "جت")
LONG_SWAPS = str.maketrans("غطقك", "جتجج")
SHORT, LONG = 4, 6  # letters from which the swaps hold
VOWELS = "اوي"
VOWEL_LETTERS = 6  # letters from which one vowel more or less is no difference; one fewer with four consonants
CONSONANTS = 4
COMMON = 20  # a preferred spelling is at least so common


def _sound(word: str) -> str:
    """The word with the letters for g and t unified, as far as its length allows."""
    return word.translate(LONG_SWAPS if len(word) >= LONG else SHORT_SWAPS) if len(word) >= SHORT else word


def _shorter(sound: str) -> list[str]:
    """The word with one inner vowel letter left out, in every way; none for short words."""
    consonants = sum(letter not in VOWELS for letter in sound)
    if len(sound) < VOWEL_LETTERS - (consonants >= CONSONANTS):
        return []
    return [sound[:at] + sound[at + 1 :] for at in range(1, len(sound) - 1) if sound[at] in VOWELS]


def spellings(counts: dict[str, int], foreign: set[str]) -> dict[str, str]:
    """Rarer spelling → the commonest spelling of the same foreign word."""
    by_sound: dict[str, list[str]] = defaultdict(list)
    for word in foreign:
        by_sound[_sound(word)].append(word)
    best = {sound: max(words, key=lambda word: (counts[word], word)) for sound, words in by_sound.items()}
    by_vowel: dict[str, str] = {}
    for sound in sorted(best, key=lambda s: (-counts[best[s]], s)):
        for shorter in _shorter(sound):
            other = best.get(shorter)
            if other is None:
                continue
            rare, common = sorted((best[sound], other), key=lambda word: (counts[word], word))
            if rare not in by_vowel and common not in by_vowel and counts[common] >= COMMON:
                by_vowel[rare] = common
    result: dict[str, str] = {}
    for sound, words in by_sound.items():
        preferred = by_vowel.get(best[sound], best[sound])
        for word in words:
            if word != preferred and counts[preferred] >= COMMON:
                result[word] = preferred
    return result
