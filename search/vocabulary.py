"""Words of the index for what a user leaves open: `من*`, `*` and `?` inside a word, `word~1`, attached prepositions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path

from index.analysis import Analyzer
from index.clause import Or, Term
from index.engine import Distant, Reader
from index.words import ROOT_COLUMN, map_keys, read_words, term_key

# Most words that one wildcard or typo word may stand for; the commonest are taken, and the user is told.
MAX_EXPANSIONS = 500
SHAPES_KEPT = 256  # wildcards and typos whose words are remembered: a page asks for each five times

# What may stand glued before the first word of a phrase: conjunction, then preposition (Arabic grammar: و ف; ب ل ك).
_CONJUNCTIONS = ("", "و", "ف")
_PREPOSITIONS = ("", "ب", "ل", "ك")


class Vocabulary:
    """The folded words of an open index, read once and kept."""

    def __init__(self, reader: Reader, analyzer: Analyzer, generation: Path | None = None) -> None:
        self.reader = reader
        self.analyzer = analyzer
        self.generation = generation
        self._words: list[tuple[str, int]] | None = None
        self._numbered: list[str] | None = None
        self._of_root: dict[str, tuple[str, ...]] = {}
        self._root_clauses: dict[str, Or] = {}
        self._shapes: dict[str, tuple[list[str], int]] = {}
        self._similar: dict[tuple[str, int], tuple[list[str], int]] = {}

    @property
    def words(self) -> list[tuple[str, int]]:
        """Return (folded word, number of clauses) in code point order."""
        if self._words is None:
            self._words = self.reader.vocabulary("folded")
        return self._words

    def of_root(self, root: str) -> tuple[str, ...]:
        """Return the folded words of the index that have a root, in code point order.

        Roots are not indexed: they merge too much to list clauses by default, and the re-ranker knows them by itself.
        """
        if root not in self._of_root:
            words = [word for word in self._candidates(root) if self.analyzer.stemmer.terms(word).root == root]
            self._of_root[root] = tuple(sorted(words))
        return self._of_root[root]

    def root_clause(self, root: str) -> Or:
        """Return the question for any word of a root, made once: its words are many."""
        if root not in self._root_clauses:
            self._root_clauses[root] = Or(tuple(Term("folded", word) for word in self.of_root(root)))
        return self._root_clauses[root]

    def _candidates(self, root: str) -> Iterable[str]:
        """Return all words that may have a root: by the file of keys, or all where the engine keeps no such file."""
        keys = map_keys(self.generation) if self.generation else None
        if keys is None or self.generation is None:
            return (word for word, _ in self.words)
        if self._numbered is None:
            self._numbered = read_words(self.generation)
        import numpy as np

        return [self._numbered[number] for number in np.flatnonzero(keys[:, ROOT_COLUMN] == term_key(root)).tolist()]

    def matching(self, pattern: str, fold: Callable[[str], str]) -> tuple[list[str], int]:
        """Return the commonest words of a shape (`*` any letters, `?` one) and how many more there are."""
        shape = _shape(pattern, fold)
        first = re.split(r"[*?]", pattern, maxsplit=1)[0]
        prefix = fold(first) if first else ""
        if prefix:
            whole = re.compile(shape)
            return _commonest(entry for entry in self.reader.vocabulary("folded", prefix) if whole.fullmatch(entry[0]))
        if shape not in self._shapes:
            if len(self._shapes) >= SHAPES_KEPT:
                self._shapes.clear()
            found = re.compile(f"^{shape}$", re.MULTILINE).findall(self._all)
            self._shapes[shape] = _commonest((word, self._counts[word]) for word in found)
        return self._shapes[shape]

    @cached_property
    def _all(self) -> str:
        """All words, one a line: one search over it takes a tenth of the time of one for each word."""
        return "\n".join(word for word, _ in self.words)

    @cached_property
    def _counts(self) -> dict[str, int]:
        return dict(self.words)

    def similar(self, word: str, distance: int) -> tuple[list[str], int]:
        """Return the commonest words that differ from a folded word in up to `distance` letters, and how many more."""
        from rapidfuzz.distance import OSA

        if (word, distance) not in self._similar:
            if len(self._similar) >= SHAPES_KEPT:
                self._similar.clear()
            near = [(w, n) for w, n in self.words if abs(len(w) - len(word)) <= distance]
            scores = (OSA.distance(word, w, score_cutoff=distance) for w, _ in near)
            found = (entry for entry, score in zip(near, scores, strict=True) if score <= distance)
            self._similar[word, distance] = _commonest(found)
        return self._similar[word, distance]

    def with_clitics(self, word: str) -> tuple[str, ...]:
        """Return a folded word as typed and with each attached conjunction and preposition that the index holds."""
        forms = [word]
        for conjunction in _CONJUNCTIONS:
            for preposition in _PREPOSITIONS:
                if conjunction or preposition:
                    forms.append(conjunction + _attach(preposition, word))
        if isinstance(self.reader, Distant):
            self.reader.learn([("folded", form) for form in forms])
        return (word, *(form for form in forms[1:] if self.reader.frequency("folded", form)))


def _attach(preposition: str, word: str) -> str:
    """ل swallows the alef of the article: ل + الأمن is للأمن, and ل + اللجنة is للجنة."""
    if preposition == "ل" and word.startswith("ال") and len(word) > 3:
        rest = word[2:]
        return "ل" + rest if rest.startswith("ل") else "لل" + rest
    return preposition + word


def _shape(pattern: str, fold: Callable[[str], str]) -> str:
    """Return the pattern of a line that holds a word of this shape.

    What stands between two stars is taken where it comes first, for good (an atomic group): that finds the same words,
    and no number of stars makes it slow on a long word.
    """
    first, *rest = re.split(r"([*?]*\*[*?]*)", pattern)
    shape = _between_stars(first, fold)
    for at in range(0, len(rest), 2):
        least, then = rest[at].count("?"), _between_stars(rest[at + 1], fold)
        last = at + 2 == len(rest)
        shape += f"[^\n]{{{least},}}{then}" if last else f"[^\n]{{{least}}}(?>[^\n]*?{then})"
    return shape


def _between_stars(part: str, fold: Callable[[str], str]) -> str:
    runs = (run for run in re.split(r"(\?+)", part) if run)
    return "".join(f"[^\n]{{{len(run)}}}" if run[0] == "?" else re.escape(fold(run)) for run in runs)


def _commonest(found: Iterable[tuple[str, int]]) -> tuple[list[str], int]:
    ranked = sorted(found, key=lambda entry: (-entry[1], entry[0]))
    return [word for word, _ in ranked[:MAX_EXPANSIONS]], max(0, len(ranked) - MAX_EXPANSIONS)
