"""What else may have been meant: offered as whole queries, and only where they find more."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import Analyzer
from index.arabic import fold
from search.names import load_names
from search.query import parse, words
from search.spelling import Spelling
from search.suggest import Suggester, complete, written_forms
from tests.conftest import cases
from tests.test_query import QUERIES

TEXTS = (
    "منظمة التعاون الإسلامي",
    "قرارات منظمة التعاون",
    "منظمة إقليمية للتعاون الاقتصادي",
    "التعاون بين الدول الأعضاء في منظمة التعاون الإسلامي",
    "مؤتمر العمل الإسلامي المشترك",
    "الإسلامي والعربي",
    "مكتب التعاون",
    "التعليم والعمل",
    "organ of the hardware",
    "hardware and software",
    "اللجنة الدائمة",
    *(f"الفقرة {number} من الميثاق الإسلامي" for number in range(1, 30)),
)
ANALYZER = Analyzer()
CLAUSES = [{(token.terms.folded, token.terms.stem) for token in ANALYZER.tokens(text)} for text in TEXTS]
WRITTEN = Counter(folded for clause in CLAUSES for folded in {folded for folded, _ in clause})
VOCABULARY = sorted(WRITTEN.items())


def count(text: str) -> int:
    """In how many of the texts every word asked for stands, by its letters or its stem."""
    asked = [token.terms for word in words(parse(text).tree) for token in ANALYZER.tokens(word.text)]
    if not asked:
        return 0
    return sum(
        all(any(terms.folded == folded or terms.stem == stem for folded, stem in clause) for terms in asked)
        for clause in CLAUSES
    )


@pytest.mark.parametrize("case", cases("suggest"), ids=lambda case: case["why"])
def test_offers_first_what_the_table_says(case: dict[str, str]) -> None:
    offered = Suggester(VOCABULARY).suggest(case["input"], count)
    first = f"{offered[0].kind}:{offered[0].text}" if offered else ""
    assert first == case["expected"].strip()


@settings(max_examples=60, deadline=None)
@given(st.one_of(QUERIES, st.lists(st.sampled_from([*WRITTEN, "منضمة", "lk/lm", '"', "-", "الا", "سلامي"]), max_size=5)
                 .map(" ".join)))  # fmt: skip
def test_every_offer_finds_more_and_is_not_what_was_typed(text: str) -> None:
    offered = Suggester(VOCABULARY).suggest(text, count)
    assert len(offered) <= 3
    for offer in offered:
        assert offer.text != text
        assert offer.count == count(offer.text) > count(text)


def test_asks_the_index_a_bounded_number_of_questions() -> None:
    asked: list[str] = []

    def counted(text: str) -> int:
        asked.append(text)
        return 0

    Suggester(VOCABULARY).suggest("منضمة التعون الدوول الاعضا المشترق الاسلمي زقزقزق قزقزقز", counted)
    assert 0 < len(asked) <= 12 + 64 + 1


SHOWN = [
    ("مسوول", "مسؤول", "a hamza that folding hides is shown as it is written in the texts"),
    ("الأعضا", "الأعضاء", "and so is the hamza of the article's word"),
]


@pytest.mark.parametrize(("typed", "expected", "why"), SHOWN)
def test_suggestions_are_shown_as_texts_write_them(typed: str, expected: str, why: str) -> None:
    marked = [("مسؤول", 5), ("مسئول", 2), ("الأعضاء", 4), ("الأعضَاء", 1), ("الاعضاء", 2)]
    vocabulary = sorted(Counter({fold(word): n for word, n in marked}).items())
    suggester = Suggester(vocabulary, show=written_forms(marked))
    known = {"مسؤول": 7, "الأعضاء": 6}
    assert suggester.suggest(typed, lambda text: known.get(text, 0))[0].text == expected, why


def test_letters_stay_as_typed_where_the_two_agree() -> None:
    suggester = Suggester([("الامانه", 9), ("الامن", 90)])
    offered = suggester.suggest("الأمنن", lambda text: int(text == "الأمن"))
    assert [offer.text for offer in offered] == ["الأمن"]


COMPLETIONS = [
    ("منظمة الت", ["منظمة التعاون", "منظمة التعليم"], "the last word, the commonest first"),
    ("الإس", ["الإسلامي"], "letters stay as typed"),
    ('"منظمة الت', ['"منظمة التعاون', '"منظمة التعليم'], "inside an open quotation"),
    ("ا", [], "one letter is too little"),
    ("منظمة ", [], "after a space nothing is begun"),
    ("زقزق", [], "nothing begins so"),
    ("", [], "nothing"),
]


@pytest.mark.parametrize(("text", "expected", "why"), COMPLETIONS)
def test_completes_the_last_word(text: str, expected: list[str], why: str) -> None:
    assert [found.text for found in Suggester(VOCABULARY).complete(text)] == expected, why


def test_completes_a_name_of_several_words() -> None:
    names = [row.name for row in load_names().rows if row.use == ""]
    found = Suggester(VOCABULARY).complete("قرارات منظمة المؤ", names=names)
    assert found[0].text == "قرارات منظمة المؤتمر الإسلامي"


def test_complete_alone_gives_words_with_counts() -> None:
    assert complete("هارد", VOCABULARY) == []
    assert complete("hard", VOCABULARY) == [("hardware", 2)]


@settings(max_examples=60, deadline=None)
@given(st.sets(st.text(alphabet="ابتكلمي", min_size=4, max_size=9), min_size=1, max_size=30), st.data())
def test_a_word_with_one_wrong_letter_is_found(known: set[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(sorted(known)))
    at = data.draw(st.integers(0, len(word) - 1))
    wrong = word[:at] + "ز" + word[at + 1 :]
    near = Spelling(sorted((other, 1) for other in known)).near(wrong, 1)
    assert (word, 1, 1) in near
