"""Spellings of one word: `data/spellings.tsv` says which are unified before stemming.

A variant of scope `word` is the whole word but for what stands before it (و ف ب ل ك ال) and the endings of an adjective
or a pronoun; of scope `part` it is the head of the word and anything may follow (اميرك: اميركا, اميركية, الاميركيون);
of scope `alone` nothing stands before or after it, because with anything more it is another word (كلم: كلمة).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from index.arabic import fold
from index.language_tables import rows

HEADS: tuple[str, ...] = (
    "", "ال", "و", "ف", "ب", "ل", "ك", "وال", "فال", "بال", "كال", "لل", "وبال", "ولل", "فلل", "وب", "ول", "وك", "فب",
    "فل",
)  # fmt: skip
TAILS: frozenset[str] = frozenset(
    {"", "ي", "ية", "يه", "يا", "يون", "يين", "ات", "ها", "هم", "نا", "ة", "ه", "ا", "تها", "ته"}
)
ARTICLE = "ال"

_BY_LETTER: dict[str, tuple[str, ...]] = {
    letter: tuple(head for head in HEADS if head[:1] in ("", letter)) for letter in "اوفبلك"
}


class Spelled(NamedTuple):
    """A word in the spelling that a row of the table prefers, and what stood around the variant."""

    word: str
    head: str
    variant: str
    preferred: str
    tail: str
    scope: str


@cache
def _variants() -> tuple[dict[str, tuple[str, str]], int]:
    """(variant → (preferred, scope), length of the longest), all folded.

    An article that both sides have, or the preferred one alone, is left out: what stands before a word is not spelling.
    """
    found: dict[str, tuple[str, str]] = {}
    for canonical, variants, scope, _ in rows("spellings", 4):
        for variant in map(fold, variants.split()):
            preferred = fold(canonical)
            if scope != "alone" and preferred.startswith(ARTICLE):
                preferred, variant = preferred[2:], variant.removeprefix(ARTICLE)
            if variant != preferred:
                found[variant] = preferred, scope
    return found, max(map(len, found))


def spelled(word: str) -> Iterator[Spelled]:
    """Every way in which the table spells a folded word otherwise, the longest variant first behind each head."""
    variants, longest = _variants()
    for head in _BY_LETTER.get(word[:1], ("",)):
        if not word.startswith(head):
            continue
        rest = word[len(head) :]
        for end in range(min(longest, len(rest)), 1, -1):
            preferred, scope = variants.get(rest[:end], ("", ""))
            tail = rest[end:]
            if scope == "part" or (scope == "word" and tail in TAILS) or (scope == "alone" and not head and not tail):
                yield Spelled(head + preferred + tail, head, rest[:end], preferred, tail, scope)
