"""The web's pure parts: lit texts, parameters, settings, catalogues, citations, the rate of a client."""

from __future__ import annotations

import json
import re
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Request

from tests.conftest import ROOT, cases
from web import citation, examples
from web import settings as setting_table
from web.languages import CATALOGUES, TABLE, Texts
from web.parameters import FACETS, LEVELS, SORTS, Asked, read
from web.security import UNSEEN, Rate, clean
from web.shown import isolated, light, tint, underline

DEFAULTS = setting_table.read({})
ARABIC = Texts(TABLE["ar"])
ROW = {
    "id": "ministers/7/1-political#o1",
    "resolution": "ministers/7/1-political",
    "session": "7",
    "theme": "political",
    "number": "1",
    "symbol": "1/7-س",
    "title": "الحوار & {التعاون}",
    "date": "2016-04-12",
    "date_end": "2016-04-14",
    "hijri": "5 - 7 رجب 1437",
    "place": "صلالة",
    "body": "ministers",
    "text": "يدعو",
}
URL = "http://example.org/r/ministers/7/1-political"


@pytest.mark.parametrize("case", cases("web_light"), ids=lambda case: case["why"])
def test_light(case: dict[str, str]) -> None:
    spans = [tuple(map(int, span.split("-"))) for span in case["spans"].split()]
    assert light(case["input"], spans, case["verb"]) == case["expected"]


@pytest.mark.parametrize("case", cases("web_isolated"), ids=lambda case: case["why"])
def test_isolated(case: dict[str, str]) -> None:
    assert isolated(case["input"]) == case["expected"]


SPANS = st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=6)


@given(st.text(max_size=50), SPANS, st.text(max_size=6))
@settings(max_examples=100, deadline=None)
def test_lit_text_is_the_text(text: str, spans: list[tuple[int, int]], verb: str) -> None:
    shown = light(text, spans, verb)
    assert shown.striptags() == " ".join(light(text).striptags().split())
    bare = re.sub(r'</?mark>|<b class="verb">|</b>', "", shown)
    assert not re.search("[<>\"']", bare)
    assert not UNSEEN.search(shown)


@given(st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_clean_keeps_every_letter(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert [c for c in clean(text) if c.isalnum()] == [c for c in text if c.isalnum() and not UNSEEN.match(c)]


def test_underline_marks_the_place_of_a_problem() -> None:
    from search.problem import Problem

    assert underline('أ ("ب', [Problem("", 2, 4)]) == "أ <u>(&#34;</u>ب"


def test_a_snippet_says_that_it_is_one() -> None:
    assert light("واحد اثنان ثلاثة", [(5, 11)], part=(5, 11)) == "… <mark>اثنان </mark> …"


@pytest.mark.parametrize(("count", "largest", "expected"), [(0, 9, 0), (9, 9, 6), (1, 1000, 1), (4, 16, 3), (3, 0, 0)])
def test_tint(count: int, largest: int, expected: int) -> None:
    assert tint(count, largest) == expected


@pytest.mark.parametrize("case", cases("web_parameters"), ids=lambda case: f"{case['input']}: {case['why']}")
def test_parameters(case: dict[str, str]) -> None:
    arguments = Request({"QUERY_STRING": case["input"], "REQUEST_METHOD": "GET"}).args
    asked = read(arguments.to_dict(flat=False), DEFAULTS)
    assert str(getattr(asked, case["attribute"])) == case["expected"]
    assert " ".join(fault.name for fault in asked.faults) == case["faults"]


VALUES = st.tuples() | st.tuples(st.text(min_size=1, max_size=9).filter(str.strip))
ASKED = st.builds(
    Asked,
    q=st.text(max_size=20).map(lambda text: " ".join(clean(text).split())),
    session=VALUES,
    theme=VALUES,
    kind=VALUES,
    verb=VALUES,
    year=VALUES,
    match=st.sampled_from(["best", "all"]),
    level=st.sampled_from(LEVELS),
    sort=st.sampled_from(SORTS),
    expand=st.booleans(),
    limit=st.integers(0, 100),
    page=st.integers(1, 100),
)


@given(ASKED)
@settings(max_examples=100, deadline=None)
def test_an_address_says_all_of_a_search(asked: Asked) -> None:
    address = asked.address(page=asked.page)
    arguments = Request({"QUERY_STRING": address, "REQUEST_METHOD": "GET"}).args
    assert read(arguments.to_dict(flat=False), DEFAULTS) == asked


def test_a_filter_toggles() -> None:
    asked = Asked(theme=("a",))
    assert asked.toggled("theme", "b") == {"theme": ("a", "b")}
    assert asked.toggled("theme", "a") == {"theme": ()}


def test_too_many_values_are_cut_and_told() -> None:
    asked = read(MultiDict(("theme", str(n)) for n in range(99)).to_dict(flat=False), DEFAULTS)
    assert len(asked.theme) == 50
    assert [fault.name for fault in asked.faults] == ["theme"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"colour": "red"}, "unknown setting 'colour'"),
        ({"port": "x"}, "--port needs a whole number, not 'x'"),
        ({"page_size": 0}, "--page-size must be from 1 to 1000000000, not 0"),
    ],
)
def test_a_wrong_setting_is_told_in_one_sentence(given: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)) as error:
        setting_table.read(given)
    assert "\n" not in str(error.value)


def test_settings_come_from_the_environment() -> None:
    assert setting_table.from_environment({"KASHSHAF_PORT": "81", "KASHSHAF_RATE": "", "PORT": "9"}) == {"port": "81"}


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "api.md").read_text("utf-8")
    assert [row.flag for row in setting_table.TABLE if f"`{row.flag}`" not in text] == []


def messages(code: str) -> dict[object, object]:
    with (CATALOGUES / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return {message.id: message.string for message in read_po(file, locale=code) if message.id}


def blanks(text: object) -> set[str]:
    texts = text if isinstance(text, (tuple, list)) else [text]
    return {name for one in texts for _, name, _, _ in string.Formatter().parse(str(one)) if name}


def test_every_language_has_every_text_with_the_same_blanks() -> None:
    arabic = messages("ar")
    for code in TABLE:
        other = messages(code)
        assert other.keys() == arabic.keys()
        assert [key for key in arabic if not all(other[key] if isinstance(other[key], tuple) else [other[key]])] == []
        assert [key for key in arabic if blanks(other[key]) != blanks(arabic[key])] == []


def test_every_text_that_a_template_asks_for_is_there() -> None:
    known = {key if isinstance(key, str) else key[0] for key in messages("ar")}
    files = [*(ROOT / "web" / "templates").iterdir(), *(ROOT / "web").glob("*.py")]
    asked = {key for file in files for key in re.findall(r'\btn?\("([a-z._]+)"', file.read_text("utf-8"))}
    asked -= {key for key in asked if key.endswith(".")}
    assert asked - known == set()
    composed = (
        {f"facet.{name}" for name in FACETS} | {f"level.{name}" for name in LEVELS} | {f"sort.{n}" for n in SORTS}
    )
    assert composed - known == set()


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (0, "لا فقرة"),
        (1, "فقرة واحدة"),
        (2, "فقرتان"),
        (3, "3 فقرات"),
        (11, "11 فقرة"),
        (100, "100 فقرة"),
        (1284, "1,284 فقرة"),
    ],
)
def test_arabic_counts(n: int, expected: str) -> None:
    assert ARABIC.tn("count.clauses", n) == expected


@pytest.mark.parametrize(
    ("iso", "expected"),
    [
        ("2011-06-28", "28 يونيو 2011"),
        ("2011", "2011"),
        ("2011-02-31", "2011-02-31"),
        ("2011-06", "يونيو 2011"),
        ("قديم", "قديم"),
        ("", ""),
    ],
)
def test_dates_are_written_out(iso: str, expected: str) -> None:
    assert ARABIC.date(iso) == expected


def test_arabic_citation_says_both_calendars() -> None:
    line = citation.arabic([ROW], URL)
    assert line.startswith("القرار رقم 1/7-س، «الحوار & {التعاون}»")
    assert "الدورة السابعة" in line
    assert "5 - 7 رجب 1437" in line
    assert "12–14 أبريل 2016" in line
    assert line.endswith(URL + "\n")


def test_bibtex_escapes_and_balances() -> None:
    entry = citation.bibtex([ROW], URL)
    assert entry.startswith("@techreport{ministers-7-1-political,\n")
    assert r"الحوار \& \{التعاون\}" in entry
    assert entry.count("{") == entry.count("}")


def test_ris_has_one_record_with_its_end() -> None:
    lines = citation.ris([ROW], URL).split("\r\n")
    assert lines[0] == "TY  - STAT"
    assert lines[-2:] == ["ER  - ", ""]
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])


def test_csl_is_an_array_of_one_item() -> None:
    (item,) = json.loads(citation.csl([ROW], URL))
    assert item["issued"] == {"date-parts": [[2016, 4, 12]]}
    assert item["URL"] == URL


def test_linked_data_cannot_leave_its_script_element() -> None:
    data = citation.linked_data([{**ROW, "title": "</script><script>alert(1)</script>&"}], URL)
    assert not set("<>&") & set(data)
    assert json.loads(data)["name"] == "</script><script>alert(1)</script>&"


def test_one_client_is_slowed_and_this_machine_never() -> None:
    rate = Rate(60)
    assert [rate.wait("10.0.0.1", 0.0) for _ in range(60)] == [0] * 60
    assert rate.wait("10.0.0.1", 0.0) == 1
    assert rate.wait("10.0.0.2", 0.0) == 0
    assert rate.wait("10.0.0.1", 2.0) == 0
    assert {rate.wait("127.0.0.1", 0.0) for _ in range(100)} == {0}


def test_the_examples_stand_in_three_languages() -> None:
    assert all(row.arabic and row.latin and row.ar and row.en and row.fr for row in examples.examples())
    assert Path(examples.TABLE).name == "examples.tsv"
