"""How clauses begin: verbs of operative clauses and preamble openers, as patterns over folded text,
made from the tables.
"""

from __future__ import annotations

import re
from functools import cache

from index.page_text import LETTER, fold
from index.parse_tables import table

# A word ends, or a space was lost: "يستذكرالقرارات", "يطلبمن الأمين".
_TAIL = rf"(?:(?![{LETTER}])|(?=ال|(?:من|عن|في|علي|الي|بان|ان|كل|جميع)(?![{LETTER}])|ب[{LETTER}]{{4}}))"
_LEAD = r"(?:(?:كما|ثم|لذلك|لذا|عليه|ايضا|و?اننا|فاننا) )?"


def _words(column: str) -> list[str]:
    found = {fold(word) for row in table("clause_verbs") for word in row.get(column, "").split("|") if word}
    return sorted(found, key=len, reverse=True)


@cache
def verb_pattern() -> str:
    """A known verb in the imperfect, any person: يطلب، تطلب، نطلب، ويطلب، يطلبون."""
    stems = "|".join(dict.fromkeys(word[1:] for word in _words("imperfect")))
    return rf"(?:و|ف)?[يتن](?:{stems})(?:ون|ان|ا)?{_TAIL}"


@cache
def operative_opener() -> re.Pattern[str]:
    """Matches at the first letter of a clause; group "verb" is the verb without كما and the like."""
    return re.compile(rf"{_LEAD}(?P<verb>{verb_pattern()})")


@cache
def numbered_opener() -> re.Pattern[str]:
    """After a number more is believed: any imperfect, a masdar of a known verb, or a known past."""
    masdar, past = "|".join(_words("masdar")), "|".join(_words("past"))
    return re.compile(
        rf"{_LEAD}(?P<verb>{verb_pattern()}|(?:و|ف)?(?:لا )?ي[{LETTER}]{{2,}}(?<!ه)(?![{LETTER}])|و?(?:{masdar})"
        rf"(?:ه)?{_TAIL}|و?(?:{past})(?:ت|وا)?{_TAIL})"
    )


@cache
def past_opener() -> re.Pattern[str]:
    """A verb in the past, as communiqués use it: أكد، أدان، دعا، وأكدت."""
    return re.compile(rf"(?:كما )?(?P<verb>(?:و ?|ف)?(?:{'|'.join(_words('past'))})(?:ت|وا|نا)?{_TAIL})")


# After "بعد", with or without a pronoun: بعد اطلاعه، بعد الاستماع، بعد دراسته.
_CONSIDERED = "اطلاع|استماع|دراس|نظر|تداول|مداول|مناقش|استعراض|بحث"


def _preamble() -> str:
    rows = table("preamble_openers")
    phrases = "|".join(fold(row["opener"]) for row in rows if row["kind"] == "phrase")
    words = "|".join(fold(row["opener"]) for row in rows if row["kind"] == "word")
    verb = rf"[{LETTER}]{{2,}}"
    since = rf"(?:و ?)?اذ(?: (?:لا |لم |ما |قد |ان )?{verb_pattern()}| (?:لا |لم |ما |قد |ان )?{verb}|{verb_pattern()})"
    after = rf"(?:و ?)?(?:بعد|عقب) ?(?:ان {verb}|(?:ال)?(?:{_CONSIDERED})[{LETTER}]{{0,3}})"
    return (
        rf"(?:{since}|{after}|(?:و ?)?قد {verb}|(?:و ?)?(?:{phrases})(?![{LETTER}])|(?:و ?)?(?:{words})(?:ن)?{_TAIL})"
    )


@cache
def preamble_opener() -> re.Pattern[str]:
    """Matches a preamble opener at the beginning of a line;
    group "verb" is the opener as far as its first verb or noun.
    """
    accusative = rf"و?[{LETTER}]{{2,}}ا (?=منه|منها|منا |من |ب[{LETTER}]|ل[{LETTER}]|علي |الي )"
    return re.compile(rf"(?:[-•*] ?)?(?P<verb>{_preamble()}|{accusative})")


@cache
def inline_preamble() -> re.Pattern[str]:
    """Finds preamble clauses that begin inside a paragraph:
    after a stop any certain opener, without a stop only "وإذ" with a verb.
    """
    verb = rf"[يتن][{LETTER}]{{2,}}"
    stop = r"(?<=[،؛.:;,])"
    strong = (
        rf"(?:و ?)?اذ ?(?:لا |لم |قد )?{verb}|و ?(?:بعد|عقب) ?ان [{LETTER}]{{2,}}|و ?قد (?:اطلع|نظر|درس|استعرض"
        rf"|استمع|احاط)"
    )
    return re.compile(rf"(?:{stop} ?(?P<stopped>{strong})|(?<= )(?P<bare>واذ {verb}))")


@cache
def inline_accusative() -> re.Pattern[str]:
    """Finds "؛ وإدراكا منه …" inside a paragraph."""
    words = "|".join(fold(row["opener"]) for row in table("preamble_openers") if row["kind"] == "word")
    return re.compile(rf"(?<=[؛;]) ?(?P<stopped>(?:و ?)?(?:{words}){_TAIL})")
