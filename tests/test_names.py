"""Names that changed or vary, and ordinals of sessions: what is found in a query, and the table itself."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.arabic import fold
from search.names import DEFAULT_PATH, Names, NamesError, expansions, load_names, read_names
from search.query import parse
from search.session_numbers import ordinals
from tests.conftest import cases
from tests.test_query import QUERIES

WORDS = [*(row.name for row in load_names().rows), "الدورة", "38", "-", '"']


@pytest.mark.parametrize("case", cases("names"), ids=lambda case: case["why"])
def test_finds_the_other_names(case: dict[str, str]) -> None:
    found = expansions(parse(case["input"]).tree)
    assert " ".join(f"[{e.typed}: {' | '.join(e.alternatives)}]" for e in found) == case["expected"]


@pytest.mark.parametrize("number", range(1, 61))
@pytest.mark.parametrize(("head", "feminine"), [("الدورة", True), ("المؤتمر", False)])
def test_every_ordinal_up_to_sixty_and_its_number_find_each_other(number: int, head: str, feminine: bool) -> None:
    for ordinal in ordinals(number, feminine=feminine):
        (found,) = expansions(parse(f"{head} {ordinal}").tree)
        assert found.alternatives[0] == f"{head} {number}"
        (back,) = expansions(parse(f"{head} {number}").tree)
        assert f"{head} {ordinal}" in back.alternatives


def test_the_keys_on_file_are_those_of_the_table() -> None:
    told = "search/data/name_keys.tsv is older than names.tsv: run python -m search.names"
    fresh = Names(read_names(DEFAULT_PATH))
    assert load_names().groups == fresh.groups, told
    assert load_names().first_words == fresh.first_words, told


def test_each_name_of_the_table_finds_the_others_of_its_group() -> None:
    names = load_names()
    for group, rows in names.groups.items():
        searched = {row.name for _, row in rows if row.use in ("", "other")}
        for _, row in rows:
            if row.use != "other":
                found = expansions(parse(row.name).tree)
                reached = {name for e in found for name in e.alternatives}
                covered = all(set(row.name.split()) <= set(name.split()) for name in searched)
                assert reached or covered, f"{row.name} of {group} finds no other name"


def test_the_table_is_sound() -> None:
    names = load_names()
    assert len(names.groups) >= 120
    assert all(row.source for row in names.rows)
    assert all(row.language in ("ar", "en", "fr") for row in names.rows)
    assert all(row.first is None or row.last is None or row.first <= row.last for row in names.rows)
    for group, rows in names.groups.items():
        assert len(rows) > 1, f"{group} has one name only"
        assert len({row.name for _, row in rows}) == len(rows), f"{group} has a name twice"


def test_a_renaming_says_its_year() -> None:
    (found,) = expansions(parse("قرار منظمة المؤتمر الإسلامي").tree)
    assert (found.why, found.why_en) == ("تغيّر الاسم سنة 2011", "renamed in 2011")
    assert "قرار منظمة المؤتمر الإسلامي"[found.start : found.end] == found.typed


@settings(max_examples=100, deadline=None)
@given(st.one_of(QUERIES, st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)))
def test_expansions_lie_in_the_query_and_never_overlap(text: str) -> None:
    found = expansions(parse(text).tree)
    assert all(0 <= e.start < e.end <= len(text) and e.alternatives and e.why for e in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_a_users_file_adds_to_the_table(tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    path.write_text("# ours\ngroup\tname\tuse\nriver\tرابطة دول الضفاف\nriver\tحلف النهر\ttyped\n", encoding="utf-8")
    names = load_names(path)
    (found,) = expansions(parse("حلف النهر").tree, names, fold)
    assert found.alternatives == ["رابطة دول الضفاف"]
    assert expansions(parse("OIC").tree, names)
    assert not expansions(parse("حلف النهر").tree), "the shipped table is left as it was"


BAD_FILES = [
    ("name\tuse\nx\ttyped\n", "at least group and name"),
    ("group\tname\nriver\n", "line 2: a row needs a group and a name"),
    ("group\tname\tuse\nriver\tx\talways\n", "use “always” is unknown"),
    ("group\tname\tfrom\nriver\tx\tlong ago\n", "“long ago” is no year"),
]


@pytest.mark.parametrize(("text", "message"), BAD_FILES)
def test_a_bad_file_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "names.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NamesError, match=message):
        load_names(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(NamesError, match="cannot be read"):
        read_names(tmp_path / "none.tsv")


def test_an_empty_table_expands_nothing_but_ordinals() -> None:
    assert not expansions(parse("OIC").tree, Names([]))
