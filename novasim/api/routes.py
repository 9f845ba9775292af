"""Which handler answers which request: the tables of all services, and the search in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import import_module
from operator import itemgetter
from typing import Any, NamedTuple

from novasim.errors import MethodNotAllowed, NoSuchPath, NoSuchRoute, NovaFault

Handler = Callable[..., Any]

ANY_PATH = "*"


class Route(NamedTuple):
    """
    One line of a service's route table.

    Args:
        path: Below the service's root; "{name}" is a parameter of one segment, ANY_PATH matches all paths.
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


class Template(NamedTuple):
    """
    A route's path, split into segments. Compiling the paths of a service as patterns would cost a command 10 ms.

    Args:
        fixed: Picks the segments that are not parameters out of a path. expected: their values.
        names: The names of the parameters by position.
    """

    fixed: itemgetter[Any]
    expected: Any
    names: dict[int, str]

    def match(self, segments: Sequence[str]) -> dict[str, str] | None:
        """The values of the parameters, or None if a path of the same length does not match."""
        if self.fixed(segments) != self.expected:
            return None
        params = {name: segments[position] for position, name in self.names.items()}
        return params if all(params.values()) else None


@cache
def _template(path: str) -> Template:
    segments = path.split("/")
    names = {position: text[1:-1] for position, text in enumerate(segments) if text.startswith("{")}
    fixed = itemgetter(*(position for position in range(len(segments)) if position not in names))
    return Template(fixed, fixed(segments), names)


@cache
def _routes_by_length(service: str) -> dict[int, list[Route]]:
    """The routes of a service by the number of segments in their paths; those that match any path are at 0."""
    routes: dict[int, list[Route]] = {0: []}
    for route in _list_routes(service):
        length = 0 if route.path == ANY_PATH else route.path.count("/") + 1
        routes.setdefault(length, []).append(route)
    return routes


def _list_routes(service: str) -> list[Route]:
    routes: list[Route] = import_module(f"novasim.api.{service}.routes").ROUTES
    return routes


def _matches(service: str, path: str) -> Iterator[tuple[Route, dict[str, str]]]:
    """The routes that match a path, with the values of their parameters, in the order of the table."""
    segments = path.split("/")
    routes = _routes_by_length(service)
    for route in routes.get(len(segments), ()):
        if (params := _template(route.path).match(segments)) is not None:
            yield route, params
    for route in routes[0]:
        yield route, {}


def find_route(service: str, method: str, path: str, minor: int) -> tuple[Route, dict[str, str]]:
    """
    The route for a request and the values of its path parameters.

    Raises:
        NoSuchRoute: no such request at this microversion (404).
        NoSuchPath: no such path, or not with this method, in a service whose router knows nothing else (404).
        NotSimulated: a path that the simulation of a neighbouring service does not have (501).
        MethodNotAllowed: the path exists with other methods (405).

    Source: nova/api/wsgi.py Router._dispatch; oslo_service/wsgi.py Router._dispatch for Cinder.
    """
    known, others = set(), set()
    for route, params in _matches(service, path):
        known.add(route.method)
        if route.since <= minor <= route.until:
            if route.method == method:
                return route, params
            others.add(route.method)
    if method in known:
        raise NoSuchRoute()
    if service == "compute" or (service == "volume" and known):
        raise NoSuchPath()
    if others:
        raise MethodNotAllowed(method=method, allowed=sorted(others))
    raise NoSuchRoute() if known else _outside(service, method, path)


def _outside(service: str, method: str, path: str) -> NovaFault:
    from novasim.api.not_simulated import not_simulated

    return not_simulated(service, method, path, [(route.method, route.path) for route in _list_routes(service)])


@cache
def handler_of(service: str, route: Route) -> Handler:
    """The function behind a route."""
    module, _, name = route.handler.partition(":")
    found: Any = import_module(f"novasim.api.{service}.{module}")
    for part in name.split("."):
        found = getattr(found, part)
    handler: Handler = found
    return handler
