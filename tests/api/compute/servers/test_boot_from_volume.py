"""Servers that boot from a volume, and invalid block devices."""

from __future__ import annotations

import pytest


def test_a_server_boots_from_a_volume(play):
    device = {
        "uuid": play.image,
        "source_type": "image",
        "destination_type": "volume",
        "boot_index": 0,
        "volume_size": 4,
        "delete_on_termination": True,
    }
    body = {"name": "v", "flavorRef": "1", "networks": "none", "block_device_mapping_v2": [device]}
    server = play.ask("POST", "/servers", {"server": body}).body["server"]["id"]
    view = play.ask("GET", f"/servers/{server}").body["server"]
    assert (view["status"], view["image"]) == ("ACTIVE", "")
    (attached,) = view["os-extended-volumes:volumes_attached"]
    path = f"/v3/{play.callers['demo'].project_id}/volumes/{attached['id']}"
    assert play.ask("GET", path, service="volume").body["volume"]["volume_image_metadata"]["image_id"] == play.image
    assert play.act(server, "createBackup", {"name": "b", "backup_type": "d", "rotation": 1}).code == 400
    assert play.act(server, "shelve").code == 202
    assert play.state(server) == ("SHELVED_OFFLOADED", None)
    play.ask("DELETE", f"/servers/{server}")
    assert play.ask("GET", path, service="volume").code == 404


@pytest.mark.parametrize(
    ("device", "text"),
    [
        (
            {
                "source_type": "volume",
                "destination_type": "volume",
                "uuid": "1" * 8 + "-1111-4111-8111-" + "1" * 12,
                "boot_index": 0,
            },
            "failed to get volume",
        ),
        ({"source_type": "blank", "destination_type": "volume", "boot_index": 0}, "non-zero size"),
        ({"source_type": "image", "destination_type": "volume", "boot_index": 0}, "non-zero size"),
        ({"source_type": "blank", "destination_type": "volume", "volume_size": 1, "boot_index": 2}, "Boot sequence"),
    ],
)
def test_invalid_block_devices_are_refused(play, device, text):
    if device["source_type"] == "image":
        device = device | {"uuid": play.image}
    body = {"name": "v", "flavorRef": "1", "networks": "none", "block_device_mapping_v2": [device]}
    answer = play.ask("POST", "/servers", {"server": body})
    assert answer.code == 400
    assert text in answer.body["badRequest"]["message"]
