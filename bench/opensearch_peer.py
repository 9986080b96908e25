"""OpenSearch's own `arabic` analyzer as a peer: the same documents on the same nodes, asked for as full a page."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bench.query_samples import Question

NAME = "peer-arabic"
FACETS = ("session", "theme", "kind")
FACET_VALUES = 1_000
Json = dict[str, Any]


def client(addresses: Sequence[str]) -> Any:
    """Return a client of the nodes; every request is made once."""
    from opensearchpy import OpenSearch

    return OpenSearch(hosts=list(addresses), timeout=60, max_retries=0, http_compress=True, pool_maxsize=32)


def feed(addresses: Sequence[str], rows: Iterable[Mapping[str, Any]], shards: int, replicas: int) -> float:
    """Make the peer's index of the rows and return the seconds until everything can be found."""
    from opensearchpy.helpers import parallel_bulk

    asked = client(addresses)
    asked.indices.delete(index=NAME, ignore_unavailable=True)
    started = time.perf_counter()
    asked.indices.create(index=NAME, body={
        "settings": {"number_of_shards": shards, "number_of_replicas": replicas, "refresh_interval": "-1"},
        "mappings": {"properties": {"text": {"type": "text", "analyzer": "arabic"},
                                    **{name: {"type": "keyword"} for name in FACETS}}}})
    actions = ({"_index": NAME, "_id": row["id"], "_source": dict(row)} for row in rows)
    for done, item in parallel_bulk(asked, actions, thread_count=4, chunk_size=500):
        assert done, item
    asked.indices.refresh(index=NAME)
    return time.perf_counter() - started


def size(addresses: Sequence[str], index: str) -> tuple[int, int]:
    """Return the bytes of an index's primary shards once they are merged into one segment each, and its clauses.

    Read from the segments that are searched: the files of merged ones stay on the disk for a while.
    """
    asked = client(addresses)
    asked.indices.forcemerge(index=index, max_num_segments=1, request_timeout=600)
    asked.indices.refresh(index=index)
    found = [segment for one in asked.indices.segments(index=index)["indices"].values()
             for copies in one["shards"].values() for copy in copies if copy["routing"]["primary"]
             for segment in copy["segments"].values() if segment["search"]]
    return sum(segment["size_in_bytes"] for segment in found), sum(segment["num_docs"] for segment in found)


def ask(asked: Any, question: Question) -> int:
    """Ask for a page: ten highlighted hits, three facets, both totals. Return how many match."""
    answer = asked.search(index=NAME, body=body(question))
    return int(answer["hits"]["total"]["value"])


def body(question: Question) -> Json:
    """Return a question as the peer's users write it."""
    every: Json = {"match": {"text": {"query": question.words, "operator": "and"}}}
    query: Json = {"match": {"text": question.words}}
    if question.kind == "all":
        query = every
    elif question.kind == "phrase":
        query = {"match_phrase": {"text": question.words}}
    elif question.kind == "prefix":
        query = {"prefix": {"text": question.words}}
    elif question.kind == "session" and question.session:
        query = {"bool": {"must": query, "filter": {"term": {"session": question.session}}}}
    counts: Json = {name: {"terms": {"field": name, "size": FACET_VALUES}} for name in FACETS}
    return {"query": query, "size": 10, "track_total_hits": True, "aggs": counts | {"all": {"filter": every}},
            "highlight": {"fields": {"text": {"number_of_fragments": 0}}}}
