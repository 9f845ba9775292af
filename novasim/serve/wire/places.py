"""Where each service is below the one address of the server."""

from __future__ import annotations

import re
from typing import NamedTuple

from novasim.api.versions.routes import DOCUMENTS

LEGACY = "/compute/v2"
MOUNTS = {
    "/compute/v2.1": "compute",
    LEGACY: "compute",
    "/identity": "identity",
    "/image": "image",
    "/network": "network",
    "/volume": "volume",
    "/placement": "placement",
}

_PROJECT = re.compile(r"\A/[0-9a-f]{32}(?=/|\Z)")  # old clients put their project's id in front of every compute path
_HOST = re.compile(r"([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:\d{1,5})?")


class Place(NamedTuple):
    """
    What a path leads to.

    Args:
        path: Within the service. prefix: what the service's own links have behind the server's address.
        legacy: Below /v2, where there are no microversions.
    """

    service: str
    path: str
    prefix: str = ""
    legacy: bool = False

    @property
    def takes_data(self) -> bool:
        """Whether what is sent here is an image's data rather than JSON."""
        return self.service == "image" and self.path.endswith(("/file", "/stage"))


def place_of(path: str) -> Place:
    """The service that a path leads to. The version documents count as one, and what is unknown is among them."""
    whole = path.rstrip("/") or "/"
    if whole not in DOCUMENTS:
        for mount, service in MOUNTS.items():
            if whole.startswith(mount + "/"):
                return _within(service, mount, path[len(mount) :])
    return Place("versions", whole)


def _within(service: str, mount: str, path: str) -> Place:
    if service != "compute":
        return Place(service, path.rstrip("/"))  # only Nova takes a slash at the end for another path
    return Place(service, _PROJECT.sub("", path, count=1) or "/", "/compute", mount == LEGACY)


def base_of(scheme: str, host: str, own: str) -> str:
    """
    The address that links begin with: the one that the client used, if it is one.

    Args:
        host: What the client's Host header says. own: host and port of this server.
    """
    return f"{scheme}://{host if _HOST.fullmatch(host) else own}"
