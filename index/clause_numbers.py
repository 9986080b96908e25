"""Which numbers count clauses and which count items inside one."""

from __future__ import annotations

from index import line_kinds as kinds
from index.articles import article_label, is_chapter
from index.drafts import Draft
from index.openers import operative_opener


def is_alef_for_one(raw_head: str, text: str, label: kinds.Label) -> bool:
    """Whether "ا - يدعو" opens the clauses: a bare alef typed for the digit 1, not the letter of an item.

    `raw_head` is the line as printed, `text` the folded line.
    """
    return label.value == "أ" and "ا" in raw_head[:2] and bool(operative_opener().match(text, label.length))


_STOPS = '.؛،:;,!؟?)"]>-=_*'


def is_stray(label: kinds.Label, text: str, last: int, above: str | None) -> bool:
    """Whether a number at the head of a line is a word of a wrapped sentence: "… نحو" / "20. وللصندوق …".

    It is one where the line above (None where there is none) does not end a clause, the number does not count on
    from `last`, and no verb follows.
    """
    if label.kind != "number" or not above or above[-1] in _STOPS or int(label.value) == last + 1:
        return False
    return not kinds.verb_after(text, label.length) and label.length < len(text)


def begins_clause(text: str, articles: bool) -> bool:
    """Whether a line below the formula begins the clauses: by an article, a number, a verb or "يقرر:"."""
    if article_label(text) or (articles and is_chapter(text)):
        return True
    return bool(kinds.number_label(text) or operative_opener().match(text) or kinds.is_decides(text))


def letter_item(text: str, number: str | None) -> kinds.Label | None:
    """The letter of an item; before a slash only one that counts on from `number`, that of the clause before."""
    label = kinds.letter_label(text)
    return None if label and label.style == "/" and not kinds.follows_letter(label, number) else label


def is_nested(current: Draft | None, last: int, label: kinds.Label, text: str, after_colon: bool) -> bool:
    """Whether a number opens an item of a list inside the clause `current`, and not a clause.

    Such a list begins at 1 after a colon, goes on in one style, and ends where the clauses' own count (`last`) goes on.
    """
    if current is None or label.kind != "number":
        return False
    number = int(label.value)
    if current.kind == "sub" and current.style == "nested:" + label.style:
        own = number == last + 1 and kinds.verb_after(text, label.length, numbered=False)
        return number == int(current.number or 0) + 1 and not own
    if current.kind not in ("operative", "sub"):
        return False
    if current.kind == "operative" and current.style == "ordinal":
        return True
    return last >= 1 and after_colon and number == 1 and not kinds.verb_after(text, label.length, numbered=False)


def style_of(kind: str, label: kinds.Label) -> str:
    """What later lines are compared to: "bullet", "nested:" and the sign behind the number, or "" in items."""
    if kind != "sub":
        return label.style
    if label.kind == "bullet":
        return "bullet"
    return "nested:" + label.style if label.kind == "number" else ""
