"""The fast form of analysis: whole batches read to numbers give what the plain form gives, text by text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import Analyzer
from index.engine import Entry
from index.entry import batch_entries, entry_of
from index.form_columns import FormColumns, Texts
from index.pipeline import ALONE_BATCHES, entries_of
from index.symbol import symbol_keys
from index.word_table import LEVELS, WordTable
from index.words import COLUMNS, WordNumbers, word_keys
from tests.test_analysis import DAMAGED, TEXTS

ANALYZERS = {"light": Analyzer(), "snowball": Analyzer("snowball")}
BATCHES = st.lists(st.lists(TEXTS | DAMAGED, max_size=6), max_size=4)
# Where a run alone does not decide: words over spaces, several words in a run, none at all.
HARD = (
    "ال أمن", "مقال أمن", "الا سلامي و الا", "لل منظمة", "ا لإسلامي", "وال\u00a0منظمة", "ال. أمن",
    "ال\nأمن", "(ال أمن)", "سنة 1432 هـ", "1432", "1432\u00a0م", "1432 مايو", "1432. هـ",
    "11432 هـ", "في 20شعبان", "الـ 38", "", " \u0640 ", "\u064e", "\0",
    "ا\0ب", "\ue000 كلمة", "اللغةالعربية", "كتابًا جديدا", "إلى مدى الهدى", "ءامن", "ﷲ ﻻ",
    "abال أمن", "ال38", "ال 38 ال 39م", "م" * 70, "مَنْظُمَةٌ", "ش\u064e\u0651 شّ\u064e", "Straße ΑΣ ΟΔΟΣ.",
    "a_b", "\ud800كتاب", "ال", "الا", "وال", "٣٫٥ %",
)  # fmt: skip


def check(kind: str, texts: list[str], got: Texts, numbers: WordNumbers) -> None:
    words = list(numbers)
    begin = 0
    for place, text in enumerate(texts):
        plain = ANALYZERS[kind].terms_of(text)
        for level in LEVELS:
            assert got.terms[level][place] == " ".join(getattr(terms, level) for terms in plain), level
        end = got.ends[place]
        assert [words[number] for number in got.words[begin:end]] == [terms.folded for terms in plain]
        begin = end
    assert begin == len(got.words)


@pytest.mark.parametrize("kind", ANALYZERS)
@given(batches=BATCHES, memory=st.sampled_from((3, 1_000)))
@settings(max_examples=100, deadline=None)
def test_batches_give_what_the_plain_form_gives(kind: str, batches: list[list[str]], memory: int) -> None:
    table, numbers = WordTable(ANALYZERS[kind], memory), WordNumbers()
    columns = FormColumns(numbers)
    for texts in batches:
        check(kind, texts, columns.texts(table.read(texts)), numbers)
    keys = np.frombuffer(numbers.keys_of_new, np.uint32).reshape(-1, COLUMNS).tolist()
    assert keys == [list(word_keys(word, *ANALYZERS[kind].stemmer.terms(word))) for word in numbers]


@pytest.mark.parametrize("kind", ANALYZERS)
def test_hard_texts_alone_and_side_by_side(kind: str) -> None:
    numbers = WordNumbers()
    for texts in ([text] for text in HARD):
        check(kind, texts, FormColumns(numbers).texts(WordTable(ANALYZERS[kind]).read(texts)), numbers)
    table, columns = WordTable(ANALYZERS[kind]), FormColumns(numbers)
    for texts in (list(HARD), list(HARD)[::-1]):
        check(kind, texts, columns.texts(table.read(texts)), numbers)


def test_tables_of_two_processes_agree_on_numbers() -> None:
    numbers = WordNumbers(["قديم"])
    one, two = FormColumns(numbers), FormColumns(numbers)
    first = one.texts(WordTable(ANALYZERS["light"]).read(["أمن قديم سلم"]))
    second = two.texts(WordTable(ANALYZERS["light"]).read(["سلم جديد أمن"]))
    assert (first.words.tolist(), second.words.tolist()) == ([1, 0, 2], [2, 3, 1])
    assert list(numbers) == ["قديم", "امن", "سلم", "جديد"]
    assert len(numbers.keys_of_new) == 3 * COLUMNS, "an old word has its keys on the disk"


def same(entry: Entry, plain: Entry, words: list[str]) -> None:
    assert entry[:5] == plain[:5]
    assert [words[number] for number in entry.words] == plain.terms["folded"].split()


@pytest.mark.parametrize("processes", [1, 2])
def test_one_process_and_two_make_the_batch_entries_the_plain_form(processes: int) -> None:
    """With two, the batches after the first few are read by the other process."""
    rows: list[dict[str, object]] = [
        {"id": f"r{n}-{m}", "text": text, "title": f"عنوان {m}", "session": "9", "number": str(m), "date": "2010"}
        for m in range(2 * ALONE_BATCHES)
        for n, text in enumerate((*HARD[m:], "سطر جديد " * m))
        if text.isprintable()
    ]
    batches = [rows[at : at + 16] for at in range(0, len(rows), 16)]
    assert len(batches) > ALONE_BATCHES + 4
    analyzer, numbers = Analyzer(), WordNumbers()
    made = [entry for batch in entries_of(batches, analyzer, numbers, processes=processes) for entry in batch]
    words = list(numbers)
    assert len(made) == len(rows)
    for entry, row in zip(made, rows, strict=True):
        same(entry, entry_of(row, analyzer, symbol_keys), words)


def test_the_specimen_is_read_as_by_the_plain_form() -> None:
    from index.document import clause_rows
    from index.parse import parse
    from index.sources import Page, read_sources

    pages = [page for page in read_sources(["samples"]) if isinstance(page, Page)]
    rows = [row for page in pages for document in parse(page.text, source=page.source) for row in clause_rows(document)]
    assert len(rows) > 30
    analyzer, numbers = Analyzer(), WordNumbers()
    texts = FormColumns(numbers).texts(WordTable(analyzer).read([str(row["text"]) for row in rows]))
    words = list(numbers)
    for entry, row in zip(batch_entries(rows, texts, analyzer), rows, strict=True):
        same(entry, entry_of(row, analyzer, symbol_keys), words)
