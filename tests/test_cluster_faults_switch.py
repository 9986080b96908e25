"""A new index without a pause: who asks while it is built and published gets the old answer or the new one, whole."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import cluster_nodes
from test_cluster_building import write_rows

from index.build import build
from search import open_index

pytestmark = cluster_nodes.MARK
SIZES = (300, 500, 400, 350)  # faster one after another than readers look for news


def test_every_answer_during_rebuilds_is_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    address = cluster_nodes.address(tmp_path)
    sources = [write_rows(tmp_path / f"{number}.jsonl", size) for number, size in enumerate(SIZES)]
    build([sources[0]], address)
    searcher = open_index(address)
    done = threading.Event()
    said: list[tuple[int, bool]] = []
    failed: list[Exception] = []

    def ask() -> None:
        nonlocal searcher
        while not done.is_set():
            try:
                searcher = searcher.refresh()
                results = searcher.search("رقم", limit=3, facets=("session",))
                assert sum(facet.count for facet in results.facets["session"]) == results.total
                said.append((results.total, results.partial))
            except Exception as error:
                failed.append(error)
                return

    reader = threading.Thread(target=ask)
    reader.start()
    try:
        for source in sources[1:]:
            build([source], address)
        end = time.monotonic() + 20
        while not failed and said[-1:] != [(SIZES[-1], False)] and time.monotonic() < end:
            time.sleep(0.05)
    finally:
        done.set()
        reader.join()
        searcher.close()
        cluster_nodes.delete(tmp_path)
    assert not failed
    assert {partial for _, partial in said} == {False}
    steps = [total for number, (total, _) in enumerate(said) if not number or said[number - 1][0] != total]
    places = [SIZES.index(total) for total in steps]
    assert places == sorted(set(places)), "one after another, never anything between, never back to an older one"
    assert (places[0], places[-1]) == (0, len(SIZES) - 1), "from the first to the last"
