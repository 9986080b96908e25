"""The sentence that says how a query was understood."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.echo import echo
from search.echo_words import FIELD_NAMES, SAYINGS
from search.query import parse, words
from search.query_tables import FIELDS
from tests.conftest import cases
from tests.test_query import QUERIES


def isolated(cell: str) -> str:
    """⟨ and ⟩ of the table are the invisible isolates around a symbol."""
    return cell.replace("⟨", "\u2068").replace("⟩", "\u2069")


@pytest.mark.parametrize("case", cases("echo"), ids=lambda case: case["why"])
def test_says_what_the_table_says(case: dict[str, str]) -> None:
    query = parse(case["input"])
    assert echo(query) == isolated(case["expected"])
    assert echo(query, "en") == isolated(case["english"])


@settings(max_examples=100, deadline=None)
@given(QUERIES, st.sampled_from(["best", "all"]))
def test_names_every_word_asked_for(text: str, match: str) -> None:
    query = parse(text)
    for language in ("ar", "en", "fr"):
        said = echo(query, language, match)  # type: ignore[arg-type]
        assert said
        assert "\n" not in said
        assert "{" not in said.replace("{", "", text.count("{"))
        assert all(word.text in said for word in words(query.tree, negated=True))


LEVELS = [
    ("best", "stem", "Clauses that hold any of: “سلم”, “أمن”, in any form, those that hold most first"),
    ("all", "stem", "Clauses that hold all of: “سلم”, “أمن”, in any form"),
    ("all", "folded", "Clauses that hold all of: “سلم”, “أمن”, as typed"),
    ("best", "root", "Clauses that hold any of: “سلم”, “أمن”, and others of the same root, those that hold most first"),
]


@pytest.mark.parametrize(("match", "level", "expected"), LEVELS)
def test_tells_the_searchers_mode_and_level(match: str, level: str, expected: str) -> None:
    assert echo(parse("سلم أمن"), "en", match, level) == expected  # type: ignore[arg-type]


def test_under_a_negation_words_are_alternatives_in_every_mode() -> None:
    assert echo(parse("سلم -(حرب عنف)"), "en", "all") == echo(parse("سلم -(حرب عنف)"), "en", "best")


def test_both_languages_have_the_same_sayings_and_all_fields() -> None:
    assert SAYINGS["ar"].keys() == SAYINGS["en"].keys() == SAYINGS["fr"].keys()
    assert FIELD_NAMES["ar"].keys() == FIELD_NAMES["en"].keys() == FIELD_NAMES["fr"].keys() == FIELDS.keys()
    for name, said in SAYINGS["ar"].items():
        blanks = sorted(re.findall(r"{\w+}", said))
        assert all(sorted(re.findall(r"{\w+}", SAYINGS[other][name])) == blanks for other in ("en", "fr")), name


FRENCH = [
    ("سلم أمن", "Clauses qui contiennent l’un au moins de : « سلم », « أمن », sous toutes ses formes, "
                "celles qui en contiennent le plus d’abord"),
    ('"مجلس الأمن" -حرب', "Clauses qui contiennent l’expression « مجلس الأمن » telle quelle ; "
                          "sans « حرب » sous toutes ses formes"),
    ("سلم دورة:7", "Clauses qui contiennent « سلم » sous toutes ses formes ; dans la session 7"),
    ("هجرية:1430..1432", "Clauses dans l’année hégirienne de 1430 à 1432"),
    ("7/1", "Clauses de la résolution \u20687/1\u2069"),
    ("سلم~1 | من*", "Clauses qui contiennent des mots qui diffèrent de « سلم » d’une lettre au plus ou des mots qui "
                   "commencent par « من »"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FRENCH)
def test_says_it_in_french(text: str, expected: str) -> None:
    assert echo(parse(text), "fr") == expected
