"""Words and ids while an index is built: what is added behind old words is what writing all at once would give."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.build import add, build
from index.engine import IndexProblem
from index.folder import IndexFolder
from index.opening import open_reader
from index.seen_ids import SeenIds
from index.sources import Fault, Row
from index.word_grams import WordGrams, gram_keys, write_grams
from index.words import COUNTS, KEYS, WORDS, WordNumbers, read_words, write_words

WORD = st.text("ابتثج1", max_size=5)


def lists(generation: Path, words: list[str]) -> dict[int, list[int]]:
    grams = WordGrams(generation)
    return {int(key): grams.words(key).tolist() for word in words for key in gram_keys(word)}


@given(words=st.lists(WORD, max_size=14, unique=True), cut=st.integers(0, 14))
@settings(max_examples=100, deadline=None)
def test_added_grams_are_those_of_all_words_written_at_once(words: list[str], cut: int) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        write_grams(Path(one), words)
        write_grams(Path(other), words[:cut])
        write_grams(Path(other), words)
        assert lists(Path(one), words) == lists(Path(other), words)


@given(names=st.lists(WORD, max_size=40))
@settings(max_examples=100, deadline=None)
def test_an_id_is_new_once_however_little_is_kept_in_the_set(names: list[str]) -> None:
    seen, plain = SeenIds(latest=3), set[str]()
    for name in names:
        assert seen.add(name) == (name not in plain)
        plain.add(name)


def test_new_words_go_behind_the_old_ones(tmp_path: Path) -> None:
    first = WordNumbers()
    first.with_keys(["امن", "سلم"], [(1, 1, 1, 1, 0), (2, 2, 2, 2, 0)])
    assert write_words(tmp_path, first)
    later = WordNumbers(read_words(tmp_path))
    later.with_keys(["سلم", "38"], [(2, 2, 2, 2, 0), (3, 3, 3, 3, 1)])
    assert write_words(tmp_path, later)
    assert read_words(tmp_path) == ["امن", "سلم", "38"] == list(later)
    assert (tmp_path / KEYS).stat().st_size == 3 * 5 * 4
    assert not write_words(tmp_path, WordNumbers(read_words(tmp_path))), "nothing is new"


def row(number: int, text: str) -> Row:
    return Row("here", number, {"id": f"r{number}", "text": text})


def test_a_process_that_adds_again_and_again_writes_what_one_build_would(tmp_path: Path) -> None:
    texts = ("الأمن والسلم", "التعاون بين الدول", "الأمن في الدول", "كلمة أخيرة")
    whole, grown = str(tmp_path / "whole"), str(tmp_path / "grown")
    build([], whole, found=[row(n, text) for n, text in enumerate(texts)])
    build([], grown, found=[row(0, texts[0])])
    for n, text in enumerate(texts[1:], 1):
        with pytest.raises(IndexProblem):  # a failed change in between leaves no words behind
            add([], grown, found=[row(9, "لا تبقى"), Fault("here", 2, "broken", "skipped")], strict=True)
        add([], grown, found=[row(n, text)])
    one, other = (IndexFolder(path).generation(IndexFolder(path).manifest()) for path in (whole, grown))
    for name in (WORDS, KEYS, COUNTS):
        assert (one / name).read_bytes() == (other / name).read_bytes(), name
    assert lists(one, read_words(one)) == lists(other, read_words(one))


def test_an_index_of_the_stem_field_alone_has_the_same_stems_and_nothing_else(tmp_path: Path) -> None:
    whole, one = str(tmp_path / "whole"), str(tmp_path / "one")
    found = [row(n, text) for n, text in enumerate(("الأمن والسلم", "التعاون بين الدول"))]
    build([], whole, found=found)
    build([], one, found=found, fields=("stem",))
    readers = [open_reader(address)[0] for address in (whole, one)]
    stems, alone = (reader.vocabulary("stem") for reader in readers)
    assert stems == alone
    assert len(stems) == 5
    with pytest.raises(ValueError, match="folded"):
        readers[1].vocabulary("folded")
    for reader in readers:
        reader.close()
