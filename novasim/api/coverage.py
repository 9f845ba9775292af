"""What of each service is simulated, read from the route tables."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from novasim.api.routes import Route

MOUNTS = {  # service -> where its paths begin, below the server's address
    "compute": "/compute/v2.1",
    "identity": "/identity",
    "image": "/image",
    "network": "/network",
    "placement": "/placement",
    "volume": "/volume",
}
# Handlers that only refuse.
REFUSED = ("proxies.removed:", "classes_and_traits:refuse_write", "servers.shares:create")


def routes_of(service: str) -> list[Route]:
    """All routes of a service, in the order in which they are tried."""
    table: list[Route] = import_module(f"novasim.api.{service}.routes").ROUTES
    return table


def is_simulated(route: Route) -> bool:
    """Whether a request may be answered with more than a refusal."""
    return not route.handler.startswith(REFUSED)


def simulated(service: str) -> Iterator[tuple[str, list[str]]]:
    """Paths of a service and the methods they take, in the order of the routes."""
    methods: dict[str, list[str]] = {}
    for route in filter(is_simulated, routes_of(service)):
        if route.method not in methods.setdefault(route.path, []):
            methods[route.path].append(route.method)
    yield from methods.items()


def newest(service: str) -> Iterator[Route]:
    """Of every method and path the route that lasts longest."""
    last: dict[tuple[str, str], Route] = {}
    for route in routes_of(service):
        known = last.get((route.method, route.path))
        if known is None or route.until > known.until:
            last[route.method, route.path] = route
    yield from last.values()
