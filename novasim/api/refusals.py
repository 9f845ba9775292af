"""The error bodies of each service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from novasim.errors import MethodNotAllowed, NoSuchPath, NovaFault, Unauthorized

Body = dict[str, Any]

NETWORK_TYPES = {
    400: "HTTPBadRequest",
    403: "PolicyNotAuthorized",
    404: "HTTPNotFound",
    405: "HTTPMethodNotAllowed",
    409: "Conflict",
    501: "HTTPNotImplemented",
}

NO_SUCH_METHOD = "The server could not comply with the request since it is either malformed or otherwise incorrect."


def refusal_body(fault: NovaFault, service: str = "compute", request_id: str = "") -> Body | bytes:
    """
    The error body of *service* for a fault. Without a valid token, every service answers with Keystone's body.

    Source: nova/api/openstack/wsgi.py, keystonemiddleware, cinder/api/middleware/fault.py, neutron/api/v2/resource.py.
    """
    if isinstance(fault, Unauthorized):
        return _keystone(fault, request_id)
    return FORMS.get(service, _nova)(fault, request_id)


def _nova(fault: NovaFault, request_id: str) -> Body:
    """Name of the fault, code and message, or the router's own body for unknown paths. Cinder's is the same."""
    if isinstance(fault, NoSuchPath):
        return {"code": "404 Not Found", "title": "Not Found", "message": str(fault)}
    return {fault.fault: {"code": fault.http, "message": str(fault)}}


def _keystone(fault: NovaFault, request_id: str) -> Body:
    return {"error": {"code": fault.http, "message": str(fault), "title": _title(fault)}}


def _title(fault: NovaFault) -> str:
    from http import HTTPStatus

    return HTTPStatus(fault.http).phrase


def _neutron(fault: NovaFault, request_id: str) -> Body:
    """The type is the name of Neutron's exception, if the fault has that name."""
    kind = fault.facts.get("type") or NETWORK_TYPES.get(fault.http, "HTTPError")
    text = NO_SUCH_METHOD if isinstance(fault, MethodNotAllowed) else str(fault)
    return {"NeutronError": {"type": kind, "message": text, "detail": ""}}


EXPLANATIONS = {
    400: "The server could not comply with the request since it is either malformed or otherwise incorrect.",
    403: "Access was denied to this resource.",
    404: "The resource could not be found.",
    409: "There was a conflict when trying to complete your request.",
}
"""How the details of Placement's errors begin: with webob's text for the code. Source: webob/exc.py."""


def _placement(fault: NovaFault, request_id: str) -> Body:
    title = _title(fault)
    detail = f"{EXPLANATIONS.get(fault.http, title)}\n\n {fault}  "
    error: Body = {"status": fault.http, "title": title, "detail": detail}
    return {"errors": [error | {"request_id": request_id}]}


def _webob(fault: NovaFault, request_id: str) -> bytes:
    """The text that webob sends to clients that do not accept HTML. A 404 of Nova's metadata service has no reason."""
    text = EXPLANATIONS[404] if fault.http == 404 else fault
    return f"{fault.http} {_title(fault)}\n\n{text}\n\n   ".encode("utf-8", "replace")


FORMS: dict[str, Callable[[NovaFault, str], Body | bytes]] = {
    "compute": _nova,
    "guest": _webob,
    "identity": _keystone,
    "image": _keystone,
    "network": _neutron,
    "placement": _placement,
    "volume": _nova,
}
