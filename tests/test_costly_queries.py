"""Queries made to cost much: each is cut to what one may cost, and told; nothing else is found than the rules allow."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import Analyzer
from index.clause import And, Near, Or, Term
from search.compiler import NEAR_WORK, Compiler
from search.highlight import highlights, lightable
from search.limits import limit
from search.query import parse
from search.query_tree import Fuzzy, NearNode, PhraseNode, Wildcard, leaves
from search.searcher import Searcher
from search.vocabulary import _shape

ANALYZER = Analyzer()
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


@pytest.mark.parametrize(
    ("text", "code", "kinds"),
    [
        (" ".join(f"*{a}*" for a in LETTERS), "patterns", (Wildcard,)),
        (" ".join(f"كلمة{a}~1" for a in LETTERS), "patterns", (Fuzzy,)),
        (" ".join(f"{a}*" for a in LETTERS), "patterns", (Wildcard,)),
        (" ".join(f'"كلمة {a}"' for a in LETTERS * 2), "phrases", (PhraseNode,)),
        (" ".join(f'"كلمة {a}"~5' for a in LETTERS * 2), "phrases", (NearNode,)),
    ],
)
def test_what_is_beyond_a_limit_is_left_out_and_told(text: str, code: str, kinds: tuple[type, ...]) -> None:
    query = parse(text)
    assert sum(isinstance(leaf, kinds) for leaf in leaves(query.tree)) == limit(code)
    assert [problem.code for problem in query.problems] == [f"too_many_{code}"]
    assert query.problems[0].end == len(text)


@settings(max_examples=100, deadline=None)
@given(st.text("اب*?", min_size=1, max_size=7), st.text("اب", max_size=8))
def test_a_shape_means_what_it_says(pattern: str, word: str) -> None:
    assert bool(re.search(f"^{_shape(pattern, str)}$", word, re.MULTILINE)) == fnmatchcase(word, pattern)


def test_no_number_of_stars_makes_a_long_word_slow() -> None:
    assert not re.search(f"^{_shape('*ا' * 60 + '*ب', str)}$", "ا" * 255, re.MULTILINE)


class Common:
    """A collection in which every term is in a million clauses."""

    def frequency(self, field: str, term: str) -> int:
        return 1_000_000


def compiler(monkeypatch: pytest.MonkeyPatch, searcher: Searcher) -> Compiler:
    monkeypatch.setattr(type(searcher.reader), "frequency", Common.frequency)
    return Compiler(ANALYZER, searcher.vocabulary, searcher.stored_values)


def test_common_words_are_placed_nearer_and_the_rest_not_at_all(
    monkeypatch: pytest.MonkeyPatch, searcher: Searcher
) -> None:
    made = compiler(monkeypatch, searcher)
    text = '"سلم أمن عدل"~20 "عمل أمل علم"~20'
    asked = made.match(parse(text).tree, "all")
    assert made.match(parse(text).tree, "all", quiet=True) == asked
    assert [problem.code for problem in made.problems] == ["near_work", "near_common"]
    assert isinstance(asked, And)
    first, second = asked.clauses
    assert isinstance(first, Near)
    assert first.distance == 0
    assert isinstance(second, And)
    assert all(isinstance(clause, Term) for clause in second.clauses)
    assert NEAR_WORK < 6 * 1_000_000


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from("سلم أمن عدل عمل أمل علم كتب درس قرأ فهم حرب".split()), max_size=14))
def test_a_long_union_lights_the_same(words: list[str]) -> None:
    text = "سلم وأمن ثم عدل بعد حرب"
    clause = And((Or(tuple(Term("folded", word) for word in words)), Or((Term("stem", "سلم"), Term("stem", "حرب")))))
    tokens = ANALYZER.tokens(text)
    assert highlights(lightable(clause), tokens) == highlights(clause, tokens)


def test_a_word_said_again_asks_no_more(searcher: Searcher) -> None:
    once, often = parse("سلام عدل"), parse("سلام عدل " + "سلام " * 100)
    assert searcher.listed(often, "root", False, "best") == searcher.listed(once, "root", False, "best")
