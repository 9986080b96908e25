"""Ids, JSON form and rows of a document."""

from __future__ import annotations

from index.document import CLAUSE_KINDS, clause_rows
from index.parse import parse

_PAGE = """القرار الرقم 32/38-س
بشأن حفظ السفن
المصدر: "أمانة المؤتمر"
إن مجلس وزراء الخارجية المنعقد في دورته الثامنة والثلاثين في أستانة من 26 إلى 28 رجب 1432هـ (28-30 يونيه 2011م)؛
إذ يستذكر القرار 3/37-س؛
1. يدعو الدول إلى:
(أ) صونها.
(ب) ترميمها.
2. يطلب من الأمين العام تقريرا.
* أبدى وفد تحفظه.
المرفق الرقم (1)
المادة 1: تصان السفن.
"""
_KEYS = (
    "id body kind session number theme title session_title place date_start date_end source symbol "
    "citations warnings clauses"
).split()


def test_json_has_the_fixed_keys_first_and_in_order() -> None:
    [document] = parse(_PAGE, "a/b.txt")
    json = document.to_json()
    assert list(json)[: len(_KEYS)] == _KEYS
    assert json["source"] == "أمانة المؤتمر"
    assert json["address"] == "a/b.txt"
    assert list(document.clauses[0].to_json()) == ["id", "kind", "number", "verb", "text", "start", "end"]


def test_ids_say_what_they_name() -> None:
    [document] = parse(_PAGE)
    assert document.id == "ministers/38/32-political"
    anchors = [clause.id.removeprefix(document.id) for clause in document.clauses]
    assert anchors == ["#p1", "#o1", "#o1.a", "#o1.b", "#o2", "#n1", "#a1-h1", "#a1-o1"]
    assert {clause.kind for clause in document.clauses} <= set(CLAUSE_KINDS)


def test_a_document_without_a_number_has_a_stable_id() -> None:
    speech = "كلمة رئيس البلدية\n\nأيها الحضور الكريم، أرحب بكم في هذا اليوم.\n"
    assert parse(speech)[0].id == parse(speech + "\n\n")[0].id == "other/كلمه-رييس-البلديه"
    plain = "نص طويل بلا عنوان، يقع في سطر واحد وينتهي بنقطة، وليس فيه ما يدل على وثيقة من الوثائق ولا على عنوان."
    assert parse(plain)[0].id == parse(plain)[0].id != parse(plain + " تمت.")[0].id


def test_rows_carry_the_fields_of_their_document_and_no_empty_key() -> None:
    [document] = parse(_PAGE, "a/b.txt")
    rows = list(clause_rows(document))
    assert [row["position"] for row in rows] == list(range(len(document.clauses)))
    row = rows[2]
    assert row["text"] == "صونها."
    expected = {
        "session": "38",
        "number": "32",
        "theme": "political",
        "kind": "sub",
        "document_kind": "resolution",
        "clause_number": "أ",
        "date": "2011-06-28",
        "date_end": "2011-06-30",
        "body": "ministers",
        "place": "أستانة",
        "symbol": "32/38-س",
        "resolution": document.id,
        "hijri": "26 إلى 28 رجب 1432هـ",
        "session_title": "السلام والتعاون والتطور",
    }
    assert {key: row[key] for key in expected} == expected
    assert all(value is not None and value != "" for one in rows for value in one.values())
    assert "verb" not in row


def test_a_text_longer_than_any_page_is_kept_by_line_with_a_warning() -> None:
    raw = _PAGE + "  كلمة طويلة " * 600_000 + "\n\nسطر أخير  "
    [document] = parse(raw)
    assert [warning.field for warning in document.warnings] == ["kind"]
    assert document.clauses[-1].text == "سطر أخير"
    assert all(raw[c.start : c.end].split() == c.text.split() for c in document.clauses)
    assert parse(" " * 6_000_000) == []


def test_a_wanted_kind_overrides_what_the_page_seems_to_be() -> None:
    assert {document.kind for document in parse(_PAGE, kind="other")} == {"other"}


def test_rows_carry_what_their_clause_cites_and_the_first_what_was_warned_of() -> None:
    page = """القرار الرقم 1/28 - س
القرار الرقم 32/38 - س
بشأن مراعي الهضبة
إن مجلس وزراء الخارجية المنعقد في دورته الثامنة والثلاثين،
إذ يستذكر القرار رقم 4/37 - س وقرار مجلس الأمن 687 (1991)، ويستذكر القرار رقم 4/37 - س مرة أخرى،
1. يدعو إلى صون المراعي.
2. يطلب تنفيذ القرار 7/36 - أق.
"""
    [document] = parse(page)
    rows = list(clause_rows(document))
    assert [row.get("citations") for row in rows] == [
        [
            {"number": "4", "session": "37", "raw": "4/37 - س", "symbol": "4/37-س"},
            {"number": "687", "raw": "687 (1991)", "body": "security_council", "what": "un"},
        ],
        None,
        [{"number": "7", "session": "36", "raw": "7/36 - أق", "symbol": "7/36-أق"}],
    ]
    assert rows[0]["warnings"] == [warning.message for warning in document.warnings] != []
    assert all("warnings" not in row for row in rows[1:])
