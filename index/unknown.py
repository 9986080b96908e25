"""Words that the dictionary does not list: clitics and endings are taken off until it knows what is left.

Every way to take the word apart by the tables below is tried; the commonest known remainder wins, weighted by how often
its affixes occur. What stays unknown may be a word with a damaged hamza; the rest is left to `index.light`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from index.spellings import HEADS, canonical

Terms = tuple[str, str, str]
Known = Callable[[str], tuple[int, Terms | None]]

# How often a word stands behind these clitics, beside the bare word (1). Rough shares in running text.
HEAD_WEIGHTS: dict[str, float] = {
    "": 1.0, "ال": 1.0, "و": 0.3, "وال": 0.3, "ب": 0.2, "بال": 0.2, "ل": 0.2, "لل": 0.2, "ف": 0.05, "ك": 0.02,
    "س": 0.1, "وس": 0.05, "فس": 0.02,
}  # fmt: skip
RARE_HEAD = 0.05
ALL_HEADS: tuple[str, ...] = (*HEADS, "س", "وس", "فس", "وكال", "ولال", "وبل")
# Endings: what goes, what stands in its place, weight. Pronouns (Ryding 12.2), number and gender (Ryding 7).
TAILS: tuple[tuple[str, str, float], ...] = (
    ("ه", "", 0.1), ("ه", "ة", 0.3), ("ها", "", 0.1), ("هم", "", 0.05), ("هما", "", 0.02), ("هن", "", 0.01),
    ("كم", "", 0.02), ("كما", "", 0.01), ("نا", "", 0.05), ("ك", "", 0.01), ("ني", "", 0.01), ("ي", "", 0.05),
    ("ته", "ة", 0.1), ("تها", "ة", 0.1), ("تهم", "ة", 0.05), ("تهما", "ة", 0.02), ("تهن", "ة", 0.01),
    ("تنا", "ة", 0.05),
    ("تكم", "ة", 0.02), ("تي", "ة", 0.03), ("تك", "ة", 0.01),
    ("اه", "ي", 0.05), ("اها", "ي", 0.05), ("اهم", "ي", 0.02), ("انا", "ي", 0.02),
    ("ات", "ة", 0.2), ("ات", "", 0.2), ("ون", "", 0.1), ("ين", "", 0.1), ("ان", "", 0.05), ("تين", "ة", 0.05),
    ("تان", "ة", 0.05), ("وا", "", 0.05), ("ا", "", 0.1), ("ة", "", 0.2), ("ت", "", 0.05), ("يا", "ي", 0.1),
    ("اته", "ة", 0.05), ("اتها", "ة", 0.05), ("اتهم", "ة", 0.03), ("اتنا", "ة", 0.02), ("اتي", "ة", 0.01),
    ("اتكم", "ة", 0.01), ("اتهما", "ة", 0.01), ("اته", "", 0.05), ("اتها", "", 0.05), ("اتهم", "", 0.03),
    ("اتنا", "", 0.02), ("يها", "", 0.02),
    ("يه", "", 0.02), ("يهم", "", 0.02), ("وها", "", 0.01), ("وه", "", 0.01), ("ي", "ى", 0.01), ("ية", "ي", 0.2),
    ("يات", "ية", 0.1), ("يات", "ي", 0.1), ("يين", "ي", 0.1), ("يون", "ي", 0.1),
)  # fmt: skip
LEAST = 3  # a remainder of fewer letters explains too much
WEAK_HEADS: frozenset[str] = frozenset({"ب", "ل", "ك", "ف", "س", "وب", "ول", "وك", "فب", "فل", "وس", "فس"})
WEAK_TAILS: frozenset[str] = frozenset({"ي", "ك", "ا", "ت", "ان", "ين", "ون", "ه", "ني", "كم", "نا", "هن"})
_PRONOUNS = ("ه", "ها", "هم", "هما", "هن", "كم", "كما", "نا", "ك", "ني", "تي")
PRONOUN_TAILS: frozenset[str] = frozenset(tail for tail, _, _ in TAILS if tail.endswith(_PRONOUNS) and tail != "ه")
SUPPORT = 0.3  # the base, weighted by its affixes, must be that common beside the word itself
_BY_LETTER: dict[str, tuple[tuple[str, str, float], ...]] = {
    letter: tuple(tail for tail in TAILS if tail[0][-1] == letter) for letter in {tail[0][-1] for tail in TAILS}
}
_HEADS_BY_LETTER: dict[str, tuple[str, ...]] = {
    letter: tuple(head for head in ALL_HEADS if head[:1] in ("", letter)) for letter in "اوفبلكس"
}
G_LEAST_LETTERS = 6
VOWELS = "اوي"
FOREIGN_LETTERS, FOREIGN_CONSONANTS, FOREIGN_LEAST = 6, 4, 100
REPAIRED_LEAST = 300  # a repaired word must be that common


class Parts(NamedTuple):
    """How an unknown word was explained: head + base + tail, and the base's terms."""

    head: str
    base: str
    tail: str
    seen: int
    terms: Terms


def _least(head: str, tail: str) -> int:
    """How many letters must be left: more where the affixes are single letters that names begin and end with."""
    return LEAST + (head in WEAK_HEADS) + (tail in WEAK_TAILS)


def _splits(word: str) -> Iterator[tuple[str, str, str, float]]:
    for head in _HEADS_BY_LETTER.get(word[0], ("",)):
        if not word.startswith(head) or len(word) - len(head) < LEAST:
            continue
        weight = HEAD_WEIGHTS.get(head, RARE_HEAD)
        article = head.endswith(("ال", "لل"))
        rest = word[len(head) :]
        if head and len(rest) >= _least(head, ""):
            yield head, rest, "", weight
        for tail, instead, share in _BY_LETTER.get(rest[-1], ()):
            left = len(rest) - len(tail) + len(instead)
            if left >= _least(head, tail) and rest.endswith(tail) and not (article and tail in PRONOUN_TAILS):
                yield head, rest[: -len(tail)] + instead, tail, weight * share


def take_apart(word: str, known: Known) -> Parts | None:
    """The best explanation of an unknown folded word by a known one, None when there is none that its count allows."""
    best: Parts | None = None
    top = SUPPORT * known(word)[0]
    for head, base, tail, weight in _splits(word):
        count, terms = known(base)
        if terms is not None and count * weight > top:
            top, best = count * weight, Parts(head, base, tail, count, terms)
    return best


def _hamza_spellings(word: str) -> Iterator[str]:
    """Spellings with the hamza that a careless one lost or misplaced: موتمر, رييس, هاديء, برء, لجء."""
    for at in range(1, len(word)):
        if word[at] in "وي":
            yield word[:at] + "ء" + word[at + 1 :]
    if word.endswith("يء"):
        yield word[:-2] + "ء"
    elif word.endswith("ء"):
        yield word[:-1] + "يء"
        yield word[:-1] + "وء"


def _other_g(word: str) -> str | None:
    """A foreign word with the letter for g of another country: جوتيريش, غوتيريش."""
    for here, there in (("ج", "غ"), ("غ", "ج")):
        if here in word and len(word) >= G_LEAST_LETTERS:
            return word.replace(here, there)
    return None


def _vowel_spellings(word: str) -> Iterator[str]:
    """A long foreign word with one inner vowel letter less, then one more, or without the alef before سـ."""
    if len(word) < FOREIGN_LETTERS or sum(letter not in VOWELS for letter in word) < FOREIGN_CONSONANTS:
        return
    if word.startswith("اس"):
        yield word[1:]
    elif word[0] == "س":
        yield "ا" + word
    for at in range(1, len(word) - 1):
        if word[at] in VOWELS:
            yield word[:at] + word[at + 1 :]
    for at in range(1, len(word)):
        yield from (word[:at] + vowel + word[at:] for vowel in VOWELS if vowel not in word[at - 1 : at + 1])


def _foreign(word: str, known: Known) -> Parts | None:
    """The known foreign word of which this may be a spelling: one that stands for itself alone, as names do."""
    for other in _vowel_spellings(word):
        count, terms = known(other)
        if terms is not None and count >= FOREIGN_LEAST and terms[0] == terms[1] == other:
            return Parts("", other, "", count, terms)
    return None


def repaired(word: str, known: Known) -> Parts | None:
    """The common word of which this may be a spelling with a damaged hamza, None when there is none."""
    best: Parts | None = None
    for other in _hamza_spellings(word):
        count, terms = known(other)
        if terms is not None and count >= REPAIRED_LEAST and (best is None or count > best.seen):
            best = Parts("", other, "", count, terms)
    if best is None and (elsewhere := _other_g(word)) is not None:
        count, terms = known(elsewhere)
        if terms is not None and count > known(word)[0]:
            return Parts("", elsewhere, "", count, terms)
    return best


def explain_unknown(word: str, known: Known) -> Parts | None:
    """The known word behind an unknown one: by spelling, by affixes, by a lost hamza; None when all fail."""
    preferred = canonical(word)
    if preferred != word:
        count, terms = known(preferred)
        if terms is not None:
            return Parts("", preferred, "", count, terms)
        word = preferred
    return take_apart(word, known) or repaired(word, known) or _foreign(word, known)
