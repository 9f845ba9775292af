"""
The OpenAPI 3.1 description of all services, generated from the route tables and the request schemas.

Each operation is described at the newest microversion that has it, with the header that requests this microversion.
"""

from __future__ import annotations

import re
from typing import Any

from novasim import __version__
from novasim.api import schemas
from novasim.api.coverage import is_simulated, list_newest_routes
from novasim.api.routes import CONTROL_MOUNT, METADATA_MOUNT, MOUNTS, Route, load_handler
from novasim.api.schemas.actions import BODIES as ACTIONS
from novasim.errors import FAULT_BY_HTTP
from novasim.lifecycle.microversions import RANGES

Document = dict[str, Any]

ALL_MOUNTS = {**MOUNTS, "control": CONTROL_MOUNT, "metadata": METADATA_MOUNT}
SCHEMAS_BY_KEY = {  # by handler: the schemas among which the key in the body selects one
    "servers.actions:act": tuple(ACTIONS),
    "hosts.aggregates:act": ("aggregates.add_host", "aggregates.remove_host", "aggregates.set_metadata"),
    "flavor_access:act": ("flavor_access.add", "flavor_access.remove"),
}
DATA_HANDLERS = ("data:upload", "data:stage")
TEXT: Document = {"type": "string"}
LIST_HANDLERS = (":index", ":detail", ".index")
PAGE_PARAMETERS: Document = {
    "limit": {"type": "string", "pattern": "^[0-9]+$"},
    "marker": TEXT,
    "sort_key": TEXT,
    "name": TEXT,
    "sort_dir": {"enum": ["asc", "desc"]},
}


def document() -> Document:
    """The whole OpenAPI document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "novasim",
            "version": __version__,
            "description": "The OpenStack services that the lifecycle of a server needs, simulated. Requests that are "
            "not described here get 404 or 501. Paths below /novasim control the simulation; they need the token of "
            "an administrator, or none if the server was started with --control open. Paths below /novasim/metadata "
            "return what the guest of a server reads about itself, also to members of the server's project.",
        },
        "paths": {
            mount + path: item for service, mount in ALL_MOUNTS.items() for path, item in _paths(service).items()
        },
        "components": {
            "securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": "X-Auth-Token"}},
            "schemas": {f"{service}_error": ERRORS.get(service, ERRORS["compute"]) for service in ALL_MOUNTS},
        },
        "security": [{"token": []}],
    }


def _paths(service: str) -> dict[str, Document]:
    paths: dict[str, Document] = {}
    for route in list_newest_routes(service):
        if is_simulated(route):
            paths.setdefault(route.path, {})[route.method.lower()] = _operation(service, route)
    return paths


def _operation(service: str, route: Route) -> Document:
    minor = min(route.until, RANGES[service][2]) if service in RANGES else 0
    operation: Document = {
        "operationId": f"{service} {route.method} {route.path}",
        "summary": _summary(service, route),
        "tags": [service],
        "parameters": [*_path_parameters(route), *_query_parameters(route, minor), *_version_header(service, minor)],
        "responses": _responses(service),
    }
    if body := _body(route, minor):
        operation["requestBody"] = body
    return operation


def _summary(service: str, route: Route) -> str:
    if service in ("control", "metadata") and (text := load_handler(service, route).__doc__):
        return text.partition(": ")[2]
    return route.handler.replace(":", ", ").replace("_", " ").replace(".", " ")


def _path_parameters(route: Route) -> list[Document]:
    schema = {"type": "string", "minLength": 1, "pattern": "^[^/]+$"}
    names = re.findall(r"\{(\w+)\}", route.path)
    return [{"name": name, "in": "path", "required": True, "schema": schema} for name in names]


def _query_parameters(route: Route, minor: int) -> list[Document]:
    schema = schemas.query_schema(route.schema, minor) if route.schema else None
    page = PAGE_PARAMETERS if route.handler.endswith(LIST_HANDLERS) and not schema else {}
    return [
        {"name": name, "in": "query", "required": False, "explode": True, "schema": values}
        for name, values in {**page, **(schema or {}).get("properties", {})}.items()
    ]


def _version_header(service: str, minor: int) -> list[Document]:
    if service not in RANGES:
        return []
    schema = {"type": "string", "enum": [f"{service} {RANGES[service][0]}.{minor}"]}
    return [{"name": "OpenStack-API-Version", "in": "header", "required": False, "schema": schema}]


def _body(route: Route, minor: int) -> Document | None:
    if route.handler in DATA_HANDLERS:
        data = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        return {"required": True, "content": data}
    if (schema := _body_schema(route, minor)) is None:
        return None
    is_required = route.schema != "control.reset"
    return {"required": is_required, "content": {"application/json": {"schema": _to_standard_schema(schema)}}}


def _body_schema(route: Route, minor: int) -> Document | None:
    """The schema of the body; None if the request has no body, or accepts any."""
    if route.method not in ("POST", "PUT", "PATCH"):
        return None
    if route.handler in SCHEMAS_BY_KEY:
        return {"oneOf": [schemas.body_schema(name, minor) for name in SCHEMAS_BY_KEY[route.handler]]}
    return schemas.body_schema(route.schema, minor) if route.schema else None


NOVA_FORMATS = {
    "name": r"^[!-~]([ -~]*[!-~])?$",
    "name_with_leading_trailing_spaces": "[!-~]",
    "printable": r"^[ -~]*$",
    "az_name": r"^[!-9;-~]([ -9;-~]*[!-9;-~])?$",
    "uuid": r"^[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}$",
    "base64": r"^([A-Za-z0-9+/]{4})*$",
}


def _to_standard_schema(schema: Any) -> Any:
    """The schema with patterns instead of the formats that only Nova knows."""
    if isinstance(schema, list):
        return [_to_standard_schema(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {keyword: _to_standard_schema(value) for keyword, value in schema.items()}
    if (name := schema.get("format")) in NOVA_FORMATS and isinstance(name, str):
        del plain["format"]
        plain.setdefault("pattern", NOVA_FORMATS[name])
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
ERRORS: dict[str, Document] = {  # by service; a request without a valid token gets Keystone's error from each
    "compute": {"anyOf": [_NOVA, _ROUTER, _KEYSTONE]},
    "identity": _KEYSTONE,
    "image": _KEYSTONE,
    "network": {"anyOf": [_NEUTRON, _KEYSTONE]},
    "placement": {"anyOf": [_PLACEMENT, _KEYSTONE]},
}
