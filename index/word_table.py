"""Texts in batches → numbers of words, and what is new about words: the fast form of `Analyzer.terms_of`, for building.

Every distinct run (see `index.runs`) is analysed once and gets the number of a *form*: a word as written, with its
terms. A text then is an array of numbers, and whoever wants terms asks for them by form. Where a run is no single word
the plain form decides, for that run or, if words may go over spaces, for the whole text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis import MAX_TERM, Analyzer, Terms
from index.arabic import FOLD
from index.runs import END, Runs, goes_on, is_head, may_go_on
from index.words import WordKeys, word_keys

MEMORY = 400_000  # forms; 100 MB or so. More of them are forgotten all at once
TEXT_END = 0  # the form that stands for the end of a text
LEVELS = Terms._fields[:4]  # of a form; a root is asked for by word
_NO_WORD = Terms("", "", "", "", "")

# Words for which `marked` is NFC without these two characters, and `folded` one translation: letters with the eight
# vowel signs, tatweel and the mark of direction that editors put behind words.
_SIMPLE = re.compile("[\u0621-\u063a\u0641-\u064a][\u0621-\u063a\u0640-\u0652\u200f]*").fullmatch
_UNSEEN = {0x640: None, 0x200F: None}
_NEEDS_FINISH = re.compile("ى|ءا").search  # see `index.arabic.finish`


class Batch(NamedTuple):
    """What a batch of texts was read as; arrays and strings only, so that it travels between processes cheaply."""

    forms: NDArray[np.int32]  # of all texts' words in order, TEXT_END after each text
    first: int  # number of the first new form; 1 when everything before was forgotten
    columns: tuple[list[str], ...]  # new forms: level (see LEVELS) → term of each
    places: list[int]  # new forms: place of each one's folded word among all words told, from 1; 0 for none
    words: list[str]  # new folded words, in the order of their places
    keys: list[WordKeys]  # their rows of `word_keys`


class _Forms(dict[str, int]):
    """Run → form. A new run gets the next number on its first look-up and waits in `new` to be analysed."""

    def __init__(self) -> None:
        super().__init__({END: TEXT_END})
        self.new: list[str] = []

    def __missing__(self, run: str) -> int:
        number = self[run] = len(self)
        self.new.append(run)
        return number


class WordTable:
    """Reads texts by an analyzer. Numbers of forms stay valid until `Batch.first` is 1 again."""

    def __init__(self, analyzer: Analyzer, memory: int = MEMORY) -> None:
        self._analyzer, self._memory = analyzer, memory
        self._runs = Runs()
        self._forget()

    def _forget(self) -> None:
        self._forms = _Forms()
        self._single = bytearray(b"\1")  # form → 1 where it is one word for sure
        self._parts: dict[int, tuple[list[int], str]] = {}  # other forms → their words; the run if it may go on
        self._places: dict[str, int] = {}  # folded word → place, from 1
        self._told = 1  # forms in earlier batches
        self._begin()

    def _begin(self) -> None:
        self._terms: list[Terms] = []  # of the new forms
        self._form_places: list[int] = []
        self._words: list[str] = []
        self._keys: list[WordKeys] = []

    def read(self, texts: Sequence[str]) -> Batch:
        """Return the words of the texts; each text's equal `Analyzer.terms_of` of it."""
        if len(self._forms) > self._memory:
            self._forget()
        runs = self._runs.of(texts)
        forms = np.fromiter(map(self._forms.__getitem__, runs), np.int32, len(runs))
        if self._forms.new:
            self._learn()
        single = np.frombuffer(self._single, np.uint8).take(forms)
        if not single.all():
            forms = self._taken_apart(texts, runs, forms, np.flatnonzero(single == 0).tolist())
        columns = tuple(list(map(itemgetter(n), self._terms)) for n in range(len(LEVELS)))
        batch = Batch(forms, self._told, columns, self._form_places, self._words, self._keys)
        self._told = len(self._forms)
        self._begin()
        return batch

    def _learn(self) -> None:
        """Analyse the new runs, the simple words among them together."""
        new, self._forms.new = self._forms.new, []
        simple = [run for run in new if len(run) <= MAX_TERM and _SIMPLE(run) and not self._analyzer.seam(run)]
        written = unicodedata.normalize("NFC", "\n".join(simple).translate(_UNSEEN))
        folded = written.translate(FOLD)
        pairs = zip(written.split("\n"), folded.split("\n"), strict=True)
        letters = dict(zip(simple, pairs, strict=True)) if simple else {}
        others = []
        for form, run in enumerate(new, len(self._single)):
            found = letters.get(run)
            if found and not _NEEDS_FINISH(found[1]) and not is_head(run):
                self._add(self._analyzer.of_letters(*found))
                continue
            words = self._analyzer.terms_of(run)
            if len(words) == 1 and not may_go_on(run):
                self._add(words[0])
            else:
                self._add(None)
                others.append((form, run, words))
        for form, run, words in others:
            self._parts[form] = [self._form(terms) for terms in words], run if may_go_on(run) else ""

    def _form(self, terms: Terms) -> int:
        """Return the form of one word's terms. It is kept beside the runs, under a name that no run can have."""
        name = " ".join(terms)
        form = self._forms.get(name)
        if form is None:
            form = self._forms[name] = len(self._forms)
            self._add(terms)
        return form

    def _whole(self, text: str) -> list[int]:
        """Return the forms of a text read as a whole; nearly all of its words are known as runs."""
        forms: list[int] = []
        for match in self._analyzer.matches(text):
            form = self._forms.get(match)
            if form is not None and self._single[form]:
                forms.append(form)
            else:
                forms += [self._form(terms) for terms in self._analyzer.terms_of(match)]
        return forms

    def _add(self, terms: Terms | None) -> None:
        """Add a new form at the end; None stands for a run that is no single word."""
        self._single.append(terms is not None)
        self._terms.append(terms or _NO_WORD)
        self._form_places.append(self._place(terms.folded) if terms else 0)

    def _place(self, folded: str) -> int:
        place = self._places.get(folded)
        if place is None:
            place = self._places[folded] = len(self._places) + 1
            self._words.append(folded)
            self._keys.append(word_keys(folded, *self._analyzer.stemmed(folded)))
        return place

    def _taken_apart(
        self, texts: Sequence[str], runs: list[str], forms: NDArray[np.int32], spots: list[int]
    ) -> NDArray[np.int32]:
        """Return the forms with those at `spots`, which are no single words, replaced by the words that they are.

        A text in which a word may go over a space is read anew as a whole.
        """
        ends = np.flatnonzero(forms == TEXT_END)
        owners: list[int] = np.searchsorted(ends, spots).tolist()
        whole, edits = set(), []
        for spot, text, form in zip(spots, owners, forms[spots].tolist(), strict=True):
            words, run = self._parts[form]
            if run and goes_on(run, runs[spot + 1]):
                whole.add(text)
            edits.append((spot, spot + 1, text, words))
        edits = [edit for edit in edits if edit[2] not in whole]
        for text in whole:
            edits.append((int(ends[text - 1]) + 1 if text else 0, int(ends[text]), text, self._whole(texts[text])))
        edits.sort()
        times = np.ones(len(forms), np.int32)
        for begin, end, _, words in edits:
            times[begin:end] = 0
            times[begin] = len(words)
        edited = np.zeros(len(forms), np.bool_)
        edited[[edit[0] for edit in edits]] = True
        taken = np.repeat(forms, times)
        taken[np.repeat(edited, times)] = [form for edit in edits for form in edit[3]]
        return taken
