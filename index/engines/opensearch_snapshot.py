"""A consistent view of an index on a cluster: a point in time, in which every question of one reader is asked.

It lives on the nodes and is lost when they restart or it is not asked for `KEEP`. A reader then takes a new one and
goes on; whoever reads page after page (exports) holds the view and is told when it is lost.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson

from index.engine import IndexProblem, IndexUnavailable
from index.engines.opensearch_connection import Connection, Missing, TimedOut

Json = dict[str, Any]

KEEP = "2m"  # each question renews it
STALE_AFTER = 10.0  # seconds between a partial answer and opening the index anew
WHOLE_AGAIN = 5.0  # seconds after which a view that lacked shards is taken anew
_GONE = ("search_context_missing_exception", "node_not_connected_exception", "node_disconnected_exception",
         "no_shard_available_action_exception", "connect_transport_exception", "index_not_found_exception",
         "node_closed_exception", "shard_not_found_exception", "transport_exception")


@dataclass(frozen=True, slots=True)
class View:
    """One point in time: its id on the cluster, how many shards it sees, and how many the index has."""

    id: str
    shards: int
    whole: int
    taken: float

    @property
    def partial(self) -> bool:
        return self.shards < self.whole


class Snapshot:
    """Asks an index at one point in time. Safe to use from several threads."""

    def __init__(self, connection: Connection, index: str) -> None:
        """Take the first view. Raises `IndexProblem` where the index is not there."""
        self.connection = connection
        self.index = index
        self._lock = threading.Lock()
        self._view: View | None = None
        self._short_since: float | None = None
        self.view()

    @property
    def stale(self) -> bool:
        """Return whether an answer was partial `STALE_AFTER` seconds ago or earlier."""
        return self._short_since is not None and time.monotonic() - self._short_since > STALE_AFTER

    def view(self) -> View:
        """Return the view to ask in, a new one where there is none or where it could be whole again."""
        with self._lock:
            held = self._view
            if held is None or (held.partial and time.monotonic() - held.taken > WHOLE_AGAIN):
                self._release()
                held = self._view = self._take()
            return held

    def _take(self) -> View:
        try:
            answer = self.connection.ask(
                "POST", f"/{self.index}/_search/point_in_time", keep_alive=KEEP, allow_partial_pit_creation="true")
        except Missing:
            raise Missing(f"There is no index {self.index} at {self.connection.address.cluster}; build it.") from None
        shards = answer["_shards"]
        view = View(answer["pit_id"], int(shards["successful"]), int(shards["total"]), time.monotonic())
        if not view.shards:
            raise IndexUnavailable(
                f"No part of the index {self.index} at {self.connection.address.cluster} can be read. "
                "Look at the cluster's health, then ask again.")
        return view

    def lose(self, view: View) -> None:
        """Forget a view that failed, unless another thread has taken a new one already."""
        with self._lock:
            if self._view is view:
                self._view = None

    def ask(self, body: Json, *, held: View | None = None) -> tuple[Json, bool]:
        """Return the answer to a search and whether it is partial.

        A view that is lost is taken anew, once. With a `held` view the answer is whole and of that view, or
        `IndexUnavailable` is raised.
        """
        for attempt in (1, 2):
            view = held or self.view()
            try:
                answer = self._search(body, view, whole=held is not None)
            except (Missing, IndexUnavailable) as problem:
                self.lose(view)
                if held is not None:
                    raise IndexUnavailable(
                        "The view of the index that was being read is lost, because the cluster changed; "
                        "start the reading again.") from problem
                if attempt == 2 or isinstance(problem, TimedOut):
                    raise
                continue
            failed = failures(answer)
            if failed and attempt == 1 and held is None and any(kind in _GONE for kind in failed):
                self.lose(view)
                continue
            break
        short = view.partial or bool(failed) or bool(answer.get("timed_out"))
        if short and held is not None:
            raise IndexUnavailable("The answer lacks parts of the index. Look at the cluster's health, then try again.")
        if short and self._short_since is None:
            self._short_since = time.monotonic()
        return answer, short

    def _search(self, body: Json, view: View, *, whole: bool) -> Json:
        how: Json = {"search_type": "dfs_query_then_fetch"} if view.whole > 1 else {}
        return self.connection.ask(
            "POST", "/_search", {**body, "pit": {"id": view.id, "keep_alive": KEEP}},
            allow_partial_search_results="false" if whole else "true",
            cancel_after_time_interval=f"{max(1, int(self.connection.access.timeout * 900 / self.connection.tries))}ms",
            **how)

    def ask_all(self, bodies: Sequence[Json]) -> list[Json]:
        """Return the answers to several searches, sent in one piece."""
        for attempt in (1, 2):
            view = self.view()
            lines: list[bytes] = []
            for body in bodies:
                lines += [b"{}", orjson.dumps({**body, "pit": {"id": view.id, "keep_alive": KEEP}})]
            answers = self.connection.ask("POST", "/_msearch", b"\n".join(lines) + b"\n")["responses"]
            if all(one.get("status") == 200 and not failures(one) for one in answers):
                break
            self.lose(view)
            if attempt == 2:
                refused = next((one for one in answers if "error" in one), None)
                if refused and refused.get("status") not in (404, 429, 500, 503):
                    raise IndexProblem(f"The cluster refuses a question: {refused['error'].get('reason')}.")
                if refused:
                    raise IndexUnavailable("The cluster cannot answer now. Look at its health, then ask again.")
        return list(answers)

    def _release(self) -> None:
        view, self._view = self._view, None
        if view is not None:
            with suppress(IndexProblem):  # it ends by itself after KEEP
                self.connection.ask("DELETE", "/_search/point_in_time", {"pit_id": [view.id]}, seconds=2.0)

    def close(self) -> None:
        """Give the view back."""
        with self._lock:
            self._release()


def failures(answer: Json) -> list[str]:
    """Return the kinds of what failed in some shards; empty for a complete answer."""
    shards = answer.get("_shards", {})
    found = [str((one.get("reason") or {}).get("type", "unknown")) for one in shards.get("failures", ())]
    missing = int(shards.get("total", 0)) - int(shards.get("successful", 0))
    return found or ["unknown"] * max(0, missing)


def lacking() -> IndexUnavailable:
    """Return what to raise where an answer in part would be taken for the whole."""
    return IndexUnavailable("A part of the index does not answer. Look at the cluster's health, then ask again.")
