"""Requests from one service to another within the same transaction."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.routes import find_route, load_handler
from novasim.errors import NotFound


def call_service(ctx: Context, service: str, method: str, path: str, body: Any = None, **query: str) -> Any:
    """
    Send a request of the same caller to another service, and return the body of the response.

    Raises:
        NovaFault: the refusal of that service.
    """
    request = ctx.request._replace(
        service=service, method=method, path=path, body=body, query=tuple(query.items()), minor=0
    )
    route, params = find_route(service, method, path, 0)
    if route.schema:
        from novasim.api import schemas

        schemas.check(route.schema, 1, request.query, body, method)
    result = load_handler(service, route)(Context(request, ctx.world), **params)
    return result.body if isinstance(result, Response) else result


def get_or_404(ctx: Context, service: str, path: str, message: str) -> Any:
    """
    Return the body of a GET from another service.

    Raises:
        NotFound: with *message*, in the words of the service that the client called (404).
    """
    try:
        return call_service(ctx, service, "GET", path)
    except NotFound:
        raise NotFound(reason=message) from None
