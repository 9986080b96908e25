"""Does the parser find on each specimen page what its author put there? cases/samples.tsv says what, and why."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from index.document import Resolution
from index.parse import parse
from index.sources import read_sources

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "samples"
TEXT_FIELDS = ("body", "kind", "session", "number", "theme", "place", "date_start", "date_end")
COUNTED = ("preamble", "operative", "sub", "paragraph")
HIJRI_MONTHS = (
    "محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة",
    "رجب", "شعبان", "رمضان", "شوال", "ذو القعدة", "ذو الحجة",
)  # fmt: skip


def rows() -> list[dict[str, str]]:
    """The rows of the table of expectations."""
    with (ROOT / "tests" / "cases" / "samples.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def page_text(page: str) -> str:
    """The text of one page as the sources hand it to the parser: decoded, and out of its HTML."""
    pages = [item for item in read_sources([str(SAMPLES / page)]) if hasattr(item, "text")]
    assert len(pages) == 1, f"{page} must be one document"
    return str(pages[0].text)


def parsed(page: str) -> tuple[str, Resolution]:
    """The page's text and its only resolution."""
    raw = page_text(page)
    found = parse(raw, source=page)
    assert len(found) == 1, f"{page} holds one document, the parser found {len(found)}"
    return raw, found[0]


def plain(title: str) -> str:
    """A title with single spaces, without kashida and compatibility forms."""
    return " ".join(unicodedata.normalize("NFKC", title).replace("ـ", "").split())


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["page"])
def test_page_gives_what_the_table_says(row: dict[str, str]) -> None:
    _, resolution = parsed(row["page"])
    found = {name: str(getattr(resolution, name) or "") for name in TEXT_FIELDS}
    found["title"] = plain(resolution.title or "")
    counts = Counter(clause.kind for clause in resolution.clauses)
    found |= {kind: str(counts[kind]) for kind in COUNTED}
    expected = {name: row[name] for name in (*TEXT_FIELDS, "title", *COUNTED)}
    assert found == expected, row["why"]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["page"])
def test_clauses_stand_where_they_say(row: dict[str, str]) -> None:
    raw, resolution = parsed(row["page"])
    last = 0
    for clause in resolution.clauses:
        assert 0 <= clause.start < clause.end <= len(raw)
        assert clause.start >= last, "clauses follow each other in the order of the page"
        last = clause.start
        first_word = clause.text.split()[0]
        assert first_word in raw[clause.start : clause.end]


def test_every_page_is_in_the_table() -> None:
    on_disk = {p.relative_to(SAMPLES).as_posix() for p in SAMPLES.rglob("*") if p.suffix in {".txt", ".html"}}
    assert on_disk == {row["page"] for row in rows()}


def test_the_readme_query_has_answers_in_every_session() -> None:
    phrase = re.compile(r"(?<!\w)[ولب]*منظمة الأمن والتعاون(?!\w)")
    sessions = Counter[str]()
    for row in rows():
        for clause in parsed(row["page"])[1].clauses:
            bare = "".join(letter for letter in clause.text if not unicodedata.combining(letter))
            sessions[row["session"]] += bool(phrase.search(bare))
    assert {name: count for name, count in sessions.items() if count} == {"7": 4, "8": 5, "9": 5}


def test_only_the_damaged_page_contradicts_itself() -> None:
    warned = {row["page"] for row in rows() if parsed(row["page"])[1].warnings}
    assert "session-9/3-information.txt" in warned
    assert warned <= {"session-9/3-information.txt"}


def test_both_calendars_agree_on_every_page() -> None:
    hijridate = pytest.importorskip("hijridate", reason="hijridate, a development dependency, is not installed")
    months = "|".join(HIJRI_MONTHS)
    more_days = r"(?: (?:إلى |- |و)\d{1,2})*"
    printed = re.compile(rf"(\d{{1,2}}){more_days} ({months})(?: إلى \d{{1,2}} (?:{months}))? (\d{{4}})هـ")
    checked = 0
    for row in rows():
        text = unicodedata.normalize("NFKC", page_text(row["page"])).replace("\u06cc", "ي")
        text = re.sub(r"(?<=\d)إل[ىي]|إل[ىي]", " إلى", text)
        text = re.sub(r" {2,}", " ", text)
        for day, month, year in printed.findall(text):
            start = hijridate.Hijri(int(year), HIJRI_MONTHS.index(month) + 1, int(day)).to_gregorian()
            difference = date(start.year, start.month, start.day) - date.fromisoformat(row["date_start"])
            assert abs(difference.days) <= 1, (row["page"], day, month, year)
            checked += 1
    assert checked >= len(rows())
