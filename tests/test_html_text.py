"""HTML becomes the text a reader sees; hostile HTML becomes text in linear time, or a sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conftest import cases
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoding import BinaryData
from index.html_tables import counted
from index.html_text import TooComplex, read_html
from index.source_limits import LIMITS

CASES = cases("html_text")


def unescaped(text: str) -> str:
    """Return a cell of the table with its \\n, \\t and \\u200e as the letters they name."""
    return text.replace("\\n", "\n").replace("\\t", "\t").replace("\\u200e", "\u200e")


@pytest.mark.parametrize("case", CASES, ids=range(1, len(CASES) + 1))
def test_html_becomes_the_text_a_reader_sees(case: dict[str, str]) -> None:
    text = read_html(unescaped(case["input"]).encode()).text
    assert text.removesuffix("\n") == unescaped(case["expected"]), case["why"]


@pytest.mark.parametrize(("declared", "saved", "noted"), [
    ("windows-1256", "cp1256", False), ("utf-8", "utf-8", False), ("iso-8859-1", "cp1256", True),
    ("utf-8", "cp1256", True), ("windows-1256", "utf-8", True), ("utf-16", "utf-16", False),
    ("x-nonsense", "utf-8", True),
])
def test_bytes_win_over_a_declared_charset_and_a_wrong_one_is_noted(declared: str, saved: str, noted: bool) -> None:
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">'
    markup = f"<html><head>{head}</head><p>نص القرار كامل"
    page = read_html(markup.encode(saved))
    assert page.text == "نص القرار كامل\n"
    assert bool(page.notes) == noted
    assert all(declared in note for note in page.notes)


def test_letters_written_as_latin_entities_are_read_back() -> None:
    spoilt = "يقرر المؤتمر".encode("cp1256").decode("latin-1")
    page = read_html(f"<p>{''.join(f'&#{ord(c)};' for c in spoilt)}".encode())
    assert page.text == "يقرر المؤتمر\n"
    assert "windows-1256" in page.notes[0]


def test_frames_name_the_pages_that_hold_the_text() -> None:
    page = read_html(b'<frameset cols="20%,*"><frame src="menu.htm"><frame src="text.htm"></frameset>')
    assert page.frames == ["menu.htm", "text.htm"]
    assert read_html(b'<body><iframe src="a.htm"></iframe></body>').frames == ["a.htm"]


@pytest.mark.parametrize(("markup", "address"), [
    ('<link rel=canonical href="https://example.org/r/1"><p>x', "https://example.org/r/1"),
    ('<meta property="og:url" content="http://example.org/2"><p>x', "http://example.org/2"),
    ("<!-- saved from url=(0021)http://example.org/3 --><p>x", "http://example.org/3"),
    ("<!-- Mirrored from example.org/4.htm by a program --><p>x", "http://example.org/4.htm"),
    ('<link rel=canonical href="javascript:x"><p>x', ""),
])
def test_the_address_is_what_the_page_says_of_itself(markup: str, address: str) -> None:
    assert read_html(markup.encode()).url == address


@pytest.mark.parametrize("markup", [
    "<div>" * 100_000 + "نص", "<b>" * 50_000 + "نص", "<a " + " ".join(f"a{i}=1" for i in range(50_000)) + ">نص</a>",
    "".join(f"<p><font color=c{i}>نص" for i in range(5_000)), "<table><tr><td>" * 5_000 + "نص",
    "<ol><li>" * 5_000 + "نص",
], ids=["depth", "formatting", "attributes", "reopened", "tables", "lists"])
def test_what_a_parser_would_choke_on_is_taken_out_and_noted(markup: str) -> None:
    page = read_html(markup.encode())
    assert "نص" in page.text
    assert len(page.notes) == 1
    assert page.notes[0].startswith("the page holds elements")


def test_more_tags_than_the_limit_are_refused_with_the_number() -> None:
    with pytest.raises(TooComplex, match="holds 600 tags, more than the limit of 500"):
        read_html(b"<p>x" * 600, replace(LIMITS, tags=500))


def test_a_page_out_of_time_is_refused() -> None:
    with pytest.raises(TooComplex, match="in time"):
        read_html(b"<p>x" * 3000, replace(LIMITS, seconds=-1))


def test_a_binary_file_is_refused() -> None:
    with pytest.raises(BinaryData, match="PDF"):
        read_html(b"%PDF-1.4\n")


@pytest.mark.parametrize(("number", "style", "expected"), [
    (1, "decimal", "1"), (12, "arabic-indic", "١٢"), (4, "lower-roman", "iv"), (1999, "upper-roman", "MCMXCIX"),
    (4000, "upper-roman", "4000"), (26, "lower-alpha", "z"), (27, "lower-alpha", "aa"), (4, "abjad", "د"),
    (4, "alphabet", "ث"), (0, "lower-alpha", "0"), (-2, "lower-roman", "-2"), (3, "persian", "۳"),
])
def test_lists_count_as_their_style_says(number: int, style: str, expected: str) -> None:
    assert counted(number, style) == expected


@given(st.lists(st.sampled_from([
    "<p>", "</p>", "<ol>", "</ol>", "<li>", "<table>", "<td>", "</table>", "<b>", "</div>", "<div>", "نص ", "<br>",
    "<pre>", "<q>", "<!--", "-->", "&", "<", "\0", "<ul>", "<form>",
]), max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_markup_becomes_text_without_tags_of_ours(parts: list[str]) -> None:
    page = read_html(("x" + "".join(parts)).encode())
    assert page.text.startswith("x")
    assert "\n\n\n" not in page.text or "<pre>" in parts
