"""Pages that continue each other are joined, mirrors are listed once."""

from __future__ import annotations

from index.document import Resolution
from index.merge import merge, page_key
from index.parse import parse

_FIRST = """القرار الرقم 7/23-س
بشأن الوساطة
إن المؤتمر الإسلامي الثالث والعشرين لوزراء الخارجية المنعقد في كوناكري من 9 إلى 12 ديسمبر 1995م،
وإذ يشيد بمساعي الوسطاء استنادا إلى القرار 1/22-س،
1 - يدعم مساعيهم.
2 - يدعو الأطراف"""
_SECOND = """(تابع) القرار الرقم 7/23-س
<2>
إلى الجلوس معا.
1 - يطلب من الأمين العام متابعة القرار 2/22-س."""


def _pages(*pages: tuple[str, str]) -> list[Resolution]:
    return [document for address, raw in pages for document in parse(raw, address)]


def test_an_address_names_document_and_page() -> None:
    assert page_key("x/1755_88-2.htm_cvt.htm") == ("x/1755", 2)
    assert page_key("x/1755_88.htm") == ("x/1755", 1)
    assert page_key("x/charter-page3.html") == ("x/charter", 3)
    assert page_key("x/charter.html") is None


def test_a_continuation_is_joined_and_a_clause_that_goes_on_is_one() -> None:
    [document] = merge(_pages(("a/1755_88.htm", _FIRST), ("a/1755_88-2.htm_cvt.htm", _SECOND)))
    assert [(c.number, c.page) for c in document.clauses] == [(None, 1), ("1", 1), ("2", 1), ("1", 2)]
    assert document.clauses[2].text == "يدعو الأطراف إلى الجلوس معا."
    page, start, end = document.clauses[2].parts[0]
    assert (page, _SECOND[start:end]) == (2, "إلى الجلوس معا.")
    assert len({clause.id for clause in document.clauses}) == 4
    assert document.addresses == ["a/1755_88.htm", "a/1755_88-2.htm_cvt.htm"]
    assert {citation.clause for citation in document.citations} <= {clause.id for clause in document.clauses}
    assert document.citations[-1].clause == document.clauses[-1].id


def test_pages_in_the_wrong_order_are_put_right() -> None:
    [document] = merge(_pages(("a/1755_88-2.htm", _SECOND), ("a/1755_88.htm", _FIRST)))
    assert document.clauses[2].text == "يدعو الأطراف إلى الجلوس معا."


def test_a_dangling_number_finds_its_text_on_the_next_page() -> None:
    first = _FIRST + ".\n3 -"
    second = "(تابع) القرار الرقم 7/23-س\nيحث الوسطاء على الصبر.\n4 - يشكر المضيف."
    [document] = merge(_pages(("one.txt", first), ("two.txt", second)))
    assert [c.number for c in document.clauses] == [None, "1", "2", "3", "4"]
    assert document.clauses[3].verb == "يحث"
    assert not [w for w in document.warnings if w.field == "clauses"]


def test_mirrors_are_one_document_with_several_addresses() -> None:
    documents = list(merge(_pages(("host-one/a.htm", _FIRST), ("host-two/b.htm", _FIRST.replace("ي ", "ی ")))))
    assert len(documents) == 1
    assert documents[0].addresses == ["host-one/a.htm", "host-two/b.htm"]


def test_another_text_under_one_symbol_is_kept_and_named() -> None:
    documents = list(merge(_pages(("a.htm", _FIRST), ("b.htm", _FIRST.replace("مساعيهم", "عملهم")))))
    assert [d.id.endswith("~2") for d in documents] == [False, True]
    assert any(w.field == "id" for w in documents[1].warnings)
    assert all(c.id.startswith(documents[1].id + "#") for c in documents[1].clauses)
