"""Files to take away: the citation of a resolution or of a search, and whole results as NDJSON or CSV."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, Response, abort, request, stream_with_context

from web.application import Site, not_kept, outside, site
from web.citation import FORMATS, of_search
from web.described import one
from web.links import url_for
from web.parameters import Asked, read

BLUEPRINT = Blueprint("downloads", __name__)
BATCH = 500  # hits fetched at once while streaming
COLUMNS = ("id", "symbol", "session", "theme", "kind", "clause_number", "verb", "date", "title", "text", "score")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet runs a cell that begins so (OWASP, CSV injection)


@BLUEPRINT.get("/cite/<format>/<path:id>")
def cite(format: str, id: str) -> Response:
    """The citation of a resolution in one of `FORMATS`."""
    rows = site().searcher.resolution(id)
    if format not in FORMATS or not rows:
        abort(404)
    make, media, ending = FORMATS[format]
    response = Response(make(rows, outside(url_for("pages.resolution", id=id))), content_type=f"{media}; charset=utf-8")
    if format != "text":
        response.headers["Content-Disposition"] = f'attachment; filename="kashshaf-citation.{ending}"'
    return response


@BLUEPRINT.get("/cite-search")
def cite_search() -> Response:
    """What repeats this search: query, count, day, corpus hash and analyzer, as JSON."""
    not_kept()  # it says the day
    here = site()
    asked = read(request.args.to_dict(flat=False), here.settings)
    total = here.searcher.search(asked.text, **searched(asked), limit=0, facets=()).total
    data = of_search(
        asked,
        total,
        here.searcher.manifest,
        outside(url_for("pages.results")) + "?" + asked.address(here.settings.page_size),
        datetime.datetime.now(datetime.UTC).date().isoformat(),
    )
    return Response(
        json.dumps(data, ensure_ascii=False, indent=2) + "\n", content_type="application/json; charset=utf-8"
    )


@BLUEPRINT.get("/export.<any(ndjson, csv):format>")
def export(format: str) -> Response:
    """The whole result of a search, streamed; what lies beyond the limit of rows is told in the last line."""
    here = site()
    asked = read(request.args.to_dict(flat=False), here.settings)
    make = csv_lines if format == "csv" else ndjson_lines
    media = "text/csv" if format == "csv" else "application/x-ndjson"
    response = Response(stream_with_context(make(here, asked)), content_type=f"{media}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="kashshaf.{format}"'
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def searched(asked: Asked) -> dict[str, Any]:
    """Return everything of a search but its page as the searcher's arguments."""
    own = {"match": asked.match, "level": asked.level, "sort": asked.sort, "expand": asked.expand}
    return {**asked.filters(), **own, "meaning": None if asked.meaning == "on" else asked.meaning}


def _pages(here: Site, asked: Asked) -> Iterator[tuple[Sequence[Any], int]]:
    """Yield the hits in batches with how many are left out at the end, as long as the index stays the same."""
    sent, page, generation = 0, 1, here.searcher.manifest.generation
    while True:
        results = here.searcher.search(asked.text, **searched(asked), limit=BATCH, page=page, facets=(), nearest=0)
        hits = results.hits[: here.settings.export_rows - sent]
        sent += len(hits)
        over = not hits or sent >= min(results.total, here.settings.export_rows)
        changed = here.searcher.manifest.generation != generation
        yield hits, (results.total - sent if over or changed else 0)
        if over or changed:
            return
        page += 1


def ndjson_lines(here: Site, asked: Asked) -> Iterator[str]:
    """Yield one JSON object per hit and, where rows are left out, one that says how many."""
    for hits, left in _pages(here, asked):
        for hit in hits:
            yield json.dumps(hit.to_json(), ensure_ascii=False).encode("utf-8", "replace").decode() + "\n"
        if left:
            yield json.dumps({"left_out": left}) + "\n"


def csv_lines(here: Site, asked: Asked) -> Iterator[str]:
    """Yield CSV with a heading and a byte order mark, by which spreadsheets know UTF-8; no cell is a formula."""
    yield "\ufeff" + _line(COLUMNS)
    for hits, left in _pages(here, asked):
        for hit in hits:
            row = {**hit.row, "id": hit.id, "text": hit.text, "score": f"{hit.score:.4f}"}
            yield _line([one(row, column) for column in COLUMNS])
        if left:
            yield _line([f"({left} more rows are left out: the limit of one export is {here.settings.export_rows})"])


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    safe = ["'" + cell if cell.startswith(FORMULA) else cell for cell in cells]
    csv.writer(out, lineterminator="\r\n").writerow(cell.encode("utf-8", "replace").decode() for cell in safe)
    return out.getvalue()
