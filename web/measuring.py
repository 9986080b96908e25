"""`/metrics` for Prometheus: searches, their times, problems and partial answers, requests, and which index answers."""

from __future__ import annotations

import hmac
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from index.engine import IndexProblem

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

    from search.results import Results
    from web.settings import Settings

BLUEPRINT = Blueprint("measuring", __name__)
WHO = ("local", "all", "off")
TOGETHER = "PROMETHEUS_MULTIPROC_DIR"  # the client's own name
# Seconds. From a small index's answer to what a reader gives up at; the settings' `query_ms` lies inside.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST"})  # others are counted as "other", never by what was typed


class Figures:
    """What is counted in this process since it began. Labels come from closed lists, never from what a user typed.

    Where `PROMETHEUS_MULTIPROC_DIR` names a folder, all processes count into it, and whichever answers gives the sum.
    """

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
        from prometheus_client.gc_collector import GCCollector
        from prometheus_client.platform_collector import PlatformCollector
        from prometheus_client.process_collector import ProcessCollector

        disable_created_metrics()  # type: ignore[no-untyped-call]  # doubles every series for nothing
        self.shared = bool(os.environ.get(TOGETHER))
        self.registry = own = CollectorRegistry()
        if not self.shared:
            for collector in (ProcessCollector, PlatformCollector, GCCollector):
                collector(registry=own)
        self.searches = Counter("kashshaf_searches", "Searches by outcome: found, nothing, failed.", ["outcome"],
                                registry=own)
        self.seconds = Histogram("kashshaf_search_duration_seconds", "Time of one search, answered or failed.",
                                 buckets=BUCKETS, registry=own)
        self.problems = Counter("kashshaf_search_problems", "Remarks on queries by kind, see search/problem.py.",
                                ["kind"], registry=own)
        self.partial = Counter("kashshaf_search_partial_answers", "Answers that leave something out and say so.",
                               registry=own)
        self.errors = Counter("kashshaf_search_errors", "Searches that failed: index (it cannot answer) or program.",
                              ["kind"], registry=own)
        self.refreshes = Counter("kashshaf_index_refresh_errors",
                                 "Failed looks for a newer index; the old one answers.", registry=own)
        self.requests = Counter("kashshaf_http_requests", "Requests by endpoint, method and status code.",
                                ["endpoint", "method", "code"], registry=own)
        self.answering = Histogram("kashshaf_http_request_duration_seconds", "Time until an answer begins.",
                                   ["endpoint"], buckets=BUCKETS, registry=own)
        for outcome in ("found", "nothing", "failed"):
            self.searches.labels(outcome)
        for kind in ("index", "program"):
            self.errors.labels(kind)

    def watch(self, searcher: Any) -> Watched:
        """Return the searcher with its searches counted."""
        return Watched(searcher, self)

    def answered(self, results: Results) -> None:
        """Count one answer."""
        self.searches.labels("found" if results.total else "nothing").inc()
        for remark in results.problems:
            self.problems.labels(remark.code or "other").inc()
        if results.partial:
            self.partial.inc()

    def failed(self, error: Exception) -> None:
        """Count one search that raised."""
        self.searches.labels("failed").inc()
        self.errors.labels("index" if isinstance(error, IndexProblem) else "program").inc()

    def text(self, manifest: Any, accept: str) -> tuple[bytes, str]:
        """Return the exposition and its content type: OpenMetrics where `accept` asks for it, else Prometheus text."""
        from prometheus_client import CollectorRegistry
        from prometheus_client.exposition import choose_encoder

        registry = self.registry
        whole = CollectorRegistry()
        if self.shared:
            from prometheus_client.multiprocess import MultiProcessCollector

            MultiProcessCollector(whole)  # type: ignore[no-untyped-call]
        else:
            whole.register(registry)  # a registry collects, which is all that is asked of it
        whole.register(_Index(manifest))
        encode, kind = choose_encoder(accept)
        return encode(whole), kind


@contextmanager
def counted_together(settings: Settings) -> Iterator[None]:
    """Give several processes a folder to count into, gone afterwards; an operator's own folder is left alone.

    Must surround the first import of the client: it looks for the folder then, and never again.
    """
    if settings.processes < 2 or settings.metrics == "off" or os.environ.get(TOGETHER):
        yield
        return
    with tempfile.TemporaryDirectory(prefix="kashshaf-metrics-") as folder:
        os.environ[TOGETHER] = folder
        try:
            yield
        finally:
            os.environ.pop(TOGETHER, None)


class Watched:
    """A searcher whose searches are counted and timed; everything else is the searcher's own."""

    def __init__(self, searcher: Any, figures: Figures) -> None:
        self._searcher, self._figures = searcher, figures

    @property
    def uncounted(self) -> Any:
        """Return the searcher itself."""
        return self._searcher

    def __getattr__(self, name: str) -> Any:
        return getattr(self._searcher, name)

    def search(self, text: str, **how: Any) -> Results:
        """Answer as the searcher does, and count it."""
        began = time.perf_counter()
        try:
            results: Results = self._searcher.search(text, **how)
        except Exception as error:
            self._figures.failed(error)
            raise
        finally:
            self._figures.seconds.observe(time.perf_counter() - began)
        self._figures.answered(results)
        return results

    def refresh(self) -> Watched:
        """Return a watched searcher on the newest published index."""
        try:
            newest = self._searcher.refresh()
        except IndexProblem:
            self._figures.refreshes.inc()
            raise
        return self if newest is self._searcher else Watched(newest, self._figures)


class _Index:
    """The index that answers, read from its manifest when the figures are asked for."""

    def __init__(self, manifest: Any) -> None:
        self.manifest = manifest

    def collect(self) -> Iterator[Metric]:
        """Yield which index it is, how much is in it, and when it was built."""
        from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily

        one = self.manifest
        yield InfoMetricFamily("kashshaf_index", "Which index answers.", {
            "engine": one.engine, "generation": one.generation, "version": one.version, "analyzer": one.fingerprint})
        yield GaugeMetricFamily("kashshaf_index_clauses", "Clauses in the index.", value=one.clauses)
        yield GaugeMetricFamily("kashshaf_index_resolutions", "Resolutions in the index.", value=one.resolutions)
        if one.built:
            built = datetime.fromisoformat(one.built).timestamp()
            yield GaugeMetricFamily("kashshaf_index_built_timestamp_seconds", "When the index was built.", value=built)


def install(app: Flask, settings: Settings, searcher: Any) -> Any:
    """Put counting and `/metrics` on an application and return the searcher it should use.

    Raises ValueError for a setting `metrics` that is none. "off" counts nothing and imports nothing.
    """
    if settings.metrics not in WHO:
        raise ValueError(f"--metrics must be one of {', '.join(WHO)}, not {settings.metrics!r}")
    if settings.metrics == "off":
        return searcher
    figures = app.extensions["kashshaf.figures"] = Figures()
    app.register_blueprint(BLUEPRINT)
    app.before_request(_begin)
    app.after_request(_count)
    return figures.watch(searcher)


@BLUEPRINT.get("/metrics")
def metrics() -> Response:
    """The figures: for this machine itself, for whoever has the token, or for all, as the settings say."""
    from web.application import site

    here = site()
    if not _may_read(here.settings):
        if here.settings.metrics_token:
            raise Unauthorized(www_authenticate=WWWAuthenticate("bearer", {"realm": "metrics"}))
        abort(403)
    text, kind = current_app.extensions["kashshaf.figures"].text(here.searcher.manifest,
                                                                 request.headers.get("Accept", ""))
    response = Response(text, content_type=kind)
    response.headers["Cache-Control"] = "no-store"
    return response


def _may_read(settings: Settings) -> bool:
    if settings.metrics == "all" and not settings.metrics_token:
        return True
    if settings.metrics_token:
        given = request.headers.get("Authorization", "").encode()
        return hmac.compare_digest(given, f"Bearer {settings.metrics_token}".encode())
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _begin() -> None:
    g.began = time.perf_counter()


def _count(response: Response) -> Response:
    figures = current_app.extensions["kashshaf.figures"]
    endpoint = request.endpoint or "none"
    method = request.method if request.method in METHODS else "other"
    figures.requests.labels(endpoint, method, str(response.status_code)).inc()
    if "began" in g:
        figures.answering.labels(endpoint).observe(time.perf_counter() - g.began)
    return response
