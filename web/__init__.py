"""The web application: pages for people and an API for programs. `create_app` makes it; imports `search`."""

from __future__ import annotations

from typing import Any

from flask import Flask


def create_app(index: Any = None, **settings: object) -> Flask:
    """Return the application on an index: its address, an open `Searcher`, or None for the default address.

    `settings` are rows of `web.settings.TABLE` by name. Raises `index.engine.IndexProblem` where there is no usable
    index and ValueError for a setting that is wrong; the text of both is one sentence for a person.
    """
    from web.application import assemble

    return assemble(index, settings)
