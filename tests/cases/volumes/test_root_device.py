"""The root device of servers: named by the host that builds them."""

from __future__ import annotations

from tests.play import Play

NAME = "OS-EXT-SRV-ATTR:root_device_name"


def root_device(play, server):
    return play.ask("GET", f"/servers/{server}", who="admin").body["server"][NAME]


def test_a_server_without_a_host_has_no_root_device():
    play = Play("manual")
    huge = {"id": "huge", "name": "huge", "ram": 64, "vcpus": 1, "disk": 1_000_000}
    assert play.ask("POST", "/flavors", {"flavor": huge}, "admin").code == 200
    web1, web2 = play.create("web1"), play.create("web2", flavor="huge", who="admin")
    assert root_device(play, web1) is None
    play.advance(600)
    assert (root_device(play, web1), root_device(play, web2)) == ("/dev/vda", None)


def test_the_boot_volume_names_the_root_device():
    play = Play()
    boot = {"boot_index": 0, "uuid": play.image, "source_type": "image", "destination_type": "volume"}
    web1 = play.create(
        "web1", imageRef="", block_device_mapping_v2=[boot | {"volume_size": 1, "device_name": "/dev/vdx"}]
    )
    assert root_device(play, web1) == "/dev/vdx"
