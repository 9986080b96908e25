"""Bytes become the text that was written, whatever the encoding, and binary data are refused."""

from __future__ import annotations

import pytest
from conftest import cases
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoding import BinaryData, decode_bytes, normal_charset
from index.mojibake import repair_mojibake

LINES = [
    "إن المؤتمر المنعقد في مدينة الياسمين،", "وإذ يستذكر القرار رقم 12/5 - س؛", "1. يدعو الدول الأعضاء إلى التعاون.",
]
CASES = cases("encoding")


@pytest.mark.parametrize("case", CASES, ids=[f"{c['saved']}-{c['text'][:8]}" for c in CASES])
def test_encoding_is_found_by_the_bytes(case: dict[str, str]) -> None:
    data = case["text"].encode(case["saved"], "replace")
    found = decode_bytes(data)
    assert found.encoding == case["expected"], case["why"]
    if b"?" not in data:
        assert found.text == case["text"], case["why"]
        assert found.notes == ()


def test_declared_charset_decides_only_between_equals() -> None:
    data = LINES[0].encode("cp1256")
    assert decode_bytes(data, "iso-8859-6").encoding == "windows-1256"
    assert decode_bytes(LINES[0].encode(), "windows-1256").encoding == "utf-8"


def test_two_encodings_in_one_file_are_read_line_by_line() -> None:
    data = LINES[0].encode() + b"\n" + LINES[1].encode("cp1256") + b"\n" + LINES[2].encode()
    found = decode_bytes(data)
    assert found.text.split("\n") == LINES
    assert found.encoding == "utf-8 + windows-1256"
    assert found.notes == ("two encodings in one file: windows-1256 in 1 lines, the first is line 2",)


def test_cut_off_letter_is_damage_and_no_other_encoding() -> None:
    found = decode_bytes("\n".join(LINES).encode()[:-2])
    assert found.encoding == "utf-8"
    assert found.text.startswith(LINES[0])
    assert found.notes == ("damaged letters: 1, the first in line 3, shown as \ufffd",)


@pytest.mark.parametrize(("written", "read", "how"), [
    ("utf-8", "latin-1", "UTF-8 saved as if it were windows-1252"),
    ("utf-8", "cp1252", "UTF-8 saved as if it were windows-1252"),
    ("cp1256", "latin-1", "windows-1256 saved as if it were Latin-1"),
    ("cp1256", "cp1252", "windows-1256 saved as if it were Latin-1"),
])
def test_text_encoded_twice_is_read_back(written: str, read: str, how: str) -> None:
    assert repair_mojibake(LINES[2].encode(written).decode(read)) == (LINES[2], how)


def test_letters_lost_on_the_way_are_shown_as_lost() -> None:
    repaired, how = repair_mojibake(LINES[0].encode().decode("cp1252", "replace"))
    assert how == "UTF-8 saved as if it were windows-1252"
    assert "\ufffd" in repaired
    assert repaired.startswith("إن المؤتمر")


@pytest.mark.parametrize("text", [
    "Où l'été déjà passé, à Genève", "çéèà", LINES[0], "Ø is a letter in Danish", "naïve — «mots»",
])
def test_honest_text_is_not_repaired(text: str) -> None:
    assert repair_mojibake(text) == (text, "")


@pytest.mark.parametrize(("data", "what"), [
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"), (b"%PDF-1.7 \xe2\xe3", "PDF"), (b"PK\x03\x04\x14\0", "ZIP"),
    (bytes(range(256)) * 20, "control characters"), (b"\0" * 4000, "control characters"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "Office"),
])
def test_binary_data_are_refused_by_name(data: bytes, what: str) -> None:
    with pytest.raises(BinaryData, match=what):
        decode_bytes(data)


def test_nul_becomes_a_space_so_that_offsets_stay() -> None:
    assert decode_bytes("نص\0نص".encode()).text == "نص نص"


@given(st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويىةأإآؤئء 0123456789().-\n", max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_arabic_text_survives_utf8_and_utf16(text: str) -> None:
    assert decode_bytes(text.encode()).text == text
    assert decode_bytes(text.encode("utf-16")).text == text


@given(st.binary(max_size=400))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        found = decode_bytes(data).text
    except BinaryData as problem:
        found = str(problem)
    found.encode("utf-8")  # raises for half a surrogate pair
    assert "\0" not in found


@pytest.mark.parametrize(("name", "expected"), [
    ("Windows-1256", "cp1256"), ("cp1256", "cp1256"), ("utf8", "utf_8"), ("no such charset", ""), ("", ""), ("\0", ""),
])
def test_names_of_charsets_are_compared_as_python_knows_them(name: str, expected: str) -> None:
    assert normal_charset(name) == expected
