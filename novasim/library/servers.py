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

    def list(self, **filters: str) -> list[Server]:
        """The servers that match the API's filters, such as status="ACTIVE" or all_tenants="1"; newest first."""
        items = self._cloud.request("GET", "/servers", query=tuple(filters.items())).body["servers"]
        return [Server(self._cloud, each["id"]) for each in items]
