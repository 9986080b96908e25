"""What other programs read off the site: Atom for a search, the OpenSearch description, sitemap and robots."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, abort, render_template, request

from index.clause import MISSING
from web.application import outside, site, texts
from web.completion import complete
from web.described import about, address
from web.downloads import searched
from web.links import url_for
from web.parameters import read
from web.security import clean

BLUEPRINT = Blueprint("feeds", __name__)
ENTRIES = 20
SITEMAP_URLS = 50_000  # the protocol's own limit for one file (sitemaps.org)


@BLUEPRINT.get("/atom")
def atom() -> Response:
    """The newest hits of a search as Atom (RFC 4287); `sort` is by date unless the address says otherwise."""
    here, words = site(), texts()
    asked = read(request.args.to_dict(flat=False), here.settings)
    how = searched(asked) | {"sort": request.args["sort"] if "sort" in request.args and asked.sort else "date"}
    if how["sort"] not in ("relevance", "date", "session"):
        how["sort"] = "date"
    results = here.searcher.search(asked.text, **how, limit=ENTRIES, page=1, facets=())
    updated = str(here.searcher.manifest.built or "1970-01-01T00:00:00")[:19] + "Z"
    entries = []
    for hit in results.hits:
        row = {**hit.row, "id": hit.id}
        entries.append(
            (hit, about(row, words), outside(address(row)), _moment(str(hit.row.get("date") or ""), updated))
        )
    query = asked.address(here.settings.page_size)
    page = render_template(
        "atom.xml",
        asked=asked,
        results=results,
        entries=entries,
        updated=updated,
        self_url=outside(url_for("feeds.atom")) + "?" + query,
        html_url=outside(url_for("pages.results")) + "?" + query,
    )
    return Response(page, content_type="application/atom+xml; charset=utf-8")


@BLUEPRINT.get("/opensearch.xml")
def description() -> Response:
    """The OpenSearch 1.1 description by which a browser adds the site to its search fields."""
    return Response(
        render_template("opensearch.xml", outside=outside),
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )


@BLUEPRINT.get("/sitemap.xml")
def sitemap() -> Response:
    """The sitemap: an index of files, each with at most `SITEMAP_URLS` resolutions."""
    count = -(-len(_resolutions()) // SITEMAP_URLS) or 1
    files = [outside(url_for("feeds.sitemap_part", part=part)) for part in range(1, count + 1)]
    return Response(render_template("sitemap-index.xml", files=files), content_type="application/xml; charset=utf-8")


@BLUEPRINT.get("/sitemap-<int:part>.xml")
def sitemap_part(part: int) -> Response:
    """One file of the sitemap."""
    ids = _resolutions()[(part - 1) * SITEMAP_URLS : part * SITEMAP_URLS] if 0 < part < 10**6 else []
    if not ids and part != 1:
        abort(404)
    places = [outside(url_for("pages.resolution", id=id)) for id in ids]
    if part == 1:
        places = [
            outside(url_for("pages.home")),
            outside(url_for("pages.browse")),
            outside(url_for("pages.help")),
            *places,
        ]
    return Response(render_template("sitemap.xml", places=places), content_type="application/xml; charset=utf-8")


@BLUEPRINT.get("/robots.txt")
def robots() -> Response:
    """What crawlers may read: documents, not the endless space of searches."""
    lines = [
        "User-agent: *",
        "Disallow: /search",
        "Disallow: /en/search",
        "Disallow: /fr/search",
        "Disallow: /export",
        "Disallow: /api/",
        "Disallow: /atom",
        f"Sitemap: {outside(url_for('feeds.sitemap'))}",
    ]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _resolutions() -> list[str]:
    found: list[Any] = site().searcher.values("resolution")
    return [value for value, _, _ in found if value != MISSING]


def _moment(date: str, otherwise: str) -> str:
    return f"{date}T00:00:00Z" if len(date) == 10 else otherwise


@BLUEPRINT.get("/suggestions")
def suggestions() -> Response:
    """Completions in the form that a browser's search field reads (OpenSearch suggestions)."""
    typed = request.args.get("q", "")
    found = complete(site().searcher, typed, texts())
    words = [one.text for one in found]
    counts = [texts().tn("count.clauses", one.count) for one in found]
    data = json.dumps([clean(typed), words, counts, [outside(one.href) for one in found]], ensure_ascii=False)
    return Response(data, content_type="application/x-suggestions+json; charset=utf-8")
