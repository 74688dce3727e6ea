"""The description of the read interface, in OpenAPI 3.1: made from what answers, so that it cannot say otherwise."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

from ..core.counts.referrer import CHANNELS
from .filters import DEVICES, REGION
from .period import COMPARISONS, DATE, GRAINS, PRESETS
from .sheet import SHARE, TEXT, Column
from .sheets import kinds

Schema = dict[str, Any]
STRING = {"type": "string"}
KINDS: dict[str, Schema] = {
    TEXT: {"type": ["string", "null"]},
    SHARE: {"type": ["number", "null"], "minimum": 0},
}
COUNT: Schema = {"type": ["integer", "null"], "minimum": 0}
DAY = {"type": "string", "pattern": f"^{DATE.pattern}$"}
JSON = "application/json"


@cache
def document() -> Schema:
    sheets = {kind.id: _sheet(kind.columns) for kind in kinds().values()}
    key = {"type": "http", "scheme": "bearer", "description": "cookiegate account key NAME makes one"}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "CookieGate dashboard",
            "version": version("cookiegate"),
            "description": "Sealed figures, read only. What too few people stand behind is in no answer.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "paths": _paths(sheets),
        "components": {
            "securitySchemes": {"key": key},
            "schemas": {"error": _object({"error": STRING}), **sheets},
        },
    }


def _paths(sheets: dict[str, Schema]) -> Schema:
    names = {"type": "string", "enum": list(sheets)}
    sheet = {"name": "sheet", "in": "path", "required": True, "schema": names}
    one = {"allOf": [_object({**_ASKED, "id": names}), {"anyOf": list(_refs(sheets))}]}
    return {
        "/api/v1/openapi.json": _get("This description.", JSON, {"type": "object"}, errors=()),
        "/api/v1/sites": _get("The sites that the key may see.", JSON, _sites(), errors=("400",)),
        "/api/v1/sites/{site}/figures": _get("All sheets.", JSON, _all(sheets), [_SITE, *_QUESTION]),
        "/api/v1/sites/{site}/figures.zip": _get(
            "All sheets as CSV, in one archive.", "application/zip", {}, [_SITE, *_QUESTION]
        ),
        "/api/v1/sites/{site}/figures/{sheet}": _get("One sheet.", JSON, one, [_SITE, sheet, *_QUESTION]),
        "/api/v1/sites/{site}/figures/{sheet}.csv": _get(
            "One sheet as CSV. What a spreadsheet could run has an apostrophe before it.",
            "text/csv",
            STRING,
            [_SITE, sheet, *_QUESTION],
        ),
    }


def _refs(sheets: dict[str, Schema]) -> list[Schema]:
    return [{"$ref": f"#/components/schemas/{name}"} for name in sheets]


def _object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _sheet(columns: tuple[Column, ...]) -> Schema:
    row = {column.name: {**KINDS.get(column.kind, COUNT), "description": column.about} for column in columns}
    return _object(
        {
            "title": STRING,
            "scope": {"type": "string", "enum": ["filter", "whole site"]},
            "refusal": {
                "type": ["string", "null"],
                "description": "why it is of the whole site despite a filter",
            },
            "notes": {"type": "array", "items": STRING, "description": "what is hidden, why, and until when"},
            "rows": {"type": "array", "items": _object(row)},
        }
    )


_ASKED: Schema = {
    "site": STRING,
    "from": DAY,
    "to": DAY,
    "compared_from": {**DAY, "type": ["string", "null"]},
    "compared_to": {**DAY, "type": ["string", "null"]},
    "filter": {"type": "object", "additionalProperties": STRING},
    "step": {"type": "string", "enum": list(GRAINS)},
    "threshold": {"type": "integer", "description": "visits that a figure stands for at least"},
    "credit": STRING,
}
_SITE: Schema = {"name": "site", "in": "path", "required": True, "schema": {**STRING, "minLength": 1}}


def _asking(name: str, schema: Schema, about: str) -> Schema:
    return {"name": name, "in": "query", "schema": schema, "description": about}


_QUESTION = [
    _asking(
        "period",
        {**STRING, "enum": list(PRESETS)},
        "28d where it is left out, custom where from and to are given",
    ),
    _asking("from", DAY, "first day of a custom period"),
    _asking("to", DAY, "last day of a custom period"),
    _asking(
        "compare",
        {**STRING, "enum": list(COMPARISONS)},
        "previous where it is left out, custom where cfrom and cto are given",
    ),
    _asking("cfrom", DAY, "first day of a custom comparison"),
    _asking("cto", DAY, "last day of a custom comparison"),
    _asking("by", {**STRING, "enum": list(GRAINS)}, "steps of the sheet `time`"),
    _asking("region", {**STRING, "pattern": f"^({REGION.pattern})$"}, "a country, or a subdivision"),
    _asking("device", {**STRING, "enum": list(DEVICES)}, "a filter"),
    _asking("channel", {**STRING, "enum": sorted(CHANNELS)}, "a filter"),
]


def _sites() -> Schema:
    return _object({"sites": {"type": "array", "items": STRING}})


def _all(sheets: dict[str, Schema]) -> Schema:
    found = dict(zip(sheets, _refs(sheets), strict=True))
    return _object({**_ASKED, "sheets": _object(found)})


def _get(
    summary: str, kind: str, schema: Schema, parameters: list[Schema] | None = None,
    errors: tuple[str, ...] = ("400", "404"),
) -> Schema:  # fmt: skip
    error = {JSON: {"schema": {"$ref": "#/components/schemas/error"}}}
    answers = {
        "400": "What cannot be asked, in one sentence.",
        "404": "No such site or sheet, or not for this key.",
    }
    shared = {
        "401": "No key, or one that is not good any more.",
        "503": "The store cannot be read at the moment.",
    }
    return {
        "get": {
            "summary": summary,
            "parameters": parameters or [],
            "responses": {
                "200": {"description": summary, "content": {kind: {"schema": schema}}},
                **{code: {"description": answers[code], "content": error} for code in errors},
                **{code: {"description": said, "content": error} for code, said in shared.items()},
            },
        }
    }
