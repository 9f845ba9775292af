"""A flavor with the ID of a deleted one is another flavor. Source: nova/compute/api.py, resize."""

from __future__ import annotations

import pytest

from tests.play import Play


@pytest.fixture
def play():
    play = Play()
    recreate(play, is_new=True)
    return play


def recreate(play, is_new=False):
    if not is_new:
        assert play.ask("DELETE", "/flavors/f", who="admin").code == 202
    body = {"flavor": {"name": "f", "id": "f", "ram": 512, "vcpus": 1, "disk": 1}}
    assert play.ask("POST", "/flavors", body, "admin").code == 200


def test_a_server_is_resized_to_the_new_flavor(play):
    server = play.create(flavor="f")
    assert play.act(server, "resize", {"flavorRef": "f"}).code == 400
    recreate(play)
    assert play.act(server, "resize", {"flavorRef": "f"}).code == 202
    assert play.act(server, "confirmResize").code == 204
    assert play.act(server, "resize", {"flavorRef": "f"}).code == 400


def test_lists_of_servers_tell_both_flavors_apart(play):
    old = play.create("old", flavor="f")
    recreate(play)
    new = play.create("new", flavor="f")
    servers = play.ask("GET", "/servers", flavor="f").body["servers"]
    assert [server["id"] for server in servers] == [new]
    by_flavor = play.ask("GET", "/servers", sort_key="instance_type_id", sort_dir="asc", who="admin", all_tenants="1")
    assert [server["id"] for server in by_flavor.body["servers"]] == [old, new]
