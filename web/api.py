"""The API under /api/v1/: the endpoints, each declared once with the parameters that check it and describe it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, render_template, request

from index.engine import IndexProblem
from search.meant import NEAREST
from search.problem import problem
from search.results import Results
from web import cursors
from web.application import not_kept, site, texts
from web.completion import complete
from web.downloads import searched
from web.links import url_for
from web.parameter_kinds import Fault, Parameter
from web.parameters import FACETS, TABLE, Asked, asked_for, check
from web.shown import light

BLUEPRINT = Blueprint("api", __name__)
NO_CURSOR = "is no cursor of this API"
SCHEMA = 1  # of the JSON: search results say it of themselves

SEARCH = tuple(row for row in TABLE if row.api)
CURSOR = Parameter(
    "cursor", "cursor", "text", "Goes on where a page ended, as `next_cursor` or the Link header said it."
)
HTML = Parameter("html", "html", "flag", "1 adds to each hit its text as HTML with <mark> around the lit words.")
LIMIT = next(row for row in TABLE if row.name == "limit")
MOST_SIMILAR = 100
FACET = Parameter("facet", "facet", "many", f"Only these facets, of: {', '.join(FACETS)}.", FACETS)


class Refused(Exception):
    """A request that is answered with problem+json: a status, a title, and the faults by parameter."""

    def __init__(self, status: int, detail: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(detail)
        self.status, self.detail, self.faults = status, detail, faults


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint: its path below /api/v1 (`{id}` takes slashes), what it answers, its parameters, its function."""

    path: str
    summary: str
    parameters: tuple[Parameter, ...]
    answer: Callable[..., Any]
    example: str = ""


def search(values: Mapping[str, Any]) -> Any:
    """Search; the JSON of `Results` with `next_cursor`, and Link headers for the pages around."""
    here, asked = site(), _asked(values)
    how = searched(asked)
    searcher, offset, rebuilt = here.searcher, (asked.page - 1) * asked.limit, False
    if cursor := values.get("cursor"):
        place = cursors.read(cursor)
        if place is None:
            raise Refused(404, "No page begins at this cursor.", (Fault("cursor", NO_CURSOR, cursor[:60]),))
        searcher, offset, rebuilt = cursors.follow(here, place, asked.text, how, here.settings.deepest_hit)
        not_kept()
    results = _at(searcher, asked, how, offset, tuple(values.get("facet", FACETS)), here.settings.query_ms / 1000)
    if rebuilt:
        results.problems = (*results.problems, problem("rebuilt", 0, 0))
    if results.partial:
        not_kept()
    data: dict[str, Any] = results.to_json()
    reached = offset + len(results.hits)
    more = bool(results.hits) and reached < min(results.total, here.settings.deepest_hit)
    generation = searcher.manifest.generation
    data["next_cursor"] = cursors.Place(generation, reached, results.hits[-1].id).written() if more else None
    last = min(results.pages, here.settings.deepest_hit // max(1, asked.limit))
    data["links"] = _links(replace(asked, page=offset // max(1, asked.limit) + 1), last, data["next_cursor"])
    for hit, shown in zip(results.hits, data["hits"], strict=True):
        if values.get("html"):
            shown["html"] = str(light(hit.text, hit.highlights))
    return data


def facets(values: Mapping[str, Any]) -> Any:
    """Answer the counts of every facet of a search, without its hits."""
    asked = _asked(values)
    results = site().searcher.search(asked.text, **searched(asked), limit=0, facets=values.get("facet", FACETS))
    data = results.to_json()
    return {"schema": SCHEMA} | {name: data[name] for name in ("query", "total", "problems", "facets")}


def suggest(values: Mapping[str, Any]) -> Any:
    """Complete what is typed: words, titles and symbols of the collection, with counts."""
    found = complete(site().searcher, values.get("q", ""), texts())
    return {
        "schema": SCHEMA,
        "query": values.get("q", ""),
        "suggestions": [{"text": one.text, "kind": one.kind, "count": one.count, "url": one.href} for one in found],
    }


def analyze(values: Mapping[str, Any]) -> Any:
    """Show the terms of a text at every level, as the index and every query see them."""
    text = values.get("text", "")
    tokens = site().searcher.analyzer.tokens(text)
    return {"schema": SCHEMA, "text": text, "tokens": [token.to_json() for token in tokens]}


def resolution(values: Mapping[str, Any], id: str) -> Any:
    """Answer one resolution: its clauses in order."""
    rows = site().searcher.resolution(id)
    if not rows:
        raise Refused(404, f"No resolution here has the id {id!r}.")
    return {"schema": SCHEMA, "id": id, "url": url_for("pages.resolution", id=id), "clauses": rows}


def clause(values: Mapping[str, Any], id: str) -> Any:
    """Answer one clause with every key of its row."""
    row = site().searcher.clause(id)
    if row is None:
        raise Refused(404, f"No clause here has the id {id!r}.")
    return {"schema": SCHEMA, "clause": row}


def similar(values: Mapping[str, Any], id: str) -> Any:
    """Answer the clauses most like one clause in meaning, the words they share lit; `score` is the cosine."""
    try:
        hits = site().searcher.similar(id, min(values.get("limit", NEAREST), MOST_SIMILAR))
    except IndexProblem as fault:
        raise Refused(404, str(fault)) from None
    if hits is None:
        raise Refused(404, f"No clause here has the id {id!r}.")
    return {"schema": SCHEMA, "id": id, "similar": [hit.to_json() for hit in hits]}


def sessions(values: Mapping[str, Any]) -> Any:
    """List the sessions in natural order with their clauses."""
    found = site().searcher.values("session")
    return {"schema": SCHEMA, "sessions": [{"value": v, "label": label, "count": count} for v, label, count in found]}


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("/search", "Search clauses", (*SEARCH, FACET, HTML, CURSOR), search, "q=التعاون&limit=3"),
    Endpoint("/facets", "Counts of the facets of a search", (*SEARCH, FACET), facets, "q=التعاون"),
    Endpoint(
        "/suggest", "Complete what is typed", (Parameter("q", "q", "text", "What was typed."),), suggest, "q=التع"
    ),
    Endpoint(
        "/analyze",
        "Show the terms of a text",
        (Parameter("text", "text", "text", "The text."),),
        analyze,
        "text=وبالمنظمات",
    ),
    Endpoint("/resolutions/{id}", "One resolution", (), resolution),
    Endpoint("/clauses/{id}", "One clause", (), clause),
    Endpoint("/clauses/{id}/similar", "Clauses like one clause in meaning", (LIMIT,), similar),
    Endpoint("/sessions", "The sessions of the collection", (), sessions),
)


def _view(endpoint: Endpoint) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        if request.method == "OPTIONS":
            return _json({}, 204)
        try:
            values, faults = check(endpoint.parameters, request.args.to_dict(flat=False), site().settings, strict=True)
            wrong = [value for value in request.args.getlist("facet") if "facet" in values and value not in FACETS]
            faults += [Fault("facet", f"must be of {', '.join(FACETS)}", value[:60]) for value in wrong]
            if faults:
                raise Refused(400, "Some parameters could not be taken.", tuple(faults))
            return _json(endpoint.answer(values, **path))
        except Refused as refused:
            return _problem(refused)

    return view


for _endpoint in ENDPOINTS:
    BLUEPRINT.add_url_rule(
        "/api/v1" + _endpoint.path.replace("{id}", "<path:id>"),
        _endpoint.answer.__name__,
        _view(_endpoint),
        methods=["GET", "OPTIONS"],
        provide_automatic_options=False,
    )


@BLUEPRINT.get("/openapi.json")
def openapi() -> Response:
    """The OpenAPI 3.1 document, made of `ENDPOINTS`."""
    from web.openapi import document

    return _json(document(ENDPOINTS, site().settings, site().searcher.manifest.version or "0"))


@BLUEPRINT.get("/api/")
def reference() -> str:
    """The same, to read."""
    return render_template("api.html", endpoints=ENDPOINTS)


def _asked(values: Mapping[str, Any]) -> Asked:
    own = {name: value for name, value in values.items() if name in Asked.__slots__}
    asked = asked_for(own, (), site().settings)
    if asked.faults:
        raise Refused(404, "There is no such page.", asked.faults)
    return asked


def _at(
    searcher: Any, asked: Asked, how: dict[str, Any], offset: int, facets: tuple[str, ...], seconds: float
) -> Results:
    """Return the hits behind `offset`: a page, or where a cursor begins inside one, the pieces of two."""
    page, inside = divmod(offset, max(1, asked.limit))
    where = {"limit": asked.limit, "time_limit": seconds}
    results: Results = searcher.search(asked.text, **how, **where, page=page + 1, facets=facets)
    if inside:
        then = searcher.search(asked.text, **how, **where, page=page + 2, facets=(), suggest=False)
        results.hits = [*results.hits, *then.hits][inside : inside + asked.limit]
        results.partial |= then.partial
    return results


def _links(asked: Asked, last: int, cursor: str | None) -> dict[str, str]:
    """Return first, prev, next and last as addresses; `next` carries the cursor."""
    limit = site().settings.page_size
    here = url_for("api.search")
    found = {"first": f"{here}?{asked.address(limit)}"}
    if asked.page > 1:
        found["prev"] = f"{here}?{asked.address(limit, page=asked.page - 1)}"
    if cursor:
        found["next"] = f"{here}?{asked.address(limit)}&cursor={cursor}".replace("?&", "?")
    if last > 1:
        found["last"] = f"{here}?{asked.address(limit, page=last)}"
    return found


def _json(data: Any, status: int = 200) -> Response:
    body = b"" if status == 204 else json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")
    response = Response(body, status=status, content_type="application/json; charset=utf-8")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    response.headers["Access-Control-Expose-Headers"] = "Link, ETag, Retry-After"
    if isinstance(data, dict) and data.get("links"):
        response.headers["Link"] = ", ".join(f'<{address}>; rel="{name}"' for name, address in data["links"].items())
    return response


def _problem(refused: Refused) -> Response:
    not_kept()
    data = {
        "type": "about:blank",
        "title": refused.detail,
        "status": refused.status,
        "detail": refused.detail,
        "instance": request.path,
    }
    if refused.faults:
        data["errors"] = [
            {"parameter": fault.name, "message": fault.message, "value": fault.value} for fault in refused.faults
        ]
        data["detail"] = "; ".join(f"{fault.name} {fault.message}" for fault in refused.faults)
    response = _json(data, refused.status)
    response.content_type = "application/problem+json"
    return response
