"""The second list: clauses near a query, or a clause, in meaning; never mixed into the list of found ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import orjson

from index.clause import And, Clause, Not, Or, Term
from index.engine import Match
from search.highlight import highlights, snippet
from search.meaning_weights import weight
from search.meant import NEAREST
from search.ranking import content_of
from search.results import Hit

if TYPE_CHECKING:
    from index.meaning.model_file import Floats
    from search.meaning import Meaning, Near
    from search.searcher import Searcher

AT_FIRST = 64  # nearest clauses that are looked at; then four times as many, until enough pass
MOST = 4_096
_LIT = ("stem", "plural")


def near_matches(
    searcher: Searcher,
    meaning: Meaning,
    vector: Floats,
    *,
    limit: int,
    threshold: float | None,
    without: Clause | None,
    chosen: Sequence[Clause] = (),
) -> list[Match]:
    """Return the clauses nearest to `vector` that live, pass the filters `chosen` and do not match `without`.

    At most `limit`, best first, their scores the cosines; none whose cosine is below what any clause of the collection
    has with the vector by less than `threshold`, where one is given. Their rows are not filled.
    """
    least = meaning.common(vector) + threshold if threshold is not None else -1.0
    count, found = AT_FIRST, list[Match]()
    while True:
        near = meaning.nearest(vector, count)
        above = [one for one in near if one.cosine >= least]
        found = _passing(searcher, meaning, above, without, chosen)
        if len(found) >= limit or len(above) < len(near) or len(near) < count or count >= MOST:
            return found[:limit]
        count *= 4


def _passing(
    searcher: Searcher, meaning: Meaning, near: Sequence[Near], without: Clause | None, chosen: Sequence[Clause]
) -> list[Match]:
    """Those of the near clauses that the index answers with: the order by cosine, ties by order of addition."""
    if not near:
        return []
    cosines: Mapping[int, float] = {one.ordinal: one.cosine for one in near}
    ids = meaning.ids(list(cosines))
    question: Clause = And((Or(tuple(Term("id", id_) for id_ in ids)), *chosen))
    if without is not None:
        question = And((question, Not(without)))
    hits = searcher.reader.search(question, limit=len(ids), rows=False).hits
    hits = [hit for hit in hits if hit.ordinal in cosines]  # a replaced clause has the id of the one that replaced it
    for hit in hits:
        hit.score = cosines[hit.ordinal]
    return sorted(hits, key=lambda hit: (-hit.score, hit.ordinal))


def similar_matches(searcher: Searcher, meaning: Meaning, id_: str, limit: int = NEAREST) -> list[Match] | None:
    """Return the clauses most like the clause called `id_`, without itself; None where there is no such clause."""
    hits = searcher.reader.search(Term("id", id_), limit=1, rows=False).hits
    if not hits:
        return None
    vectors, known = meaning.vectors.at([hits[0].ordinal])
    if not known[0]:
        return []
    return near_matches(
        searcher, meaning, vectors[0], limit=limit, threshold=weight("similar"), without=Term("id", id_)
    )


def similar_hits(searcher: Searcher, id_: str, limit: int = NEAREST) -> list[Hit] | None:
    """Return the clauses most like the one called `id_`, the content words they share with it lit.

    None where there is no such clause. Raises `IndexProblem` where the index has no vectors.
    """
    matches = similar_matches(searcher, searcher.meaning, id_, limit)
    row = searcher.clause(id_) if matches else None
    if matches is None:
        return None
    if row is None:
        return []
    words = {token.terms.stem: token for token in content_of(searcher.analyzer.tokens(row["text"]))}
    shared = Or(tuple(Term(level, getattr(token.terms, level)) for token in words.values() for level in _LIT))
    found = []
    for match, stored in zip(matches, searcher.reader.rows(matches), strict=True):
        other = orjson.loads(stored)
        text = other.pop("text")
        other.pop("id", None)
        spans = highlights(shared, searcher.analyzer.tokens(text))
        found.append(Hit(match.id, match.score, text, spans, other, snippet(text, spans)))
    return found
