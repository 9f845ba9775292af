"""Which handler answers which request: the tables of all services, and the search in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from novasim.errors import MethodNotAllowed, NoSuchPath, NoSuchRoute, NovaFault

Handler = Callable[..., Any]


class Route(NamedTuple):
    """
    One line of a service's route table.

    Args:
        handler: "module:function" or "module:object.method" below the service's package, imported when asked for.
        since, until: First and last microversion (2.N of compute, as N) in which the route exists.
        schema: Name of the body's and query's schema in api/schemas; "" checks nothing.
        looks: Whether the request changes nothing, though its method would let one think so.
    """

    method: str
    path: str
    handler: str
    since: int = 0
    until: int = 9999
    schema: str = ""
    looks: bool = False

    @property
    def writes(self) -> bool:
        """Whether the request may change the world."""
        return not self.looks and self.method not in ("GET", "HEAD")


@cache
def _table(service: str) -> tuple[tuple[re.Pattern[str], Route], ...]:
    routes = import_module(f"novasim.api.{service}.routes").ROUTES
    return tuple((re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route.path) + r"\Z"), route) for route in routes)


def find_route(service: str, method: str, path: str, minor: int) -> tuple[Route, dict[str, str]]:
    """
    The route for a request and the values of its path parameters.

    Raises:
        NoSuchRoute: no such request at this microversion (404). NoSuchPath: at none (404).
        NotSimulated: a path that the simulation of a neighbouring service does not have (501).
        MethodNotAllowed: the path exists with other methods (405).
    """
    known, others = set(), set()
    for pattern, route in _table(service):
        if match := pattern.match(path):
            known.add(route.method)
            if route.since <= minor <= route.until:
                if route.method == method:
                    return route, match.groupdict()
                others.add(route.method)
    if others and method not in known:
        raise MethodNotAllowed(method=method, allowed=sorted(others))
    if known:
        raise NoSuchRoute()
    raise NoSuchPath() if service == "compute" else _outside(service, method, path)


def _outside(service: str, method: str, path: str) -> NovaFault:
    from novasim.api.not_simulated import not_simulated

    return not_simulated(service, method, path, [(route.method, route.path) for _, route in _table(service)])


@cache
def handler_of(service: str, route: Route) -> Handler:
    """The function behind a route."""
    module, _, name = route.handler.partition(":")
    found: Any = import_module(f"novasim.api.{service}.{module}")
    for part in name.split("."):
        found = getattr(found, part)
    handler: Handler = found
    return handler
