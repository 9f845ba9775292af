"""
Statements of api-ref "Servers" and "Servers - run an action" about images, volumes and files.

Each test names the sentence in its docstring.
"""

from __future__ import annotations

import base64
import json

import pytest

from tests.play import Play


@pytest.fixture
def play():
    return Play()


def encode(size):
    return base64.b64encode(b"x" * size).decode()


def create(play, minor=96, **more):
    body = {"name": "web1", "flavorRef": "1", "imageRef": play.image, "networks": [{"uuid": play.network}]} | more
    return play.ask("POST", "/servers", {"server": {k: v for k, v in body.items() if v is not None}}, minor=minor)


def volume_backed(play):
    device = {"uuid": play.image, "source_type": "image", "destination_type": "volume", "boot_index": 0}
    return play.create(imageRef="", block_device_mapping_v2=[device | {"volume_size": 2}])


def set_property(play, name, value):
    change = [{"op": "add", "path": f"/{name}", "value": value}]
    assert play.ask("PATCH", f"/v2/images/{play.image}", change, "admin", service="image").code == 200


FILES = {
    "Personality file limit exceeded": [{"path": f"/{number}", "contents": encode(1)} for number in range(6)],
    "Personality file content exceeds maximum 10240": [{"path": "/a", "contents": encode(10241)}],
    "Personality file path exceeds maximum 255": [{"path": "/" + "a" * 255, "contents": encode(1)}],
}


@pytest.mark.parametrize("message", FILES)
def test_personality_limits(play, message):
    """Sentence: "The maximum size of the file path data is 255 bytes", and maxPersonality, maxPersonalitySize."""
    id = play.create()
    rebuild = {"imageRef": play.image, "personality": FILES[message]}
    for answer in (create(play, 56, personality=FILES[message]), play.act(id, "rebuild", rebuild, minor=56)):
        assert answer.code == 403
        assert answer.body["forbidden"]["message"] == message


@pytest.mark.parametrize(("size", "code"), [(7680, 202), (7681, 403)])
def test_personality_counts_encoded_characters(play, size, code):
    """Sentence: "The maximum limit refers to the number of bytes in the decoded data"; Nova counts the encoded ones."""
    files = [{"path": "/" + "a" * 254, "contents": encode(size)}] * 5
    assert create(play, 56, personality=files).code == code


def test_trusted_certificates_with_boot_from_volume(play):
    """Parameter trusted_image_certificates: 400 with boot from volume."""
    device = {"uuid": play.image, "source_type": "image", "destination_type": "volume", "boot_index": 0}
    more = {"block_device_mapping_v2": [device | {"volume_size": 2}], "trusted_image_certificates": ["a"]}
    answer = create(play, imageRef=None, **more)
    assert answer.code == 400
    assert "not supported when booting from volume" in answer.body["badRequest"]["message"]


@pytest.mark.parametrize("value", ["Disabled", "disabled"])
def test_disk_config_auto_with_an_image_that_disables_it(play, value):
    """Parameter OS-DCF:diskConfig: AUTO is refused if the image's auto_disk_config is Disabled."""
    id = play.create()
    set_property(play, "auto_disk_config", value)
    disk_config = {"OS-DCF:diskConfig": "AUTO"}
    assert create(play, **disk_config).code == 400
    assert play.act(id, "rebuild", {"imageRef": play.image} | disk_config).code == 400
    assert create(play, **{"OS-DCF:diskConfig": "MANUAL"}).code == 202


def test_image_of_a_volume_backed_server(play):
    """Sentence: "volume snapshots will be created for all volumes attached to the server"."""
    id = volume_backed(play)
    image = play.act(id, "createImage", {"name": "copy"}).body["image_id"]
    view = play.ask("GET", f"/v2/images/{image}", service="image").body
    (mapping,) = json.loads(view["block_device_mapping"])
    path = f"/v3/{play.callers['demo'].project_id}/snapshots"
    (snapshot,) = play.ask("GET", path, service="volume").body["snapshots"]
    assert (mapping["source_type"], mapping["snapshot_id"]) == ("snapshot", snapshot["id"])
    assert view["size"] == 0


def test_image_of_a_volume_backed_server_needs_snapshot_quota(play):
    """Sentence: "If the project does not have sufficient volume snapshot quota, the API returns a 403 error"."""
    id, project = volume_backed(play), play.callers["demo"].project_id
    quota = {"quota_set": {"snapshots": 0}}
    path = f"/v3/{play.callers['admin'].project_id}/os-quota-sets/{project}"
    assert play.ask("PUT", path, quota, "admin", service="volume").code == 200
    assert play.act(id, "createImage", {"name": "copy"}).code == 403


def test_rescue_of_a_volume_backed_server(play):
    """Microversion 2.87: only with hw_rescue_device and hw_rescue_bus on the rescue image."""
    id = volume_backed(play)
    assert play.act(id, "rescue", minor=87).code == 400
    set_property(play, "hw_rescue_device", "disk")
    set_property(play, "hw_rescue_bus", "virtio")
    rescue = {"rescue_image_ref": play.image}
    assert play.act(id, "rescue", rescue, minor=86).code == 400
    assert play.act(id, "rescue", rescue, minor=87).code == 200
