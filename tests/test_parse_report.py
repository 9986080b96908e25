"""The report of the parser: a row a page, in order, the same from several processes; bad input is a row too."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from index.parse_report import COLUMNS, Counted, rows_of, write_report
from index.source_items import Fault, Page, Row
from index.sources import read_sources

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ROOT / "tests" / "cases" / "documents"
PAGE = """القرار الرقم 1/28 - س
قرار رقم 5/41 - ث
بشأن قلاع الساحل
إن مجلس وزراء الخارجية المنعقد في دورته الحادية والأربعين،
إذ يستذكر القرار 4/40 - ث؛
1. يدعو إلى ترميم القلاع.
2. يحث على:
(أ) فتحها للزوار.
"""


def report(items: list[Page | Row | Fault], **options: object) -> tuple[list[dict[str, str]], Counted]:
    """Return the rows of a report as dicts, and its counts."""
    out = io.StringIO(newline="")
    counted = write_report(items, out, **options)  # type: ignore[arg-type]
    text = out.getvalue()
    assert text.startswith("\ufeff"), "spreadsheets guess the encoding without it"
    return list(csv.DictReader(io.StringIO(text[1:], newline=""))), counted


def page(name: str, text: str, *notes: str) -> Page:
    return Page(name, text, "utf-8", notes=notes)


def test_a_row_says_what_a_page_was_taken_for() -> None:
    [row], counted = report([page("a.txt", PAGE, "The page declares another charset.")])
    assert list(row) == list(COLUMNS)
    expected = {
        "page": "a.txt", "documents": "1", "id": "ministers/41/5-cultural",
        "kind": "resolution", "body": "ministers", "symbol": "5/41-ث",
        "title": "قلاع الساحل", "clauses": "4", "preamble": "1", "operative": "2", "sub": "1", "note": "0",
        "citations": "1", "warnings": "3", "unassigned": "0.0000",
    }  # fmt: skip
    assert {key: row[key] for key in expected} == expected
    assert float(row["milliseconds"]) > 0
    assert "another charset" in row["said"]
    assert "heading names session 28" in row["said"]
    assert counted == Counted(pages=1, documents=1, clauses=4, warnings=3)


def test_pages_without_a_document_faults_and_rows_are_said() -> None:
    rows, counted = report(
        [
            page("nav.txt", "إرشادات البحث معلومات خط الزمن الفهارس"),
            Fault("x.pdf", None, "is locked by a password", "skipped"),
            Row("r.jsonl", 3, {"id": "a", "text": "ب"}),
            page("=evil.txt", "سطر واحد من نص لا يقول شيئا."),
        ]
    )
    assert [(row["page"], row["kind"], row["documents"]) for row in rows] == [
        ("nav.txt", "", "0"), ("x.pdf", "fault", ""), ("r.jsonl:3", "left out", ""), ("'=evil.txt", "other", "1"),
    ]  # fmt: skip
    assert [row["said"] for row in rows] == [
        "no document was found in this page", "is locked by a password (skipped)",
        "is a row of JSONL or CSV, no page to parse (skipped)", "",
    ]  # fmt: skip
    assert (counted.pages, counted.without, counted.faults) == (2, 1, 1)


def test_several_processes_give_the_same_rows_in_the_same_order() -> None:
    items = [page(f"{n}.txt", PAGE.replace("5/41", f"{n}/41")) for n in range(1, 700)]
    timed = COLUMNS.index("milliseconds")

    def untimed(processes: int) -> list[tuple[str, ...]]:
        return [row[:timed] + row[timed + 1 :] for row in rows_of(iter(items), processes=processes)]

    assert len(untimed(1)) == 699
    assert untimed(2) == untimed(1)


@pytest.mark.parametrize(
    ("kind", "clauses"),
    [
        ("resolution", {"preamble": "1", "operative": "2", "sub": "1"}),
        ("declaration", {"preamble": "1", "operative": "2", "sub": "1"}),
        ("treaty", {"preamble": "1", "operative": "2", "sub": "1"}),
        ("communique", {"preamble": "0", "operative": "0", "paragraph": "3", "sub": "1"}),
        ("other", {"preamble": "0", "operative": "0", "paragraph": "3", "sub": "1"}),
    ],
)
def test_a_wanted_kind_is_what_the_row_says(kind: str, clauses: dict[str, str]) -> None:
    [row], _ = report([page("a.txt", PAGE)], kind=kind)
    assert row["kind"] == kind
    assert {name: row[name] for name in clauses} == clauses


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "index.cli", "parse", *arguments],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=120,
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in out + err
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def test_the_command_writes_the_report_and_says_where(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    done = command("samples", "--report", str(path))
    assert done.returncode == 0, done.stderr
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert f"{sum(bool(row['documents']) for row in rows)} pages in" in done.stdout
    assert str(path) in done.stdout
    assert {row["kind"] for row in rows} >= {"resolution", "declaration", "treaty"}
    nowhere = command("samples", "--report", str(tmp_path / "no" / "report.csv"))
    assert nowhere.returncode == 2
    assert "cannot be written" in nowhere.stderr


def test_kind_is_one_of_five_and_overrides(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text(PAGE, "utf-8")
    assert json.loads(command(str(source), "--kind", "declaration").stdout)["kind"] == "declaration"
    refused = command(str(source), "--kind", "poem")
    assert refused.returncode == 2
    assert "poem" in refused.stderr


def bad_input(folder: Path) -> dict[str, str]:
    """Write one file of every kind of bad input into a folder; return what must be said of each."""
    with zipfile.ZipFile(folder / "escape.zip", "w") as archive:
        archive.writestr("../x.txt", PAGE)
    with tarfile.open(folder / "link.tar.gz", "w:gz") as tar:
        info = tarfile.TarInfo("x.txt")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/hostname"
        tar.addfile(info)
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.txt", b" " * 60_000_000)
    (folder / "locked.pdf").write_bytes((DOCUMENTS / "locked.pdf").read_bytes())
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    (folder / "locked.docx").write_bytes(ole + "EncryptedPackage".encode("utf-16-le"))
    (folder / "cut.pdf").write_bytes((DOCUMENTS / "browser.pdf").read_bytes()[:9000])
    with zipfile.ZipFile(folder / "entities.docx", "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>')
    (folder / "deep.html").write_text("<div>" * 100_000 + PAGE.replace("\n", "<br>") + "</div>" * 100_000, "utf-8")
    with (folder / "line.txt").open("wb") as file:
        for _ in range(100):
            file.write(b"a" * 1_000_000)
    (folder / "nothing.txt").write_text("إرشادات البحث معلومات خط الزمن الفهارس", "utf-8")
    (folder / "two.txt").write_text(PAGE + "\n" + PAGE.replace("5/41", "6/41"), "utf-8")
    (folder / "mixed.txt").write_bytes((PAGE + PAGE).encode("utf-8") + "يطلب صون الجدران القديمة.\n".encode("cp1256"))
    return {
        "escape.zip!../x.txt": "a place outside the archive",
        "link.tar.gz!x.txt": "link", "bomb.zip": "unpacks to more than",
        "locked.pdf": "locked by a password", "locked.docx": "locked by a password", "cut.pdf": "no whole PDF",
        "entities.docx": "document type", "deep.html": "", "line.txt": "limit of 20 MB",
        "nothing.txt": "no document was found", "two.txt": "", "mixed.txt": "encoding",
    }  # fmt: skip


def test_every_kind_of_bad_input_is_said_and_the_rest_goes_on(tmp_path: Path) -> None:
    pytest.importorskip("pypdfium2", reason="needs the extra `documents`")
    wanted = bad_input(tmp_path)
    (tmp_path / "z-good.txt").write_text(PAGE.replace("القرار الرقم 1/28 - س\n", ""), "utf-8")
    rows, _ = report(list(read_sources([str(tmp_path)])))
    found = {row["page"].removeprefix(f"{tmp_path}/"): row for row in rows}
    for name, said in wanted.items():
        assert name in found, f"{name} is not in the report: {sorted(found)}"
        assert said in found[name]["said"], f"{name}: {found[name]['said']}"
    assert found["two.txt"]["documents"] == "2"
    assert int(found["deep.html"]["clauses"]) == 4
    assert found["z-good.txt"]["clauses"] == "4"
    emptied = {"escape.zip", "link.tar.gz"}  # nothing else was in them, which is said too
    assert set(found) == {*wanted, *emptied, "z-good.txt"}
