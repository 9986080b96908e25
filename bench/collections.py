"""Judged collections: documents, queries and which documents people judged to answer them (TREC qrels)."""

from __future__ import annotations

import gzip
import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from bench.places import BenchProblem, data_file

NAMES = ("court", "quran", "wikiqa")
WHAT = {"court": "headnotes of a supreme court, keyword queries", "quran": "passages of the Quran, questions",
        "wikiqa": "paragraphs of Wikipedia, questions"}


@dataclass(slots=True)
class Collection:
    """One judged collection; `judged`: query id → document id → grade; queries without a grade > 0 are left out."""

    name: str
    documents: Path  # .jsonl.gz with `id` and `text`
    queries: dict[str, str]
    judged: dict[str, dict[str, int]] = field(default_factory=dict)

    def rows(self) -> Iterator[dict[str, object]]:
        """Yield the documents in order."""
        with gzip.open(self.documents, "rb") as lines:
            for line in lines:
                yield orjson.loads(line)

    def fingerprint(self) -> str:
        """Return 12 hex digits of the documents file; another text gives another index."""
        return hashlib.blake2b(self.documents.read_bytes(), digest_size=6).hexdigest()

    def sample(self, count: int | None, seed: int = 20) -> Collection:
        """Return the collection with `count` queries drawn at random, always the same ones; all for None."""
        if count is None or count >= len(self.queries):
            return self
        drawn = set(random.Random(seed).sample(sorted(self.queries), count))
        queries = {qid: text for qid, text in self.queries.items() if qid in drawn}
        return Collection(self.name, self.documents, queries, self.judged)


def load(name: str) -> Collection:
    """Return a judged collection with the queries that have an answer. Raises BenchProblem where it is missing."""
    if name not in NAMES:
        raise BenchProblem(f"There is no collection {name!r}. The collections are: {', '.join(NAMES)}.")
    judged = read_qrels(data_file("retrieval", name, "qrels.txt").read_text("utf-8"))
    lines = data_file("retrieval", name, "queries.tsv").read_text("utf-8").splitlines()
    pairs = (line.split("\t", 1) for line in lines if "\t" in line)
    # A query without an answer in the collection gives no system a point: it is left out for all of them.
    queries = {qid: text for qid, text in pairs if any(grade > 0 for grade in judged.get(qid, {}).values())}
    return Collection(name, data_file("retrieval", name, "docs.jsonl.gz"), queries, judged)


def read_qrels(text: str) -> dict[str, dict[str, int]]:
    """Return query id → document id → grade of a TREC qrels file (`qid 0 docid grade`)."""
    judged: dict[str, dict[str, int]] = {}
    for line in text.splitlines():
        if line.strip():
            query, _, document, grade = line.split()
            judged.setdefault(query, {})[document] = int(grade)
    return judged
