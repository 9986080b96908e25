"""How many pairs of a word's forms share a term, and how many pairs of different words do: `python -m bench.families`.

The families are tests/cases/{stem,plural,spellings,hard_pairs}.tsv, in two halves: the rules were settled on the first
("tuned"), the second was written afterwards ("held out"). Printed for our stemmer, Snowball's and letters alone.
"""

from __future__ import annotations

import itertools
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from index.arabic import fold
from index.stem import Stemmer, WordTerms

CASES = Path(__file__).resolve().parents[1] / "tests" / "cases"
Terms = Callable[[str], WordTerms]


def families(name: str, half: str) -> list[list[str]]:
    """The families of tests/cases/<name>.tsv: the expected word and all that share it."""
    groups: dict[str, list[str]] = defaultdict(list)
    for line in (CASES / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            word, head, why = line.split("\t")
            if why.endswith(half):
                groups[head].append(word)
    return [[head, *words] for head, words in groups.items()]


def share(terms: Terms, one: str, other: str) -> bool:
    """Whether two words share a stem or plural term."""
    left, right = terms(fold(one)), terms(fold(other))
    return left.stem == right.stem or left.plural == right.plural


def rate(terms: Terms, name: str, half: str) -> tuple[int, int]:
    """(pairs that share a term, pairs): all pairs of a family, for plurals and hard pairs only those listed."""
    pairs = [
        pair
        for family in families(name, half)
        for pair in (
            itertools.combinations(family, 2)
            if name in ("stem", "spellings")
            else ((family[0], word) for word in family[1:])
        )
    ]
    return sum(share(terms, *pair) for pair in pairs), len(pairs)


def letters(folded: str) -> WordTerms:
    """Terms of a search that does no more than fold."""
    return WordTerms(folded, folded, folded)


def main() -> None:
    """Print the table and the time a word takes."""
    stemmers: dict[str, Terms] = {
        "kashshaf": Stemmer().terms,
        "snowball": Stemmer("snowball").terms,
        "letters": letters,
    }
    titles = {"stem": "regular forms", "plural": "plurals", "spellings": "spellings", "hard_pairs": "hard pairs merged"}
    print("set", "half", *stemmers, "pairs", sep="\t")
    for name, title in titles.items():
        for half in ("tuned", "held out"):
            found = [rate(terms, name, half) for terms in stemmers.values()]
            cells = [str(hit) if name == "hard_pairs" else f"{hit / total:.3f}" for hit, total in found]
            print(title, half, *cells, found[0][1], sep="\t")
    words = [fold(word) for name in titles for family in families(name, "") for word in family]
    for label in ("first", "again"):
        start = time.perf_counter()
        terms = Stemmer().terms
        for word in words:
            terms(word)
        print(f"{label}: {(time.perf_counter() - start) / len(words) * 1e6:.1f} µs a word, {len(words)} words")


if __name__ == "__main__":
    main()
