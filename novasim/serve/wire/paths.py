"""Paths of the services below the server's address."""

from __future__ import annotations

import re
from typing import NamedTuple

from novasim.api.metadata.versions import ROOTS
from novasim.api.routes import CONTROL_MOUNT, METADATA_MOUNT, MOUNTS
from novasim.api.versions.routes import DOCUMENTS

LEGACY = "/compute/v2"
SERVICE_BY_MOUNT = {
    **{mount: service for service, mount in MOUNTS.items()},
    LEGACY: "compute",
    METADATA_MOUNT: "metadata",
    CONTROL_MOUNT: "control",
}

_PROJECT = re.compile(r"\A/[0-9a-f]{32}(?=/|\Z)")  # old clients put the project's ID in front of each compute path
_SLASHES = re.compile(r"/{2,}")
_IMAGE_VERSION = re.compile(r"\A/v2(\.([0-9]|1[0-7]))?(?=/|\Z)")  # each minor version is the newest one
_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+){1,9}")
_HOST = re.compile(r"([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:\d{1,5})?")


class ServicePath(NamedTuple):
    """
    A path split into the service and the path within it.

    Args:
        path: Path within the service. prefix: The part between the server's address and *path* in links of the service.
        legacy: Whether the path is below /v2, where microversions do not exist.
        project: The project ID before *path*, or "".
    """

    service: str
    path: str
    prefix: str = ""
    legacy: bool = False
    project: str = ""

    @property
    def takes_data(self) -> bool:
        """Whether a body sent to this path is an image's data, not JSON."""
        return self.service == "image" and self.path.endswith(("/file", "/stage"))

    @property
    def takes_text(self) -> bool:
        """Whether a body sent to this path is a text, as the password of a guest."""
        return self.service in ("guest", "metadata")


def split_path(path: str) -> ServicePath:
    """
    Split a path into service and rest. Version documents and unknown paths belong to the service "versions", those that
    guests request to the service "guest".

    Repeated slashes are merged, as the web servers in front of the services do.
    """
    path = _SLASHES.sub("/", path)
    whole = path.rstrip("/") or "/"
    if whole not in DOCUMENTS:
        for mount, service in SERVICE_BY_MOUNT.items():
            if whole.startswith(mount + "/"):
                return _within_service(service, mount, path[len(mount) :])
    return ServicePath("guest" if whole[1:].partition("/")[0] in ROOTS else "versions", whole)


def _within_service(service: str, mount: str, path: str) -> ServicePath:
    if service == "image":
        if not _IMAGE_VERSION.match(path):
            return ServicePath("versions", mount)  # Glance answers any unknown version with its versions
        return ServicePath(service, _IMAGE_VERSION.sub("/v2", path))
    if service == "volume":
        path = path.rstrip("/").removesuffix(".json")  # Cinder's mapper.resource adds these paths
    if service != "compute":
        return ServicePath(service, path.rstrip("/"))  # Nova and Glance treat a path with a slash at the end as another
    project = _PROJECT.match(path)
    rest = path[project.end() :] if project else path
    return ServicePath(service, rest or "/", "/compute", mount == LEGACY, project[0][1:] if project else "")


def base_url(scheme: str, host: str, own_address: str) -> str:
    """
    The URL that links begin with: the address in the client's Host header if it is valid, or else the server's own.

    Args:
        host: Value of the Host header. own_address: host and port of this server.
    """
    return f"{scheme}://{host if _HOST.fullmatch(host) else own_address}"


def read_prefix(header: str) -> str:
    """The value of the header X-Forwarded-Prefix without a slash at the end; "" if it is not a path."""
    prefix = header.rstrip("/")
    return prefix if _PREFIX.fullmatch(prefix) else ""
