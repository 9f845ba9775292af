"""Microversion headers of requests and responses. Source: the microversion specification, and keystoneauth."""

from __future__ import annotations

from novasim.api import microversions
from novasim.errors import BadRequest, NotAcceptable
from novasim.lifecycle.microversions import OLDEST, RANGES
from novasim.serve.wire.paths import ServicePath

Headers = dict[str, str]


def read_minor(target: ServicePath, headers: Headers) -> int:
    """
    The minor number of the requested microversion: N of 2.N for compute, of 3.N for volume, of 1.N for placement.

    The default is the oldest microversion of the service. Requests below /v2 always use 2.1.

    Args:
        headers: Of the request, with names in lower case.

    Raises:
        BadRequest: the header is not a version (400). NotAcceptable: the version does not exist (406).
    """
    if target.service != "compute" and target.service in RANGES:
        return int(read_version(target.service, headers).partition(".")[2])
    version = _version_header(target.service, headers) if target.service == "compute" and not target.legacy else None
    return microversions.parse(version) if version else OLDEST


def read_version(service: str, headers: Headers) -> str:
    """The requested microversion of volume or placement. Raises as `read_minor`."""
    major, oldest, _ = RANGES[service]
    version = _version_header(service, headers) or f"{major}.{oldest}"
    return f"{major}.{microversions.parse_minor(service, version)}"


def _version_header(service: str, headers: Headers) -> str | None:
    for part in headers.get("openstack-api-version", "").split(","):
        name, _, version = part.strip().partition(" ")
        if name.lower() == service:
            return version.strip()
    return headers.get("x-openstack-nova-api-version", "").strip() or None if service == "compute" else None


def version_headers(target: ServicePath, headers: Headers) -> list[tuple[str, str]]:
    """The response headers that name the microversion in use. Empty if the requested version is invalid."""
    try:
        if target.service != "compute" and target.service in RANGES:
            version = read_version(target.service, headers)
            return [("OpenStack-API-Version", f"{target.service} {version}"), ("Vary", "OpenStack-API-Version")]
        if target.service == "compute" and not target.legacy:
            return _compute_version_headers(read_minor(target, headers))
    except (BadRequest, NotAcceptable):
        pass
    return []


def _compute_version_headers(minor: int) -> list[tuple[str, str]]:
    return [
        ("OpenStack-API-Version", f"compute 2.{minor}"),
        ("X-OpenStack-Nova-API-Version", f"2.{minor}"),
        ("Vary", "OpenStack-API-Version"),
        ("Vary", "X-OpenStack-Nova-API-Version"),
    ]
