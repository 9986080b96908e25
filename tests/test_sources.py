"""Files, folders and streams yield what they hold, in order; whatever is bad is one clear fault, the rest goes on."""

from __future__ import annotations

import gzip
import io
import os
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from conftest import ROOT, cases
from hypothesis import given, settings
from hypothesis import strategies as st

from index.jsonl import KNOWN_KEYS
from index.natural_order import natural_key
from index.source_limits import LIMITS, limits_table, shown_bytes
from index.sources import Fault, Item, Page, Row, count_bytes, read_sources

JSONL = cases("jsonl")
TEXT = "يدعو المؤتمر الدول الأعضاء إلى صيانة العيون."


def read_lines(data: bytes, **limits: int) -> list[Item]:
    """Return what JSON Lines on standard input yield."""
    return list(read_sources(["-"], stdin=io.BytesIO(data), limits=replace(LIMITS, **limits)))


def outline(items: list[Item]) -> list[str]:
    """Return each item as a short line: kind and place."""
    return [f"{type(item).__name__} {item.source}" for item in items]


@pytest.mark.parametrize("case", JSONL, ids=range(1, len(JSONL) + 1))
def test_a_line_is_a_row_or_says_what_is_wrong(case: dict[str, str]) -> None:
    line = case["input"].replace("\\\\", "\\")
    after = b'\n{"id": "next", "text": "x"}\n'
    first, second = read_lines(line.encode() + after)
    if case["expected"].startswith("!"):
        assert isinstance(first, Fault), case["why"]
        assert case["expected"][1:] in first.problem, case["why"]
        assert (first.line, first.action) == (1, "skipped")
    else:
        assert isinstance(first, Row), case["why"]
        assert f"{first.data['id']}|{first.data['text']}" == case["expected"], case["why"]
        assert all(isinstance(first.data[key], str) for key in KNOWN_KEYS & first.data.keys())
    assert isinstance(second, Row)
    assert second.line == 2


def test_values_of_known_keys_are_strings_and_others_stay() -> None:
    [row] = read_lines(b'{"id":1,"text":"x","session":9,"number":1.5,"theme":["a","b"],"title":null,"w":2,"x":null}')
    assert isinstance(row, Row)
    assert row.data == {
        "id": "1", "text": "x", "session": "9", "number": "1.5", "theme": "a، b", "w": 2, "x": None}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1256"])
def test_json_lines_in_any_encoding(encoding: str) -> None:
    lines = "".join(f'{{"id": "{i}", "text": "يقرر المؤتمر"}}\n' for i in range(3))
    items = read_lines(lines.encode(encoding))
    assert [item.data["text"] for item in items if isinstance(item, Row)] == ["يقرر المؤتمر"] * 3


def test_line_numbers_count_blank_lines_and_lines_of_any_length() -> None:
    data = b'\n\r\n{"id":"a","text":"x"}\r\n' + b'{"id":"b","text":"' + b"y" * 3_000_000 + b'"}\n{"id":"c","text":"x"}'
    items = read_lines(data, line_bytes=2_000_000)
    assert [(type(item).__name__, item.line) for item in items if not isinstance(item, Page)] == [
        ("Row", 3), ("Fault", 4), ("Row", 5)]
    assert "the line holds 3 MB, more than the limit of 2 MB" in str(items[1])


def test_limits_of_text_and_id_are_reported_with_the_number() -> None:
    data = b'{"id":"a","text":"123456"}\n{"id":"12345","text":"x"}\n{"id":"a","text":"12345"}'
    items = read_lines(data, text_letters=5, id_letters=4)
    assert [str(item) for item in items[:2]] == [
        "-:1: row a: its text has 6 letters, more than the limit of 5; skipped",
        "-:2: the id has 5 letters, more than the limit of 4; skipped",
    ]
    assert isinstance(items[2], Row)


def test_one_json_array_is_told_from_json_lines() -> None:
    [fault] = read_lines(b'[{"id": "a", "text": "x"},')
    assert "one JSON array" in str(fault)


def test_nested_beyond_reason_is_a_fault() -> None:
    first, second = read_lines(b'{"id":"a","text":' + b"[" * 200_000 + b'\n{"id":"b","text":"x"}')
    assert isinstance(first, Fault)
    assert isinstance(second, Row)


@given(st.lists(st.dictionaries(st.sampled_from(["id", "text", "session", "theme", "x"]), st.one_of(
    st.text(max_size=20), st.integers(), st.none(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False),
    st.lists(st.text(max_size=3), max_size=2))), max_size=8))
@settings(max_examples=100, deadline=None)
def test_every_line_is_one_row_or_one_fault(rows: list[dict[str, object]]) -> None:
    data = b"\n".join(orjson.dumps(row, option=orjson.OPT_NON_STR_KEYS) for row in rows if _encodable(row))
    items = read_lines(data) if data else []
    assert len(items) == sum(_encodable(row) for row in rows)
    for item in items:
        if isinstance(item, Row):
            assert isinstance(item.data["id"], str)
            assert item.data["id"].strip() == item.data["id"] != ""
            assert str(item.data["text"]).strip()


def _encodable(row: dict[str, object]) -> bool:
    try:
        orjson.dumps(row)
    except TypeError:  # whole numbers beyond 64 bits
        return False
    return True


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_bytes_on_standard_input_end_in_rows_and_faults(data: bytes) -> None:
    assert all(isinstance(item, Row | Fault) for item in read_lines(data))


def test_faults_beyond_the_limit_are_counted_in_one() -> None:
    items = read_lines(b'{"id":"a","text":"x"}\n' + b"x\n" * 9 + b'{"id":"b","text":"x"}\n', faults=3)
    assert [type(item).__name__ for item in items] == ["Row", "Fault", "Fault", "Fault", "Row", "Fault"]
    assert str(items[-1]) == "-: 6 more faults of this file are not listed; skipped"


def test_a_file_of_nothing_but_faults_is_given_up() -> None:
    items = read_lines(b"x\n" * 9, faults=3)
    assert len(items) == 4
    assert str(items[-1]) == "-: its first 3 lines or members hold nothing that can be read; the rest skipped"


def test_a_folder_is_read_in_natural_order_and_hidden_files_are_not(tmp_path: Path) -> None:
    for name in ("page10.txt", "page9.txt", "a/2.html", "a/10.html", ".git/x.txt", ".hidden.txt", "~$lock.docx",
                 "x.png", "y.PNG"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(TEXT, "utf-8")
    items = list(read_sources([str(tmp_path)]))
    assert outline(items) == [
        "Page a/2.html", "Page a/10.html", "Page page9.txt", "Page page10.txt", f"Fault {tmp_path}"]
    assert str(items[-1]) == f"{tmp_path}: holds files of other kinds: .png (2); left out"
    assert isinstance(items[2], Page)
    assert items[2].text == TEXT
    assert items[2].encoding == "utf-8"
    assert items[2].modified is not None
    assert items[2].modified.endswith("Z")


@pytest.mark.parametrize(("name", "data", "problem"), [
    ("empty.txt", b"", "is empty"), ("empty.jsonl", b"", "is empty"), ("empty.html", b"", "is empty"),
    ("blank.txt", b" \n\n", "holds nothing but blanks"), ("nav.html", b"<nav>x</nav>", "holds no text"),
    ("binary.txt", bytes(range(256)) * 9, "is not what its name says: it is binary"),
    ("picture.txt", b"\x89PNG\r\n\x1a\n", "is not what its name says: it is a PNG picture"),
    ("binary.jsonl", bytes(range(256)) * 9, "is not what its name says: it is binary"),
    ("binary.csv", bytes(range(256)) * 9, "is not what its name says: it is binary"),
    ("frames.html", b"<frameset><frame src=a.htm></frameset>", "is a frame around other pages, load these: a.htm"),
    ("x.doc", b"x", "is of an unknown kind; known are .txt .html"), ("x", b"x", "is of an unknown kind"),
    ("cut.txt.gz", gzip.compress(TEXT.encode() * 50)[:60], "is damaged or cut off"),
    ("no.txt.gz", b"no gzip", "is damaged or cut off"),
    ("large.txt", b"x" * 101, "holds more than the limit of 100 bytes for one document"),
])
def test_what_cannot_be_read_is_one_fault_with_its_reason(tmp_path: Path, name: str, data: bytes, problem: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    limits = replace(LIMITS, page_bytes=100) if name == "large.txt" else LIMITS
    [fault] = read_sources([str(path)], limits=limits)
    assert isinstance(fault, Fault)
    assert fault.source == str(path)
    assert fault.problem.startswith(problem)
    assert fault.action == "skipped"


def test_paths_that_lead_nowhere_are_faults_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(TEXT, "utf-8")
    (tmp_path / "none").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    items = list(read_sources([str(tmp_path / "no.txt"), str(tmp_path / "none"), str(tmp_path / "pipe.txt"), "a\0b.txt",
                               str(tmp_path / "good.txt")]))
    assert [item.problem for item in items if isinstance(item, Fault)] == [
        "does not exist", "holds no document", "is no regular file; pipe JSON Lines through -",
        "cannot be read: the name holds a character that no path can hold"]
    assert outline(items)[-1] == "Page good.txt"


def test_a_link_in_a_circle_ends(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.txt").write_text(TEXT, "utf-8")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "gone")
    items = list(read_sources([str(tmp_path)]))
    assert [str(item).split(": ", 1)[1] for item in items if isinstance(item, Fault)] == [
        "the folder is a link to one that holds it; skipped", "cannot be read: No such file or directory; skipped"]
    assert outline(items)[-2:] == ["Page a/x.txt", f"Fault {tmp_path / 'dangling.txt'}"]


def test_a_file_without_permission_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text(TEXT, "utf-8")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    [fault] = read_sources([str(path)])
    assert str(fault) == f"{path}: cannot be read: Permission denied; skipped"


def test_standard_input_that_is_missing_is_a_fault() -> None:
    assert [str(item) for item in read_sources(["-"])] == ["-: there is no standard input; skipped"]


def test_bytes_read_reach_what_was_counted(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b'{"id":"a","text":"x"}\n' * 9))
    (tmp_path / "b.txt").write_text(TEXT, "utf-8")
    (tmp_path / "c.txt").write_bytes(bytes(500))
    reader = read_sources([str(tmp_path)])
    items = list(reader)
    assert reader.bytes_read == count_bytes([str(tmp_path), "-"]) > 500
    assert sum(isinstance(item, Row) for item in items) == 9


CSV = {
    "id,text,session\n1,نص,9\n": [("1", "نص")],
    "id;text\r\n1;نص\r\n": [("1", "نص")],
    "id\ttext\n1\tنص\n": [("1", "نص")],
    'text,id\n"سطر\nثان, ""قول""",1\n': [("1", 'سطر\nثان, "قول"')],
    "id,text\n\n1,نص\n,,\n2,نص\n": [("1", "نص"), ("2", "نص")],
    "id,text\n1,'=1+1\n": [("1", "=1+1")],
    "id,text\n1,'قول\n": [("1", "'قول")],
}


@pytest.mark.parametrize(("data", "expected"), CSV.items(), ids=range(1, len(CSV) + 1))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
def test_csv_rows_are_read_whatever_the_separator(
    tmp_path: Path, data: str, expected: list[tuple[str, str]], encoding: str,
) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(data.encode(encoding))
    rows = [item for item in read_sources([str(path)]) if isinstance(item, Row)]
    assert [(row.data["id"], row.data["text"]) for row in rows] == expected


@pytest.mark.parametrize(("data", "fault"), [
    ("name,words\n1,x\n", "1: the first record must name the columns, id and text among them; it says name, words"),
    ("id,text\n1,x,y\n2,x\n", "2: the record has 3 cells, the header 2"),
    ("id,text\n1,\n2,x\n", "2: row 1: no text (keys: id)"),
    ('id,text\n1,"x"y\n2,x\n', "2: the record is no CSV"),
])
def test_a_bad_csv_record_is_a_fault_with_its_line(tmp_path: Path, data: str, fault: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(data, "utf-8")
    items = list(read_sources([str(path)]))
    assert str(items[0]).startswith(f"{path}:{fault}")
    assert len(items) == (1 if "name" in data else 2)


@given(st.lists(st.text(max_size=12), max_size=6))
@settings(max_examples=100, deadline=None)
def test_natural_order_is_an_order_of_names(names: list[str]) -> None:
    ordered = sorted(names, key=natural_key)
    backwards = ordered[::-1]
    assert sorted(backwards, key=natural_key) == ordered


def test_natural_order_counts_in_both_kinds_of_digits() -> None:
    assert sorted(["b10", "b9", "B1", "a٢", "a١٠"], key=natural_key) == ["a٢", "a١٠", "B1", "b9", "b10"]


def test_the_docs_show_every_limit() -> None:
    docs = (ROOT / "docs" / "limits-of-sources.md").read_text("utf-8")
    for name, value, why in limits_table():
        shown = shown_bytes(value) if name.endswith("bytes") else f"{value:,}"
        assert f"| `{name}` | {shown} | {why} |" in docs
