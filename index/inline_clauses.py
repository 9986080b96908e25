"""Clauses that begin inside a paragraph: "…؛ وإذ يأخذ علما …"; "… العام. 2. يشيد …"; "…: (أ) …؛ (ب) …"."""

from __future__ import annotations

import re
from dataclasses import replace

from index.drafts import Body, Draft
from index.openers import inline_accusative, inline_preamble, operative_opener, preamble_opener, verb_pattern
from index.page_text import LETTER, PageText

_INLINE_NUMBER = re.compile(r"(?:(?<=[.؛،:;)] )|(?<=[.؛،:;]))(\d{1,2}) ?(?:-|\.|\)) ?(?=[^\d ])")
_INLINE_LETTER = re.compile(rf"(?:(?<=[:؛،.;] )|(?<=[:؛،.; ]))\(? ?([ابجدهوزحطي]) ?\) ?[-.:]? ?(?=[{LETTER}])")
_ORDER = "ابجدهوزحطي"


def split_preamble(text: str, limit: int = 0) -> list[int]:
    """Offsets in a folded paragraph where further preamble clauses begin; at most `limit` when it is not 0."""
    cuts: list[int] = []
    for match in inline_preamble().finditer(text):
        group = "stopped" if match["stopped"] is not None else "bare"
        cuts.append(match.start(group))
        if limit and len(cuts) >= limit:
            return cuts
    cuts += [match.start("stopped") for match in inline_accusative().finditer(text)]
    return sorted(set(cuts))[: limit or None]


_WORD = re.compile(rf"[ \"]?([{LETTER}]{{3,}})")
_TRAILING_DECIDES = re.compile(r"(?<=[ ،؛.:])(?:ي|ت|ن)قرر(?: ما ي[اا]?لي| الاتي)? ?:? ?$")


def trailing_decides(page: PageText, draft: Draft) -> tuple[int, int] | None:
    """Cuts "يقرر:" from the end of a preamble clause, and returns its folded span;
    None where it does not stand there.
    """
    text = page.folded[draft.start : draft.end]
    match = _TRAILING_DECIDES.search(text, max(0, len(text) - 30))
    if not match or not text[: match.start()].strip():
        return None
    span = (draft.start + match.start(), draft.end)
    draft.end = span[0]
    return span


_INLINE_VERB = (
    re.compile(r"(?<=[،؛:.]) ?(?P<verb>[يتن]قرر)(?= )"),
    re.compile(rf"(?<=[؛:.]) ?(?P<verb>{verb_pattern()})"),
)


def split_last_operative(page: PageText, draft: Draft) -> list[Draft]:
    """A body without any operative clause:
    its last preamble paragraph may hold the only one ("…، يقرر توسيع المقر."); cut it off.
    """
    text = page.folded[draft.start : draft.end]
    for pattern in _INLINE_VERB:
        match = pattern.search(text)
        if match:
            at = draft.start + match.start("verb")
            verb = (at, draft.start + match.end("verb"))
            operative = replace(draft, kind="operative", start=at, verb=verb, label_start=-1)
            draft.end = at
            return [operative]
    return []


def split_off_operative(page: PageText, draft: Draft) -> list[Draft]:
    """A preamble clause whose line goes on with "1. يدعو …" → the clause and the operative clauses behind it."""
    text = page.folded[draft.start : draft.end]
    for match in _INLINE_NUMBER.finditer(text):
        opened = operative_opener().match(text, match.end())
        if match[1] == "1" and opened:
            at = draft.start
            verb = (at + opened.start("verb"), at + opened.end("verb"))
            first = replace(
                draft, kind="operative", number="1", start=at + match.end(), verb=verb, label_start=at + match.start()
            )
            return [replace(draft, end=at + match.start()), *split_operative(page, first)]
    return [draft]


def split_operative(page: PageText, draft: Draft) -> list[Draft]:
    """An operative clause whose line holds the next numbers, or lettered sub-items, → one draft each."""
    text = page.folded[draft.start : draft.end]
    cuts: list[tuple[int, int, str, str]] = []  # label start, text start, kind, number
    number = int(draft.number) if draft.kind == "operative" and draft.number and draft.number.isdigit() else None
    letter = 0
    marks = [(m.start(), m, "operative") for m in _INLINE_NUMBER.finditer(text)]
    if draft.kind == "operative":
        marks += [(m.start(), m, "sub") for m in _INLINE_LETTER.finditer(text)]
    for at, match, kind in sorted(marks, key=lambda item: item[0]):
        if kind == "operative":
            if number is not None and int(match[1]) == number + 1 and operative_opener().match(text, match.end()):
                number, letter = number + 1, 0
                cuts.append((at, match.end(), "operative", str(number)))
        elif letter < len(_ORDER) and match[1] == _ORDER[letter]:
            letter += 1
            cuts.append((at, match.end(), "sub", {"ا": "أ", "ه": "هـ"}.get(match[1], match[1])))
    if not cuts or [c[3] for c in cuts if c[2] == "sub"] == ["أ"]:
        cuts = [cut for cut in cuts if cut[2] == "operative"]
    parts = [replace(draft, end=draft.start + cuts[0][0])] if cuts else [draft]
    for i, (label, start, kind, value) in enumerate(cuts):
        end = cuts[i + 1][0] if i + 1 < len(cuts) else len(text)
        opened = operative_opener().match(text, start)
        verb = (draft.start + opened.start("verb"), draft.start + opened.end("verb")) if opened else None
        parts.append(
            replace(
                draft,
                kind=kind,
                number=value,
                start=draft.start + start,
                end=draft.start + end,
                verb=verb,
                label_start=draft.start + label,
            )
        )
    return parts


def split_paragraph(page: PageText, draft: Draft) -> list[Draft]:
    """One preamble paragraph → its clauses, cut where an opener stands inside."""
    text = page.folded[draft.start : draft.end]
    cuts = [cut for cut in split_preamble(text) if cut > 0]
    parts: list[Draft] = []
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        match = preamble_opener().match(text, start)
        verb = (
            (draft.start + match.start("verb"), draft.start + match.end("verb"))
            if match
            else draft.verb
            if not start
            else None
        )
        parts.append(Draft("preamble", None, draft.start + start, draft.start + end, verb, annex=draft.annex))
    parts[0].label_start = draft.label_start
    return parts


def split_inside(page: PageText, body: Body, complete: bool) -> None:
    """Splits the paragraphs of a body that hold several clauses.

    `complete` says that no number waits for its text on the next page.
    """
    drafts: list[Draft] = []
    for draft in body.drafts:
        if draft.kind == "preamble":
            parts = split_paragraph(page, draft)
            decided = trailing_decides(page, parts[-1])
            if decided:
                body.decided.append(decided)
            drafts += parts[:-1] + split_off_operative(page, parts[-1])
        else:
            drafts += split_operative(page, draft) if draft.kind in ("operative", "sub") else [draft]
    if drafts and complete and all(draft.kind == "preamble" for draft in drafts):
        drafts += split_last_operative(page, drafts[-1])
    if body.decided:
        _open_with_first_word(page, drafts)
    body.drafts = drafts


_NOT_A_VERB = ("علي", "في", "من", "ان", "الي", "عن", "هذا", "هذه", "كل", "لا")


def _open_with_first_word(page: PageText, drafts: list[Draft]) -> None:
    """Below "يقرر:" every clause opens with a masdar, in the table of verbs or not: "1 - غرس الشجر"."""
    for draft in drafts:
        label_only = draft.number is not None and draft.label_start < 0
        if draft.kind == "operative" and draft.verb is None and draft.style != "article" and not label_only:
            word = _WORD.match(page.folded, draft.start, draft.end)
            if word and word[1] not in _NOT_A_VERB:
                draft.verb = word.span(1)
