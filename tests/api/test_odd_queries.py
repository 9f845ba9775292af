"""Any value in a query is answered or refused, on every path of every service."""

from __future__ import annotations

import re

import pytest

from novasim.api.dispatch import handle
from novasim.api.request import Request
from novasim.api.routes import MOUNTS, list_routes
from tests import extent
from tests.play import Play

NAMES = (
    "limit",
    "offset",
    "marker",
    "changes-since",
    "size_min",
    "name",
    "id",
    "sort_key",
    "sort_dir",
    "resources",
    "status",
    "start",
    "detailed",
    "ip_version",
    "metadata",
    "fixed_ips",
    "required",
)
VALUES = ("9" * 5000, "-1", "", "\0", "\ud800", 'in:"', "(", "VCPU:" + "9" * 5000, "²", "{'a':")
STEP = extent(24, 1)  # of the values of each name, every 24th one, beginning elsewhere for each path and name
NEWEST = {"compute": 104, "placement": 39, "volume": 71}


@pytest.fixture(scope="module")
def play():
    return Play()


@pytest.mark.parametrize("service", sorted(MOUNTS))
def test_no_value_of_a_query_breaks_a_list(play, service):
    for route in list_routes(service):
        if route.method != "GET":
            continue
        path = re.sub(r"\{\w+\}", "1", route.path)
        minor = min(route.until, NEWEST.get(service, 1))
        for number, name in enumerate(NAMES):
            for value in VALUES[(number + len(path)) % STEP :: STEP]:
                request = Request(play.callers["admin"], "GET", path, minor, ((name, value),), None, service)
                assert handle(play.cloud, request).code < 502
