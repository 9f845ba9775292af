"""The entry point of the control interface."""

from __future__ import annotations

from novasim.api import schemas
from novasim.api.request import Request, Response
from novasim.api.routes import CONTROL_MOUNT, Route, find_route, load_handler
from novasim.cloud import Cloud
from novasim.errors import BadRequest, Forbidden, NoSuchRoute, NotFound, UsageError

SERVICE = "control"


def handle_control(cloud: Cloud, request: Request) -> Response:
    """
    Answer a control request.

    Raises:
        Forbidden: the caller is not an administrator (403). NotFound: no such path, fault or state (404).
        MethodNotAllowed: the path has other methods (405). BadRequest: the body is invalid, or the change (400).
    """
    route, params = _find_route(request)
    if not request.caller.is_admin:
        raise Forbidden(reason="Only an administrator is allowed to control the simulation.")
    body = {} if request.body is None else request.body
    if route.schema:
        schemas.check(route.schema, 0, request.query, body, request.method)
    try:
        result = load_handler(SERVICE, route)(cloud, body, **params)
    except UsageError as error:
        raise BadRequest(reason=str(error)) from None
    return result if isinstance(result, Response) else Response(200, result)


def _find_route(request: Request) -> tuple[Route, dict[str, str]]:
    """
    The route of a control request, and the values of its path parameters.

    Raises:
        NotFound: there is no such path; the message lists the paths.
    """
    from novasim.api.control.routes import ROUTES

    try:
        return find_route(SERVICE, request.method, request.path, 0)
    except NoSuchRoute:
        paths = ", ".join(dict.fromkeys(f"{CONTROL_MOUNT}{route.path}" for route in ROUTES))
        raise NotFound(reason=f"There is no path {CONTROL_MOUNT}{request.path}. The paths are {paths}.") from None
