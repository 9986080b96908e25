"""Spellings of one word: `data/spellings.tsv` says which are unified before stemming.

A variant of scope `word` is the whole word but for what stands before it (و ف ب ل ك ال) and the endings of an adjective
or a pronoun; of scope `part` it is the head of the word and anything may follow (اميرك: اميركا, اميركية, الاميركيون).
"""

from __future__ import annotations

from functools import cache

from index.arabic import fold
from index.language_tables import rows

HEADS: tuple[str, ...] = (
    "", "ال", "و", "ف", "ب", "ل", "ك", "وال", "فال", "بال", "كال", "لل", "وبال", "ولل", "فلل", "وب", "ول", "وك", "فب",
    "فل",
)  # fmt: skip
TAILS: frozenset[str] = frozenset(
    {"", "ي", "ية", "يه", "يا", "يون", "يين", "ات", "ها", "هم", "نا", "ة", "ه", "ا", "تها", "ته"}
)


_BY_LETTER: dict[str, tuple[str, ...]] = {
    letter: tuple(head for head in HEADS if head[:1] in ("", letter)) for letter in "اوفبلك"
}


@cache
def _variants() -> tuple[dict[str, str], dict[str, str], int]:
    """(variants that are whole words, variants that are heads of words, length of the longest), all folded."""
    words: dict[str, str] = {}
    parts: dict[str, str] = {}
    for canonical, variants, scope, _ in rows("spellings", 4):
        for variant in variants.split():
            (parts if scope == "part" else words)[fold(variant)] = fold(canonical)
    return words, parts, max(map(len, words | parts))


def canonical(word: str) -> str:
    """The folded word in the spelling that the table prefers; the word itself when the table does not name it."""
    words, parts, longest = _variants()
    for head in _BY_LETTER.get(word[:1], ("",)):
        if not word.startswith(head):
            continue
        rest = word[len(head) :]
        for end in range(min(longest, len(rest)), 1, -1):
            piece = rest[:end]
            if piece in words and rest[end:] in TAILS:
                return head + words[piece] + rest[end:]
            if piece in parts:
                return head + parts[piece] + rest[end:]
    return word
