"""Words that the dictionary does not list: clitics and endings are taken off until it knows what is left.

Every way to take the word apart by the tables below is tried; the commonest known remainder wins, weighted by how often
its affixes occur. What stays unknown may be a word with a damaged hamza; the rest is left to `index.light`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from index.loans import LEAST_CONSONANTS, LEAST_LETTERS, MARK, MOST_LISTED, distance, limit, skeleton
from index.spellings import HEADS, spelled

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
TAKES_ARTICLE, TOLD = 0.05, 20  # a word that takes the article begins with no clitic, as far as its count can tell
SUPPORT = 0.3  # the base, weighted by its affixes, must be that common beside the word itself
_BY_LETTER: dict[str, tuple[tuple[str, str, float], ...]] = {
    letter: tuple(tail for tail in TAILS if tail[0][-1] == letter) for letter in {tail[0][-1] for tail in TAILS}
}
_HEADS_BY_LETTER: dict[str, tuple[str, ...]] = {
    letter: tuple(head for head in ALL_HEADS if head[:1] in ("", letter)) for letter in "اوفبلكس"
}
LOOSE_TAILS: frozenset[str] = WEAK_TAILS | {"ة", "وا", "يا", "ات", "يين", "ته"}
# How common misspellings of a name are beside it: it then speaks against explaining by affixes, less so where it has
# few consonants.
SURE_CONSONANTS = 4
NAME_WEIGHT, SHORT_NAME_WEIGHT = 0.3, 0.02
_NAME_HEADS: dict[str, tuple[str, ...]] = {
    "ا": ("", "ال"), "و": ("", "و", "وال", "ول", "وب"), "ب": ("", "ب", "بال"), "ل": ("", "ل", "لل"), "ف": ("", "ف"),
    "ك": ("", "ك"),
}  # fmt: skip
G_LEAST_LETTERS = 6
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
    return _weighed(word, known)[0]


def _weighed(word: str, known: Known) -> tuple[Parts | None, float]:
    """The best explanation and its weight: how common its base is, times how common such affixes are."""
    best: Parts | None = None
    seen = known(word)[0]
    top = SUPPORT * seen
    lexical = seen >= TOLD and known("ال" + word)[0] >= TAKES_ARTICLE * seen
    for head, base, tail, weight in _splits(word):
        if lexical and head:
            continue
        count, terms = known(base)
        if terms is not None and count * weight > top:
            top, best = count * weight, Parts(head, base, tail, count, terms)
    return best, top


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


def _foreign(word: str, known: Known) -> tuple[Parts, int] | None:
    """The known foreign word of which this may be a spelling, and how many consonants it has; what stands before it may
    be a clitic."""
    for head in _NAME_HEADS.get(word[0], ("",)):
        rest = word[len(head) :]
        if len(rest) < LEAST_LETTERS or not word.startswith(head):
            continue
        shape = skeleton(rest)
        if len(shape) < LEAST_CONSONANTS:
            continue
        for number in range(MOST_LISTED):
            listed = known(f"{MARK}{shape}{number}")[1]
            if listed is None:
                break
            if distance(rest, listed[0], limit(rest)) <= limit(rest):
                count, terms = known(listed[0])
                return Parts(head, listed[0], "", count, terms or listed), len(shape)
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
    for other in spelled(word):
        count, terms = known(other.word)
        if terms is not None:
            return Parts("", other.word, "", count, terms)
        if (parts := take_apart(other.word, known)) is not None and parts.base == other.preferred + other.tail:
            return parts
    parts, weight = _weighed(word, known)
    if parts is None:
        mended = repaired(word, known)
        name = None if mended else _foreign(word, known)
        return name[0] if name else mended
    if parts.head in WEAK_HEADS or parts.tail in LOOSE_TAILS:  # names begin and end with such letters too
        name = _foreign(word, known)
        if name is not None:
            share = NAME_WEIGHT if name[1] >= SURE_CONSONANTS else SHORT_NAME_WEIGHT
            if weight < share * name[0].seen:
                return name[0]
    return parts
