"""What a stored value is called on the screen, in Arabic and English; and which value a typed label means."""

from __future__ import annotations

from functools import lru_cache

from index.analysis import WORD
from index.arabic import fold
from index.clause import MISSING

# value: (Arabic, English). The values are fixed by the project's interface; the Arabic labels of themes follow the
# section lines that conferences print (القرارات السياسية …), those of kinds the names that readers of law use.
LABELS: dict[str, dict[str, tuple[str, str]]] = {
    "theme": {
        "political": ("السياسية", "Political"),
        "economic": ("الاقتصادية", "Economic"),
        "cultural": ("الثقافية", "Cultural"),
        "organisational": ("التنظيمية", "Organisational"),
        "finance": ("المالية", "Finance"),
        "information": ("الإعلامية", "Information"),
        "legal": ("القانونية", "Legal"),
        "science": ("العلوم والتكنولوجيا", "Science and technology"),
        "palestine": ("فلسطين", "Palestine"),
        "minorities": ("الجماعات والأقليات", "Minorities"),
        "humanitarian": ("الإنسانية", "Humanitarian"),
        "boycott": ("المقاطعة", "Boycott"),
        "dawa": ("الدعوة", "Da'wa"),
    },
    "kind": {
        "preamble": ("ديباجة", "Preamble"),
        "operative": ("فقرة عاملة", "Operative"),
        "sub": ("بند فرعي", "Sub-item"),
        "paragraph": ("فقرة", "Paragraph"),
        "annex": ("مرفق", "Annex"),
        "note": ("حاشية", "Note"),
        "heading": ("عنوان", "Heading"),
        "resolution": ("قرار", "Resolution"),
        "communique": ("بيان ختامي", "Communiqué"),
        "declaration": ("إعلان", "Declaration"),
        "treaty": ("معاهدة أو ميثاق", "Treaty or charter"),
        "other": ("وثيقة أخرى", "Other document"),
    },
    "body": {
        "ministers": ("وزراء الخارجية", "Council of ministers"),
        "summit": ("القمة", "Summit"),
        "security_council": ("مجلس الأمن", "Security Council"),
        "general_assembly": ("الجمعية العامة", "General Assembly"),
        "league": ("جامعة الدول العربية", "League of Arab States"),
        "gcc": ("مجلس التعاون", "Gulf Cooperation Council"),
    },
}
FIELD_LABELS: dict[str, tuple[str, str]] = {
    "session": ("الدورة", "Session"),
    "theme": ("الموضوع", "Theme"),
    "kind": ("النوع", "Kind"),
    "verb": ("الفعل", "Verb"),
    "body": ("الهيئة", "Body"),
    "year": ("السنة", "Year"),
}
_MISSING = ("بلا قيمة", "none")
_LANGUAGES = ("ar", "en")


def label(field: str, value: str, language: str = "ar") -> str:
    """Return what `value` of `field` is called in a language; a value without a label is its own."""
    if value == MISSING:
        return _MISSING[_LANGUAGES.index(language)]
    known = LABELS.get(field, {}).get(value)
    return known[_LANGUAGES.index(language)] if known else value


def field_label(field: str, language: str = "ar") -> str:
    """Return what a facet field is called in a language."""
    return FIELD_LABELS[field][_LANGUAGES.index(language)]


@lru_cache(maxsize=4096)
def comparable(text: str) -> str:
    """Return a value or label as it is compared with what a user types: folded words, the article left out."""
    words = (fold(word) for word in WORD.findall(text))
    return " ".join(word[2:] if word.startswith("ال") and len(word) > 4 else word for word in words)


def matching_values(field: str, typed: str, values: list[str]) -> list[str]:
    """Return the stored values that `typed` means: the same text, else the same letters, else a label."""
    if typed in values:
        return [typed]
    wanted = comparable(typed)
    same = [value for value in values if comparable(value) == wanted]
    return same or [
        value for value in values if any(comparable(label(field, value, lang)) == wanted for lang in _LANGUAGES)
    ]
