"""Networks and block devices in requests for a new server."""

from __future__ import annotations

import pytest

from tests.api.compute.servers.client import NOWHERE, ServerWithVolumes, ports


@pytest.fixture
def play():
    return ServerWithVolumes()


def create_server(play: ServerWithVolumes, minor: int = 96, **attributes: object):
    body = {"name": "new", "flavorRef": "1", "imageRef": play.image, "networks": "none", **attributes}
    return play.ask("POST", "/servers", {"server": body}, minor=minor)


@pytest.mark.parametrize(
    ("attributes", "code", "text"),
    [
        ({"networks": [{"uuid": NOWHERE}]}, 400, "could not be found"),
        ({"networks": [{"port": NOWHERE}]}, 400, "could not be found"),
        ({"networks": [{"fixed_ip": "10.9.0.9"}]}, 400, ""),
        ({"networks": [{"uuid": "PRIVATE", "fixed_ip": "USED"}]}, 400, "already in use"),
        ({"networks": [{"uuid": "PRIVATE", "fixed_ip": "10.0.0.200"}], "max_count": 2}, 400, "fixed_ip"),
        ({"networks": [{"port": "PORT"}], "max_count": 2}, 400, "multiple instances"),
    ],
)
def test_invalid_networks_are_refused(play, attributes, code, text):
    free = play.ask("POST", "/v2.0/ports", {"port": {"network_id": play.network}}, service="network").body["port"]
    words = {
        "PRIVATE": play.network,
        "PORT": free["id"],
        "USED": ports(play)[0]["fixed_ips"][0]["ip_address"],
    }
    networks = [{key: words.get(value, value) for key, value in one.items()} for one in attributes["networks"]]
    answer = create_server(play, **{**attributes, "networks": networks})
    assert answer.code == code
    assert text.lower() in str(answer.body).lower()
    assert len(play.ask("GET", "/servers").body["servers"]) == 1


def test_auto_is_refused_if_several_networks_are_possible(play):
    for name in ("a", "b"):
        body = {"network": {"name": name}}
        network = play.ask("POST", "/v2.0/networks", body, service="network").body["network"]["id"]
        subnet = {"subnet": {"network_id": network, "cidr": "10.9.0.0/24", "ip_version": 4}}
        play.ask("POST", "/v2.0/subnets", subnet, service="network")
    answer = create_server(play, networks="auto")
    assert (answer.code, "Multiple possible networks" in str(answer.body)) == (409, True)


DEVICE = {"source_type": "blank", "destination_type": "volume", "volume_size": 1, "boot_index": -1}


@pytest.mark.parametrize(
    ("device", "text"),
    [
        ({"source_type": "image", "uuid": NOWHERE, "boot_index": 0}, "failed to get image"),
        ({"source_type": "snapshot", "uuid": NOWHERE, "boot_index": 0}, "failed to get snapshot"),
        ({"source_type": "volume", "uuid": "USED", "volume_size": None}, "status must be available"),
        ({"destination_type": "local", "volume_size": 1}, "ephemeral disks"),
        ({"boot_index": 3}, "boot sequence"),
    ],
)
def test_invalid_devices_are_refused(play, device, text):
    used = play.volume()
    play.attach(used)
    attributes = {**DEVICE, **device}
    attributes["uuid"] = used if attributes.get("uuid") == "USED" else attributes.get("uuid")
    root = {"source_type": "image", "destination_type": "local", "boot_index": 0, "uuid": play.image}
    device = {key: value for key, value in attributes.items() if value is not None}
    answer = create_server(play, block_device_mapping_v2=[device] if device["boot_index"] == 0 else [root, device])
    assert answer.code == 400
    assert text in answer.body["badRequest"]["message"].lower()


def test_local_disks_are_limited_by_the_option(play):
    local = {"source_type": "blank", "destination_type": "local", "boot_index": -1}
    root = {"source_type": "image", "destination_type": "local", "boot_index": 0, "uuid": play.image}
    flavor = {"name": "e", "id": "e", "ram": 64, "vcpus": 1, "disk": 1, "OS-FLV-EXT-DATA:ephemeral": 3}
    play.ask("POST", "/flavors", {"flavor": flavor}, "admin")
    devices = [local | {"volume_size": 1}] * 3
    assert create_server(play, flavorRef="e", block_device_mapping_v2=[root, *devices]).code == 400
    assert create_server(play, flavorRef="e", block_device_mapping_v2=[root, *devices[:2]]).code == 202


def test_a_server_boots_from_a_volume_snapshot(play):
    volume = play.volume(size=2, imageRef=play.image)
    base = f"/v3/{play.project}"
    snapshot = play.ask("POST", base + "/snapshots", {"snapshot": {"volume_id": volume}}, service="volume")
    root = {
        "source_type": "snapshot",
        "destination_type": "volume",
        "boot_index": 0,
        "volume_type": "standard",
        "uuid": snapshot.body["snapshot"]["id"],
    }
    body = {"name": "v", "flavorRef": "1", "networks": "none", "block_device_mapping_v2": [root]}
    server = play.ask("POST", "/servers", {"server": body}, minor=67).body["server"]["id"]
    (made,) = play.ask("GET", f"/servers/{server}").body["server"]["os-extended-volumes:volumes_attached"]
    view = play.ask("GET", f"{base}/volumes/{made['id']}", service="volume").body["volume"]
    assert (view["size"], view["snapshot_id"], view["volume_type"]) == (2, root["uuid"], "standard")
    image = {"imageRef": play.find_id("image", "/v2/images", "images", "debian-12")}
    assert play.act(server, "rebuild", image, minor=92).code == 400
