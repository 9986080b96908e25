"""What a query may cost: one row per limit, with its value and what happens beyond it.

Every limit that a query meets is told to the person as a `Problem`; none is silent. `docs/query-syntax.md` lists
the rows of this table, and a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: its value, and in one sentence what happens to what lies beyond it."""

    name: str
    value: int
    help: str


LIMITS: dict[str, Limit] = {
    limit.name: limit
    for limit in (
        Limit("characters", 4096, "A longer query is cut at the last space before this many characters."),
        Limit("terms", 256, "Words, quoted words and filters together; those after it are left out."),
        Limit("patterns", 16, "Words with * or ? and words~1; the query is read up to the last one allowed."),
        Limit("phrases", 24, "Phrases and NEARs of two words or more; the query is read up to the last one allowed."),
        Limit("nesting", 50, "Brackets inside brackets; deeper ones are read as spaces."),
        Limit("word", 255, "Letters of one word; a longer word is cut."),
        Limit("typos", 2, "The largest number after word~; a larger one is read as this one."),
        Limit(
            "distance",
            100,
            'The largest number after NEAR/ and after "…"~ (20 with three words, 5 with four); beyond, as that.',
        ),
        Limit("problems", 20, "Remarks on one query; further ones are counted in the last."),
    )
}


def limit(name: str) -> int:
    """The value of the limit called `name`; KeyError for a name that is not in the table."""
    return LIMITS[name].value
