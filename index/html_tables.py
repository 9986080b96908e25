"""What HTML elements do to a text: tables of blocks, of furniture, and of the ways lists count."""

from __future__ import annotations

import re

# A blank line around. Source: the HTML standard's rendering section, elements with vertical margins.
PARAGRAPHS = frozenset((
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol", "dl", "pre", "figure", "fieldset",
    "article", "section", "main", "hr", "center",
))
# A new line around: the other elements that are displayed as blocks, and table rows.
LINES = frozenset((
    "div", "li", "dt", "dd", "tr", "caption", "thead", "tbody", "tfoot", "address", "header", "hgroup", "figcaption",
    "legend", "details", "summary", "form", "dir", "body", "html", "marquee",
))
CELLS = frozenset(("td", "th"))
# Never text of the document.
DROPPED = frozenset((
    "script", "style", "noscript", "template", "head", "title", "meta", "link", "nav", "footer", "aside", "menu",
    "select", "option", "optgroup", "button", "input", "textarea", "datalist", "label", "output", "progress", "meter",
    "svg", "math", "canvas", "iframe", "object", "embed", "applet", "audio", "video", "map", "area", "img", "dialog",
    "frameset", "frame", "noframes", "-comment", "!doctype",
))
# ARIA roles of furniture. Source: WAI-ARIA 1.2, landmark and widget roles.
DROPPED_ROLES = frozenset((
    "navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar", "toolbar", "dialog",
    "alertdialog", "tablist", "tooltip",
))
# Words in class and id that name furniture, as whole words between hyphens, underscores and changes of case.
# Source: the names used by WordPress, Drupal, Joomla, MediaWiki, Bootstrap and SharePoint themes.
FURNITURE_WORDS = frozenset((
    "nav", "navbar", "navigation", "menu", "submenu", "menubar", "topmenu", "mainmenu", "footer", "copyright",
    "breadcrumb", "breadcrumbs", "sidebar", "cookie", "cookies", "banner", "share", "sharing", "social", "addthis",
    "pagination", "pager", "skip", "toolbar", "search", "searchform", "login", "advertisement", "advert", "ads",
    "popup", "editsection",
))
FURNITURE_SHARE = 0.4  # an element with more than this share of the page's letters is no furniture
HEADER_LETTERS = 300  # a <header> or <form> with more letters, or with a paragraph, is part of the document

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_STYLE_TYPE = re.compile(r"list-style(?:-type)?\s*:\s*([a-z-]+)", re.IGNORECASE)

# Letters in the order of abjad, for `list-style-type: arabic-abjad` and Word's abjad numbering.
ABJAD = "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"
# The alphabet as lists count in it, Word's arabicAlpha.
ALPHABET = "أبتثجحخدذرزسشصضطظعغفقكلمنهوي"
# CSS list-style-type and <ol type> → the name of a way of counting.
STYLES = {
    "1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman",
    "decimal": "decimal", "decimal-leading-zero": "decimal", "lower-alpha": "lower-alpha", "lower-latin": "lower-alpha",
    "upper-alpha": "upper-alpha", "upper-latin": "upper-alpha",
    "lower-roman": "lower-roman", "upper-roman": "upper-roman",
    "arabic-indic": "arabic-indic", "persian": "persian", "arabic-abjad": "abjad", "arabic-alphabet": "alphabet",
    "none": "none", "disc": "bullet", "circle": "bullet", "square": "bullet",
}
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def counted(number: int, style: str) -> str:
    """Return a number as a list of that style prints it; what a style cannot count (0, 4000) is printed in digits."""
    if style == "arabic-indic":
        return str(number).translate({48 + d: 0x660 + d for d in range(10)})
    if style == "persian":
        return str(number).translate({48 + d: 0x6F0 + d for d in range(10)})
    if number < 1 or style == "decimal":
        return str(number)
    if style in ("lower-roman", "upper-roman") and number < 4000:
        letters = ""
        for value, letter in _ROMAN:
            letters += letter * (number // value)
            number %= value
        return letters.upper() if style == "upper-roman" else letters
    alphabet = {"abjad": ABJAD, "alphabet": ALPHABET, "lower-alpha": "abcdefghijklmnopqrstuvwxyz",
                "upper-alpha": "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}.get(style, "")
    if not alphabet or number > 1_000_000:
        return str(number)
    letters = ""
    while number:
        number, rest = divmod(number - 1, len(alphabet))
        letters = alphabet[rest] + letters
    return letters


def list_style(attributes: dict[str, str | None], inherited: str) -> str:
    """Return how a list counts: by its style attribute, else its type attribute, else as `inherited`."""
    found = _STYLE_TYPE.search(attributes.get("style") or "")
    if found and found[1].lower() in STYLES:
        return STYLES[found[1].lower()]
    kind = (attributes.get("type") or "").strip()
    return STYLES.get(kind) or STYLES.get(kind.lower(), inherited)


def whole_number(value: str | None, default: int) -> int:
    """Return an attribute's whole number between ±10^9, else the default."""
    try:
        number = int(value or "")
    except ValueError:
        return default
    return number if abs(number) < 10**9 else default


def named_furniture(tag: str, attributes: dict[str, str | None]) -> bool:
    """Return whether an element's class or id names furniture; its share of the page has still to be looked at."""
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return tag not in ("body", "html", "main", "article") and any(
        word.lower() in FURNITURE_WORDS for word in _WORDS.findall(names))


def is_aside(attributes: dict[str, str | None]) -> bool:
    """Return whether an element's own attributes say that it is not displayed, or that it is furniture by its role."""
    if "hidden" in attributes or (attributes.get("role") or "").lower() in DROPPED_ROLES:
        return True
    return bool(_HIDDEN.search(attributes.get("style") or ""))
