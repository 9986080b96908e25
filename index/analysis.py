"""Text to tokens: one pass, exact offsets, five levels. Index time, query time and highlighting all call this module.

The plain form is `Analyzer.tokens`: every token of a text with its place in the original and its term at each level.
`Analyzer.terms_of` gives the same terms without offsets; both read words with `READ` and ask one memory what a word's
terms are. Building reads whole batches by `index.word_table`, which property tests hold to what is said here.
What stands between spaces is a word, except where a page is damaged: see `index.damage` and `index.misread`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Literal, NamedTuple, cast, get_args

from index import damage, misread
from index.arabic import MARKS as MARKED
from index.arabic import fold, marked
from index.stem import Stemmer, Step

Kind = Literal["light", "snowball"]  # our stemmer, or Snowball's for comparison

LEVELS = ("marked", "folded", "stem", "plural", "root")

# Longest term at any level, in letters. A longer "word" is no word of a language; it is cut, never refused.
MAX_TERM = 64

# Arabic letters, presentation forms included. Left out: the ligatures U+FDFA–FDFB, which stand for whole sentences.
ARABIC = (
    "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc\u06ff"
    "\u0750-\u077f\u0870-\u0887\u08a0-\u08c9\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufdf9\ufe80-\ufefc"
)
# Marks written over and under letters: vowels, Quranic signs, combining accents of other scripts.
MARKS = (
    "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08ca-\u08e1\u08e3-\u08ff"
    "\ufe20-\ufe2f\ufe70-\ufe7f"
)
# Characters inside a word that are no letters: tatweel, joiners, direction controls, soft hyphen, byte order mark.
JOINERS = "\u00ad\u034f\u061c\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"

_OTHER = rf"[^\W_{ARABIC}{MARKS}{JOINERS}]"  # letters and digits of all other scripts
_ARABIC_WORD = f"[{ARABIC}][{ARABIC}{MARKS}{JOINERS}]*"
WORD = re.compile(
    # Letters and digits beside each other are two tokens in Arabic (20شعبان), one in other scripts (G20).
    _ARABIC_WORD +
    # A year with its era mark: 1432هـ, 1432 هـ and 2011م are one token, found with and without the mark.
    rf"|\d+(?:ه\u0640*|م)(?![{ARABIC}{MARKS}])|\d{{4}}{damage.SPACE}(?:ه\u0640*|م)(?![{ARABIC}{MARKS}])"
    rf"|{_OTHER}(?:{_OTHER}|[{MARKS}{JOINERS}])*"
)
# A number with its article is the number: الدورة ال38, الدورة الـ 38.
_NUMBERED = rf"ال\u0640*{damage.SPACE}?\d+(?:ه\u0640*|م)?(?![\d{ARABIC}{MARKS}])"
# What is looked up as one: a word, or a lone article and what stands after it, which may be one word torn apart.
READ = re.compile("|".join([_NUMBERED, *(head + _ARABIC_WORD for head in damage.TORN), WORD.pattern]))
_ARTICLE = re.compile(rf"ال\u0640*{damage.SPACE}?(?=\d)")
_TRAILING = "".join(
    map(
        chr,
        (
            0xAD,
            0x34F,
            0x61C,
            *range(0x200B, 0x2010),
            *range(0x202A, 0x202F),
            *range(0x2060, 0x2065),
            *range(0x2066, 0x206A),
            0xFEFF,
        ),
    )
)  # JOINERS that are not seen: a tatweel is
_ERA = re.compile(r"(\d+)[ \u00a0]?(?:ه\u0640*|م)")


class Terms(NamedTuple):
    """A word's term at each level; none is empty, none holds a space."""

    marked: str
    folded: str
    stem: str
    plural: str
    root: str


class Token(NamedTuple):
    """One word of a text: its slice [start, end) in code points of the original, and its terms."""

    text: str
    start: int
    end: int
    terms: Terms

    def to_json(self) -> dict[str, object]:
        """Return the token as `interface.md` fixes it."""
        return {"text": self.text, "start": self.start, "end": self.end, "terms": self.terms._asdict()}


class _Piece(NamedTuple):
    """One token of a damaged match: its slice inside the match, and its terms."""

    start: int
    end: int
    terms: Terms


class _Pieces(tuple[_Piece, ...]):
    """The tokens of a match that holds several: words run together, or a lone article that stays alone."""


class _Memory(dict[str, "Terms | _Pieces"]):
    """The terms of the words met so far; a new word is analysed on its first look-up, at C speed for all others."""

    def __init__(self, analyse: Callable[[str], Terms | _Pieces], size: int) -> None:
        super().__init__()
        self._analyse = analyse
        self._size = size

    def __missing__(self, raw: str) -> Terms | _Pieces:
        if len(self) >= self._size:
            self.clear()
        terms = self[raw] = self._analyse(raw)
        return terms


class Analyzer:
    """Turns text into terms. `kind` is "light" (our stemmer) or "snowball" (for comparison, damage not mended).

    Words are remembered, up to `memory` distinct ones; what is remembered never changes an answer.
    """

    def __init__(self, kind: str = "light", memory: int = 1_000_000) -> None:
        self.kind = kind
        if kind not in get_args(Kind):
            raise ValueError(f"There is no analyzer {kind!r}; there are {', '.join(get_args(Kind))}.")
        self.stemmer = Stemmer(cast(Kind, kind))
        self._read = READ if kind == "light" else WORD
        self._words = _Memory(self._mended if kind == "light" else self._analyse, memory)
        self._folded: dict[str, tuple[str, str, str]] = {}
        self._memory = memory

    @property
    def fingerprint(self) -> str:
        """Return a short hash of everything that decides a term; an index built with another one is refused."""
        rules = f"{self._read.pattern}\n{damage.VERSION}\n{misread.VERSION}"
        reading = hashlib.blake2b(rules.encode(), digest_size=4).hexdigest()
        return f"{self.kind}-{self.stemmer.fingerprint}-{reading}"

    def tokens(self, text: str) -> list[Token]:
        """Return the tokens of `text` in order; they never overlap and 0 ≤ start < end ≤ len(text)."""
        found = []
        for match in self._read.finditer(text):
            raw, begin = match.group(), match.start()
            known = self._words[raw]
            if not isinstance(known, _Pieces):  # nearly all
                shown = raw.rstrip(_TRAILING)  # a direction mark after a word is not part of it
                found.append(Token(shown, begin, begin + len(shown), known))
                continue
            for start, end, terms in known:
                shown = raw[start:end].rstrip(_TRAILING)
                found.append(Token(shown, begin + start, begin + start + len(shown), terms))
        return found

    def typed(self, text: str) -> list[Token]:
        """Return the tokens of a query: as `tokens`, but what was mistyped stays as it is, for others to suggest."""
        return [
            Token(t.text, t.start, t.end, Terms(t.terms.marked, t.terms.folded, *self.stemmed(t.terms.folded)))
            if self.right_word(t.terms.marked, t.terms.folded)
            else t
            for t in self.tokens(text)
        ]

    def word(self, raw: str) -> Terms:
        """Return the terms of one word as it stands in a text (a match of `WORD`), whatever is damaged in it."""
        known = self._words[raw]
        return self._analyse(raw) if isinstance(known, _Pieces) else known

    def _mended(self, raw: str) -> Terms | _Pieces:
        """The terms of a match of `READ`: of one word, or of each of several."""
        numbered = _ARTICLE.match(raw)
        if numbered:
            return self._analyse(raw[numbered.end() :])
        head, space, rest = raw.replace("\u00a0", " ").partition(" ")
        if not space or raw[0].isdigit():
            at = self.seam(raw)
            if not at:
                return self._analyse(raw)
            return _Pieces((_Piece(0, at, self._analyse(raw[:at])), _Piece(at, len(raw), self._analyse(raw[at:]))))
        if damage.belongs_together(head, rest, self.stemmer.lexicon.count):
            return self._analyse(head + rest)
        begin, after = len(head) + 1, self._mended(rest)
        parts = after if isinstance(after, _Pieces) else (_Piece(0, len(rest), after),)
        shifted = (_Piece(begin + start, begin + end, terms) for start, end, terms in parts)
        return _Pieces((_Piece(0, len(head), self._analyse(head)), *shifted))

    def _analyse(self, raw: str) -> Terms:
        era = _ERA.fullmatch(raw)
        as_written = marked(era.group(1) if era else raw)[: 2 * MAX_TERM] or raw[:MAX_TERM]
        letters = fold(as_written)[:MAX_TERM] or as_written[:MAX_TERM]
        return self.of_letters(as_written, letters)

    def of_letters(self, as_written: str, letters: str) -> Terms:
        """Return the terms of a word whose levels `marked` and `folded` are known."""
        return Terms(as_written, letters, *self.stemmed(self.right_word(as_written, letters) or letters))

    def seam(self, raw: str) -> int:
        """Return the place where a second word begins inside a word, 0 for one word: see `index.damage`."""
        return damage.seam(raw, self.stemmer.lexicon.entry) if self.kind == "light" else 0

    def right_word(self, as_written: str, letters: str) -> str | None:
        """Return the word of which one letter was misread, folded, and None for nearly all words: see `index.misread`.

        What someone has put vowel signs on was not read by a machine.
        """
        if self.kind != "light" or not MARKED.isdisjoint(as_written):
            return None
        return misread.right_word(letters, self.stemmer.lexicon.entry)

    def stemmed(self, letters: str) -> tuple[str, str, str]:
        """Return the stem, plural class and root of a folded word."""
        known = self._folded.get(letters)
        if known is None:
            if len(self._folded) >= self._memory:
                self._folded.clear()
            stemmed = self.stemmer.terms(letters)
            known = self._folded[letters] = (stemmed.stem, stemmed.plural, stemmed.root)
        return known

    def matches(self, text: str) -> list[str]:
        """Return what is looked up as one in a text, in order: words, and lone articles with what follows them."""
        return self._read.findall(text)

    def terms_of(self, text: str) -> list[Terms]:
        """Return the terms of each token of `text` in order: `tokens` without the offsets, for building."""
        found = list(map(self._words.__getitem__, self.matches(text)))
        if _Pieces not in set(map(type, found)):  # true of nearly every text, and found out in no time
            return cast(list[Terms], found)
        return list(chain.from_iterable(
            [piece.terms for piece in known] if isinstance(known, _Pieces) else (known,) for known in found
        ))  # fmt: skip

    def spans(self, text: str, places: Sequence[int], count: int) -> list[tuple[int, int]]:
        """Return [start, end) of the tokens at `places` of `text`, which has `count`, without making the others."""
        matches = list(self._read.finditer(text))
        if len(matches) == count:  # every match is one token, so that places count matches
            found = [matches[place] for place in places]
            if not any(isinstance(self._words[match.group()], _Pieces) for match in found):
                return [(match.start(), match.start() + len(match.group().rstrip(_TRAILING))) for match in found]
        tokens = self.tokens(text)
        return [(tokens[place].start, tokens[place].end) for place in places]

    def explain(self, text: str) -> list[tuple[Token, list[Step]]]:
        """Return the tokens of `text`, each with every rule that was tried on it, in order."""
        found: list[tuple[Token, list[Step]]] = []
        end = -1
        for token in self.tokens(text):
            steps = []
            letters = token.terms.folded
            if token.start == end and letters[0] >= "\u0621" and text[end - 1] >= "\u0621":
                steps.append(Step("run together", found[-1][0].text + token.text, token.text, True, "a second word"))
            if " " in token.text.replace("\u00a0", " "):
                steps.append(Step("torn apart", token.text, letters, True, "the pieces are one word"))
            right = self.right_word(token.terms.marked, letters)
            if right:
                count = self.stemmer.lexicon.count(right)
                steps.append(Step("misread letter", letters, right, True, f"{right} is seen {count} times"))
            found.append((token, [*steps, *self.stemmer.explain(right or letters)]))
            end = token.end
        return found
