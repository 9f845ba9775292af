"""The least disk that a server can be resized to: that of its image, or of its flavor at creation or rebuild."""

from __future__ import annotations

import pytest

from novasim.records import Host
from tests import each_case
from tests.play import Play

NO_SHRINKING = "Resize error: Unable to resize disk down."


@pytest.fixture
def play():
    return Play()


def resize(play, server, flavor):
    answer = play.act(server, "resize", {"flavorRef": flavor})
    if answer.code == 202:
        play.act(server, "confirmResize")
    return answer.code


def set_hypervisor(play, name):
    with play.store.write() as tx:
        for host in tx.query(Host):
            host.hypervisor_type = name
            tx.put(host)


def test_the_fake_driver_makes_disks_smaller(play):
    set_hypervisor(play, "fake")
    server = play.create()
    assert [resize(play, server, flavor) for flavor in ("2", "1")] == [202, 202]
    assert play.server(server).flavor["id"] == "1"


@each_case(
    "stops, before, after, is_kept",
    [
        (False, {"disk": 9}, {"disk": 5}, True),
        (True, {"disk": 9}, {"disk": 5}, True),
        (False, {"disk": 5}, {"disk": 5}, False),
        (False, {"disk": 5, "OS-FLV-EXT-DATA:ephemeral": 2}, {"disk": 9, "OS-FLV-EXT-DATA:ephemeral": 1}, True),
        (False, {"disk": 5, "OS-FLV-EXT-DATA:ephemeral": 2}, {"disk": 9, "OS-FLV-EXT-DATA:ephemeral": 2}, False),
        (False, {"disk": 5, "swap": 512}, {"disk": 5, "swap": 0}, False),
    ],
)
def test_libvirt_makes_no_disk_smaller(stops, before, after, is_kept):
    """Source: nova/virt/libvirt/driver.py, migrate_disk_and_power_off; compute/manager.py, _resize_instance."""
    play = Play()
    sizes = {"ram": 512, "vcpus": 1}
    for name, more in (("before", before), ("after", after)):
        body = {"flavor": {"name": name, "id": name, **sizes, **more}}
        assert play.ask("POST", "/flavors", body, "admin").code == 200
    server = play.create(flavor="before" if before["disk"] == 5 else "1")
    if before["disk"] != 5:
        resize(play, server, "before")
    if stops:
        play.act(server, "os-stop")
    assert play.act(server, "resize", {"flavorRef": "after"}).code == 202
    if not is_kept:
        assert play.state(server) == ("VERIFY_RESIZE", None)
        return
    shown = play.ask("GET", f"/servers/{server}", who="admin").body["server"]
    assert shown["status"] == ("SHUTOFF" if stops else "ACTIVE")
    assert shown["flavor"]["original_name"] == "before"
    assert play.server(server).fault["message"] == NO_SHRINKING
    migrations = play.ask("GET", "/os-migrations", who="admin", minor=80).body["migrations"]
    assert migrations[0]["status"] == "error"
    base = f"/servers/{server}/os-instance-actions"
    newest = play.ask("GET", base).body["instanceActions"][0]
    action = play.ask("GET", f"{base}/{newest['request_id']}", who="admin").body["instanceAction"]
    assert (action["action"], action["message"]) == ("resize", "Error")
    assert action["events"][0]["event"] == "compute_resize_instance"
    allocations = play.ask("GET", f"/allocations/{server}", who="admin", minor=28, service="placement").body
    (allocation,) = allocations["allocations"].values()
    assert allocation["resources"]["DISK_GB"] == before["disk"] + before.get("OS-FLV-EXT-DATA:ephemeral", 0)


def test_a_first_resize_to_a_smaller_disk_is_refused(play):
    assert resize(play, play.create(flavor="2"), "1") == 400


def test_a_rebuild_takes_the_present_flavor(play):
    server = play.create()
    assert resize(play, server, "2") == 202
    assert play.act(server, "rebuild", {"imageRef": play.image}).code == 202
    assert resize(play, server, "1") == 400


def test_an_image_of_the_server_needs_the_least_disk_of_the_server(play):
    server = play.create()
    assert resize(play, server, "2") == 202
    assert play.act(server, "createImage", {"name": "snap"}).code == 202
    images = play.ask("GET", "/v2/images", service="image", name="snap").body["images"]
    assert [image["min_disk"] for image in images] == [1]
