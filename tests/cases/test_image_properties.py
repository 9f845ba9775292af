"""What properties of images mean after the creation: kernels, base images, rescue systems, quiescing, NUMA nodes."""

from __future__ import annotations

import pytest

from tests.cases.public.world import Cases, refusal

TOPOLOGY = "An instance's NUMA topology cannot be changed as part of a rebuild."
NO_AGENT = "QEMU guest agent is not enabled"


class Images(Cases):
    """Requests to the image service."""

    def glance(self, method: str, path: str, body=None, who: str = "demo"):
        return self.ask(method, f"/v2/images{path}", body, who, service="image")

    def set_property(self, image: str, name: str, value: str) -> None:
        change = [{"op": "add", "path": f"/{name}", "value": value}]
        assert self.glance("PATCH", f"/{image}", change, "admin").code == 200

    def delete_image(self, image: str, who: str = "admin") -> None:
        assert self.glance("DELETE", f"/{image}", who=who).code == 204

    def queued(self) -> str:
        """The id of an image without data."""
        return self.glance("POST", "", {"disk_format": "raw", "container_format": "bare"}).body["id"]

    def snapshot(self, server: str, name: str = "i") -> str:
        return self.act(server, "createImage", {"name": name}).body["image_id"]

    def base(self, server: str) -> str:
        """The base image of a snapshot of a server."""
        return self.glance("GET", f"/{self.snapshot(server)}").body["base_image_ref"]

    def rebuild(self, server: str, image: str):
        return self.act(server, "rebuild", {"imageRef": image})


@pytest.fixture
def play():
    return Images()


def test_the_kernel_of_an_image_is_shown_and_has_to_exist(play):
    kernel = play.queued()
    play.set_property(play.image, "kernel_id", kernel)
    server = play.create()
    shown = play.ask("GET", f"/servers/{server}", who="admin").body["server"]
    assert (shown["OS-EXT-SRV-ATTR:kernel_id"], shown["OS-EXT-SRV-ATTR:ramdisk_id"]) == (kernel, "")
    found = play.ask("GET", "/servers", who="admin", all_tenants="1", kernel_id=kernel).body["servers"]
    assert [each["id"] for each in found] == [server]
    play.delete_image(kernel)
    assert refusal(play.ask_for_server(), 400) == "Can not find requested image"
    assert refusal(play.rebuild(server, play.image), 400) == "Cannot find image for rebuild"
    play.set_property(play.image, "kernel_id", "nokernel")
    play.set_property(play.image, "ramdisk_id", kernel)
    assert play.rebuild(server, play.image).code == 202


def test_a_snapshot_of_a_snapshot_names_the_first_image(play):
    """Source: nova/compute/api.py, _populate_instance_for_create, rebuild and resize."""
    first = play.snapshot(play.create())
    second = play.create(imageRef=first)
    assert play.base(second) == play.image
    assert play.rebuild(second, first).code == 202
    assert play.base(second) == first
    third = play.create(imageRef=first)
    assert play.act(third, "resize", {"flavorRef": "2"}).code == 202
    assert play.act(third, "confirmResize").code == 204
    assert play.base(third) == first


def test_a_rescue_boots_the_image_from_which_a_snapshot_comes(play):
    first = play.snapshot(play.create())
    server = play.create(imageRef=first)
    play.delete_image(first)
    assert play.act(server, "rescue").code == 200
    assert play.state(server)[0] == "RESCUE"


def test_a_rescue_without_an_image_leaves_the_server_as_it_is(play):
    """Source: nova/compute/manager.py, rescue_instance."""
    server = play.create()
    play.delete_image(play.image)
    assert play.act(server, "rescue").code == 200
    assert play.state(server) == ("ACTIVE", None)
    (action, _) = play.ask("GET", f"/servers/{server}/os-instance-actions").body["instanceActions"]
    assert (action["action"], action["message"]) == ("rescue", "Error")


def test_a_snapshot_that_requires_quiescing_needs_a_guest_agent(play):
    play.set_property(play.image, "os_require_quiesce", "yes")
    on_volume, server = play.bfv(), play.create()
    for action in ("createImage", "os-stop", "createImage"):
        arguments = {"name": "i"} if action == "createImage" else None
        is_refused = play.state(on_volume)[0] == "ACTIVE" and action == "createImage"
        answer = play.act(on_volume, action, arguments)
        assert refusal(answer, 400) == NO_AGENT if is_refused else answer.code == 202
        assert play.act(server, action, arguments).code == 202
    images = play.glance("GET", "").body["images"]
    assert [image.get("instance_uuid") for image in images if image["name"] == "i"].count(server) == 1
    play.set_property(play.image, "hw_qemu_guest_agent", "yes")
    assert play.act(play.bfv(), "createImage", {"name": "i"}).code == 202


def test_a_rebuild_keeps_the_numa_topology(play):
    """Source: nova/compute/api.py, _validate_numa_rebuild."""
    play.set_property(play.deb, "hw_numa_nodes", "1")
    plain, with_nodes = play.create(flavor="2"), play.create(flavor="2", imageRef=play.deb)
    assert refusal(play.rebuild(plain, play.deb), 400).startswith(TOPOLOGY)
    assert refusal(play.rebuild(with_nodes, play.image), 400).startswith(TOPOLOGY)
    play.set_property(play.image, "hw_numa_nodes", "1")
    assert play.rebuild(plain, play.image).code == 202  # its own image is not compared
    assert play.rebuild(with_nodes, play.image).code == 202
    play.set_property(play.deb, "hw_cpu_policy", "dedicated")
    assert refusal(play.rebuild(with_nodes, play.deb), 400).startswith(TOPOLOGY)


def test_a_server_whose_image_is_deleted_meanwhile_is_not_shelved():
    """Source: nova/compute/manager.py, _shelve_instance: the guest is off, and the task fails."""
    play = Images("manual")
    server = play.create()
    play.advance(10)
    assert play.act(server, "shelve").code == 202
    play.advance(1.2)
    (image,) = (each["id"] for each in play.glance("GET", "").body["images"] if each["name"] == "web1-shelved")
    play.delete_image(image, "demo")
    play.advance(10)
    assert (play.state(server), play.server(server).power_state) == (("ACTIVE", None), 4)
    assert play.ask("GET", f"/servers/{server}/os-instance-actions").body["instanceActions"][0]["message"] == "Error"


def test_a_rebuild_needs_the_data_of_its_image():
    """Source: nova/image/glance.py, download."""
    play = Images("manual")
    server, on_volume = play.create(flavor="2"), play.bfv()
    play.advance(20)
    image = play.snapshot(on_volume)
    play.advance(10)
    for new in (image, play.deb):
        assert play.rebuild(server, new).code == 202
        play.advance(0.7)
        if new == play.deb:
            play.delete_image(new)
        play.advance(10)
        ending = "could not be found." if new == play.deb else "is unacceptable: Image has no associated data"
        assert play.fault(server) == f"Image {new} {ending}"
