"""Answers in gzip for clients that take it: an Arabic page shrinks to a fifth. Nothing secret is on any page."""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Response, request

TEXTUAL = (
    "text/",
    "application/json",
    "application/xml",
    "application/atom+xml",
    "application/problem+json",
    "image/svg",
)
SMALLEST = 1024  # bytes; below it the header costs more than it saves
LEVEL = 4


def takes_gzip() -> bool:
    """Return whether the client of this request takes gzip."""
    return bool(request.headers.get("Accept-Encoding")) and request.accept_encodings.quality("gzip") > 0


def compress(response: Response) -> Response:
    """Return the response in gzip where the client takes it and it is text of some size; streams go as they are."""
    if not (response.mimetype or "").startswith(TEXTUAL):
        return response
    response.vary.add("Accept-Encoding")
    plain = response.status_code == 200 and not response.headers.get("Content-Encoding")
    file = request.endpoint == "static"
    if not plain or (response.is_streamed and not file) or not takes_gzip():
        return response
    response.direct_passthrough = False
    data = response.get_data()
    if len(data) >= SMALLEST:
        response.set_data(_static(data) if file else gzip.compress(data, LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(maxsize=16)
def _static(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)
