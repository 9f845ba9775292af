"""A response that may be cached is the same at any time, as long as nothing changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from novasim.api.dispatch import handle
from novasim.api.request import Request, Response
from novasim.api.routes import MOUNTS, list_routes
from novasim.cloud import Cloud
from tests.play import Play

NEWEST = {"compute": 104, "placement": 39, "volume": 71}
IDS = ("id", "uuid", "name", "hypervisor_hostname", "service_id", "host", "zoneName")
HOUR, YEAR = 3600.0, 365 * 86400.0


class Reader:
    """Sends GET requests to a cloud after an hour and after a year. Nothing is due in between."""

    def __init__(self, play: Play) -> None:
        self.caller = play.callers["admin"]
        self.clouds = [Cloud(play.store, wall=lambda: HOUR), Cloud(play.store, wall=lambda: YEAR)]
        self.server = play.create(who="admin")
        # A request that changes something stores the server as it is after an hour; reading would build it each time.
        tag = Request(self.caller, "PUT", f"/servers/{self.server}/tags/built", 96, (), None, "compute")
        assert handle(self.clouds[0], tag).code == 201

    def get(self, service: str, path: str, minor: int) -> list[Response]:
        request = Request(self.caller, "GET", path, minor, (), None, service)
        return [handle(cloud, request) for cloud in self.clouds]

    def paths(self, service: str, path: str, minor: int) -> Iterator[str]:
        """The paths of a route, with parameters from the list at the path before each parameter."""
        before, parameter, after = re.match(r"(.*?)(\{\w+\}|$)(.*)", path).groups()
        if not parameter:
            yield path
            return
        values = {self.caller.project_id} if parameter in ("{project}", "{project_id}") else {"2030-01-01"}
        values |= set(find_ids(self.get(service, before.rstrip("/"), minor)[0].body))
        for value in sorted(values):
            yield from self.paths(service, f"{before}{value}{after}", minor)


def find_ids(body: Any) -> Iterator[str]:
    if isinstance(body, dict):
        yield from (str(body[key]) for key in IDS if isinstance(body.get(key), str | int))
    for each in body.values() if isinstance(body, dict) else body if isinstance(body, list) else ():
        yield from find_ids(each)


@pytest.fixture(scope="module")
def reader():
    return Reader(Play("real"))


@pytest.mark.parametrize("service", sorted(MOUNTS))
def test_cacheable_response_does_not_depend_on_the_time(reader, service):
    answered = set()
    for route in list_routes(service):
        minor = min(route.until, NEWEST.get(service, 1))
        if route.method != "GET" or "auth/tokens" in route.path:
            continue
        for path in reader.paths(service, route.path, minor):
            now, later = reader.get(service, path, minor)
            assert not now.is_cacheable or now.body == later.body, path
            if now.code == 200:
                answered.add(route.path)
    assert len(answered) > 5, "most paths need parameters that exist"


def test_a_response_with_the_time_is_not_cacheable(reader):
    now, later = reader.get("compute", f"/servers/{reader.server}/diagnostics", 104)
    assert not now.is_cacheable
    assert now.body["uptime"] < later.body["uptime"]
