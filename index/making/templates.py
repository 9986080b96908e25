"""Broken plurals that no dictionary lists: a template of the plural, and a singular that the counts confirm.

Templates after Wright, A Grammar of the Arabic Language I, 304-305. A digit is a letter of the root; the singulars are
tried in order. Only templates that do not look like a common singular are here.
"""

from __future__ import annotations

import re

TEMPLATES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("م1ا2ي3", ("م12و3", "م12ا3", "م12ي3")), ("1وا2ي3", ("1ا2و3",)), ("1وا23", ("1ا23", "1ا23ة")),
    ("12اء3", ("12ي3ة", "12ا3ة", "12و3ة")), ("12ا3ي4", ("123ا4", "123و4", "123ي4")),
    ("ا1ا2ي3", ("ا12و3", "ا12و3ة")), ("ت1ا2ي3", ("ت12ي3",)),
    ("ا123اء", ("12ي3",)),
)  # fmt: skip
DISTINCT = 5  # a plural of so many letters is seldom anything else


def _pattern(template: str) -> re.Pattern[str]:
    seen: set[str] = set()
    parts = []
    for sign in template:
        if sign.isdigit():
            parts.append(f"(?P<r{sign}>[^اويىة])" if sign not in seen else f"(?P=r{sign})")
            seen.add(sign)
        else:
            parts.append(sign)
    return re.compile("".join(parts))


_COMPILED = tuple((_pattern(plural), singulars) for plural, singulars in TEMPLATES)


def singulars_by_template(plural: str) -> list[str]:
    """The words of which a folded word may be the broken plural, by its shape alone, likeliest first."""
    result: list[str] = []
    for pattern, singulars in _COMPILED:
        found = pattern.fullmatch(plural)
        if found is None:
            continue
        letters = found.groupdict()
        for singular in singulars:
            result.append("".join(letters["r" + sign] if sign.isdigit() else sign for sign in singular))
    return result
