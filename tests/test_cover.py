"""Every character has a role, and the renderings hide none of them."""

from __future__ import annotations

import re
from html import unescape

from index.cover import cover, share_unassigned, to_ansi, to_html
from index.parse import parse

_PAGE = """مقاتل من الصحراء
القرار الرقم 7/23-س
بشأن الوساطة <بين> المدن
إن المؤتمر الإسلامي الثالث والعشرين لوزراء الخارجية المنعقد في كوناكري،
وإذ يشيد بمساعي الوسطاء، يقرر:
1 - دعم
<2>
مساعيهم.
* أبدى وفد تحفظه.
=====
عبارة لا مكان لها
"""


def _roles(raw: str) -> list[tuple[str, str]]:
    return [(raw[start:end].strip(), role) for start, end, role in cover(raw, parse(raw))]


def test_every_part_of_a_page_has_its_role() -> None:
    assert _roles(_PAGE) == [
        ("مقاتل من الصحراء", "furniture"),
        ("القرار الرقم 7/23-س", "heading"),
        ("بشأن الوساطة <بين> المدن", "title"),
        ("إن المؤتمر الإسلامي الثالث والعشرين لوزراء الخارجية المنعقد في كوناكري،", "formula"),
        ("وإذ يشيد بمساعي الوسطاء،", "clause"),
        ("يقرر:", "formula"),
        ("1 - دعم", "clause"),
        ("<2>", "furniture"),
        ("مساعيهم.", "clause"),
        ("* أبدى وفد تحفظه.", "note"),
        ("=====", "furniture"),
        ("عبارة لا مكان لها", "unassigned"),
    ]


def test_a_page_without_a_document_is_furniture_or_unassigned() -> None:
    assert _roles("مقاتل من الصحراء\n33\n") == [("مقاتل من الصحراء\n33", "furniture")]
    assert cover("", []) == []


def test_the_share_left_over_counts_signs_without_white_space() -> None:
    assert share_unassigned("ab  cd", [(0, 4, "clause"), (4, 6, "unassigned")]) == 0.5
    assert share_unassigned("  ", [(0, 2, "unassigned")]) == 0.0


def test_renderings_keep_the_whole_text_and_escape_it() -> None:
    spans = cover(_PAGE, parse(_PAGE))
    html = to_html(_PAGE, spans, "صفحة")
    body = html[html.index('class="page"') :]
    assert unescape(re.sub(r"<[^>]*>", "", body[body.index(">") + 1 :])).strip() == _PAGE.strip()
    assert "<بين>" not in html
    assert re.sub("\033\\[[0-9;]*m", "", to_ansi(_PAGE, spans)).count(_PAGE) == 1
    assert "[title] بشأن" in to_ansi(_PAGE, spans, colour=False)
    assert "\033" not in to_ansi("a\033[31mb", cover("a\033[31mb", []), colour=False)
