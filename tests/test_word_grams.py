"""Words that hold three letters: what is added later is found as if it had been there from the beginning."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index.word_grams import FEW, FILE, NEW, WordGrams, gram_keys, write_grams

WORDS = st.lists(st.text("ابتكم", min_size=1, max_size=6), min_size=1, max_size=40, unique=True)


def lists(folder: Path, words: list[str]) -> dict[int, list[int]]:
    grams = WordGrams(folder)
    keys = {int(key) for word in words for key in gram_keys(word)}
    return {key: grams.words(np.uint64(key)).tolist() for key in keys}


@given(WORDS, st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_later_words_are_found_as_if_they_had_been_there(words: list[str], later: int) -> None:
    words = [f"ق{n}" for n in range(FEW * 2)] + words
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        write_grams(Path(first), words[: len(words) - later])
        write_grams(Path(first), words)
        write_grams(Path(second), words)
        assert lists(Path(first), words) == lists(Path(second), words)


def test_a_few_words_stand_apart_and_many_do_not(tmp_path: Path) -> None:
    words = [f"كلمه{n}" for n in range(FEW)]
    write_grams(tmp_path, words)
    first = (tmp_path / FILE).read_bytes()
    write_grams(tmp_path, [*words, "جديد"])
    assert (tmp_path / FILE).read_bytes() == first
    assert (tmp_path / NEW).exists()
    write_grams(tmp_path, [*words, "جديد", "اخر"])
    assert (tmp_path / FILE).read_bytes() != first
    assert not (tmp_path / NEW).exists()
