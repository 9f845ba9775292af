"""W3 and C1: block devices of a request for a server, and what it takes from the answer on."""

from __future__ import annotations

import pytest

from tests.cases.public.world import Cases, refusal

BOOT = "Boot sequence for the instance and image/block device mapping combination is not valid."
SMALL = "Volume is smaller than the minimum size specified"
SEVERAL = "Cannot attach one or more volumes to multiple instances"


@pytest.fixture
def play():
    return Cases()


def new_volume(**more):
    return {"source_type": "blank", "destination_type": "volume", "boot_index": -1, "volume_size": 1, **more}


# name: fields of the request, text
ROWS = {
    "image to local": (lambda p: {"imageRef": "", "block_device_mapping_v2": [p.local()]}, "Mapping image to local"),
    "no root disk": (lambda p: {"block_device_mapping_v2": [p.vol(p.volume())]}, BOOT),
    "no root disk, boot_index 1": (lambda p: {"block_device_mapping_v2": [p.vol(p.volume(), boot_index=1)]}, BOOT),
    "no image and no root disk": (lambda p: {"imageRef": "", "block_device_mapping_v2": [p.vol(p.volume())]}, BOOT),
    "blank with a uuid": (
        lambda p: {"block_device_mapping_v2": [p.local(), p.vol(p.volume(), source_type="blank", volume_size=1)]},
        "Invalid device UUID.",
    ),
    "volume without a uuid": (lambda p: {"block_device_mapping_v2": [p.local(), p.vol()]}, "Missing device UUID."),
    "type of an existing volume": (
        lambda p: {"block_device_mapping_v2": [p.local(), p.vol(p.volume(), volume_type="standard")]},
        "Specifying volume type to existing volume is not supported.",
    ),
    "unknown type": (
        lambda p: {"block_device_mapping_v2": [p.local(), new_volume(volume_type="none")]},
        "Volume type none could not be found.",
    ),
    "both syntaxes": (
        lambda p: {
            "block_device_mapping_v2": [p.local()],
            "block_device_mapping": [{"volume_id": p.volume(), "device_name": "vdb"}],
        },
        "Using different block_device_mapping syntaxes",
    ),
    "not bootable": (
        lambda p: {"imageRef": "", "block_device_mapping_v2": [p.vol(p.volume(name="v"), boot_index=0)]},
        "is not bootable.",
    ),
    "volume smaller than min_disk": (
        lambda p: {"flavorRef": "2", "imageRef": "", "block_device_mapping_v2": [p.image_to_volume(p.deb, 2)]},
        SMALL,
    ),
    "flavor with too little memory": (
        lambda p: {"imageRef": "", "block_device_mapping_v2": [p.image_to_volume(p.ubu, 5)]},
        "Flavor's memory is too small for requested image.",
    ),
    "a volume for two servers": (
        lambda p: {"block_device_mapping_v2": [p.local(), p.vol(p.volume())], "min_count": 2},
        SEVERAL,
    ),
    "a root volume for two servers": (
        lambda p: {
            "imageRef": "",
            "block_device_mapping_v2": [p.vol(p.volume(bootable=True), boot_index=0)],
            "min_count": 2,
        },
        SEVERAL,
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_w3(play, row):
    fields, text = ROWS[row]
    assert text in refusal(play.ask_for_server(**fields(play)), 400)
    assert play.ask("GET", "/servers").body["servers"] == []


class TestC1:
    @pytest.fixture
    def play(self):
        return Cases("manual")

    def test_a_root_volume_is_reserved_with_the_answer(self, play):
        root = play.volume(bootable=True)
        play.advance(60)
        devices = {"imageRef": "", "block_device_mapping_v2": [play.vol(root, boot_index=0)]}
        assert play.ask_for_server(**devices).code == 202
        assert play.status(root) == "reserved"
        assert "Invalid volume: " in refusal(play.ask_for_server(**devices), 400)
        assert "status must be" in refusal(play.cinder("DELETE", f"/volumes/{root}"), 400)

    def test_a_data_volume_is_reserved_with_the_answer(self, play):
        volume = play.volume()
        play.advance(60)
        devices = {"block_device_mapping_v2": [play.local(), play.vol(volume)]}
        assert play.ask_for_server(**devices).code == 202
        assert play.status(volume) == "reserved"
        assert play.ask_for_server(**devices).code == 400
        assert play.cinder("DELETE", f"/volumes/{volume}").code == 400

    def test_two_servers_with_one_port(self, play):
        port = play.neutron("POST", "ports", {"port": {"network_id": play.network}}).body["port"]["id"]
        one, two = (play.server_of(networks=[{"port": port}]) for _ in range(2))
        play.advance(60)
        assert play.state(one) == ("ACTIVE", None)
        assert play.neutron("GET", f"ports/{port}").body["port"]["device_id"] == one
        assert "still in use" in play.fault(two)
