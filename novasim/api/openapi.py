"""
The OpenAPI 3.1 description of all services, made from the route tables and the request schemas.

Every operation is described at the newest microversion that has it; the header that asks for that one is part of it.
"""

from __future__ import annotations

import re
from typing import Any

from novasim import __version__
from novasim.api import schemas
from novasim.api.coverage import MOUNTS, is_simulated, newest
from novasim.api.microversions import NEWEST
from novasim.api.routes import Route
from novasim.api.schemas.actions import BODIES as ACTIONS
from novasim.errors import FAULT_BY_HTTP

Document = dict[str, Any]

LATEST = {"compute": ("compute 2.", NEWEST), "volume": ("volume 3.", 71), "placement": ("placement 1.", 39)}
CHOSEN_BY_KEY = {  # handlers that look for the schema themselves, by the key in the body
    "servers.actions:act": tuple(ACTIONS),
    "hosts.aggregates:act": ("aggregates.add_host", "aggregates.remove_host", "aggregates.set_metadata"),
    "flavors:act": ("flavor_access.add", "flavor_access.remove"),
}
DATA = ("data:upload", "data:stage")
TEXT: Document = {"type": "string"}
LISTS = (":index", ":detail", ".index")
PAGE: Document = {
    "limit": {"type": "string", "pattern": "^[0-9]+$"},
    "marker": TEXT,
    "sort_key": TEXT,
    "name": TEXT,
    "sort_dir": {"enum": ["asc", "desc"]},
}


def document() -> Document:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "novasim",
            "version": __version__,
            "description": "The OpenStack services that a server's life needs, simulated. What is not described here "
            "is answered with 404 or 501.",
        },
        "paths": {MOUNTS[service] + path: item for service in MOUNTS for path, item in _paths(service).items()},
        "components": {
            "securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": "X-Auth-Token"}},
            "schemas": {f"{service}_error": ERRORS.get(service, ERRORS["compute"]) for service in MOUNTS},
        },
        "security": [{"token": []}],
    }


def _paths(service: str) -> dict[str, Document]:
    paths: dict[str, Document] = {}
    for route in newest(service):
        if is_simulated(route):
            paths.setdefault(route.path, {})[route.method.lower()] = _operation(service, route)
    return paths


def _operation(service: str, route: Route) -> Document:
    minor = min(route.until, LATEST[service][1]) if service in LATEST else 0
    operation: Document = {
        "operationId": f"{service} {route.method} {route.path}",
        "summary": _summary(route),
        "tags": [service],
        "parameters": [*_path_parameters(route), *_query_parameters(route, minor), *_version(service, minor)],
        "responses": _responses(service),
    }
    if body := _body(route, minor):
        operation["requestBody"] = body
    return operation


def _summary(route: Route) -> str:
    return route.handler.replace(":", ", ").replace("_", " ").replace(".", " ")


def _path_parameters(route: Route) -> list[Document]:
    schema = {"type": "string", "minLength": 1, "pattern": "^[^/]+$"}
    names = re.findall(r"\{(\w+)\}", route.path)
    return [{"name": name, "in": "path", "required": True, "schema": schema} for name in names]


def _query_parameters(route: Route, minor: int) -> list[Document]:
    schema = schemas.query_schema(route.schema, minor) if route.schema else None
    listed = PAGE if route.handler.endswith(LISTS) and not schema else {}
    return [
        {"name": name, "in": "query", "required": False, "explode": True, "schema": values}
        for name, values in {**listed, **(schema or {}).get("properties", {})}.items()
    ]


def _version(service: str, minor: int) -> list[Document]:
    if service not in LATEST:
        return []
    schema = {"type": "string", "enum": [f"{LATEST[service][0]}{minor}"]}
    return [{"name": "OpenStack-API-Version", "in": "header", "required": False, "schema": schema}]


def _body(route: Route, minor: int) -> Document | None:
    if route.handler in DATA:
        data = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        return {"required": True, "content": data}
    if (schema := _body_schema(route, minor)) is None:
        return None
    return {"required": True, "content": {"application/json": {"schema": _plain(schema)}}}


def _body_schema(route: Route, minor: int) -> Document | None:
    """The schema of the body; None where there is no body, or any will do."""
    if route.method not in ("POST", "PUT", "PATCH"):
        return None
    if route.handler in CHOSEN_BY_KEY:
        return {"oneOf": [schemas.body_schema(name, minor) for name in CHOSEN_BY_KEY[route.handler]]}
    return schemas.body_schema(route.schema, minor) if route.schema else None


OUR_FORMATS = {
    "name": r"^[!-~]([ -~]*[!-~])?$",
    "name_with_leading_trailing_spaces": "[!-~]",
    "printable": r"^[ -~]*$",
    "az_name": r"^[!-9;-~]([ -9;-~]*[!-9;-~])?$",
    "uuid": r"^[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}$",
    "base64": r"^([A-Za-z0-9+/]{4})*$",
}


def _plain(schema: Any) -> Any:
    """The schema in words that every reader of JSON Schema knows: our own formats are told as patterns."""
    if isinstance(schema, list):
        return [_plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {keyword: _plain(value) for keyword, value in schema.items()}
    if (name := schema.get("format")) in OUR_FORMATS and isinstance(name, str):
        del plain["format"]
        plain.setdefault("pattern", OUR_FORMATS[name])
    return plain


def _responses(service: str) -> Document:
    error = {"$ref": f"#/components/schemas/{service}_error"}
    refusal = {"description": "Refused", "content": {"application/json": {"schema": error}}}
    return {"2XX": {"description": "Accepted"}, "4XX": refusal, "501": {**refusal, "description": "Not simulated"}}


def _object(*required: str, **properties: Document) -> Document:
    return {"type": "object", "properties": properties, "required": [*required] or [*properties]}


_FAULT = _object(code={"type": "integer"}, message=TEXT)
_ROUTER = _object(code=TEXT, title=TEXT, message=TEXT)
_KEYSTONE = _object(error=_object(code={"type": "integer"}, message=TEXT, title=TEXT))
_NAMES = sorted({*FAULT_BY_HTTP.values(), "computeFault"})
_NOVA: Document = {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 1,
    "propertyNames": {"enum": _NAMES},
    "additionalProperties": _FAULT,
}
_NEUTRON = _object(NeutronError=_object(type=TEXT, message=TEXT, detail=TEXT))
_PLACEMENT = _object(
    errors={
        "type": "array",
        "minItems": 1,
        "items": _object(status={"type": "integer"}, title=TEXT, detail=TEXT, request_id=TEXT),
    }
)
ERRORS: dict[str, Document] = {  # each service's own form, or Keystone's where there is no valid token
    "compute": {"anyOf": [_NOVA, _ROUTER, _KEYSTONE]},
    "identity": _KEYSTONE,
    "image": _KEYSTONE,
    "network": {"anyOf": [_NEUTRON, _KEYSTONE]},
    "placement": {"anyOf": [_PLACEMENT, _KEYSTONE]},
}
