"""Requests that one service passes on to another one, within the same unit of work."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.routes import find_route, handler_of
from novasim.errors import NotFound


def passed_on(ctx: Context, service: str, method: str, path: str, body: Any = None, **query: str) -> Any:
    """
    The body of another service's answer to the same caller.

    Raises:
        NovaFault: what that service refuses with.
    """
    request = ctx.request._replace(
        service=service, method=method, path=path, body=body, query=tuple(query.items()), minor=0
    )
    route, params = find_route(service, method, path, 0)
    within = Context(request, ctx.world)
    if route.schema:
        from novasim.api import schemas

        schemas.check(route.schema, 1, request.query, body, method)
    answer = handler_of(service, route)(within, **params)
    return answer.body if isinstance(answer, Response) else answer


def fetched(ctx: Context, service: str, path: str, missing: str) -> Any:
    """
    What another service has at a path.

    Raises:
        NotFound: nothing; *missing* says so in the words of the service that was asked (404).
    """
    try:
        return passed_on(ctx, service, "GET", path)
    except NotFound:
        raise NotFound(reason=missing) from None
