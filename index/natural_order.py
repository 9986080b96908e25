"""Names in the order a person expects: "page 9" before "page 10", Arabic digits as well."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"(\d+)")


def natural_key(name: str) -> tuple[tuple[int, str, str], ...]:
    """Return a sort key: runs of digits compare as numbers of any length, the rest without regard to case."""
    parts = []
    for i, part in enumerate(_DIGITS.split(name)):
        if i % 2:
            digits = "".join(str(int(d)) for d in part).lstrip("0")
            parts.append((len(digits), digits, part))
        else:
            parts.append((0, part.casefold(), part))
    return tuple(parts)
