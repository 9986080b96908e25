"""Addresses of pages, built once: a results page holds sixty, and most are the same on every page."""

from __future__ import annotations

from functools import lru_cache

import flask
from flask import request

REMEMBERED = 4096


def url_for(endpoint: str, **values: str | int) -> str:
    """Return the path of an endpoint as `flask.url_for` builds it, under the prefix that this request came with."""
    return _built(request.script_root, endpoint, tuple(values.items()))


@lru_cache(maxsize=REMEMBERED)
def _built(root: str, endpoint: str, values: tuple[tuple[str, str | int], ...]) -> str:
    return flask.url_for(endpoint, **dict(values))  # type: ignore[arg-type]
