"""A PDF → its text, run as a process of its own (`python -m index.pdf_text`): the library parses hostile files in C++.

Reads the file from standard input and writes one JSON object: text and notes, or the problem.
"""

from __future__ import annotations

import json
import sys

from index.pdf_glyphs import page_glyphs
from index.pdf_lines import page_lines
from index.pdf_paragraphs import pages_to_text


def read_pdf(data: bytes, most_pages: int) -> dict[str, object]:
    """Return {"text", "notes"} of a PDF, or {"problem"} with the reason, for a person."""
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as problem:
        reason = str(problem)
        if "assword" in reason:
            return {"problem": "is locked by a password"}
        return {"problem": f"is no whole PDF file ({reason})"}
    if count > most_pages:
        return {"problem": f"has {count:,} pages, more than the limit of {most_pages:,}"}
    pages, scanned, broken = [], [], []
    askew = unknown = letters = 0
    gutter: float | None = None
    for number in range(count):
        try:
            page = document[number]
            text_page = page.get_textpage()
        except pypdfium2.PdfiumError:
            broken.append(number + 1)
            continue
        glyphs, page_askew, page_unknown = page_glyphs(text_page, raw)
        askew, unknown, letters = askew + page_askew, unknown + page_unknown, letters + len(glyphs)
        if not glyphs and any(each.type == raw.FPDF_PAGEOBJ_IMAGE for each in page.get_objects(max_depth=3)):
            scanned.append(number + 1)
        lines, gutter = page_lines(glyphs, gutter)
        pages.append(lines)
        text_page.close()
        page.close()
    return _verdict(pages_to_text(pages) if any(pages) else "", count, scanned, broken, askew, unknown, letters)


def _verdict(
    text: str, count: int, scanned: list[int], broken: list[int], askew: int, unknown: int, letters: int,
) -> dict[str, object]:
    """Return the text with notes on what is missing, or the problem where nothing is left."""
    if not text.strip():
        if scanned:
            return {"problem": f"is scanned: its {count} pages are pictures without text; run OCR on it first"}
        return {"problem": f"has {count} pages without text"}
    if unknown > 0.3 * letters:
        return {"problem": f"its fonts do not name {unknown} of its {letters} letters; run OCR on it"}
    notes = []
    if scanned:
        notes.append(f"scanned pages without text: {_listed(scanned)}; run OCR on them")
    if broken:
        notes.append(f"pages that cannot be read: {_listed(broken)}")
    if unknown > 0.01 * letters:
        notes.append(f"letters that the fonts do not name: {unknown} of {letters}")
    if askew:
        notes.append(f"letters drawn askew (a watermark) and left out: {askew}")
    return {"text": text, "notes": notes}


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers[:20])) + (" …" if len(numbers) > 20 else "")


def main() -> None:
    """Read standard input, write the answer."""
    answer = read_pdf(sys.stdin.buffer.read(), int(sys.argv[1]))
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
