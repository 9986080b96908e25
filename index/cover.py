"""Every character of a page with its role, in colours: how a person checks the parser on their own pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from index.document import ROLES, Resolution
from index.line_kinds import is_furniture
from index.page_text import PageText

Cover = list[tuple[int, int, str]]

# role: (ANSI colours, CSS background, what it is)
ROLE_LOOKS = {
    "heading": ("\033[36m", "#cfe8ef", "heading: symbols, session, section and source lines"),
    "title": ("\033[1;35m", "#ead7f2", "title"),
    "formula": ("\033[34m", "#d5ddf7", "enacting formula"),
    "clause": ("\033[32m", "#d8efd3", "clause"),
    "note": ("\033[33m", "#f5ebc4", "note or reservation"),
    "furniture": ("\033[2m", "#e6e6e6", "furniture of the site"),
    "unassigned": ("\033[7;31m", "#f6c9c4", "unassigned"),
}
_RESET = "\033[0m"
_RUN = re.compile(rb"(.)\1*", re.DOTALL)


def cover(raw: str, resolutions: Iterable[Resolution]) -> Cover:
    """Spans (start, end, role) that tile the raw text without gap or overlap, roles as in document.ROLES;
    white space goes with what is before it.
    """
    roles = bytearray([ROLES.index("unassigned")]) * len(raw)
    documents = list(resolutions)
    if not documents:
        page = PageText(raw)
        for line in page.lines:
            if is_furniture(line.text):
                _paint(roles, *page.raw_span(line.start, line.end), "furniture")
    for document in documents:
        for start, end, role in document.marks:
            _paint(roles, start, end, role)
        for clause in document.clauses:
            if not clause.address:
                role = {"note": "note", "heading": "heading"}.get(clause.kind, "clause")
                _paint(roles, clause.label_start if clause.label_start >= 0 else clause.start, clause.end, role)
        for start, end, role in document.marks:  # page marks inside a clause that goes on
            if role == "furniture":
                _paint(roles, start, end, role)
    return _spans(raw, roles)


def _paint(roles: bytearray, start: int, end: int, role: str) -> None:
    roles[start:end] = bytes([ROLES.index(role)]) * (end - start)


def _spans(raw: str, roles: bytearray) -> Cover:
    spans: Cover = []
    start, current = 0, -1
    for run in _RUN.finditer(roles):
        role, i = roles[run.start()], run.start()
        if role == current:
            continue
        if current >= 0:
            word = raw[i : run.end()].lstrip()
            if not word:
                continue
            i = run.end() - len(word)
            spans.append((start, i, ROLES[current]))
            start = i
        current = role
    if raw:
        spans.append((start, len(raw), ROLES[max(current, 0)]))
    return spans


def share_unassigned(raw: str, spans: Sequence[tuple[int, int, str]]) -> float:
    """The share of letters and signs (white space not counted) that no role claims, 0.0 to 1.0;
    0.0 for an empty page.
    """
    total = missing = 0
    for start, end, role in spans:
        size = sum(len(word) for word in raw[start:end].split())
        total += size
        missing += size if role == "unassigned" else 0
    return missing / total if total else 0.0


def to_ansi(raw: str, spans: Sequence[tuple[int, int, str]], colour: bool = True) -> str:
    """The page for a terminal: in colours, or with [role] before each span where colours are off;
    control signs are shown as "?".
    """
    parts = []
    for start, end, role in spans:
        text = "".join(c if c in "\n\t" or c.isprintable() or ord(c) > 127 else "?" for c in raw[start:end])
        parts.append(f"{ROLE_LOOKS[role][0]}{text}{_RESET}" if colour else f"[{role}] {text}")
    legend = "  ".join(f"{look[0]}{role}{_RESET}" if colour else role for role, look in ROLE_LOOKS.items())
    return f"{legend}\n\n{''.join(parts)}\nunassigned: {share_unassigned(raw, spans):.1%}\n"


def to_html(raw: str, spans: Sequence[tuple[int, int, str]], title: str = "") -> str:
    """The page as one HTML document without scripts or outside addresses, right to left,
    each span with its role as class and tooltip.
    """
    styles = "".join(f".{role}{{background:{look[1]}}}" for role, look in ROLE_LOOKS.items())
    legend = " ".join(f'<span class="{role}">{escape(look[2])}</span>' for role, look in ROLE_LOOKS.items())
    body = "".join(f'<span class="{role}" title="{role}">{escape(raw[start:end])}</span>' for start, end, role in spans)
    return (
        f'<!doctype html>\n<html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>body{{font:1.1rem/1.9 serif;max-width:46rem;margin:2rem auto;padding:0 1rem}}"
        f".page{{white-space:pre-wrap}}.legend{{direction:ltr;font:.8rem sans-serif}}.legend "
        f"span{{padding:.1rem .4rem}}{styles}</style>"
        f"</head><body><h1>{escape(title)}</h1>"
        f'<p class="legend">{legend} — unassigned {share_unassigned(raw, spans):.1%}</p>'
        f'<div class="page">{body}</div></body></html>\n'
    )
