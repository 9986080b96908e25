"""A cluster, asked over HTTP: every question with a time-out and few retries, every failure as one sentence."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson

from index.engine import IndexProblem, IndexUnavailable
from index.engines.opensearch_address import PREFIX, Access, Address, parse_address, read_access

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

RETRIES = 2  # of a question that reached no node, each on another host where there are several
READING = ("/_search", "/_msearch")  # and every GET: where one node hangs, another is asked within the same time
POOL = 16  # connections a host
OVERLOADED = frozenset({429, 502, 503, 504})
Json = dict[str, Any]


class Missing(IndexProblem):
    """What was asked for is not on the cluster: an index, an alias, a document or a snapshot."""


class TimedOut(IndexUnavailable):
    """The cluster took longer than it may."""


class Refused(IndexProblem):
    """The cluster did not take a question; `kind` is its own word for why."""

    def __init__(self, sentence: str, kind: str) -> None:
        super().__init__(sentence)
        self.kind = kind


class Connection:
    """Asks one cluster about one named index. Safe to use from several threads."""

    def __init__(self, address: Address, access: Access) -> None:
        self.address = address
        self.access = access
        self._client, self._process = _client(address, access), os.getpid()

    def _own_client(self) -> OpenSearch:
        """Return the client of this process: one that was forked must not share sockets with the one before it."""
        if self._process != os.getpid():
            self._client, self._process = _client(self.address, self.access), os.getpid()
        return self._client

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        seconds: float | None = None,
        **parameters: object,
    ) -> Json:
        """Return the answer as JSON. `body` is JSON, or bytes as they are; all must be over within `seconds`.

        Raises `Missing` (404), `IndexUnavailable` (no answer, overloaded, time is over) and `IndexProblem` (the rest).
        """
        tries = self.tries if method in ("GET", "HEAD") or path in READING else 1
        seconds = seconds or self.access.timeout
        headers = {"content-type": "application/json"}
        if isinstance(body, bytes):
            headers["content-type"] = "application/x-ndjson"
        elif body is not None:
            body = encoded(body)
        with self._told(seconds):
            asked: Json = {"request_timeout": seconds / tries, **parameters}
            answer = self._perform(method, path, asked, body, headers, tries)
        return answer if isinstance(answer, dict) else {"answer": answer}

    @property
    def tries(self) -> int:
        """Return how many nodes are asked within the time that a question may take."""
        return min(2, len(self.address.hosts))

    def _perform(self, method: str, path: str, asked: Json, body: object, headers: Json, tries: int) -> object:
        from opensearchpy.exceptions import ConnectionTimeout

        transport = self._own_client().transport
        for left in range(tries - 1, -1, -1):
            try:
                return transport.perform_request(method, path, params=dict(asked), body=body, headers=dict(headers))
            except ConnectionTimeout:
                if not left:
                    raise
        return None

    def exists(self, path: str) -> bool:
        """Say whether something stands at a path."""
        try:
            return bool(self.ask("HEAD", path).get("answer"))
        except Missing:
            return False

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    @contextmanager
    def _told(self, seconds: float) -> Iterator[None]:
        """Every failure of the client becomes one of our own, in a sentence without secrets."""
        from opensearchpy import exceptions

        where = f"The cluster at {self.address.cluster}"
        try:
            yield
        except exceptions.SSLError as problem:
            raise IndexProblem(
                f"{where} shows a certificate that is not trusted ({_reason(problem)}). "
                f"Set {PREFIX}CA to the file of the authority that signed it."
            ) from None
        except exceptions.ConnectionTimeout:
            raise TimedOut(
                f"{where} did not answer within {seconds:g} s. Look at its health, then ask again."
            ) from None
        except exceptions.ConnectionError as problem:
            raise IndexUnavailable(
                f"{where} cannot be reached ({_reason(problem)}). Start it, or check the address and its port."
            ) from None
        except exceptions.TransportError as problem:
            raise self._refusal(where, problem) from None

    def _refusal(self, where: str, problem: Any) -> IndexProblem:
        status, kind, reason = problem.status_code, str(problem.error), _told_reason(problem.info)
        if status == 401:
            return IndexProblem(
                f"{where} does not know this user. Set {PREFIX}USER and {PREFIX}PASSWORD, or {PREFIX}TOKEN."
            )
        if status == 403:
            return IndexProblem(f"{where} does not allow this ({reason}). docs/cluster.md lists the rights needed.")
        if status == 404:
            return Missing(f"{where} has no such thing: {reason}.")
        if status in OVERLOADED:
            return IndexUnavailable(f"{where} cannot answer now ({reason}). Look at its health, then ask again.")
        if "cancelled" in kind or "cancelled" in reason:
            return TimedOut(f"{where} did not answer within {self.access.timeout:g} s. Ask again later.")
        return Refused(f"{where} refuses the question ({status}, {kind}: {reason}).", kind)


@lru_cache(maxsize=16)
def _connection(address: Address, access: Access) -> Connection:
    return Connection(address, access)


def connect(address: str, environment: Mapping[str, str] = os.environ) -> Connection:
    """Return a connection for an address, shared within this process. Nothing is sent yet."""
    return _connection(parse_address(address), read_access(environment))


def encoded(body: object) -> bytes:
    """Return JSON; half of a surrogate pair, which a person can type and no cluster takes, becomes a question mark."""
    try:
        return orjson.dumps(body)
    except TypeError:
        return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def _client(address: Address, access: Access) -> OpenSearch:
    try:
        from opensearchpy import OpenSearch
    except ImportError:
        raise IndexProblem(
            "An index on a cluster needs the package opensearch-py. Install it: pip install 'kashshaf[cluster]'"
        ) from None
    logging.getLogger("opensearch").setLevel(logging.ERROR)  # what fails is told once, in our own words
    options: Json = {"http_auth": (access.user, access.password)} if access.user else {}
    if access.token:
        options = {"headers": {"authorization": f"Bearer {access.token}"}}
    if address.tls:
        options |= {"use_ssl": True, "verify_certs": True, "ssl_show_warn": False}
        if access.ca:
            options["ca_certs"] = access.ca
    return OpenSearch(
        hosts=[{"host": host, "port": port} for host, port in address.hosts],
        timeout=access.timeout,
        max_retries=RETRIES,
        retry_on_timeout=False,  # see Connection.ask
        retry_on_status=(502, 504),
        http_compress=False,  # packing a bulk takes longer than sending it within a data centre
        pool_maxsize=POOL,
        **options,
    )


def _reason(problem: Exception) -> str:
    """Return the last words of a chain of errors, which name the cause."""
    text = str(problem.args[-1] if problem.args else problem)
    found = text.rsplit(": ", 1)[-1] if ": " in text else text
    return found.strip("()'\"> ")[:200] or type(problem).__name__


def _told_reason(info: object) -> str:
    if isinstance(info, dict):
        error = info.get("error", info)
        if isinstance(error, dict):
            causes = error.get("root_cause") or [error]
            return str(causes[0].get("reason") or error.get("reason") or error.get("type") or "no reason given")[:300]
        return str(error)[:300]
    return str(info)[:300]
