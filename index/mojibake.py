"""Arabic that went through a wrong encoding and was saved again: recognised by its letters, and read back.

Two accidents are common on the web: UTF-8 read as windows-1252 (the article becomes "\u00d8\u00a7\u00d9\u201e"), and
windows-1256 read as Latin-1 ("\u00c7\u00e1"), also written as HTML entities. A text is repaired only when it has no
Arabic letter of its own and the repair is nearly all Arabic.
"""

from __future__ import annotations

import re

_ARABIC = re.compile("[\u0621-\u064a]")
_LATIN_UPPER_HALF = re.compile(
    "[\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]")
# How the text was spoilt → which bytes its letters stand for, and what they mean.
ACCIDENTS = (
    ("UTF-8 saved as if it were windows-1252", "utf-8"),
    ("windows-1256 saved as if it were Latin-1", "cp1256"),
)


def repair_mojibake(text: str) -> tuple[str, str]:
    """Return (text, "") as it is, or (repaired text, how it was spoilt)."""
    if text.isascii() or _ARABIC.search(text):
        return text, ""
    spoilt = _LATIN_UPPER_HALF.findall(text)
    # European languages use such letters sparsely; spoilt Arabic consists of them.
    letters = sum(1 for c in text if c.isalpha())
    if len(spoilt) < 8 or len(spoilt) < 0.4 * (letters + 1):
        return text, ""
    data = b"".join(_to_bytes(c) for c in text)
    for how, encoding in ACCIDENTS:
        repaired = data.decode(encoding, "replace")
        arabic = len(_ARABIC.findall(repaired))
        if arabic > 0.3 * len(spoilt) and repaired.count("\ufffd") < 0.2 * arabic:
            return repaired, how
    return text, ""


def _to_bytes(letter: str) -> bytes:
    """Return the byte a letter was made of: by windows-1252 where that has it, else by Latin-1, else UTF-8 as it is."""
    for encoding in ("cp1252", "latin-1"):
        try:
            return letter.encode(encoding)
        except UnicodeEncodeError:
            continue
    return letter.encode("utf-8", "replace")
