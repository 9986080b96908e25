"""Pages of the League of Arab States: several resolutions a page, the symbol after each text:
"(ق 3063 / د 60 / جـ 1 - 11 / 9 / 1973)".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.page_text import Line

_SYMBOL = re.compile(
    r"\(? ?ق ?(?:\. ?ق)? ?[:.]? ?(?:رقم )?(?P<number>\d{1,5}) ?[/\-,،]? ?د ?\.? ?(?:ع|غ ?\.? ?ع)? ?\.? ?\(? ?"
    r"(?P<session>\d{1,3}) ?\)?"
    r"(?: ?[/\-,،]? ?ج ?\.? ?\(? ?(?P<sitting>\d{1,2}) ?\)?)?(?: ?[/\-–,،]? ?(?P<day>\d{1,2}) ?/ ?"
    r"(?P<month>\d{1,2}) ?/ ?(?P<year>\d{4}))? ?\)?"
)


@dataclass(slots=True, frozen=True)
class LeagueSymbol:
    """A symbol of the League's council: number, session, sitting, ISO date or None, and its span in the folded text."""

    number: str
    session: str
    sitting: str | None
    date: str | None
    at: tuple[int, int]

    def printed(self) -> str:
        """The normalised symbol: "ق 3063/د 60/ج 1"."""
        return f"ق {self.number}/د {self.session}" + (f"/ج {self.sitting}" if self.sitting else "")


def league_symbol(line: Line) -> LeagueSymbol | None:
    """The symbol that fills a line or closes it, None when there is none."""
    for match in _SYMBOL.finditer(line.text):
        if line.end - line.start - match.end() > 3:
            continue
        month, day = int(match["month"] or 0), int(match["day"] or 0)
        date = f"{match['year']}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else None
        at = (line.start + match.start(), line.start + match.end())
        return LeagueSymbol(match["number"], match["session"], match["sitting"], date, at)
    return None
