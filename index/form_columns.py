"""What a `WordTable` read → joined terms of each text, and numbers of its words: the receiving end, beside the engine.

Terms are joined for a whole batch at once. Words get their numbers here, so that tables in several processes, each of
which numbers words in its own order, agree on them.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.clause import TERM_FIELDS
from index.word_table import LEVELS, TEXT_END, Batch
from index.words import WordNumbers

_END = "\n"  # stands at every level for the end of a text; no term holds it


class Texts(NamedTuple):
    """A batch of texts as engines are fed with it."""

    terms: dict[str, list[str]]  # level → each text's terms, joined by spaces
    words: NDArray[np.int32]  # numbers of all texts' words in order
    ends: list[int]  # where each text's words end in `words`


class FormColumns:
    """The forms of one `WordTable`, whose batches must come in the order in which it read them."""

    def __init__(self, numbers: WordNumbers, fields: Sequence[str] = TERM_FIELDS) -> None:
        self._numbers = numbers
        self._joined = [(level, column) for column, level in enumerate(LEVELS) if level in fields]
        self._forget()

    def _forget(self) -> None:
        self._columns: tuple[list[str], ...] = tuple([_END] for _ in LEVELS)
        self._word_of_form = array("i", [0])
        self._word_of_place = array("i", [0])

    def texts(self, batch: Batch) -> Texts:
        """Return the batch's terms and word numbers; new words are added to the numbers, with their keys."""
        if batch.first == 1:
            self._forget()
        for column, new in zip(self._columns, batch.columns, strict=True):
            column += new
        self._word_of_place.extend(self._numbers.with_keys(batch.words, batch.keys))
        self._word_of_form.extend(map(self._word_of_place.__getitem__, batch.places))
        of_forms = itemgetter(*batch.forms.tolist(), TEXT_END)  # one more, because of a single one it makes no tuple
        terms = {
            level: [text.strip(" ") for text in " ".join(of_forms(self._columns[n])).split(_END)[:-2]]
            for level, n in self._joined
        }
        ends = np.flatnonzero(batch.forms == TEXT_END)
        words = np.frombuffer(self._word_of_form, np.int32).take(batch.forms[batch.forms != TEXT_END])
        return Texts(terms, words, (ends - np.arange(len(ends))).tolist())
