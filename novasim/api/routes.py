"""
The route of a request: one table per service, in `<service>/routes.py`.

The look-up is 30 lines of our own, since werkzeug's router (227 ms to import, as every command would) knows neither
microversions nor the different errors of the services.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import import_module
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from novasim.errors import MethodNotAllowed, NoSuchPath, NoSuchRoute, NoSuchUrl, NovaFault
from novasim.lifecycle.microversions import NEWEST

Handler = Callable[..., Any]

MOUNTS = {  # by service: where its paths begin, below the server's address
    "compute": "/compute/v2.1",
    "identity": "/identity",
    "image": "/image",
    "network": "/network",
    "placement": "/placement",
    "volume": "/volume",
}

CONTROL_MOUNT = "/novasim"  # the control interface of the simulation, which is not a service of OpenStack
METADATA_MOUNT = f"{CONTROL_MOUNT}/metadata"  # what the guest of a server reads from the metadata service
REMOTE_MOUNT = f"{CONTROL_MOUNT}/remote"  # commands whose cloud is behind the server
CLASSROOM_MOUNT = f"{CONTROL_MOUNT}/classroom"  # a student's commands about the lesson
ANY_PATH = "*"
NOT_SIMULATED = "not_simulated"  # the handler of requests that the real service has and novasim refuses (501)


class Route(NamedTuple):
    """
    One row of a service's route table.

    Args:
        path: Below the service's root; "{name}" is a parameter of one segment, ANY_PATH matches all paths.
        handler: "module:function" or "module:object.method" below the service's package, imported on first use; or
            NOT_SIMULATED.
        since, until: First and last microversion (2.N of compute, as N) in which the route exists.
        schema: Name of the schema of body and query in api/schemas; "" for no check.
        read_only: Whether the request changes nothing, although it is not a GET.
        uses_clock: Whether the response depends on the simulated time even if nothing changes, so it is not cached.
        changes: Whether a GET changes the cloud, as a few of the volume service do.
    """

    method: str
    path: str
    handler: str
    since: int = 0
    until: int = NEWEST
    schema: str = ""
    read_only: bool = False
    uses_clock: bool = False
    changes: bool = False

    @property
    def writes(self) -> bool:
        """Whether the request may change the cloud."""
        return self.changes or (not self.read_only and self.method not in ("GET", "HEAD"))


class Template(NamedTuple):
    """
    A route's path, split into segments. Compiling the paths of a service as patterns would cost a command 10 ms.

    Args:
        fixed: Returns the segments of a path that are not parameters. expected: The values that they must have.
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
    for route in list_routes(service):
        length = 0 if route.path == ANY_PATH else route.path.count("/") + 1
        routes.setdefault(length, []).append(route)
    return routes


def list_routes(service: str) -> list[Route]:
    """All routes of a service, in the order in which they are tried."""
    routes: list[Route] = import_module(f"novasim.api.{service}.routes").ROUTES
    return routes


def is_read(service: str, method: str, path: str) -> bool:
    """Whether a request is a GET that changes nothing. It costs less than a look-up of the route."""
    return method == "GET" and path.rpartition("/")[2] not in _find_changing_verbs(service)


@cache
def _find_changing_verbs(service: str) -> frozenset[str]:
    """The last words of the paths of a service whose GET changes the cloud."""
    return frozenset(route.path.rpartition("/")[2] for route in list_routes(service) if route.changes)


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
        NoSuchPath: no such path, or not with this method, in services that answer both with 404.
        NotSimulated: a request that the real service has and novasim refuses (501).
        MethodNotAllowed: the path exists with other methods (405).

    Source: nova/api/wsgi.py Router._dispatch; oslo_service/wsgi.py Router._dispatch for Cinder; pecan/core.py
    find_controller_and_args for Neutron, whose paths may end in ".json".
    """
    if service == "network":
        path = path.removesuffix(".json")
    methods, other_methods = set(), set()
    for route, params in _matches(service, path):
        methods.add(route.method)
        if route.since <= minor <= route.until:
            if route.method == method:
                if route.handler == NOT_SIMULATED:
                    raise _not_simulated(service, method, path)
                return route, params
            other_methods.add(route.method)
    if method in methods:
        raise NoSuchRoute()
    if service in ("compute", "volume"):
        raise NoSuchPath()
    if other_methods:
        raise MethodNotAllowed(method=method, allowed=sorted(other_methods))
    raise NoSuchUrl() if service == "identity" else NoSuchRoute()


def _not_simulated(service: str, method: str, path: str) -> NovaFault:
    from novasim.api.not_simulated import not_simulated

    simulated = [route for route in list_routes(service) if route.handler != NOT_SIMULATED]
    return not_simulated(service, method, path, [(route.method, route.path) for route in simulated])


@cache
def load_handler(service: str, route: Route) -> Handler:
    """The function behind a route."""
    module, _, name = route.handler.partition(":")
    target: Any = import_module(f"novasim.api.{service}.{module}")
    handler: Handler = attrgetter(name)(target)
    return handler
