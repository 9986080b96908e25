"""Words of which one letter was misread for another that differs from it by its dots: التنمبة was التنمية.

A last resort for words that neither the lexicon nor any affix explains. The clause is then found by the right word; the
word as it stands keeps its letters at the levels `marked` and `folded`, and a query is never changed this way.
"""

from __future__ import annotations

from index.unknown import Known, explain_unknown

VERSION = "1"  # enters the analyzer's fingerprint: raise it whenever a rule or a number here changes

# Letters of one body, told apart by dots alone: the joining groups of Unicode's ArabicShaping.txt (BEH, NOON and YEH
# look alike inside a word). Left out: ر and و, ه and د, ك and ل, which scanners confuse as well, but so do names.
ALIKE = ("بتثني", "جحخ", "دذ", "رز", "سش", "صض", "طظ", "عغ", "فق")
LEAST_LETTERS = 6  # shorter unknown words are names
LEAST_COUNT = 1_000  # of the right word, in a hundred million words
TIMES_NEXT = 20  # it must be that much commoner than any other word that the letters may stand for

_OTHERS = {letter: group.replace(letter, "") for group in ALIKE for letter in group}


def right_word(folded: str, known: Known) -> str | None:
    """The common word that a folded word was, None when it is a word of its own or there is no certain one."""
    if not LEAST_LETTERS <= len(folded) <= 20 or known(folded) != (0, None):
        return None
    best, count, second = None, 0, 0
    for at, letter in enumerate(folded):
        for other in _OTHERS.get(letter, ""):
            word = folded[:at] + other + folded[at + 1 :]
            found = known(word)[0]
            if found > count:
                best, count, second = word, found, count
            elif found > second:
                second = found
    if best is None or count < LEAST_COUNT or second * TIMES_NEXT > count:
        return None
    return best if explain_unknown(folded, known) is None else None
