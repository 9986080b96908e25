"""What holds for any text at all, and a grammar of forms: what goes in comes out."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from index.cover import cover, share_unassigned
from index.document import Resolution, clause_rows
from index.parse import parse

_PIECES = [
    "القرار الرقم 1/28 - س",
    "بشأن",
    "إن مجلس وزراء الخارجية المنعقد في دورته الثامنة والثلاثين في أستانة،",
    "وإذ يشيد بكذا؛",
    "إذ",
    "1.",
    "1 -",
    "2. يدعو",
    "(أ)",
    "ب )",
    "يقرر:",
    "<2>",
    "- 23 -",
    "-----",
    "المرفق الرقم (2)",
    "المادة الأولى",
    "(*) كما وردت",
    "* تحفظ",
    "أولاً:",
    "البيان الختامي",
    "نحن ملوك ورؤساء",
    "(ق 3063 / د 60 / جـ 1 - 11 / 9 / 1973)",
    "المصدر:",
    "(تابع)",
    "؛ وإذ يأخذ علما",
    "ﻻ",
    "ـ",
    "\u200f",
    "\u00a0",
    "\r\n",
    "\n",
    "\n\n",
    "من 26 إلى 28 رجب 1432هـ",
    "وٕاذ",
    "يستذكرالقرارات",
    "قرار الجمعية العامة 43/182",
    "242 (1967)",
    "33",
    "\u0651",
    "\ufdfa",
    ":",
    "،",
]
_PAGES = st.one_of(
    st.text(max_size=200),
    st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=8)), max_size=40).map(" ".join),
    st.lists(st.sampled_from(_PIECES), max_size=40).map("\n".join),
)


def _check(raw: str, documents: list[Resolution]) -> None:
    for document in documents:
        assert document.id
        assert document.clauses
        ids = [clause.id for clause in document.clauses]
        assert len(set(ids)) == len(ids)
        last = 0
        for clause in document.clauses:
            assert last <= clause.start < clause.end <= len(raw)
            last = clause.end
            assert clause.text == " ".join(raw[clause.start : clause.end].split()) != ""
            assert clause.label_start <= clause.start
        for citation in document.citations:
            assert citation.raw == " ".join(raw[citation.start : citation.end].split())
            assert citation.clause in ids
        json.dumps(document.to_json())
        assert [row["id"] for row in clause_rows(document)] == ids


@settings(max_examples=100, deadline=None)
@given(_PAGES)
def test_clauses_of_any_text_lie_in_order_and_equal_their_slice(raw: str) -> None:
    documents = parse(raw)
    _check(raw, documents)
    spans = cover(raw, documents)
    assert "".join(raw[start:end] for start, end, _ in spans) == raw
    assert all(start < end for start, end, _ in spans)
    assert 0.0 <= share_unassigned(raw, spans) <= 1.0


@settings(max_examples=30, deadline=None)
@given(_PAGES, st.sampled_from(["resolution", "communique", "declaration", "treaty", "other"]))
def test_a_wanted_kind_is_obeyed_on_any_text(raw: str, kind: str) -> None:
    documents = parse(raw, "page.txt", kind)
    _check(raw, documents)
    assert all(document.kind == kind for document in documents)


_PREAMBLE = ["إذ يستذكر", "وإذ يدرك", "وإذ يأخذ", "وبعد أن اطلع", "وإدراكا", "ومؤكدا", "وقد نظر"]
_OPERATIVE = ["يطلب", "يدعو", "يحث", "يؤكد", "يرحب", "يعرب", "يدين", "يناشد", "يوافق"]
_WORDS = ["على السفن", "في الموانئ", "من القرى البعيدة", "بالمدارس", "عن الجسور", "إلى المكتبات"]
_SUFFIXES = {
    "س": "political",
    "أق": "economic",
    "ث": "cultural",
    "أت": "organisational",
    "أف": "finance",
    "ق ن": "legal",
}


@st.composite
def _resolutions(draw: st.DrawFn) -> tuple[str, dict[str, object]]:
    session, number = (
        draw(st.sampled_from([(31, "الحادية والثلاثين"), (34, "الرابعة والثلاثين"), (45, "الخامسة والأربعين")])),
        draw(st.integers(1, 30)),
    )
    suffix = draw(st.sampled_from(sorted(_SUFFIXES)))
    pair = [number, session[0]] if draw(st.booleans()) else [session[0], number]
    space, dash = draw(st.sampled_from(["", " "])), draw(st.sampled_from(["-", "–", "ـ", " - "]))
    symbol = f"{pair[0]}{space}/{space}{pair[1]}{dash}{suffix}"
    stop = draw(st.sampled_from(["؛", "،", ".", ""]))
    preamble = draw(st.lists(st.tuples(st.sampled_from(_PREAMBLE), st.sampled_from(_WORDS)), min_size=1, max_size=4))
    operative = draw(st.lists(st.tuples(st.sampled_from(_OPERATIVE), st.sampled_from(_WORDS)), min_size=1, max_size=6))
    form = draw(st.sampled_from(["{}. ", "{} - ", "{}- ", "({}) ", "{} -\n", "{}.\n"]))
    about = draw(st.sampled_from(["بشأن\n", "بشأن ", "حول\n", "بشـأن\n"]))
    lines = [f"القرار الرقم {symbol}", f"{about}حفظ السفن القديمة"]
    lines.append(f"إن مجلس وزراء الخارجية المنعقد في دورته {session[1]}{stop}")
    lines += [f"{verb} {words}{stop}" for verb, words in preamble]
    lines += [f"{form.format(n)}{verb} {words}." for n, (verb, words) in enumerate(operative, 1)]
    wanted: dict[str, object] = {
        "session": str(session[0]), "number": str(number), "theme": _SUFFIXES[suffix], "title": "حفظ السفن القديمة",
        "preamble": [(verb, f"{verb} {words}{stop}") for verb, words in preamble],
        "operative": [(str(n), verb, f"{verb} {words}.") for n, (verb, words) in enumerate(operative, 1)],
    }  # fmt: skip
    return draw(st.sampled_from(["\n", "\n\n", "\r\n"])).join(lines), wanted


@settings(max_examples=100, deadline=None)
@given(_resolutions())
def test_what_a_grammar_of_forms_writes_is_read_back(page: tuple[str, dict[str, object]]) -> None:
    raw, wanted = page
    [document] = parse(raw)
    assert {key: getattr(document, key) for key in ("session", "number", "theme", "title")} == {
        key: wanted[key] for key in ("session", "number", "theme", "title")
    }
    assert [(c.verb, c.text) for c in document.clauses if c.kind == "preamble"] == wanted["preamble"]
    assert [(c.number, c.verb, c.text) for c in document.clauses if c.kind == "operative"] == wanted["operative"]
    _check(raw, [document])


def test_the_real_page_where_it_is_at_hand() -> None:
    import os

    import pytest

    shared = Path(os.environ.get("KASHSHAF_SHARED") or Path(__file__).resolve().parents[2] / "shared")
    path = shared / "corpora" / "resolution-38-32.txt"
    if not path.exists():
        pytest.skip("the shared folder with the real page is not beside this checkout (KASHSHAF_SHARED)")
    raw = path.read_text(encoding="utf-8")
    [document] = parse(raw)
    fields = ("body", "session", "number", "theme", "place", "date_start", "date_end", "symbol")
    assert [getattr(document, name) for name in fields] == [
        "ministers",
        "38",
        "32",
        "political",
        "أستانة",
        "2011-06-28",
        "2011-06-30",
        "38/32-س",
    ]
    assert [c.kind for c in document.clauses] == ["preamble"] * 5 + ["operative"] * 5
    assert [c.verb for c in document.clauses[5:]] == ["يعرب", "يشيد", "يرحب", "يدعو", "يشجع"]
    assert any(w.field == "session" and {r.value for r in w.readings} == {"28", "38"} for w in document.warnings)
    _check(raw, [document])
