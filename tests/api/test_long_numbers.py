"""Numbers with more digits than Python converts are refused, wherever a request contains a number."""

from __future__ import annotations

import pytest

from novasim.api import microversions
from novasim.errors import NotAcceptable
from tests.play import Play

LONG = "9" * 5000
ROOT = {"source_type": "blank", "destination_type": "volume", "boot_index": LONG, "volume_size": 1}


@pytest.fixture(scope="module")
def play():
    return Play()


@pytest.fixture(scope="module")
def server(play):
    return play.create()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/servers", "limit"),
        ("/servers/{}/os-instance-actions", "limit"),
        ("/servers/{}/os-volume_attachments", "limit"),
        ("/servers/{}/os-volume_attachments", "offset"),
        ("/os-server-groups", "offset"),
        ("/os-keypairs", "limit"),
        ("/flavors", "limit"),
        ("/flavors", "minRam"),
        ("/os-migrations", "limit"),
        ("/os-hypervisors", "limit"),
        ("/os-simple-tenant-usage", "limit"),
        ("/servers/detail", "changes-since"),
    ],
)
def test_long_numbers_in_a_query(play, server, path, name):
    assert play.ask("GET", path.format(server), who="admin", **{name: LONG}).code == 400


@pytest.mark.parametrize("path", ["/os-aggregates/{}", "/servers/SERVER/migrations/{}", "/os-services/{}"])
def test_long_numbers_in_a_path(play, server, path):
    address = path.format(LONG).replace("SERVER", server)
    verb = "DELETE" if "services" in path else "GET"
    assert play.ask(verb, address, who="admin").code in (400, 404)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/servers/{}/action", {"os-getConsoleOutput": {"length": LONG}}),
        ("/servers/{}/action", {"createBackup": {"name": "a", "backup_type": "d", "rotation": LONG}}),
        ("/flavors", {"flavor": {"name": "q", "ram": LONG, "vcpus": "1", "disk": "0"}}),
        (
            "/servers",
            {"server": {"name": "a", "flavorRef": "1", "imageRef": "", "networks": "none", "min_count": LONG}},
        ),
        (
            "/servers",
            {"server": {"name": "a", "flavorRef": "1", "networks": "none", "block_device_mapping_v2": [ROOT]}},
        ),
    ],
)
def test_long_numbers_in_a_body(play, server, path, body):
    assert play.ask("POST", path.format(server), body, "admin").code == 400


def test_long_numbers_in_a_microversion():
    with pytest.raises(NotAcceptable, match="is not supported by the API"):
        microversions.parse(f"2.{LONG}")
