"""What ranks the listed clauses in the engine: words at their best level, letters, title, neighbours, other names."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from index.analysis import Token
from index.clause import And, Best, Boost, Clause, Near, Or, Term
from index.stem import stop_words
from search.weights import PAIR_SLOP, weight

TITLE_WORDS = 64  # words of a query that are looked for in titles; a pasted page is no title


def content_of(tokens: list[Token]) -> list[Token]:
    """Return the tokens that carry content: stop words dropped, unless all of them are stop words."""
    return [token for token in tokens if token.terms.folded not in stop_words()] or tokens


def candidate_scores(words: Sequence[Token]) -> list[Clause]:
    """Return each word by stem or plural class, as it is listed: enough to find the re-ranker's candidates.

    With the root and the exact letters the hundred candidates are no better after re-ranking (docs/decisions/0007).
    """
    return [_best_level(token) for token in words]


def word_scores(words: Sequence[Token]) -> list[Clause]:
    """Return each word at its best level, its exact letters and its place in the title."""
    scores: list[Clause] = []
    for token in words:
        scores.append(_best_level(token))
        scores.append(Boost(Term("folded", token.terms.folded), weight("exact")))
        scores.append(Boost(Term("title", token.terms.stem), weight("title")))
    return scores


def neighbour_scores(words: Sequence[Token]) -> list[Clause]:
    """Return what rewards words that stand together, and clauses that hold all of them."""
    scores: list[Clause] = []
    for left, right in pairwise(words):
        if left.terms.stem != right.terms.stem:
            pair = Near("stem", (left.terms.stem, right.terms.stem), PAIR_SLOP, ordered=True)
            scores.append(Boost(pair, weight("pair")))
    if len(words) > 1:
        scores.append(Boost(And(tuple(_best_level(token) for token in words)), weight("all_words")))
    return scores


def title_scores(words: Sequence[Token]) -> Clause:
    """Return what finds the clauses whose document's title holds a word."""
    stems = list(dict.fromkeys(token.terms.stem for token in words))[:TITLE_WORDS]
    return Or(tuple(Term("title", stem) for stem in stems))


def name_scores(names: Sequence[Clause]) -> list[Clause]:
    """Return what rewards clauses with another name of something in the query."""
    return [Boost(Best(tuple(names)), weight("other_name"))] if names else []


def _best_level(token: Token) -> Clause:
    """Without the root: the engine holds none, and its words one by one are no substitute (docs/decisions/0007)."""
    return Best((Term("stem", token.terms.stem), Boost(Term("plural", token.terms.plural), weight("plural"))))
