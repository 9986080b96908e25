"""The body of a document: from lines to spans of clauses.

One walk over the lines, then long paragraphs are split where a clause begins inside.
"""

from __future__ import annotations

from index import line_kinds as kinds
from index.articles import article_label, is_chapter
from index.calendar_dates import find_dates
from index.clause_numbers import begins_clause, is_alef_for_one, is_nested, is_stray, letter_item, style_of
from index.drafts import Body, Draft
from index.inline_clauses import split_inside, split_preamble
from index.openers import operative_opener, past_opener, preamble_opener
from index.page_text import Line, PageText


class BodyWalker:
    """Walks the lines of one body; `current` is the clause that unclaimed lines continue."""

    def __init__(
        self, page: PageText, lines: list[Line], formula: bool, articles: bool = False, past: bool = False
    ) -> None:
        self.page, self.lines, self.body = page, lines, Body()
        self.current: Draft | None = None
        self.pending: kinds.Label | None = None  # a number alone on its line
        self.pending_at = -1
        self.in_formula = formula
        self.operative = False
        self.annex: str | None = None
        self.annexes = 0
        self.chapter = False  # the line before was the heading of a chapter
        self.last = 0  # the last operative number
        self.above: str | None = None  # the line just read
        self.articles, self.past = articles, past
        self.ended = False
        self.style = ""  # "letters" where clauses below "يقرر:" are lettered
        self.numbered = any(kinds.number_label(line.text) for line in lines)

    def walk(self) -> Body:
        """Reads all lines and returns the body."""
        for line in self.lines:
            self._line(line)
            self.above = line.text
        if self.pending:
            self.body.dangling = self.pending.value
        self.body.drafts.sort(key=lambda draft: draft.start)  # a label may become a clause after a note below it
        split_inside(self.page, self.body, complete=self.pending is None)
        return self.body

    def _line(self, line: Line) -> None:
        text = line.text
        if kinds.is_furniture(text):
            line.role = "furniture"
            if kinds.is_end_mark(text) and self.operative:
                self.ended = True
            return
        if self._annex(line) or self._note(line) or self._closing(line):
            return
        if self.in_formula and not self._formula_ends(line):
            return
        if self.pending:
            self._take_pending(line)
            return
        if not self._label(line) and not self._opener(line):
            self._continue(line)

    def _annex(self, line: Line) -> bool:
        label = kinds.annex_label(line.text)
        if not label:
            return False
        self.annexes += 1
        self.annex = label.value or str(self.annexes)
        self.operative, self.last, self.pending, self.ended = False, 0, None, False
        self._add(Draft("heading", label.value or None, line.start, line.end, label_start=line.start))
        self.current = None
        return True

    def _note(self, line: Line) -> bool:
        label = kinds.note_label(line.text)
        if not label or (label.value.startswith("*") and self._is_list() and "تحفظ" not in line.text):
            return False
        start = line.start + label.length
        if start < line.end:
            self._add(Draft("note", label.value or None, start, line.end, label_start=line.start))
            line.role = "note"
        return True

    def _closing(self, line: Line) -> bool:
        """The line that says where and when the document was done, and what follows it."""
        if self.operative and self.annex is None and kinds.is_closing(line.text):
            self.body.closing.append((line.start, line.end))
            line.role = "formula"
            self.current, self.ended = None, True
            return True
        if self.ended and self.body.closing and len(line.text) < 60 and find_dates(line.text):
            self.body.closing.append((line.start, line.end))
            line.role = "formula"
            return True
        return False

    def _is_list(self) -> bool:
        return self.current is not None and self.page.folded[self.current.end - 1] == ":"

    def _formula_ends(self, line: Line) -> bool:
        """Adds the line to the formula, or ends the formula where the first clause begins;
        True when the line is still to be read.
        """
        text = line.text
        first = self.body.formula is None
        if not first and (
            preamble_opener().match(text) or begins_clause(text, self.articles) or kinds.bullet_label(text)
        ):
            self.in_formula = False
            return True
        cut = split_preamble(text, 1)
        end = line.start + cut[0] if cut else line.end
        while end > line.start and self.page.folded[end - 1] == " ":
            end -= 1
        self.body.formula = (self.body.formula[0] if self.body.formula else line.start, end)
        line.role = "formula"
        if cut:
            self.in_formula = False
            match = preamble_opener().match(text, cut[0])
            verb = match.span("verb") if match else None
            self._add(Draft("preamble", None, line.start + cut[0], line.end, self._shift(line, verb)))
        return False

    @staticmethod
    def _shift(line: Line, span: tuple[int, int] | None) -> tuple[int, int] | None:
        return (line.start + span[0], line.start + span[1]) if span else None

    def _label(self, line: Line) -> bool:
        """Takes a line that opens with a number, an ordinal, a letter or a bullet."""
        text = line.text
        article = article_label(text)
        if article:
            self.operative, self.articles, self.last, self.chapter = True, True, 0, False
            self._start(line, article, "operative", article.value)
            return True
        if self.articles and is_chapter(text):
            self._add(Draft("heading", None, line.start, line.end))
            self.current, self.chapter = None, True
            return True
        if self.articles and self.chapter and self.current is None and len(text) < 90 and text[-1] not in ".؛":
            self._add(Draft("heading", None, line.start, line.end))
            self.current, self.chapter = None, False
            return True
        label = kinds.decimal_label(text)
        if label and self.operative and label.value.split(".")[0] == str(self.last):
            self._start(line, label, "sub", label.value)
            return True
        label = kinds.number_label(text)
        if label and is_stray(label, text, self.last, self.above):
            return False
        if label:
            if self._nested(label, text):
                self._start(line, label, "sub", label.value)
            else:
                self._number(line, label)
            return True
        if not self.operative and (
            self.current is None or (self.current.kind, self.current.style) == ("preamble", "bullet")
        ):
            label = kinds.bullet_label(text)
            if (
                label and self.body.formula and not preamble_opener().match(text)
            ):  # "- وعلى تقرير الأمين العام،" below "- بعد اطلاعه …"
                self._add(Draft("preamble", None, line.start + label.length, line.end, style="bullet"))
                return True
        label = letter_item(text, self.current.number if self.current else None)
        if label and not self.operative and is_alef_for_one(self._raw_head(line), text, label):
            self._number(line, kinds.Label("number", "1", label.length, "-"))
            return True
        if label and self.operative and self.current is None and not self.articles:
            self.style = "letters"  # lettered clauses below "يقرر:"
        if label and self.style == "letters" and label.kind == "letter":
            self._start(line, label, "operative", label.value)
            return True
        if label and self.current is not None and self.current.kind in ("operative", "sub", "preamble", "annex"):
            self._start(line, label, "sub", label.value)
            return True
        if self._is_list() or (
            self.current is not None and self.current.kind == "sub" and self.current.style == "bullet"
        ):
            label = kinds.bullet_label(text)
            if label and self.operative and not preamble_opener().match(text):
                self._start(line, label, "sub", None)
                return True
        return False

    def _raw_head(self, line: Line) -> str:
        at = self.page.to_raw(line.start)
        return self.page.raw[at : at + 2]

    def _nested(self, label: kinds.Label, text: str) -> bool:
        if self.articles:
            return label.kind == "number" and self.current is not None and self.current.kind in ("operative", "sub")
        return self.operative and is_nested(self.current, self.last, label, text, self._is_list())

    def _number(self, line: Line, label: kinds.Label) -> None:
        number = int(label.value)
        if self.last and number <= self.last and number == 1 and label.style != "ordinal":
            self.body.restarts.append((label.value, line.start))
        self.operative, self.last = True, number
        self._start(line, label, "operative", label.value)

    def _start(self, line: Line, label: kinds.Label, kind: str, number: str | None) -> None:
        start = line.start + label.length
        style = style_of(kind, label)
        if start >= line.end:
            self.pending, self.pending_at = kinds.Label(kind, number or "", label.length, style), line.start
            return
        verb = kinds.verb_after(line.text, label.length, numbered=kind != "sub")
        self._add(Draft(kind, number, start, line.end, self._shift(line, verb), line.start, style=style))

    def _take_pending(self, line: Line) -> None:
        pending = self.pending
        self.pending = None
        if pending is None:
            return
        label = kinds.number_label(line.text)
        if label and pending.kind == "operative":  # the number before it had no text
            if pending.style in ("article", "ordinal"):  # one that holds only numbered items: its label is its text
                end = self.pending_at + pending.length
                self._add(Draft("operative", pending.value, self.pending_at, end, style=pending.style))
            if not self._label(line):
                self._continue(line)
            return
        verb = self._shift(line, kinds.verb_after(line.text, 0, numbered=pending.kind != "sub"))
        self._add(
            Draft(pending.kind, pending.value or None, line.start, line.end, verb, self.pending_at, style=pending.style)
        )

    def _opener(self, line: Line) -> bool:
        text = line.text
        if not self.operative and not kinds.is_decides(text):
            match = preamble_opener().match(text)
            if match:
                start = line.start + match.start("verb")
                style = "bullet" if start > line.start else ""
                self._add(Draft("preamble", None, start, line.end, self._shift(line, match.span("verb")), style=style))
                return True
        elif not self.operative and kinds.is_decides(text):
            line.role = "formula"
            self.body.decided.append((line.start, line.end))
            self.operative = True
            self.current = None
            return True
        bare = text.lstrip("-• ")
        verb = operative_opener().match(bare) or (past_opener().match(bare) if self.past else None)
        if verb and (not self.operative or (not self.numbered or self.current is None)) and self._may_open_operative():
            at = line.start + len(text) - len(bare)
            self.operative = True
            self._add(Draft("operative", None, at, line.end, (at + verb.start("verb"), at + verb.end("verb"))))
            return True
        return False

    def _may_open_operative(self) -> bool:
        """An unnumbered verb opens a clause only where the clause before it is complete:
        a wrapped line may begin with any word.
        """
        if self.current is None:
            return True
        return self.page.folded[self.current.end - 1] in ".؛،:;,"

    def _continue(self, line: Line) -> None:
        if self.ended:
            line.role = "unassigned"
            return
        if self.body.drafts and self.body.drafts[-1].kind == "heading" and self._is_annex_title(line):
            self._add(Draft("heading", None, line.start, line.end))
            self.current = None
            return
        if self.current is None:
            opens = not self.body.drafts and self.annex is None and not self.articles
            decided = self.operative and bool(self.body.decided) and self.annex is None  # "يقرر:" "إنشاء …"
            kind = "annex" if self.annex is not None else "operative" if opens or decided else "paragraph"
            verb = kinds.verb_after(line.text, 0) if decided else None
            self.body.leading = self.body.leading or opens
            self._add(Draft(kind, None, line.start, line.end, self._shift(line, verb)))
            return
        self.current.end = line.end

    def _is_annex_title(self, line: Line) -> bool:
        """The first line of an annex, when it is short and no sentence: "النظام الأساسي للمركز"."""
        text, above = line.text, self.body.drafts[-1]
        return self.annex is not None and above.label_start == above.start and len(text) < 90 and text[-1] not in ".؛:،"

    def _add(self, draft: Draft) -> None:
        draft.annex = self.annex
        self.body.drafts.append(draft)
        self.current = draft
