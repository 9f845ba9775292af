"""The acceptance tests of gophercloud, which its maintainers run against a DevStack."""

from __future__ import annotations

import subprocess

import pytest

from tests import IS_FULL
from tests.clients.conftest import environment
from tests.consumers.gophercloud import Source
from tests.processes import PLAIN
from tests.serve.server_process import ServerProcess

SPEED = 5.0  # simulated seconds per second
SEEN = 15  # simulated seconds in which tests see REBOOT and REBUILD, for which they look once a second
SLOWED = ("reboot", "rebuild")
SOURCE = Source()


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """The variables that the tests need: an administrator's connection, and what to create servers from."""
    if not IS_FULL:
        pytest.skip("takes minutes: make consumers")
    if SOURCE.obstacle:
        pytest.skip(SOURCE.obstacle)
    path = tmp_path_factory.mktemp("gophercloud") / "cloud.json"
    slower = (f"config set duration.{action} {SEEN}s" for action in SLOWED)
    for words in ("cloud init", f"clock set real --speed {SPEED}", *slower):
        subprocess.run([*PLAIN, "--cloud", path, "--as", "admin", *words.split()], check=True, capture_output=True)
    server = ServerProcess(path, NOVASIM_CLOCK="")
    connection = environment(server, "admin")
    yield {**connection, "OS_DOMAIN_NAME": "Default", **prepare(server)}
    assert server.stop() == (0, "")


def prepare(server: ServerProcess) -> dict[str, str]:
    """Create two flavors with an ephemeral disk; return these and other objects that the tests use."""

    def create_flavor(name: str, disk: int) -> str:
        flavor = {"name": name, "ram": 512, "disk": disk, "vcpus": 1, "OS-FLV-EXT-DATA:ephemeral": 10}
        return server.request("POST", "/compute/v2.1/flavors", {"flavor": flavor}, who="admin").body["flavor"]["id"]

    def find(path: str, kind: str) -> str:
        return server.request("GET", path, who="admin").body[kind][0]["id"]

    network = find("/network/v2.0/networks?name=private", "networks")
    return {
        "OS_FLAVOR_ID": create_flavor("small", 10),
        "OS_FLAVOR_ID_RESIZE": create_flavor("large", 11),
        "OS_IMAGE_ID": find("/image/v2/images?name=cirros", "images"),
        "OS_NETWORK_NAME": "private",
        "OS_NETWORK_ID": network,
        "OS_SUBNET_ID": find(f"/network/v2.0/subnets?ip_version=4&network_id={network}", "subnets"),
        "OS_EXTGW_ID": find("/network/v2.0/networks?name=public", "networks"),
        "OS_POOL_NAME": "public",
        "OS_BRANCH": "master",
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder for compiled tests, which share the cache of the compiler."""
    return tmp_path_factory.mktemp("go")


@pytest.mark.parametrize("package", SOURCE.list_packages())
def test_exactly_the_listed_tests_fail(package, settings, folder):
    outcomes, output = SOURCE.run(package, folder, settings)
    failed = {test for test, outcome in outcomes.items() if outcome == "FAIL"}
    different = failed ^ SOURCE.list_expected_failures(package)
    assert not different, (sorted(different), output[-20_000:])
    assert "PASS" in outcomes.values(), output[-4000:]
