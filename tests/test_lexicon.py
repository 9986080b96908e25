"""The lexicon file: it opens, answers, refuses damage, and is made the same from the same words."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.lexicon import DEFAULT_PATH, Lexicon, LexiconError, default_lexicon, main, write_lexicon

WORDS = {
    "كتاب": (5000, ("كتاب", "كتاب", "كتب")),
    "كتب": (900, ("كتب", "كتاب", "كتب")),
    "نادر": (1, None),
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.bin"
    write_lexicon(path, WORDS)
    return path


def test_words_are_found_with_their_terms(small: Path) -> None:
    lexicon = Lexicon(small)
    assert lexicon.terms("كتب") == ("كتب", "كتاب", "كتب")
    assert lexicon.entry("كتاب")[1] == ("كتاب", "كتاب", "كتب")
    assert lexicon.terms("نادر") is None
    assert lexicon.terms("مجهول") is None


@pytest.mark.parametrize(("word", "count"), [("كتاب", 5000), ("كتب", 900), ("نادر", 1), ("مجهول", 0)])
def test_counts_are_kept_within_a_twentieth(small: Path, word: str, count: int) -> None:
    assert abs(Lexicon(small).count(word) - count) <= count / 20


def test_the_same_words_give_the_same_bytes(small: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.bin"
    write_lexicon(again, dict(reversed(WORDS.items())))
    assert again.read_bytes() == small.read_bytes()
    assert Lexicon(again).fingerprint() == Lexicon(small).fingerprint()


def test_other_terms_give_another_fingerprint(small: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    write_lexicon(other, WORDS | {"نادر": (2, None)})
    assert Lexicon(other).fingerprint() != Lexicon(small).fingerprint()


def test_who_holds_a_lexicon_open_keeps_it_whole_while_another_is_written(small: Path) -> None:
    held = Lexicon(small)
    assert held.count("نادر") == 1
    write_lexicon(small, {"جديد": (7, ("جديد", "جديد", "جدد"))})
    assert held.terms("كتب") == ("كتب", "كتاب", "كتب")
    assert Lexicon(small).terms("كتب") is None
    assert [path.name for path in small.parent.iterdir()] == [small.name]


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="reinstall the package"):
        Lexicon(tmp_path / "none.bin").terms("كتاب")


def test_a_cut_file_is_refused(small: Path) -> None:
    small.write_bytes(small.read_bytes()[:-3])
    with pytest.raises(LexiconError, match="damaged"):
        Lexicon(small).count("كتاب")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.bin"
    path.touch()
    with pytest.raises(LexiconError, match=r"empty\.bin"):
        Lexicon(path).count("كتاب")


def test_the_shipped_file_fits_the_wheel() -> None:
    assert DEFAULT_PATH.stat().st_size <= 10_000_000
    assert default_lexicon().count("في") > 1_000_000


def test_show_prints_what_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "المدارس", "قسطنبليات"]) == 0
    known, unknown = capsys.readouterr().out.splitlines()
    assert "مدرسة" in known
    assert "not listed" in unknown
