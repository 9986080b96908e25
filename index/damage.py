"""Words that a page runs together or tears apart: where one read word is two, and where two are one.

Only what is hardly ever wrong is mended. Run together (يستذكرالقرارات): a word that the lexicon hardly knows and
that no affix explains, where ة or an article inside shows the seam and both sides are common words. Torn apart
(الا سلامي): a lone article or its beginning, where the joined word is much commoner than the piece that stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from index.arabic import IGNORED, fold
from index.spellings import HEADS
from index.unknown import Known, repaired, take_apart

VERSION = "2"  # enters the analyzer's fingerprint: raise it whenever a rule or a number here changes

# A lone piece at the head of a torn word, a space, and the beginning of the word after it; raw letters. Three branches
# that begin with letters, not one with options, because the expression is tried at every word of every text.
SPACE = "[ \u00a0]"
_ARTICLE = f"ال\u0640*[اأإآ]?{SPACE}"
TORN = (f"{_ARTICLE}", f"[وفبك]{_ARTICLE}", f"لل{SPACE}", f"ا{SPACE}(?=ل)")

_ARABIC = re.compile("[\u0621-\u063a\u0641-\u064a]+").fullmatch
_ARTICLES = ("ال", "وال", "بال", "لل", "فال", "كال")
_CLOSING = "ةىۃ\ufe93\ufe94"  # letters that only end a word
_TANWIN = frozenset("\u064b\u064c\u064d")  # so do these marks
_ENDINGS = _TANWIN | frozenset(_CLOSING)
# Short words that are often run together with a following article. Measured: each was seen so in real pages.
_SHORT = frozenset(
    "في فى من على علي الى الي عن ان او اذا هذه هذا هو هي لا ما كل بعد قبل كما ذلك تلك عند منذ ضد بين مع غير نحو حول"
    " التي الذي وفي ومن وعلى وعلي والى والي وعن وان وهو وهي بها لها منها له به".split()
)
# Counts per hundred million words. Below them the two sides of a seam are too often pieces of a foreign name.
CLOSED_LEFT, CLOSED_RIGHT = 30, 100
SHORT_RIGHT = 200
WORD_LEFT, WORD_LEFT_SHORT, WORD_RIGHT = 150, 5_000, 200
RARE_LEFT, RARE_LEFT_LETTERS, RIGHT_OF_RARE = 5, 5, 1_000  # a rare word before a very common one: يستذكرالقرارات
# The lexicon was counted on pages that run words together as well: اللغةالعربية stands in it, but that rare beside its
# parts. Where it has terms for such a word, it is only cut after ة (كرةالقدم, but معاليها is not مع اليها).
MISPRINT, TIMES_RARER = 8, 200
LONGEST = 40  # letters; longer runs are no two words


class Numbers(NamedTuple):
    """When a torn word is put together: it occurs `least` times, and `times` as often as the piece after the space."""

    least: int
    times: float


# Families are written آل, but often ال سليم: the article must be common for the word after it. Ruling families whose
# names are common with the article as well (الثاني, الخليفة):
FAMILIES = frozenset({"ثاني", "خليفة", "صباح", "سعود", "نهيان", "مكتوم", "سعيد", "شيخ", "ياسين", "عباس", "محمد", "بيت"})
ARTICLE = Numbers(200, 0.4)
BEHIND_CLITIC = Numbers(20, 0.0)  # وال منظمة: and what ARTICLE asks, without the clitic
ALEF = Numbers(200, 2.0)  # ا لمنظمة
BEGUN = Numbers(200, 3.0)  # الا سلامي; الا is also how careless pages write إلا and ألا
HAMZA = Numbers(50, 1.0)  # الإ سلامي: no word ends so


def _may_hold_two(raw: str) -> bool:
    """Whether anything inside the word may be a seam; false of nearly every word, and found out at once."""
    return raw.find("ال", 2) > 0 or raw.find("لل", 2) > 0 or not _ENDINGS.isdisjoint(raw[1:-2])


def seam(raw: str, known: Known) -> int:
    """The place inside `raw` where a second word begins, 0 when it is one word or no seam is certain."""
    if not _may_hold_two(raw):
        return 0
    folded = fold(raw)
    if not 5 <= len(folded) <= LONGEST or not _ARABIC(folded):
        return 0
    count, terms = known(folded)
    if count > MISPRINT:
        return 0
    places = [at for at, c in enumerate(raw) if c not in IGNORED]
    if len(places) != len(folded):  # ligatures: letters and places do not correspond
        return 0
    best, where = count * TIMES_RARER, 0
    for at in range(2, len(folded) - 2):
        last = raw[places[at - 1] : places[at]]  # a letter with its marks
        closed = last[0] in _CLOSING or not _TANWIN.isdisjoint(last)
        if not closed and (terms is not None or not folded.startswith(_ARTICLES, at)):
            continue
        worth = _worth(fold(raw[: places[at]]), folded[at:], closed, known)
        if worth > best:
            best, where = worth, places[at]
    # What affixes explain is one word; that it sounds like a foreign name says nothing here.
    if where and terms is None and (take_apart(folded, known) or repaired(folded, known)) is not None:
        return 0
    return where


def _worth(left: str, right: str, closed: bool, known: Known) -> int:
    """How common the rarer of the two words is, 0 where one of them is too rare to be sure."""
    before, after = known(left)[0], known(right)[0]
    if left in HEADS:  # a clitic is no word
        return 0
    if closed:
        enough = before >= CLOSED_LEFT and after >= CLOSED_RIGHT
    elif len(right) < 5:
        enough = False
    elif left in _SHORT:
        enough = after >= SHORT_RIGHT
    else:
        least = WORD_LEFT if len(left) > 3 else WORD_LEFT_SHORT
        enough = len(left) > 2 and before >= least and after >= WORD_RIGHT
        enough |= len(left) >= RARE_LEFT_LETTERS and before >= RARE_LEFT and after >= RIGHT_OF_RARE
    return min(before, after) if enough else 0


def belongs_together(head: str, word: str, count: Callable[[str], int]) -> bool:
    """Whether a lone `head` (see TORN) and the word after the space are one word; both raw."""
    piece, rest = fold(head), fold(word)
    if len(rest) < 2:
        return False
    if piece == "لل":
        return not rest.startswith("ال") and len(rest) > 2 and count("ال" + rest) > 0
    joined = count(piece + rest)
    if piece.endswith("الا"):
        rule = BEGUN if head.endswith("ا") else HAMZA
        return len(rest) > 2 and joined >= rule.least and joined >= rule.times * count(rest)
    if piece.endswith("ال"):
        clitic = piece[:-2]
        if clitic and joined < BEHIND_CLITIC.least:
            return False
        with_article = count("ال" + rest)
        if rest in FAMILIES:
            return False
        return len(rest) > 2 and with_article >= ARTICLE.least and with_article >= ARTICLE.times * count(rest)
    if piece == "ا" and rest[0] == "ل" and len(rest) > 3:
        return joined >= ALEF.least and joined >= ALEF.times * count(rest)
    return False
