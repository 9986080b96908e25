"""Queries drawn from the texts themselves, always the same ones: by class, for timing."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from index.analysis import Analyzer
from index.stem import stop_words

SEED = 1437
POOL = 4_000  # texts that queries are drawn from
CLASSES = ("three words", "common word", "rare word", "2–4 any", "2–4 all", "phrase", "common phrase", "prefix",
           "in one session")


@dataclass(slots=True)
class Question:
    """One query to be timed. `kind`: any, all, phrase, prefix or session, as in bench/lucene/Asking.java."""

    name: str  # its class
    kind: str
    words: str
    session: str = ""


def draw(rows: Iterable[Mapping[str, object]], count: int) -> list[Question]:
    """Return `count` queries of every class, words without marks, from a fixed random pool of the rows' texts."""
    chance = random.Random(SEED)
    texts = _pool(rows, chance)
    often = Counter(word for words, _ in texts for word in set(words))
    content = {word for word in often if word not in stop_words() and len(word) > 2 and not word.isdecimal()}
    common = [word for word, _ in often.most_common(400) if word in content][:60]
    rare = sorted(word for word, number in often.items() if number == 1 and word in content)
    usable = [(words, session) for words, session in texts if len(content.intersection(words)) >= 4]

    def some(low: int, high: int) -> tuple[str, str]:
        words, session = chance.choice(usable)
        picked = chance.sample(sorted(content.intersection(words)), chance.randint(low, high))
        return " ".join(picked), session

    def neighbours() -> str:
        while True:
            words, _ = chance.choice(usable)
            start = chance.randrange(len(words) - 1)
            if words[start] in content and words[start + 1] in content:
                return f"{words[start]} {words[start + 1]}"

    pairs = Counter(f"{a} {b}" for words, _ in texts for a, b in pairwise(words)
                    if a in content and b in content)
    frequent = [pair for pair, _ in pairs.most_common(40)]
    found = []
    for _ in range(count):
        words, session = some(1, 3)
        found += [Question("three words", "any", some(3, 3)[0]), Question("common word", "any", chance.choice(common)),
                  Question("rare word", "any", chance.choice(rare)), Question("2–4 any", "any", some(2, 4)[0]),
                  Question("2–4 all", "all", some(2, 4)[0]), Question("phrase", "phrase", neighbours()),
                  Question("common phrase", "phrase", chance.choice(frequent)),
                  Question("prefix", "prefix", chance.choice(sorted(content))[:3]),
                  Question("in one session", "session", words, session)]
    return found


def _pool(rows: Iterable[Mapping[str, object]], chance: random.Random) -> list[tuple[list[str], str]]:
    """Return (folded words, session) of POOL rows: a reservoir, so that a file need not fit into memory."""
    kept: list[tuple[str, str]] = []
    for number, row in enumerate(rows):
        place = number if number < POOL else chance.randrange(number + 1)
        if place < POOL:
            kept[place:place + 1] = [(str(row["text"]), str(row.get("session") or ""))]
    analyzer = Analyzer()
    return [([terms.folded for terms in analyzer.terms_of(text)], session) for text, session in kept]
