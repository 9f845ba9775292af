"""The requests of each service that are simulated, read from the route tables."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.api.routes import NOT_SIMULATED, Route, list_routes

# Handlers that only refuse, or the beginnings of their names.
REFUSED = (NOT_SIMULATED, "proxies.removed:", "classes_and_traits:refuse_write", "servers.shares:create")


def is_simulated(route: Route) -> bool:
    """Whether a request may be answered with more than a refusal."""
    return not route.handler.startswith(REFUSED)


def list_simulated_paths(service: str) -> Iterator[tuple[str, list[str]]]:
    """The simulated paths of a service with their methods, in the order of the routes."""
    methods: dict[str, list[str]] = {}
    for route in filter(is_simulated, list_routes(service)):
        if route.method not in methods.setdefault(route.path, []):
            methods[route.path].append(route.method)
    yield from methods.items()


def list_newest_routes(service: str) -> Iterator[Route]:
    """For every method and path the route that exists in the newest microversion."""
    newest: dict[tuple[str, str], Route] = {}
    for route in list_routes(service):
        previous = newest.get((route.method, route.path))
        if previous is None or route.until > previous.until:
            newest[route.method, route.path] = route
    yield from newest.values()
