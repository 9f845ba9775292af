"""The microversion headers, both ways. Source: the microversion specification, and keystoneauth's use of it."""

from __future__ import annotations

import re

from novasim.api import microversions
from novasim.errors import BadRequest, NotAcceptable
from novasim.serve.wire.places import Place

Headers = dict[str, str]

OTHERS = {"volume": (3, 0, 71), "placement": (1, 0, 39)}
"""Of the other services with microversions: the major number, and the first and last minor."""


def minor_of(place: Place, headers: Headers) -> int:
    """
    The microversion asked for, 2.N of compute as N (1 if none is, and always 1 below /v2), likewise of the others.

    Args:
        headers: Of the request, with names in lower case.

    Raises:
        BadRequest: what the header says is no version (400). NotAcceptable: there is no such one (406).
    """
    if place.service in OTHERS:
        return int(other_version(place.service, headers).partition(".")[2])
    asked = _asked(place.service, headers) if place.service == "compute" and not place.legacy else None
    return microversions.parse(asked) if asked else microversions.OLDEST


def other_version(service: str, headers: Headers) -> str:
    """The microversion of volume or placement. Raises as `minor_of`."""
    major, first, last = OTHERS[service]
    asked = _asked(service, headers) or f"{major}.{first}"
    if asked == "latest":
        return f"{major}.{last}"
    if not re.fullmatch(r"\d{1,9}\.\d{1,9}", asked):
        raise BadRequest(reason=f"invalid version string: {asked}")
    if int(asked.partition(".")[0]) != major or not first <= int(asked.partition(".")[2]) <= last:
        raise NotAcceptable(
            reason=f"Version {asked} is not supported by the API. Minimum is {major}.{first} and maximum is "
            f"{major}.{last}."
        )
    return asked


def _asked(service: str, headers: Headers) -> str | None:
    for part in headers.get("openstack-api-version", "").split(","):
        name, _, version = part.strip().partition(" ")
        if name.lower() == service:
            return version.strip()
    return headers.get("x-openstack-nova-api-version", "").strip() or None if service == "compute" else None


def told(place: Place, headers: Headers) -> list[tuple[str, str]]:
    """The headers that tell in which microversion the answer is; none if the one asked for is none."""
    try:
        if place.service in OTHERS:
            version = other_version(place.service, headers)
            return [("OpenStack-API-Version", f"{place.service} {version}"), ("Vary", "OpenStack-API-Version")]
        if place.service == "compute" and not place.legacy:
            return _compute(minor_of(place, headers))
    except (BadRequest, NotAcceptable):
        pass
    return []


def _compute(minor: int) -> list[tuple[str, str]]:
    return [
        ("OpenStack-API-Version", f"compute 2.{minor}"),
        ("X-OpenStack-Nova-API-Version", f"2.{minor}"),
        ("Vary", "OpenStack-API-Version"),
        ("Vary", "X-OpenStack-Nova-API-Version"),
    ]
