"""Word and PDF files become the text that was written; locked, cut, hostile and scanned ones become one sentence."""

from __future__ import annotations

import io
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT, cases

from index.docx_text import BadDocument, read_docx
from index.pdf_process import BadPdf, read_pdf_apart
from index.source_limits import LIMITS
from index.sources import Fault, Page, read_sources
from index.visual_order import from_left, from_right, repair_brackets

DOCUMENTS = ROOT / "tests" / "cases" / "documents"
LISTS = cases("docx_lists")
SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body: str, before: str = "", **parts: str) -> bytes:
    """Return a Word document with this XML inside its body and these further parts of word/."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", f"{before}<w:document {SPACE}><w:body>{body}</w:body></w:document>")
        for name, xml in parts.items():
            package.writestr(f"word/{name}.xml", f"<w:{name} {SPACE}>{xml}</w:{name}>")
    return data.getvalue()


def paragraph(text: str, properties: str = "") -> str:
    """Return the XML of one paragraph."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def listed(text: str, level: int, number: int = 1) -> str:
    """Return the XML of one paragraph in a list."""
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def level(definition: str) -> str:
    """Return the XML of one level from "level:format:text:start[:legal|norestart]"; the text may hold a colon."""
    number, form, *text, start = definition.split(":")
    option = ""
    if start in ("legal", "norestart"):
        option = "<w:isLgl/>" if start == "legal" else '<w:lvlRestart w:val="0"/>'
        start = text.pop()
    return (f'<w:lvl w:ilvl="{number}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{option}'
            f'<w:lvlText w:val="{":".join(text)}"/></w:lvl>')


@pytest.mark.parametrize("case", LISTS, ids=range(1, len(LISTS) + 1))
def test_list_numbers_are_computed_as_word_prints_them(case: dict[str, str]) -> None:
    numbering = (f'<w:abstractNum w:abstractNumId="0">{"".join(map(level, case["levels"].split("|")))}</w:abstractNum>'
                 '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>')
    body = "".join(listed("x", int(each)) for each in case["items"].split())
    text, _ = read_docx(docx(body, numbering=numbering), LIMITS)
    labels = " ".join(line.removesuffix("x").strip() for line in text.splitlines())
    assert labels == case["expected"], case["why"]


def test_a_list_may_start_again_and_a_style_may_bring_the_list() -> None:
    numbering = (f'<w:abstractNum w:abstractNumId="0">{level("0:decimal:%1.:1")}</w:abstractNum>'
                 '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
                 '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
                 '</w:lvlOverride></w:num>')
    styles = ('<w:style w:styleId="A"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
              '<w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>'
              '<w:style w:styleId="C"><w:basedOn w:val="C"/></w:style>')
    body = (listed("x", 0) + paragraph("y", '<w:pStyle w:val="B"/>') + paragraph("z", '<w:pStyle w:val="C"/>')
            + listed("x", 0, 2) + listed("x", 0, 2) + listed("n", 0, 0))
    text, _ = read_docx(docx(body, numbering=numbering, styles=styles), LIMITS)
    assert text == "1. x\n2. y\nz\n1. x\n2. x\nn\n"


def test_what_word_does_not_show_is_left_out() -> None:
    body = ("<w:p><w:r><w:t>ظاهر</w:t></w:r><w:del><w:r><w:delText>محذوف</w:delText></w:r></w:del>"
            "<w:ins><w:r><w:t> مضاف</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>خفي</w:t></w:r>"
            "<w:r><w:instrText>PAGE</w:instrText><w:tab/><w:t>آخر</w:t><w:br/><w:t>سطر</w:t></w:r></w:p>")
    assert read_docx(docx(body), LIMITS)[0] == "ظاهر مضاف\tآخر\nسطر\n"


def test_tables_text_boxes_and_footnotes_are_read() -> None:
    cell = "<w:tc>" + paragraph("أ") + "</w:tc><w:tc>" + paragraph("ب") + "</w:tc>"
    inner = f"<w:tc><w:tbl><w:tr>{cell}</w:tr></w:tbl>{paragraph('ج')}</w:tc>"
    body = (f"<w:tbl><w:tr>{cell}</w:tr><w:sdt><w:sdtContent><w:tr>{inner}</w:tr></w:sdtContent></w:sdt></w:tbl>"
            '<w:p><w:r><w:t>متن</w:t><w:footnoteReference w:id="2"/></w:r>'
            f"<w:r><w:txbxContent>{paragraph('إطار')}</w:txbxContent></w:r></w:p>")
    notes = f'<w:footnote w:id="0" w:type="separator"/><w:footnote w:id="2">{paragraph("حاشية")}</w:footnote>'
    assert read_docx(docx(body, footnotes=notes), LIMITS)[0] == "أ\tب\nأ\tب\n\nج\n\nمتن(1)\nإطار\n(1) حاشية\n"


def test_a_document_of_libreoffice_is_read_with_its_numbers() -> None:
    text, _ = read_docx((DOCUMENTS / "lists.docx").read_bytes(), LIMITS)
    assert text.splitlines() == [
        "القرار رقم 3/2 - ث", "إن المؤتمر المنعقد في مدينة الياسمين،", "1. يدعو الدول الأعضاء إلى الحضور", "a. فرع أول",
        "b. فرع ثان", "2. يقرر إنشاء لجنة", "أ\tب", "", "5. خامس"]


ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(("data", "problem"), [
    (OLE + "EncryptedPackage".encode("utf-16-le"), "is locked by a password"), (OLE, "is an old .doc file"),
    (docx("<w:p/>")[:150], "is no whole DOCX file"), (b"text", "is no whole DOCX file"),
    (docx(paragraph("&b;"), ENTITY), "document type"), (docx(paragraph("&a;"), EXTERNAL), "document type"),
    (docx("<w:p>"), "broken XML"), (docx("<w:sdt>" * 30_000 + "</w:sdt>" * 30_000), "nested too deep"),
    (docx(" " * 60_000_000), "unpacks to more than the limit of 50 MB"),
], ids=["locked", "old", "cut", "text", "entities", "external", "broken", "deep", "bomb"])
def test_a_document_that_cannot_be_read_says_why(data: bytes, problem: str) -> None:
    with pytest.raises(BadDocument, match=problem):
        read_docx(data, LIMITS)


def expected_lines() -> list[str]:
    """Return the paragraphs that the PDF files were made from."""
    return (DOCUMENTS / "expected.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("name", ["writer.pdf", "browser.pdf"])
def test_a_pdf_gives_back_the_paragraphs_it_was_made_from(name: str) -> None:
    pytest.importorskip("pypdfium2", reason="needs the extra `documents`")
    text, notes = read_pdf_apart((DOCUMENTS / name).read_bytes(), LIMITS)
    assert [line for line in text.splitlines() if line] == expected_lines()
    assert notes == []


def test_two_columns_are_read_one_after_the_other() -> None:
    pytest.importorskip("pypdfium2", reason="needs the extra `documents`")
    text, _ = read_pdf_apart((DOCUMENTS / "columns.pdf").read_bytes(), LIMITS)
    lines = [line for line in text.splitlines() if len(line) > 1]  # Chromium leaves one letter outside the columns
    assert lines == expected_lines()


def pdf(content: bytes, resources: bytes = b"", extra: bytes = b"") -> bytes:
    """Return a PDF of one page with this content stream; its table of objects is left to the reader to repair."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<%s>>/Contents 4 0 R>>" % resources,
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content), *([extra] if extra else []),
    ]
    body = b"".join(b"%d 0 obj%s endobj\n" % (number, each) for number, each in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF\n"


PICTURE = (b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"
           b"stream\n\x80\nendstream")


@pytest.mark.parametrize(("data", "problem"), [
    ((DOCUMENTS / "locked.pdf").read_bytes(), "is locked by a password"),
    ((DOCUMENTS / "browser.pdf").read_bytes()[:9000], "is no whole PDF file"), (b"text", "is no PDF file"),
    (pdf(b"q 595 0 0 842 0 0 cm /I Do Q", b"/XObject<</I 5 0 R>>", PICTURE), "is scanned: its 1 pages are pictures"),
    (pdf(b"0 0 m"), "has 1 pages without text"),
], ids=["locked", "cut", "text", "scanned", "blank"])
def test_a_pdf_that_cannot_be_read_says_why(data: bytes, problem: str) -> None:
    pytest.importorskip("pypdfium2", reason="needs the extra `documents`")
    with pytest.raises(BadPdf, match=problem):
        read_pdf_apart(data, LIMITS)


def test_pages_time_and_memory_of_a_pdf_are_limited() -> None:
    pytest.importorskip("pypdfium2", reason="needs the extra `documents`")
    data = (DOCUMENTS / "writer.pdf").read_bytes()
    with pytest.raises(BadPdf, match="has 2 pages, more than the limit of 1"):
        read_pdf_apart(data, replace(LIMITS, pages=1))
    with pytest.raises(BadPdf, match="could not be read within 0 seconds"):
        read_pdf_apart(data, replace(LIMITS, seconds=0))
    if sys.platform == "linux":
        with pytest.raises(BadPdf, match="memory"):
            read_pdf_apart(data, replace(LIMITS, memory_bytes=30_000_000))


def test_documents_come_as_pages(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(docx(paragraph("نص")))
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7 cut")
    page, fault = read_sources([str(tmp_path)])
    assert isinstance(page, Page)
    assert (page.source, page.text, page.encoding) == ("a.docx", "نص\n", "docx")
    assert isinstance(fault, Fault)
    assert fault.action == "skipped"


@pytest.mark.parametrize(("drawn", "read"), [
    ("2019 سرام 12", "12 مارس 2019"), ("3/7 مقر", "رقم 3/7"), ("25,000 نع", "عن 25,000"),
    ("UNESCO 2019 يف", "في UNESCO 2019"), ("12 - 10 نم", "من 10 - 12"), ("(UNESCO) يف", "في (UNESCO)"),
    ("(صن) يف", "في (نص)"), (")صن( يف", "في (نص)"), ("«صن» يف", "في «نص»"),
])
def test_drawn_order_becomes_reading_order(drawn: str, read: str) -> None:
    assert from_right(list(drawn)) == read


def test_arabic_words_in_an_english_line_are_turned() -> None:
    assert from_left(list("the word مالس means peace")) == "the word سلام means peace"


@pytest.mark.parametrize(("text", "repaired"), [
    ("نص )قول( نص", "نص (قول) نص"), ("1) نص", "1) نص"), ("أ( نص", "أ) نص"), ("(قول(نص", "(قول)نص"), ("نص", "نص"),
])
def test_brackets_open_before_what_they_hold(text: str, repaired: str) -> None:
    assert repair_brackets(text) == repaired
