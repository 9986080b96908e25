"""What Arabic puts before and after a word: the tables of the light stemmer, each with its source and threshold.

Sources: light10 (Larkey, Ballesteros, Connell 2007) for the list of affixes; Ryding (2005), A Reference Grammar of
Modern Standard Arabic, chapters 7, 8, 12 and 15, for what they mean. The thresholds compare how common the word is
with and without the affix in the lexicon; they were measured on word families (docs/decisions/0002-stemming.md).
"""

from __future__ import annotations

from typing import NamedTuple


class Suffix(NamedTuple):
    """An ending: the shortest remainder it may leave, and how common that must be against the whole word."""

    text: str
    remainder: int
    support: float
    what: str


# Possessive pronouns (Ryding 12.2). `support` 0: the ending goes unless the word itself takes the article.
POSSESSIVES: tuple[Suffix, ...] = (
    Suffix("هما", 3, 0.0, "their, your (two)"),
    Suffix("كما", 3, 0.0, "your (two)"),
    Suffix("هم", 3, 0.3, "their (m)"),
    Suffix("هن", 3, 0.3, "their (f)"),
    Suffix("ها", 3, 0.0, "her, its"),
    Suffix("كم", 3, 0.3, "your (pl)"),
    Suffix("نا", 3, 0.3, "our"),
    Suffix("ه", 3, 0.0, "his"),
)
# A word that takes the article is no noun with a possessive, unless the remainder is that much commoner.
LEXICAL_WITH_ARTICLE = 0.2

# Sound plurals and the dual (Ryding 7.3).
NUMBERS: tuple[Suffix, ...] = (
    Suffix("ات", 3, 0.02, "sound feminine plural"),
    Suffix("ون", 3, 0.1, "sound masculine plural"),
    Suffix("ين", 3, 0.1, "sound masculine plural, dual"),
    Suffix("ان", 3, 0.3, "dual"),
)

# Single-letter proclitics (Ryding 8.1, 18.2) and how many times commoner the rest must be than the word.
PROCLITICS: dict[str, float] = {"و": 1.0, "ف": 2.0, "ب": 2.0, "ل": 2.0, "ك": 5.0}
CONJUNCTIONS = "وف"

# Share of the remainder's count above which a word in وال فال بال كال is a word of its own (والد, بالغ).
ARTICLE_IS_LETTERS = 0.3
