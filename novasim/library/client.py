"""Requests of one caller to a cloud, and ids for names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from novasim import cloud as core_cloud
from novasim.api import microversions
from novasim.api.callers import expand_roles, find_caller
from novasim.api.dispatch import handle
from novasim.api.request import Request, Response
from novasim.api.resources import RESOURCES, display_name, find_items, list_items
from novasim.api.routes import MOUNTS
from novasim.errors import NotFound, UsageError
from novasim.records import Caller
from novasim.suggestions import suggest_names

Query = Iterable[tuple[str, str]]


class Client:
    """
    A caller of a cloud.

    Args:
        world: The simulated cloud. who: USER or USER@PROJECT.
    """

    def __init__(self, world: core_cloud.Cloud, who: str) -> None:
        self.world = world
        self.who = who

    @property
    def caller(self) -> Caller:
        """The caller: ids and roles."""
        with self.world.reading() as world:
            return find_caller(world.tx, self.who)

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        query: Query = (),
        version: str = "latest",
        service: str = "compute",
    ) -> Response:
        """
        Send any request of the API.

        Args:
            path: Below the service's root, such as /servers/detail. version: the compute microversion.
            service: compute, identity, image, network, placement or volume; or metadata, with a server's id first in
                the path.

        Returns:
            The response: code, headers and body.

        Raises:
            NovaFault: the request is refused. UsageError: there is no such service.
        """
        if service not in (*MOUNTS, "metadata"):
            raise UsageError(f"There is no service {service!r}.{suggest_names(service, MOUNTS)}")
        minor = microversions.parse(version)
        return self._send(Request(self.caller, method, path, minor, tuple(query), body, service))

    def request_as_admin(self, method: str, path: str, body: Any = None) -> Response:
        """Send a request of Nova's API as an administrator of the caller's project. Errors as for `request`."""
        admin = self.caller._replace(roles=expand_roles(("admin",)))
        return self._send(Request(admin, method, path, microversions.parse("latest"), body=body))

    def _send(self, request: Request) -> Response:
        response = handle(self.world, request)
        if response.fault:
            raise response.fault
        return response

    def get(self, path: str, query: Query = (), service: str = "compute") -> Any:
        """The body of a GET at the newest microversion. Errors as for `request`."""
        return self.request("GET", path, query=query, service=service).body

    def id_of(self, noun: str, name: str) -> str:
        """
        The id of a resource by name or id.

        Args:
            noun: flavor, image, network, volume, ...: the name of its command.

        Raises:
            NotFound: no such resource, then the message names similar ones; or several. UsageError: no such noun.
        """
        if noun not in RESOURCES:
            raise UsageError(f"There is no noun {noun!r}.{suggest_names(noun, RESOURCES)}")
        resource = RESOURCES[noun]
        found = find_items(self, resource, name)
        if len(found) > 1:
            raise NotFound(reason=f"There are {len(found)} {display_name(noun)}s {name!r}.")
        if not found:
            names = [str(item[resource.name_key] or "") for item in list_items(self, resource)]
            raise NotFound(
                reason=f"There is no {display_name(noun)} {name!r}.{suggest_names(name, filter(None, names))}"
            )
        return str(found[0][resource.id_key])
