"""The generations of a named index on a cluster: `NAME` is an alias of the living one, `NAME-g…` each is an index.

A build makes a new generation and moves the alias when it is whole: old and new change places in one call, and the old
index is deleted by a later build, never in that call, or readers would get short answers without being told.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from index.engine import SCHEMA_VERSION, IndexProblem, Manifest
from index.engines.opensearch_connection import Connection, Missing, Refused
from index.engines.opensearch_mapping import index_body
from index.engines.opensearch_state import State

Json = dict[str, Any]

FORGOTTEN = 7 * 86_400  # seconds after which a build that nobody finished is removed
READERS_NEED = 10.0  # seconds a generation stays when a newer one is published: readers look for news every second
HEALTH_SECONDS = 60.0  # that a new index may take until it can be written
COPY_SECONDS = 20.0  # that its second copies may take


class Generations:
    """The indexes behind one name."""

    def __init__(self, connection: Connection, seconds: float | None = None) -> None:
        """Take a connection; `seconds` is what looking at the living generation may take, else as every question."""
        self.connection = connection
        self._seconds = seconds
        self.name = connection.address.name
        self.state = State(connection)

    def living(self) -> str | None:
        """Return the index that the alias names, None without one. Raises `IndexProblem` for a plain index."""
        try:
            found = self.connection.ask("GET", f"/_alias/{self.name}", seconds=self._seconds)
        except Missing:
            if self.connection.exists(f"/{self.name}"):
                raise IndexProblem(
                    f"{self.name} at {self.connection.address.cluster} is an index of another program and no alias of "
                    "ours. Choose another name.") from None
            return None
        return max(found)

    def manifest(self) -> Manifest:
        """Return the living generation's manifest. Raises `IndexProblem` that says what to do without one."""
        address = self.connection.address
        index = self.living()
        if index is None:
            older = [name for name, meta in self.all().items() if meta.get("manifest")]
            raise IndexProblem(
                f"There is no index {self.name} at {address.cluster}"
                + (f", though its generation {older[-1]} is whole; publish that: python -m index.cli build --finish "
                   f"--generation {older[-1]} --index {address}" if older else
                   f". Build one: python -m index.cli build SOURCE --index {address}"))
        meta = self.meta(index)
        try:
            manifest = Manifest(**meta["manifest"])
        except (KeyError, TypeError) as problem:
            raise IndexProblem(f"The index {index} at {address.cluster} has no manifest that can be read ({problem}). "
                               f"Build it again: python -m index.cli build SOURCE --index {address}") from None
        if manifest.schema != SCHEMA_VERSION:
            raise IndexProblem(f"The index at {address} has schema version {manifest.schema!r}, this program reads "
                               f"{SCHEMA_VERSION}. Build it again: python -m index.cli build SOURCE --index {address}")
        manifest.generation = index
        return manifest

    def meta(self, index: str) -> Json:
        """Return what a generation says of itself; {} where there is no such index."""
        try:
            found = self.connection.ask("GET", f"/{index}/_mapping", seconds=self._seconds)
        except Missing:
            return {}
        return dict(next(iter(found.values()))["mappings"].get("_meta", {}).get("kashshaf", {}))

    def all(self) -> dict[str, Json]:
        """Return index → what it says of itself, for all generations, the oldest first."""
        found = self.connection.ask("GET", f"/{self.name}-g*/_mapping", ignore_unavailable="true",
                                    allow_no_indices="true")
        metas = {index: dict(body["mappings"].get("_meta", {}).get("kashshaf", {})) for index, body in found.items()}
        ours = {index: meta for index, meta in metas.items() if meta.get("name") == self.name}
        return dict(sorted(ours.items(), key=lambda one: (float(one[1].get("begun", 0)), one[0])))

    def named(self, generation: str | None) -> str:
        """Return the index of a generation: the one named, or a new name by the time."""
        if not generation:
            return f"{self.name}-g{time.strftime('%Y%m%d%H%M%S', time.gmtime())}-{time.time_ns() % 10**9:09d}"
        index = generation if generation.startswith(f"{self.name}-g") else f"{self.name}-g{generation}"
        if index != index.lower() or not index.replace("-", "").replace("_", "").isalnum():
            raise IndexProblem(f"{generation!r} is no name of a generation. Take small letters, digits, - and _.")
        return index

    def create(self, index: str, meta: Json) -> Json:
        """Make a generation unless it is there, wait until it can be written, and return what it says of itself."""
        access = self.connection.access
        shards = access.shards or max(1, self._data_nodes())
        meta = {"name": self.name, "begun": time.time(), **meta}
        try:
            self.connection.ask("PUT", f"/{index}", index_body(shards, access.replicas, {"kashshaf": meta}),
                                seconds=HEALTH_SECONDS)
        except Refused as problem:
            if problem.kind != "resource_already_exists_exception":
                raise
        self._wait_for(index)
        return self.meta(index)

    def _wait_for(self, index: str) -> None:
        """Return when every copy of a new index is in place, or its first copies are and the others take too long.

        Before the second copy of an empty shard is in place, losing a node loses what was fed to it.
        """
        for status, seconds in (("green", COPY_SECONDS), ("yellow", HEALTH_SECONDS)):
            try:
                self.connection.ask("GET", f"/_cluster/health/{index}", seconds=seconds + 5, wait_for_status=status,
                                    timeout=f"{seconds:.0f}s")
                return
            except IndexProblem as problem:
                told = problem
        raise IndexProblem(f"The new index {index} cannot be written: no place for its shards. {told}") from None

    def _data_nodes(self) -> int:
        return int(self.connection.ask("GET", "/_cluster/health", filter_path="number_of_data_nodes")
                   .get("number_of_data_nodes", 1))

    def describe(self, index: str, meta: Json) -> None:
        """Write what a generation says of itself."""
        self.connection.ask("PUT", f"/{index}/_mapping", {"_meta": {"kashshaf": meta}}, seconds=30.0)

    def publish(self, index: str, manifest: Manifest) -> None:
        """Write the manifest and let the name mean this generation from now on, in one step."""
        manifest.generation = index
        self.describe(index, self.meta(index) | {"manifest": manifest.to_json(), "published": time.time()})
        before = self.living()
        if before == index:
            return
        moves: list[Json] = [{"add": {"index": index, "alias": self.name}}]
        if before:
            moves.insert(0, {"remove": {"index": before, "alias": self.name}})
        self.connection.ask("POST", "/_aliases", {"actions": moves}, seconds=30.0)

    def sweep(self, keep: str) -> list[str]:
        """Delete generations that nobody needs, and return their names: all published ones but the living and the one
        before it, those that lived a moment ago, and builds that were given up."""
        living = self.living()
        metas = self.all()
        published = [index for index, meta in metas.items() if meta.get("published") and index != living]
        published.sort(key=lambda index: float(metas[index]["published"]))
        ends = [float(metas[later]["published"]) for later in published[1:]]  # when the next one took the name
        gone = [index for index, end in zip(published, ends, strict=False) if time.time() - end > READERS_NEED]
        for index, meta in metas.items():
            if meta.get("published") or index in (living, keep):
                continue
            given_up = int(meta.get("parts", 1)) == 1 or time.time() - float(meta.get("begun", 0)) > FORGOTTEN
            if given_up and not self._fed(index, meta):
                gone.append(index)
        for index in gone:
            self.delete(index)
        return gone

    def _fed(self, index: str, meta: Json) -> bool:
        """Say whether somebody is feeding a part of a generation."""
        parts = int(meta.get("parts", 1))
        return any(self.state.holder(f"{index}/{part}-{parts}") for part in range(1, parts + 1))

    def delete(self, index: str) -> None:
        """Delete a generation and what the state index knows of it. The one that is living is never deleted."""
        if index == self.living() or not index.startswith(f"{self.name}-g"):
            raise IndexProblem(f"{index} is in use and is not deleted.")
        with suppress(Missing):
            self.connection.ask("DELETE", f"/{index}", seconds=30.0)
        self.state.forget(index)
