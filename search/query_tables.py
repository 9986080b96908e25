"""The words and signs of the query language, Latin and Arabic side by side. `docs/query-syntax.md` explains them.

Arabic keys are written as `index.arabic.fold` gives them (أو is او), so that any spelling of them is recognised.
"""

from __future__ import annotations

# Quotation marks come in families: a mark is closed by the next one of its own family, whichever way it looks,
# because keyboards, phones and right-to-left text mix them.
QUOTE_FAMILIES: tuple[str, ...] = ("\"“”„‟＂〝〞", "«»")
QUOTES: frozenset[str] = frozenset("".join(QUOTE_FAMILIES))

# Latin operators count in capitals only: "and" is a word. Arabic ones count only between two terms.
LATIN_OPERATORS: dict[str, str] = {"AND": "and", "OR": "or", "NOT": "not"}
ARABIC_OPERATORS: dict[str, str] = {"و": "and", "او": "or", "وليس": "not"}
NEAR_WORDS: frozenset[str] = frozenset({"NEAR", "قرب"})

MINUS = "-−"  # the key, and the minus sign of word processors
MARKS = "+" + MINUS
# Between two word characters these join one chunk of several words: a-b, 1990/1991, R&D.
GLUE = "-−‐‑‒–—/\\+&@"
# Between two word characters these stay inside the word and are left to the analyzer: م.ت.ف, 3,5, don't.
INSIDE = ".,'’_٫٬·"

# name -> its spellings. The first Arabic spelling is the one that is shown.
FIELDS: dict[str, tuple[str, ...]] = {
    "session": ("session", "دورة", "الدورة"),
    "theme": ("theme", "موضوع", "الموضوع"),
    "kind": ("kind", "نوع", "النوع"),
    "date": ("date", "تاريخ", "التاريخ"),
    "year": ("year", "سنة", "السنة", "عام"),
    "hijri_year": ("hijri", "هجرية", "سنة_هجرية", "السنة_الهجرية", "hijri_year"),
    "verb": ("verb", "فعل", "الفعل"),
    "body": ("body", "هيئة", "الهيئة"),
    "title": ("title", "عنوان", "العنوان"),
    "resolution": ("resolution", "قرار", "القرار"),
    "id": ("id", "معرف", "المعرف"),
}
# Spellings that are half a range of the field `date`.
DATE_ENDS: dict[str, tuple[str, ...]] = {"from": ("from", "من"), "to": ("to", "إلى", "حتى")}
# Spellings that say at which level the word after the colon is compared.
LEVEL_FIELDS: dict[str, tuple[str, ...]] = {"root": ("root", "جذر", "الجذر"), "stem": ("stem", "جذع", "الجذع")}
SYMBOL_FIELD: tuple[str, ...] = ("symbol", "رمز", "الرمز")

# What a filter looks like, for the message about one without a value.
EXAMPLES: dict[str, str] = {
    "session": "session:38", "theme": "theme:political", "kind": "kind:operative", "date": "date:2010..2012",
    "year": "year:2011", "hijri_year": "hijri:1432", "verb": "verb:يؤكد",
    "body": "body:ministers", "title": "title:فلسطين",
    "resolution": "resolution:…", "id": "id:…", "from": "from:2010", "to": "to:2012", "root": "root:كتب",
    "stem": "stem:كتاب", "symbol": "symbol:38/32-س",
}  # fmt: skip

# Suffixes of resolution symbols, with their usual variants (official resolutions, 1970-2018). Spaces are left out.
SYMBOL_SUFFIXES: tuple[str, ...] = (
    "إيشاد", "ايشاد", "ICHAD", "أ.ف", "ا.ف", "أ.ق", "ا.ق", "إ.ع", "قن", "ق.ن", "عت", "ع.ت", "أق", "اق", "إق", "أت",
    "ات", "أف", "اف", "أم", "ام", "إع", "اع", "أع", "POL", "ECO", "ORG", "INF", "LEG", "PAL", "IBO", "S&T", "AF", "MM",
    "DW", "س", "ق", "ث", "ف", "أ", "ا", "E", "C",
)  # fmt: skip
