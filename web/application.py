"""Puts the application together: settings, searcher, language of a request, caching, limits, errors."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urljoin

from flask import Flask, Response, current_app, g, jsonify, render_template, request
from jinja2 import Template
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable, TooManyRequests
from werkzeug.middleware.proxy_fix import ProxyFix

from index.engine import IndexProblem
from web import settings as setting_table
from web.answers import Answers
from web.compression import compress, takes_gzip
from web.languages import DEFAULT, TABLE, Prefix, Texts
from web.links import url_for
from web.security import Rate, clean, protect
from web.settings import Settings
from web.shown import isolated, light, tint, underline

LOG = logging.getLogger("kashshaf.web")
STATIC = Path(__file__).with_name("static")
LONGEST_BODY = 64 * 1024  # the server reads nothing that is sent to it; a form of this size is refused
PAST_KEPT = 2  # generations that cursors given out before a rebuild go on in
LOOK_AGAIN = 10.0  # seconds
LONG_AFTER = 60  # seconds after which to ask again for an index that somebody must mend first
ANSWERED = frozenset({"GET", "HEAD", "OPTIONS"})


class CleanTemplate(Template):
    """A template whose page, whatever was printed into it, holds no control that is not seen."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        """Return the page."""
        return clean(super().render(*args, **kwargs))


@dataclass(slots=True)
class Site:
    """What a request needs: the searcher, the settings, the stamps of static files, and the rates of clients."""

    searcher: Any
    settings: Settings
    stamps: dict[str, str]
    rate: Rate
    answers: Answers
    past: OrderedDict[str, Any] = field(default_factory=OrderedDict)  # searchers of the generations before, for cursors
    next_look: float = 0.0  # when to look for a newer index again, after one that could not be opened
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def version(self) -> str:
        """Return what changes when any page could change: the index's version and the program's files."""
        manifest = self.searcher.manifest
        return _version((manifest.generation, manifest.corpus, manifest.fingerprint, *sorted(self.stamps.values())))


@lru_cache(maxsize=16)
def _version(parts: tuple[str, ...]) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:16]


def site() -> Site:
    """Return the site as this request sees it: one searcher from its beginning to its end."""
    return cast(Site, g.site if "site" in g else current_app.extensions["kashshaf"])


def renew(here: Site) -> Site:
    """Return the site for one request, on the newest published index; one that cannot be opened keeps the old one."""
    with here.lock:
        try:
            if time.monotonic() >= here.next_look:
                newest = here.searcher.refresh()
                if newest is not here.searcher:
                    _ = newest.names
                    here.past[here.searcher.manifest.generation] = here.searcher
                    while len(here.past) > PAST_KEPT:
                        here.past.popitem(last=False)
                    here.searcher = newest
                    threading.Thread(target=warm, args=(newest,), daemon=True).start()
        except (IndexProblem, ValueError) as problem:  # ValueError: the file of names was spoilt meanwhile
            here.next_look = time.monotonic() + LOOK_AGAIN
            LOG.warning("the index before it goes on answering: %s", problem)
        return replace(here)


def not_kept() -> None:
    """Say that this answer holds for this moment alone: it gets no ETag and is not remembered."""
    g.etag = None


def warm(searcher: Any) -> None:
    """Let a searcher build what its first questions would wait for: words, spellings, ranking."""
    searcher = getattr(searcher, "uncounted", searcher)  # nobody asked: it is no search of /metrics
    searcher.search("كلمة~1 *لمة", limit=1)
    searcher.suggester.suggest("كلمممة", lambda _: 0)
    searcher.suggester.complete("كل", 1)


def warm_beside(app: Flask) -> None:
    """Warm the application's searcher in a thread of its own, which ends with the process."""
    searcher = app.extensions["kashshaf"].searcher
    threading.Thread(target=warm, args=(searcher,), daemon=True).start()


def texts() -> Texts:
    """Return the interface texts of the current request's language."""
    return Texts(TABLE[request.environ.get("kashshaf.language", DEFAULT)])


def outside(path: str) -> str:
    """Return the whole address of a path as readers see it: under `public_url`, else the request's own host."""
    return urljoin(site().settings.public_url or request.host_url, path)


def assemble(index: Any, given: Mapping[str, object]) -> Flask:
    """Return the application; see `web.create_app`."""
    from search import open_index
    from search.names import NamesError
    from web import api, downloads, feeds, measuring, pages

    settings = setting_table.read(given)
    searcher = open_index(index) if index is None or isinstance(index, str) else index
    _open_meaning(searcher)
    try:
        _ = searcher.names  # a file of names that cannot be read is told now, not by every search
    except NamesError as problem:
        raise ValueError(str(problem)) from problem
    app = Flask("web")
    app.config["MAX_CONTENT_LENGTH"] = LONGEST_BODY
    app.jinja_env.template_class = CleanTemplate
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    watched = measuring.install(app, settings, searcher)
    app.extensions["kashshaf"] = Site(
        watched, settings, _stamps(), Rate(settings.rate), Answers(settings.remember_mb)
    )
    for blueprint in (pages.BLUEPRINT, downloads.BLUEPRINT, feeds.BLUEPRINT, api.BLUEPRINT):
        app.register_blueprint(blueprint)
    app.jinja_env.filters.update(light=light, isolated=isolated, underline=underline)
    app.jinja_env.globals.update(tint=tint, url_for=url_for)
    app.context_processor(_context)
    app.before_request(_before)
    app.after_request(_keep)  # the last to run: Flask runs them from the latest to the first
    app.after_request(compress)
    app.after_request(_after)
    app.register_error_handler(Exception, _answer_error)
    protect(app)
    app.wsgi_app = Prefix(app.wsgi_app)  # type: ignore[method-assign]
    if settings.proxies:
        n = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n, x_prefix=n)  # type: ignore[method-assign]
    return app


def _open_meaning(searcher: Any) -> None:
    """Open an index's vectors and their model before the first reader waits for them."""
    try:
        if searcher.manifest.meaning:
            searcher.meaning.query("")
    except IndexProblem as problem:
        LOG.warning("%s", problem)


def _stamps() -> dict[str, str]:
    files = (path for path in STATIC.rglob("*") if path.is_file())
    return {path.relative_to(STATIC).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:10] for path in files}


def _context() -> dict[str, object]:
    words, root = texts(), request.environ.get("kashshaf.root", "")
    path = request.environ.get("kashshaf.path", "/")

    def asset(name: str) -> str:
        return f"{root}/static/{name}?v={site().stamps[name]}"

    def here(code: str) -> str:
        query = quote(request.query_string, safe="%&=+/:;,@!*'()$-._~")
        prefix = root if code == DEFAULT else f"{root}/{code}"
        return prefix + quote(path.encode("latin-1")) + (f"?{query}" if query else "")

    return {
        "t": words.t,
        "tn": words.tn,
        "number": words.number,
        "date": words.date,
        "language": words.language,
        "languages": TABLE,
        "asset": asset,
        "here": here,
        "manifest": site().searcher.manifest,
    }


def _before() -> Response | None:
    here = site()
    wait = here.rate.wait(request.remote_addr)
    if wait:
        raise TooManyRequests(retry_after=wait)
    if request.method not in ANSWERED or request.endpoint in (None, "static", "pages.healthz", "measuring.metrics"):
        return None
    here = g.site = renew(here)
    stamp = hashlib.sha256(f"{here.version}\0{request.environ['kashshaf.language']}\0{request.full_path}".encode())
    g.etag = stamp.hexdigest()[:20]
    if request.method in ("GET", "HEAD") and request.if_none_match.contains_weak(g.etag):
        response = Response(status=304)
        response.set_etag(g.etag, weak=True)
        return response
    gzip = "gzip" if takes_gzip() else ""
    g.key = (g.etag, request.host_url, request.environ["kashshaf.root"], gzip)
    return here.answers.get(g.key)


def _keep(response: Response) -> Response:
    whole = response.status_code == 200 and not response.is_streamed and "Age" not in response.headers
    if whole and request.method == "GET" and getattr(g, "etag", None) and "key" in g:
        site().answers.keep(g.key, response)
    return response


def _after(response: Response) -> Response:
    if response.status_code == 200 and getattr(g, "etag", None):
        response.set_etag(g.etag, weak=True)
        response.headers.setdefault("Cache-Control", "no-cache")  # asked again each time, answered by 304
    elif request.endpoint == "static" and (request.args.get("v") or request.path.endswith(".woff2")):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _answer_error(error: Exception) -> Response:
    """Answer any error in one sentence: a page for people, problem+json for programs. Never a traceback."""
    if isinstance(error, IndexProblem):
        LOG.warning("%s %s: %s", request.method, request.path, error)
        error = ServiceUnavailable(retry_after=getattr(error, "retry_after", LONG_AFTER))
    if not isinstance(error, HTTPException):
        LOG.error("%s %s: %s", request.method, request.path, error, exc_info=error)
        error = InternalServerError()
    code = error.code or 500
    words = texts()
    key = f"error.{code}" if code in (400, 404, 405, 410, 413, 429, 500, 503) else "error.other"
    sentence = words.t(key)
    if request.path.startswith("/api/"):
        response = jsonify(type="about:blank", title=words.t("error.title", code=code), status=code, detail=sentence)
        response.content_type = "application/problem+json"
        response.headers["Access-Control-Allow-Origin"] = "*"
    else:
        response = Response(render_template("error.html", code=code, sentence=sentence), mimetype="text/html")
    for name, value in error.get_headers(request.environ):
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    response.status_code = code
    return response
