"""What a stored value is called on the screen, in Arabic, English and French; and which value a typed label means."""

from __future__ import annotations

from functools import lru_cache

from index.analysis import WORD
from index.arabic import fold
from index.clause import MISSING

# value: (Arabic, English, French). The values are fixed by the project's interface; the Arabic labels of themes follow
# the section lines that conferences print (القرارات السياسية …), those of kinds the names that readers of law use.
LABELS: dict[str, dict[str, tuple[str, str, str]]] = {
    "theme": {
        "political": ("السياسية", "Political", "Politiques"),
        "economic": ("الاقتصادية", "Economic", "Économiques"),
        "cultural": ("الثقافية", "Cultural", "Culturelles"),
        "organisational": ("التنظيمية", "Organisational", "Organisation"),
        "finance": ("المالية", "Finance", "Finances"),
        "information": ("الإعلامية", "Information", "Information"),
        "legal": ("القانونية", "Legal", "Juridiques"),
        "science": ("العلوم والتكنولوجيا", "Science and technology", "Science et technologie"),
        "palestine": ("فلسطين", "Palestine", "Palestine"),
        "minorities": ("الجماعات والأقليات", "Minorities", "Communautés et minorités"),
        "humanitarian": ("الإنسانية", "Humanitarian", "Humanitaires"),
        "boycott": ("المقاطعة", "Boycott", "Boycottage"),
        "dawa": ("الدعوة", "Da'wa", "Daʿwa"),
    },
    "kind": {
        "preamble": ("ديباجة", "Preamble", "Préambule"),
        "operative": ("فقرة عاملة", "Operative", "Dispositif"),
        "sub": ("بند فرعي", "Sub-item", "Alinéa"),
        "paragraph": ("فقرة", "Paragraph", "Paragraphe"),
        "annex": ("مرفق", "Annex", "Annexe"),
        "note": ("حاشية", "Note", "Note"),
        "heading": ("عنوان", "Heading", "Titre"),
        "resolution": ("قرار", "Resolution", "Résolution"),
        "communique": ("بيان ختامي", "Communiqué", "Communiqué final"),
        "declaration": ("إعلان", "Declaration", "Déclaration"),
        "treaty": ("معاهدة أو ميثاق", "Treaty or charter", "Traité ou charte"),
        "other": ("وثيقة أخرى", "Other document", "Autre document"),
    },
    "body": {
        "ministers": ("وزراء الخارجية", "Council of ministers", "Conseil des ministres"),
        "summit": ("القمة", "Summit", "Sommet"),
        "security_council": ("مجلس الأمن", "Security Council", "Conseil de sécurité"),
        "general_assembly": ("الجمعية العامة", "General Assembly", "Assemblée générale"),
        "league": ("جامعة الدول العربية", "League of Arab States", "Ligue des États arabes"),
        "gcc": ("مجلس التعاون", "Gulf Cooperation Council", "Conseil de coopération du Golfe"),
    },
}
FIELD_LABELS: dict[str, tuple[str, str, str]] = {
    "session": ("الدورة", "Session", "Session"),
    "theme": ("الموضوع", "Theme", "Thème"),
    "kind": ("النوع", "Kind", "Nature"),
    "verb": ("الفعل", "Verb", "Verbe"),
    "body": ("الهيئة", "Body", "Organe"),
    "year": ("السنة", "Year", "Année"),
    "hijri_year": ("السنة الهجرية", "Hijri year", "Année hégirienne"),
}
_MISSING = ("بلا قيمة", "none", "sans")
_LANGUAGES = ("ar", "en", "fr")


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
