"""The OpenAPI 3.1 document of the API, made of the declarations that check the parameters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from web.parameter_kinds import DATE, Parameter
from web.settings import Settings

if TYPE_CHECKING:
    from web.api import Endpoint

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "parameter": {"type": "string"},
                    "message": {"type": "string"},
                    "value": {"type": "string"},
                },
            },
        },
    },
}
SPAN = {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2}
HIT = {
    "type": "object",
    "required": ["id", "score", "text", "highlights"],
    "description": "A clause; every other key of its row stands beside these. Offsets are code points of `text`.",
    "properties": {
        "id": {"type": "string"},
        "score": {"type": "number"},
        "text": {"type": "string"},
        "highlights": {"type": "array", "items": SPAN},
        "snippet": SPAN,
        "html": {"type": "string"},
    },
}
FACETS = {
    "type": "object",
    "additionalProperties": {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["value", "label", "count"],
            "properties": {
                "value": {"type": "string"},
                "label": {"type": "string"},
                "count": {"type": "integer"},
                "selected": {"type": "boolean"},
            },
        },
    },
}
RESULTS = {
    "type": "object",
    "required": ["schema", "query", "total", "totals", "took_ms", "problems", "hits", "facets"],
    "properties": {
        "schema": {"const": 1},
        "query": {"type": "string"},
        "echo": {"type": "string"},
        "total": {"type": "integer", "minimum": 0},
        "totals": {
            "type": "object",
            "required": ["all", "any"],
            "properties": {"all": {"type": "integer"}, "any": {"type": "integer"}},
        },
        "took_ms": {"type": "number"},
        "next_cursor": {"type": ["string", "null"]},
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["message", "start", "end"],
                "properties": {"message": {"type": "string"}, "start": {"type": "integer"}, "end": {"type": "integer"}},
            },
        },
        "hits": {"type": "array", "items": {"$ref": "#/components/schemas/Hit"}},
        "facets": FACETS,
    },
}


def document(endpoints: Iterable[Endpoint], settings: Settings, version: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of `endpoints`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kashshaf",
            "version": version,
            "license": {"name": "GPL-3.0-or-later", "identifier": "GPL-3.0-or-later"},
            "description": "Search in Arabic resolutions, clause by clause. Read-only, no key needed.",
        },
        "servers": [{"url": "/api/v1"}],
        "paths": {endpoint.path: {"get": _operation(endpoint, settings)} for endpoint in endpoints},
        "components": {"schemas": {"Problem": PROBLEM, "Hit": HIT, "Results": RESULTS}},
    }


def _operation(endpoint: Endpoint, settings: Settings) -> dict[str, Any]:
    name = endpoint.answer.__name__
    schema: dict[str, Any] = {"$ref": "#/components/schemas/Results"} if name == "search" else {"type": "object"}
    parameters = [_parameter(row, settings) for row in endpoint.parameters]
    if "{id}" in endpoint.path:
        parameters.append(
            {
                "name": "id",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "minLength": 1},
                "description": "The id; its slashes may stand as they are.",
            }
        )
    refused = {
        "description": "Refused; the errors name the parameter.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    answers = {
        "200": {"description": "Found.", "content": {"application/json": {"schema": schema}}},
        "304": {"description": "Nothing has changed since the ETag that was sent."},
        "400": refused,
        "404": refused,
        "429": refused,
    }
    return {
        "operationId": name,
        "summary": endpoint.summary,
        "description": (endpoint.answer.__doc__ or "").strip(),
        "parameters": parameters,
        "responses": answers,
    }


def _parameter(row: Parameter, settings: Settings) -> dict[str, Any]:
    schemas: dict[str, dict[str, Any]] = {
        "text": {"type": "string", "maxLength": settings.query_letters},
        "many": {"type": "array", "items": {"type": "string"} | ({"enum": list(row.choices)} if row.choices else {})},
        "choice": {"type": "string", "enum": list(row.choices), "default": row.choices[0] if row.choices else ""},
        "integer": {
            "type": "integer",
            "minimum": row.lower,
            "maximum": row.upper or (settings.largest_page if row.name == "limit" else settings.deepest_hit),
        },
        "date": {"type": "string", "pattern": f"{DATE.pattern}|^$"},
        "flag": {"type": "string", "enum": ["0", "1", "true", "false"]},
    }
    found: dict[str, Any] = {"name": row.name, "in": "query", "description": row.help, "schema": schemas[row.kind]}
    return found | ({"style": "form", "explode": True} if row.kind == "many" else {})
