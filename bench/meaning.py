"""`python -m bench.meaning`: what the search by meaning adds on judged questions, by the constant that weighs it.

Only the first hundred hits of each query are encoded, never a whole collection, and kept in the cache by their text:
108,000 paragraphs of Wikipedia would take hours of a core, their ranking by both scores is the same.
"""

from __future__ import annotations

import argparse
import sys
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from numpy.typing import NDArray

from bench.collections import NAMES, Collection, load
from bench.indexes import index_of
from bench.machine import describe
from bench.metrics import ndcg
from bench.places import CACHE, BenchProblem
from bench.report import save, table
from index.clause import Or, Term
from index.engine import IndexProblem
from index.meaning.encoder import Encoder, open_encoder
from index.meaning.known_texts import KnownTexts
from index.meaning.prepared import key_of, text_of
from index.meaning.vector_file import FOLDER, listed, packed, write
from index.store import Store
from search.meaning import Meaning
from search.meaning_weights import weight

if TYPE_CHECKING:
    from search.searcher import Searcher

WEIGHED = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 12.0, 16.0)
QUERIES = {"wikiqa": 300}
DEPTH = 100
Scores = list[tuple[str, list[str], NDArray[np.float64], NDArray[np.float64]]]  # query, ids, word scores, cosines


class CandidateVectors:
    """Stands for the vectors of an index: clauses are encoded when a ranking asks for them, once for each text."""

    def __init__(self, store: Store, encoder: Encoder) -> None:
        self.store, self.encoder, self.dimension = store, encoder, encoder.dimension
        self.folder = CACHE / "meaning" / encoder.fingerprint
        self.folder.mkdir(parents=True, exist_ok=True)
        self.known = KnownTexts()
        files = listed(self.folder)
        self.kept = sum(len(file.rows) for file in files)
        for file in files:
            self.known.made(file.rows)

    def __len__(self) -> int:
        return 0  # no mean over all clauses is taken: they are not encoded

    def at(self, ordinals: Sequence[int]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Return the vectors of clauses, as `index.meaning.vectors.Vectors.at` does."""
        texts = [text_of(orjson.loads(self.store.row(ordinal)), False) for ordinal in ordinals]
        keys = [key_of(text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if text and key not in self.known}
        if new:
            made = packed(list(new), self.encoder.clauses(list(new.values())))
            write(self.folder / FOLDER, self.kept, made, self.encoder.name, self.encoder.fingerprint)
            self.kept += len(made)
            self.known.made(made)
        found = np.zeros((len(keys), self.dimension), np.float32)
        for place, key in enumerate(keys):
            if kept := self.known.get(key):
                found[place] = kept[0].floats([kept[1]])[0]
        return found, np.asarray(found.any(axis=1))


class CandidateMeaning(Meaning):
    """What a searcher needs of meaning, over candidates alone."""

    def __init__(self, generation: Path, encoder: Encoder) -> None:
        self._store = Store(generation / "store")
        self.vectors: Any = CandidateVectors(self._store, encoder)
        self.encoder = encoder
        self._known, self._lock = OrderedDict(), threading.Lock()
        self.centre = np.zeros(encoder.dimension, np.float32)


def opened(collection: Collection, engine: str = "tantivy") -> Searcher:
    """Return a searcher on the collection's index that can rank by meaning."""
    from search.searcher import Searcher

    searcher = Searcher.open(str(index_of(collection.name, [collection.documents], engine)))
    assert searcher.generation is not None
    searcher.__dict__["meaning"] = CandidateMeaning(searcher.generation, open_encoder())
    return searcher


def both_scores(collection: Collection) -> Scores:
    """Return, for every query, its first hundred with the score of the words and the cosine."""
    searcher, found = opened(collection), []
    try:
        for number, (qid, text) in enumerate(collection.queries.items(), 1):
            hits = searcher.search(text, syntax=False, limit=DEPTH, facets=(), rows=False, meaning="off").hits
            ordinals = _ordinals(searcher, [hit.id for hit in hits])
            vectors, _ = searcher.meaning.vectors.at(ordinals)
            cosines = (vectors @ searcher.meaning.query(text)).astype(np.float64)
            found.append((qid, [hit.id for hit in hits], np.array([hit.score for hit in hits]), cosines))
            if number % 50 == 0:
                print(f"{collection.name}: {number} queries", file=sys.stderr)
    finally:
        searcher.close()
    return found


def _ordinals(searcher: Searcher, ids: Sequence[str]) -> list[int]:
    found = searcher.reader.search(Or(tuple(Term("id", id_) for id_ in ids)), limit=len(ids), rows=False).hits
    places = {match.id: match.ordinal for match in found}
    return [places[id_] for id_ in ids]


def gains(scores: Scores, collection: Collection, share: float) -> list[float]:
    """Return nDCG@10 of every query where a cosine weighs `share` of the best score, as `search.meaning` adds it."""
    found = []
    for qid, ids, words, cosines in scores:
        best = max(float(words.max(initial=0.0)), 1e-6)
        order = np.argsort(-(words + best * share * cosines), kind="stable")
        found.append(ndcg([ids[place] for place in order], collection.judged[qid]))
    return found


def chosen_without(figures: Mapping[str, Mapping[float, list[float]]], left_out: str) -> float:
    """Return the constant with the best mean over the other collections."""
    others = [found for name, found in figures.items() if name != left_out]
    return max(WEIGHED, key=lambda share: sum(float(np.mean(found[share])) for found in others))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, save; exit code 0, or 2 with a sentence where something is missing."""
    top = argparse.ArgumentParser("python -m bench.meaning", description=__doc__)
    top.add_argument("--collections", default=",".join(NAMES), help=f"some of {','.join(NAMES)} (default: all)")
    top.add_argument("--queries", type=int, metavar="N", help="only N queries of each (default: 300 of wikiqa)")
    top.add_argument("--no-save", action="store_true", help="do not write to bench/runs")
    options = top.parse_args(arguments)
    machine = describe()
    figures: dict[str, dict[float, list[float]]] = {}
    try:
        for name in options.collections.split(","):
            collection = load(name).sample(options.queries or QUERIES.get(name))
            scores = both_scores(collection)
            figures[name] = {share: gains(scores, collection, share) for share in WEIGHED}
    except (BenchProblem, IndexProblem) as problem:
        print(problem, file=sys.stderr)
        return 2
    text = _tables(figures)
    print(text)
    if not options.no_save and not options.queries and set(figures) == set(NAMES):
        rows = {name: {str(share): float(np.mean(of[share])) for share in WEIGHED} for name, of in figures.items()}
        print(f"\nwritten to bench/runs/{save('meaning', {'ndcg_10': rows}, text, machine).name}/")
    return 0


def _tables(figures: Mapping[str, Mapping[float, list[float]]]) -> str:
    heads = ["a cosine weighs", *(f"{name} ({len(found[0.0])})" for name, found in figures.items()), "mean"]
    rows: list[list[object]] = []
    for share in WEIGHED:
        means = [float(np.mean(found[share])) for found in figures.values()]
        rows.append([share, *means, sum(means) / len(means)])
    parts = [table(heads, rows), f"In use: {weight('cosine'):g}."]
    if len(figures) > 1:
        left = [[name, share, float(np.mean(found[share])), float(np.mean(found[0.0]))]
                for name, found in figures.items() for share in [chosen_without(figures, name)]]
        parts.append("Chosen on the other collections:\n\n" + table(("collection", "weight", "nDCG@10", "words"), left))
    return "\n\n".join(parts)


if __name__ == "__main__":
    sys.exit(main())
