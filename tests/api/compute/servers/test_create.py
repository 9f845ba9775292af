"""New servers: invalid requests, several servers, local disks."""

from __future__ import annotations

import pytest

LOCAL = {"source_type": "blank", "destination_type": "local", "boot_index": -1}


@pytest.mark.parametrize(
    ("devices", "refusal"),
    [
        ([{"guest_format": "swap", "volume_size": 64}], ""),
        ([{"guest_format": "swap", "volume_size": 65}], "Swap drive requested is larger"),
        ([{"guest_format": "swap"}, {"guest_format": "swap"}], "More than one swap drive"),
        ([{"volume_size": "5"}, {"guest_format": "swap", "volume_size": 10}], ""),
        (
            [{"volume_size": "2"}, {"volume_size": 3}, {"guest_format": "swap", "volume_size": 10}],
            "You specified more local devices than the limit allows",  # three with the root disk, which counts
        ),
        ([{"volume_size": 2}, {"volume_size": 4}], "Ephemeral disks requested are larger"),
        ([{"guest_format": "ext4"}], ""),
        ([{"guest_format": "ext4"}, {"volume_size": 1}], "Ephemeral disks requested are larger"),
    ],
)
def test_swap_and_ephemeral_disks_cannot_exceed_the_flavor(play, devices, refusal):
    flavor = {"id": "f", "name": "f", "ram": 64, "vcpus": 1, "disk": 1, "swap": 64, "OS-FLV-EXT-DATA:ephemeral": 5}
    assert play.ask("POST", "/flavors", {"flavor": flavor}, "admin").code == 200
    root = {"source_type": "image", "destination_type": "local", "boot_index": 0, "uuid": play.image}
    body = {
        "name": "v",
        "flavorRef": "f",
        "imageRef": play.image,
        "networks": "none",
        "block_device_mapping_v2": [root, *(LOCAL | device for device in devices)],
    }
    answer = play.ask("POST", "/servers", {"server": body})
    assert answer.code == (400 if refusal else 202), answer.body
    assert not refusal or refusal in answer.body["badRequest"]["message"]


def test_one_request_creates_as_many_servers_as_the_quota_allows(play):
    body = {
        "name": "w",
        "flavorRef": "1",
        "imageRef": play.image,
        "networks": "auto",
        "min_count": 2,
        "max_count": 99,
        "return_reservation_id": True,
    }
    answer = play.ask("POST", "/servers", {"server": body})
    servers = play.ask("GET", "/servers/detail").body["servers"]
    assert set(answer.body) == {"reservation_id"}
    assert sorted(server["name"] for server in servers) == sorted(f"w-{n}" for n in range(1, 11))
    admin = play.ask("GET", f"/servers/{servers[0]['id']}", who="admin").body["server"]
    assert admin["OS-EXT-SRV-ATTR:reservation_id"] == answer.body["reservation_id"]


def test_invalid_requests_are_refused(play):
    def refusal_code(minor: int = 96, who: str = "demo", **attributes: object) -> int:
        body = {"name": "n", "flavorRef": "1", "imageRef": play.image, "networks": "none", **attributes}
        return play.ask("POST", "/servers", {"server": body}, who, minor).code

    assert refusal_code(metadata={f"k{number}": "v" for number in range(129)}) == 403
    assert refusal_code(availability_zone="nova:host1") == 403
    assert refusal_code(who="admin", availability_zone="a:b:c:d") == 400
    assert refusal_code(hostname="one", max_count=2) == 400
    assert refusal_code(who="admin", host="nowhere") == 400
    assert play.ask("GET", "/servers", who="admin", all_tenants="1").body["servers"] == []
