"""What was wrong in a query, where, and in which words it is told. A problem is a value, never an exception."""

from __future__ import annotations

from dataclasses import dataclass

from search.problem_french import MESSAGES as FRENCH

# code -> (Arabic, English). `{…}` are filled in by who reports. A message says what was found and what was done.
MESSAGES: dict[str, tuple[str, str]] = {
    "too_long": (
        "الاستعلام أطول من {limit} حرف؛ أُهمل ما بعد ذلك",
        "the query is longer than {limit} characters; the rest was left out",
    ),
    "too_many_terms": (
        "في الاستعلام أكثر من {limit} كلمة؛ أُهمل ما بعدها",
        "the query has more than {limit} words; those after them were left out",
    ),
    "too_many_patterns": (
        "أكثر من {limit} كلمة فيها * أو ? أو ~؛ أُهمل ما بعدها",
        "the query has more than {limit} words with *, ? or ~; what comes after them was left out",
    ),
    "too_many_phrases": (
        "أكثر من {limit} عبارة؛ أُهمل ما بعدها",
        "the query has more than {limit} phrases; what comes after them was left out",
    ),
    "near_common": (
        "كلمات المجاورة كثيرة الورود؛ بُحث عنها مجتمعة في الفقرة بلا شرط القرب",
        "the words of this NEAR are too common to be placed; clauses that hold them all were taken",
    ),
    "near_work": (
        "كلمات المجاورة كثيرة الورود؛ قُرئت المسافة {limit}",
        "the words of this NEAR are common; the distance was read as {limit}",
    ),
    "too_deep": (
        "أقواس متداخلة أكثر من {limit} مستوى؛ قُرئت الأقواس الأعمق كأنها مسافات",
        "brackets are nested more than {limit} deep; the deeper ones were read as spaces",
    ),
    "long_word": (
        "كلمة أطول من {limit} حرف؛ بُحث عن أولها",
        "a word is longer than {limit} letters; its beginning was searched",
    ),
    "more_problems": ("وملاحظات أخرى عددها {count}", "and {count} more remarks"),
    "lone_quote": (
        "علامة تنصيص بلا قرينتها؛ قُرئت الكلمات بعدها كلمات عادية",
        "a quotation mark without its partner; the words after it were read as plain words",
    ),
    "empty_quotes": ("لا كلمة بين علامتي التنصيص", "there is no word between the quotation marks"),
    "lone_bracket": ("قوس بلا قرينه؛ أُهمل", "a bracket without its partner; it was ignored"),
    "empty_brackets": ("لا شيء بين القوسين", "there is nothing between the brackets"),
    "lone_operator": (
        "«{typed}» تحتاج إلى كلمة قبلها وكلمة بعدها؛ أُهملت",
        "{typed} needs a word before it and one after it; it was ignored",
    ),
    "nothing_negated": ("لا كلمة بعد «{typed}»؛ أُهملت", "no word follows {typed}; it was ignored"),
    "double_negation": ("نفي النفي إثبات؛ أُهمل النفيان", "two negations cancel out; both were ignored"),
    "lone_mark": (
        "«{typed}» تُكتب ملتصقة بأول الكلمة؛ أُهملت",
        "{typed} belongs directly before a word; it was ignored",
    ),
    "plus_in_or": (
        "«+» لا أثر لها بين بدائل «أو»؛ أُهملت",
        "+ has no effect on one side of OR; it was ignored",
    ),
    "lone_wildcard": (
        "«{typed}» تحتاج إلى حرف واحد على الأقل، مثل: من*",
        "{typed} needs at least one letter, as in: wor*",
    ),
    "wildcard_in_quotes": (
        "لا تُقرأ «*» بين علامتي التنصيص؛ بُحث عن الكلمة كما هي",
        "* is not read inside quotation marks; the word was searched as it stands",
    ),
    "wildcard_at_level": (
        "لا تجتمع «*» مع «{typed}»؛ بُحث بالحروف",
        "* cannot be joined with {typed}; letters were compared",
    ),
    "unknown_field": (
        "لا حقل باسم «{typed}»؛ قُرئت كلمة عادية. الحقول: {fields}",
        'there is no field named "{typed}"; it was read as a plain word. The fields: {fields}',
    ),
    "no_value": (
        "لا قيمة بعد «{typed}:»؛ تُكتب القيمة ملتصقة بها، مثل: {example}",
        "no value follows {typed}: directly; write it without a space, as in: {example}",
    ),
    "typos": (
        "أكبر عدد للأخطاء بعد «~» هو {limit}؛ قُرئ كذلك",
        "the largest number of typing errors after ~ is {limit}; it was read as that",
    ),
    "stray_tilde": (
        "«~» تتبع كلمة واحدة (كلمة~1) أو عبارة من كلمتين فأكثر (\"أ ب\"~3)؛ أُهملت",
        '~ follows a single word (word~1) or a phrase of two words or more ("a b"~3); it was ignored',
    ),
    "no_distance": (
        "تُكتب المسافة بعد العلامة، مثل: قرب/3 أو \"أ ب\"~3",
        'the distance is written after it, as in: NEAR/3 or "a b"~3',
    ),
    "distance": ("أكبر مسافة هي {limit}؛ قُرئت كذلك", "the largest distance is {limit}; it was read as that"),
    "two_distances": (
        "مسافتان مختلفتان في سلسلة واحدة؛ أُخذت الكبرى ({count})",
        "one chain has two distances; the larger ({count}) was taken",
    ),
    "near_words": (
        "تجمع قرب/عدد بين كلمات مفردة؛ قُرئت كأنها «و»",
        "NEAR/n joins single words; it was read as AND",
    ),
    "near_levels": (
        "كلمات المجاورة على مستويات مختلفة؛ بُحث بصيغها كلها",
        "the words of one NEAR have different levels; all their forms were searched",
    ),
    "near_too_many": (
        "تجمع قرب/عدد {limit} كلمات على الأكثر؛ أُهمل ما بعدها",
        "NEAR/n joins at most {limit} words; those after them were left out",
    ),
    "too_many_forms": (
        "تدل على أكثر من {limit} كلمة؛ أُخذت أكثرها ورودا وتُركت {more}",
        "it stands for more than {limit} words; the commonest were taken and {more} left out",
    ),
    "unknown_value": (
        "لا فقرة في المجموعة قيمة «{field}» فيها «{value}»",
        'no clause of the collection has "{value}" as its {field}',
    ),
    "no_date": (
        "«{value}» ليس تاريخا؛ تُكتب السنة أو 2011-06 أو 2011-06-28",
        '"{value}" is no date; write 2011, 2011-06 or 2011-06-28',
    ),
    "rebuilt": (
        "أُعيد بناء الفهرس أثناء التصفح؛ تتابع النتائج بعد آخر فقرة سبقت",
        "the index was rebuilt meanwhile; the results go on behind the last clause that was given",
    ),
    "limit_bounds": (
        "تُعرض {limit} فقرة في الصفحة على الأكثر",
        "a page shows 0 to {limit} clauses; that bound was taken",
    ),
    "page_bounds": ("الصفحات من 1 إلى {limit}؛ أُخذ أقربها", "pages go from 1 to {limit}; the nearest was taken"),
    "no_meaning": ("لم يُبحث بالمعنى، والبحث بالألفاظ كما هو: {why}", "meaning was not searched, words were: {why}"),
    "equals": ("تُكتب = أو == قبل الكلمة مباشرة؛ أُهملت", "= or == belongs directly before a word; it was ignored"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One remark on a query: the message in Arabic and English, and the place it is about.

    `start` and `end` count code points of the text typed, end exclusive, 0 ≤ start ≤ end ≤ len(text).
    `code` is the row of MESSAGES: it stays the same when the words of a message change.
    """

    message: str
    start: int
    end: int
    message_en: str = ""
    code: str = ""
    message_fr: str = ""

    def said(self, language: str = "ar") -> str:
        """The message in `language` ("ar", "en" or "fr"), in Arabic where there is no other."""
        return {"en": self.message_en, "fr": self.message_fr}.get(language) or self.message


def problem(code: str, start: int, end: int, **values: object) -> Problem:
    """The problem `code` of MESSAGES at [start, end), its blanks filled with `values`; a long value is shortened."""
    arabic, english = MESSAGES[code]
    shown = {name: _short(str(value)) if name == "typed" else value for name, value in values.items()}
    french = FRENCH.get(code, english)
    return Problem(arabic.format(**shown), start, end, english.format(**shown), code, french.format(**shown))


def _short(typed: str, most: int = 24) -> str:
    return typed if len(typed) <= most else typed[: most - 1] + "…"


def caret_lines(text: str, remark: Problem, language: str = "ar") -> str:
    """Three lines for a terminal: the query, a line of ^ under the place, the message."""
    shown = "".join(" " if c in "\n\r\t\v\f" else c for c in text)
    return f"{shown}\n{' ' * remark.start}{'^' * max(1, remark.end - remark.start)}\n{remark.said(language)}"
