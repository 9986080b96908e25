"""Roots of unknown words by the ISRI algorithm (Taghva, Elkhoury, Coombs 2005, "Arabic Stemming Without a Root
Dictionary", ITCC 2005), written from the paper's tables. For ranking only: it merges too much to be shown."""

from __future__ import annotations

import re

# Table 1 of the paper: prefixes and suffixes by length.
PREFIXES_3 = ("كال", "بال", "ولل", "وال")
PREFIXES_2 = ("ال", "لل")
PREFIXES_1 = tuple("لبفسويتنا")
SUFFIXES_3 = ("تمل", "همل", "تان", "تين", "كمل")
SUFFIXES_2 = ("ون", "ات", "ان", "ين", "تن", "كم", "هن", "نا", "يا", "ها", "تم", "كن", "ني", "وا", "ما", "هم")
SUFFIXES_1 = tuple("ةهيكتان")
# Table 2: patterns; a digit is a letter of the root, any other letter stands for itself.
PATTERNS_4 = ("م123", "1ا23", "12ا3", "12و3", "12ي3", "123ة")
PATTERNS_53 = (
    "ا1ت23", "ا1ا23", "م12ا3", "م12و3", "م12ي3", "م123ة", "ا123ة", "ت123ة", "م1ت23", "ي1ت23", "ت1ت23", "م1ا23", "ت1ا23",
    "12ا3ة", "12و3ة", "12ي3ة", "1ا23ة", "ان123", "من123", "ا12ا3", "1وا23", "12ا3ي", "1ا2و3", "1ا2ي3", "123ان", "123اء",
    "ت12ي3", "12اء3",
)  # fmt: skip
PATTERNS_54 = ("ت1234", "م1234", "123ا4", "12ا34", "1234ة", "ا1234")
PATTERNS_63 = ("است123", "مست123", "ا1ت2ا3", "م1ا2ي3", "ا123اء", "ت12ي3ة", "م1ت23ة", "ان12ا3", "م1ا23ة", "ا1ا2ي3")
PATTERNS_64 = ("ا123ا4", "مت1234", "م123ا4")


def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(re.sub(r"\d", "(.)", pattern)) for pattern in patterns)


_P4, _P53, _P54, _P63, _P64 = map(_compiled, (PATTERNS_4, PATTERNS_53, PATTERNS_54, PATTERNS_63, PATTERNS_64))


def _match(word: str, patterns: tuple[re.Pattern[str], ...]) -> str | None:
    for pattern in patterns:
        if found := pattern.fullmatch(word):
            return "".join(found.groups())
    return None


def isri_root(word: str) -> str:
    """The root of a folded word, two to four letters where a pattern fits, else what its affixes leave."""
    if len(word) <= 3:
        return word
    for prefixes in (PREFIXES_3, PREFIXES_2):
        for prefix in prefixes:
            if word.startswith(prefix) and len(word) - len(prefix) >= 3:
                word = word[len(prefix) :]
                break
        else:
            continue
        break
    for suffixes in (SUFFIXES_3, SUFFIXES_2):
        for suffix in suffixes:
            if word.endswith(suffix) and len(word) - len(suffix) >= 3:
                word = word[: -len(suffix)]
                break
        else:
            continue
        break
    if len(word) >= 5 and word[0] == "و" and word[1] == "و":
        word = word[1:]
    return _by_length(word)


def _by_length(word: str) -> str:
    while len(word) > 3:
        if len(word) == 4:
            root = _match(word, _P4)
        elif len(word) == 5:
            root = _match(word, _P53) or _match(word, _P54)
        elif len(word) == 6:
            root = _match(word, _P63) or _match(word, _P64)
        else:
            root = None
        if root:
            return root
        if word[-1] in SUFFIXES_1:
            word = word[:-1]
        elif word[0] in PREFIXES_1:
            word = word[1:]
        else:
            return word
    return word
