"""The pages for people: home, results, resolution, clause, browse, help, health. Glue only."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from index.engine import IndexProblem
from search.results import Results
from web import collection, examples, leaf, nothing_found, results_view
from web.application import not_kept, outside, site, texts
from web.citation import arabic, coins, highwire, linked_data
from web.described import about, address, one
from web.downloads import searched
from web.links import url_for
from web.parameters import Asked, read
from web.results_view import Links

BLUEPRINT = Blueprint("pages", __name__)
Answer = str | AnyResponse


@BLUEPRINT.get("/")
def home() -> Answer:
    """The name, the field, three tries, and what the collection holds."""
    here = site()
    return render_template(
        "home.html",
        examples=examples.first_tries(here.searcher),
        years=collection.years(here.searcher),
        **collection.table(here.searcher, here.settings, texts()),
    )


@BLUEPRINT.get("/search")
def results() -> Answer:
    """The results of a search; a symbol alone goes to its resolution; an empty search goes home."""
    here, words = site(), texts()
    asked = read(request.args.to_dict(flat=False), here.settings)
    if not asked.q and not asked.filtered():
        return redirect(url_for("pages.home"))
    meant = [] if asked.filtered() else here.searcher.symbol(asked.q)
    if len(meant) == 1 and "page" not in request.args:
        return redirect(url_for("pages.resolution", id=meant[0]))
    found = here.searcher.search(
        asked.text,
        **searched(asked),
        limit=asked.limit,
        page=asked.page,
        facets=collection.facets(here.searcher),
        time_limit=here.settings.query_ms / 1000,
    )
    if found.partial:
        not_kept()
    links = Links(asked, here.settings)
    levels = results_view.levels(here.searcher, asked, found, links, words, here.settings.query_ms)
    if any(level.count < 0 for level in levels):
        not_kept()  # there was no time to count them all
    wanted = bool(request.args.get("forms") or asked.without)
    forms = results_view.forms(here.searcher, asked, links, here.settings.query_ms - found.took_ms) if wanted else []
    shown = results_view.shown_hits(found, asked, links, words)
    return render_template(
        "results.html",
        asked=asked,
        results=found,
        links=links,
        hits=shown,
        near=results_view.shown_nearest(found, asked, links, words),
        groups=results_view.grouped(shown) if asked.group == "resolution" else [[hit] for hit in shown],
        panels=results_view.panels(
            found, asked, links, words, here.settings.facet_values, request.args.get("more", "")
        ),
        unfiltered=links.search(**results_view.UNFILTERED),
        chips=results_view.chips(asked, links, words),
        levels=levels,
        forms=forms,
        orders=results_view.orders(asked, links, words),
        paging=results_view.paging(asked, found.pages, links, here.settings),
        meant=[leaf.heading(here.searcher, id, words) for id in meant],
        reasons=nothing_found.reasons(here.searcher, asked, links, words) if not found.total else None,
        feed=url_for("feeds.atom") + "?" + asked.address(here.settings.page_size),
    )


@BLUEPRINT.get("/r/<path:id>")
def resolution(id: str) -> Answer:
    """One resolution as a document, its clauses as anchors, the words of the query lit."""
    here, words = site(), texts()
    rows = here.searcher.resolution(id)
    if not rows:
        abort(404)
    asked = read(request.args.to_dict(flat=False), here.settings)
    lit, url = leaf.lights(here.searcher, asked, rows), outside(url_for("pages.resolution", id=id))
    return render_template(
        "resolution.html",
        id=id,
        rows=rows,
        head=about(rows[0], words),
        asked=asked,
        parts=leaf.parts(rows, lit, words),
        steps=leaf.steps(here.searcher, asked, request.args.get("at", ""), here.settings),
        lit=leaf.lit_clauses(rows, lit, words),
        cites=leaf.cites(here.searcher, rows, words),
        cited_by=leaf.cited_by(here.searcher, id, words),
        warnings=leaf.told(rows, "warnings"),
        sources=leaf.sources(rows),
        canonical=url,
        citation=arabic(rows, url),
        data=linked_data(rows, url),
        meta=highwire(rows, url),
        coins=coins(rows),
        back=Links(asked, here.settings).search() if asked.q else "",
    )


@BLUEPRINT.get("/c/<path:id>")
def clause(id: str) -> Answer:
    """One clause that belongs to no resolution, with every key of its row; others go to their resolution's page."""
    here, words = site(), texts()
    row = here.searcher.clause(id)
    if row is None:
        abort(404)
    asked = read(request.args.to_dict(flat=False), here.settings)
    if one(row, "resolution"):
        return redirect(address(row, request.query_string.decode("ascii", "ignore")))
    lit = leaf.lights(here.searcher, asked, [row])
    return render_template(
        "clause.html",
        row=row,
        head=about(row, words),
        spans=lit.get(one(row, "id"), []),
        asked=asked,
        steps=leaf.steps(here.searcher, asked, request.args.get("at", ""), here.settings),
        sources=leaf.sources([row]),
        back=Links(asked, here.settings).search() if asked.q else "",
    )


@BLUEPRINT.get("/similar/<path:id>")
def similar(id: str) -> Answer:
    """The clauses most like one clause in meaning, the words that they share with it lit."""
    here, words = site(), texts()
    row = here.searcher.clause(id)
    if row is None or not here.searcher.manifest.meaning:
        abort(404)
    try:
        hits, why = here.searcher.similar(id) or [], ""
    except IndexProblem as problem:
        hits, why = [], str(problem)
    near = results_view.shown_nearest(Results("", nearest=hits), Asked(), Links(Asked(), here.settings), words)
    return render_template("similar.html", row=row, head=about(row, words), href=address(row, ""), near=near, why=why)


@BLUEPRINT.get("/browse")
def browse() -> Answer:
    """The collection by session, theme, year and body, with bars that say how much is there."""
    here = site()
    return render_template(
        "browse.html", **collection.shelves(here.searcher, texts()), years=collection.years(here.searcher)
    )


@BLUEPRINT.get("/browse/session/<path:value>")
def session(value: str) -> Answer:
    """The resolutions of one session, theme by theme, with the numbers that are missing."""
    here = site()
    found = collection.session(here.searcher, value, texts())
    if not found["groups"]:
        return redirect(Links(Asked(session=(value,)), here.settings).search())
    return render_template("session.html", **found)


@BLUEPRINT.get("/help")
def help() -> Answer:
    """The query language: every example is a search that can be followed."""
    return render_template("help.html", sections=examples.sections())


@BLUEPRINT.get("/healthz")
def healthz() -> Response:
    """Whether the index answers: 200 and its version, else the error page's status."""
    manifest = site().searcher.manifest
    return Response(f"ok {manifest.engine} {manifest.generation} {manifest.clauses}\n", mimetype="text/plain")
