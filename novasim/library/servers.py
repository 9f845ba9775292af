"""Servers of a cloud: create, list and change them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from novasim.library.server import Server

if TYPE_CHECKING:
    from novasim.library.client import Client

__all__ = ["Server", "Servers"]


class Servers:
    """The servers that the cloud's caller is allowed to see."""

    def __init__(self, cloud: Client) -> None:
        self._cloud = cloud

    def create(self, name: str, flavor: str, image: str | None = None, **fields: Any) -> Server:
        """
        Create a server. Unless the clock is instant, it is still being built when this returns.

        Args:
            flavor, image: Names or ids.
            fields: More fields of the request, such as key_name="k" or networks=[{"uuid": ...}]; networks is "auto" by
                default.

        Raises:
            NovaFault: the request is refused, for example with 403 if a quota is exceeded.
        """
        body = {"name": name, "flavorRef": self._cloud.id_of("flavor", flavor), "networks": "auto", **fields}
        if image is not None:
            body["imageRef"] = self._cloud.id_of("image", image)
        answer = self._cloud.request("POST", "/servers", {"server": body})
        return Server(self._cloud, answer.body["server"]["id"])

    def get(self, name: str) -> Server:
        """
        A server by name or id.

        Raises:
            NotFound: no such server, or several.
        """
        return Server(self._cloud, self._cloud.id_of("server", name))

    def list(self, *, all_projects: bool = False, **filters: str | bool) -> list[Server]:
        """
        The servers that match the API's filters, such as status="ACTIVE" or locked=True; newest first.

        Args:
            all_projects: Whether to list the servers of all projects (administrators), as the filter all_tenants does.
        """
        everyone = (("all_tenants", "1"),) if all_projects else ()
        query = (*everyone, *((name, str(value)) for name, value in filters.items()))
        items = self._cloud.request("GET", "/servers", query=query).body["servers"]
        return [Server(self._cloud, each["id"]) for each in items]
