"""Text without clauses: communiqués by number and heading, everything else by paragraph."""

from __future__ import annotations

import re

from index import line_kinds as kinds
from index.clause_numbers import style_of
from index.drafts import Body, Draft
from index.openers import past_opener, verb_pattern
from index.page_text import LETTER, Line, PageText

_STOPS = '.؟!؛:"،,)»'
_HEADING_LENGTH = 90
_SECTION_NUMBER = re.compile(
    r"(?:[اأبجدهوزحطي]|[IVX]{1,4}|اولا|ثانيا|ثالثا|رابعا|خامسا|سادسا|سابعا|ثامنا|تاسعا|عاشرا) ?[-:.)]"
)


def read_paragraphs(page: PageText, lines: list[Line], numbered: bool, spoken: bool = True) -> Body:
    """The paragraphs of a text. `numbered`:
    after the first number, unnumbered paragraphs belong to the number before. `spoken`: a body speaks, so that the
    verbs that open paragraphs mean something; in speeches and studies they do not.
    """
    walker = _ParagraphWalker(page, lines, numbered, spoken)
    return walker.walk()


class _ParagraphWalker:
    def __init__(self, page: PageText, lines: list[Line], numbered: bool, spoken: bool) -> None:
        self.page, self.body = page, Body()
        self.lines = [line for line in lines if not self._furniture(line)]
        self.counted = sum(1 for line in lines if self._number(line.text)) > 1
        self.numbered = numbered and self.counted
        self.spoken = spoken
        self.spaced = sum(line.blank_before for line in self.lines) * 2 > len(self.lines)
        self.current: Draft | None = None
        self.last = 0  # the last number of a paragraph
        self.pending: tuple[kinds.Label, int] | None = None

    @staticmethod
    def _furniture(line: Line) -> bool:
        if kinds.is_furniture(line.text):
            line.role = "furniture"
        return line.role == "furniture"

    def _number(self, text: str) -> kinds.Label | None:
        label = kinds.number_label(text)
        return label if label and label.kind == "number" else None

    def walk(self) -> Body:
        """Return the body read line by line: its clauses with their places, and what could not be placed."""
        for i, line in enumerate(self.lines):
            if self.pending:
                label, at = self.pending
                self.pending = None
                self._add("paragraph", label.value, line.start, line.end, at)
                continue
            label_ = self._number(line.text) if self.counted else None
            if label_ and self._nested(label_, line):
                style = style_of("sub", label_)
                self._add("sub", label_.value, line.start + label_.length, line.end, line.start, style)
            elif label_:
                self.last = int(label_.value)
                if line.start + label_.length >= line.end:
                    self.pending = (label_, line.start)
                else:
                    self._add("paragraph", label_.value, line.start + label_.length, line.end, line.start)
            elif note := kinds.note_label(line.text):
                if line.start + note.length < line.end:
                    self._add("note", note.value or None, line.start + note.length, line.end, line.start)
                    line.role = "note"
            elif (
                kinds.is_closing(line.text)
                and self.body.drafts
                and line.text.lstrip("(و ").startswith(("صدر", "حرر", "وقع"))
            ):
                self.body.closing.append((line.start, line.end))
                line.role = "formula"
                self.current = None
            elif item := self._item(line):
                self._add("sub", item.value or None, line.start + item.length, line.end, line.start)
            elif self._is_heading(i):
                self._add("heading", None, line.start, line.end)
                self.current = None
            elif self._continues(line):
                assert self.current is not None
                self.current.end = line.end
            else:
                self._add("paragraph", None, line.start, line.end)
        if self.pending:
            self.body.dangling = self.pending[0].value
        return self.body

    def _nested(self, label: kinds.Label, line: Line) -> bool:
        """Whether a number counts items of a list below a paragraph that ends with a colon."""
        if self.current is None or line.start + label.length >= line.end:
            return False
        number = int(label.value)
        opens_with_verb = past_opener().match(line.text, label.length) is not None
        if self.current.kind == "sub" and self.current.style == style_of("sub", label):
            own = number == self.last + 1 and opens_with_verb
            return number == int(self.current.number or 0) + 1 and not own
        after_colon = self.current.kind == "paragraph" and self.page.folded[self.current.end - 1] == ":"
        return after_colon and bool(self.current.number) and number == 1 and not opens_with_verb

    def _item(self, line: Line) -> kinds.Label | None:
        """A lettered or bulleted item below a paragraph that ends with a colon, or below another item."""
        if self.current is None or not (self.current.kind == "sub" or self.page.folded[self.current.end - 1] == ":"):
            return None
        if self.current.kind == "heading":
            return None
        label = kinds.letter_label(line.text) or kinds.bullet_label(line.text)
        return label if label and line.start + label.length < line.end else None

    def _is_heading(self, i: int) -> bool:
        """A short line without a stop, followed by text: "القضية الفلسطينية", "أولاً: الشؤون السياسية"."""
        text = self.lines[i].text
        if len(text) > _HEADING_LENGTH or i + 1 >= len(self.lines):
            return False
        following = self.lines[i + 1].text
        if text[-1] == ":" and not past_opener().match(text) and len(text) < 60:
            return len(following) > len(text)
        if text[-1] in _STOPS or past_opener().match(text):
            return bool(_SECTION_NUMBER.match(text)) and len(text) < 60 and text[-1] not in ".،؛"
        if (
            self.current is not None
            and not self.lines[i].blank_before
            and self.page.folded[self.current.end - 1] not in ".؟!:"
        ):
            return False  # the end of a wrapped paragraph
        return len(following) > 40 or bool(self._number(following)) or len(following) > len(text)

    def _continues(self, line: Line) -> bool:
        if self.current is None or self.current.kind == "heading":
            return False
        if self.numbered and self.current.number:
            return True
        if self.current.kind == "note":
            return not line.blank_before
        last = self.page.folded[self.current.end - 1]
        return not line.blank_before and last not in ".؟!:" and not (not self.spaced and last in "؛")

    def _add(self, kind: str, number: str | None, start: int, end: int, label: int = -1, style: str = "") -> None:
        verb = (
            _communique_verb(self.page.folded[start : min(end, start + 60)])
            if kind == "paragraph" and self.spoken
            else None
        )
        self.current = Draft(
            kind, number, start, end, (start + verb[0], start + verb[1]) if verb else None, label, style=style
        )
        self.body.drafts.append(self.current)


_PRESENT = re.compile(verb_pattern())


# Whatever stands before the name of the body is its verb: "كرّم المجلس", "وافتتح المؤتمر".
_SPOKEN_BY = re.compile(
    rf"(?:كما )?(?P<verb>(?!هذا|ان|في|من|على)[{LETTER}]{{3,}}) "
    rf"(?:المجلس|الموتمر|القاده|القمه|الوزراء|المجتمعون|المشاركون|الموتمرون)(?![{LETTER}])"
)


def _communique_verb(text: str) -> tuple[int, int] | None:
    """The span of the verb that opens a paragraph, past or imperfect, None when a noun opens it."""
    past = past_opener().match(text)
    if past:
        return past.span("verb")
    present = _PRESENT.match(text) or _SPOKEN_BY.match(text)
    if present is None:
        return None
    return present.span("verb") if present.re is _SPOKEN_BY else present.span()
