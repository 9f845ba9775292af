"""The actions on volumes."""

from __future__ import annotations

import pytest

from tests.api.volume.client import ATTACHMENT, NOWHERE, error_message, run_actions


def test_some_actions_need_an_administrator(cinder):
    volume = cinder.volume()
    assert cinder.act(volume, "os-set_bootable", {"bootable": "maybe"}).code == 400
    assert cinder.act(volume, "os-set_bootable", {"bootable": True}).code == 200
    assert cinder.act(volume, "os-update_readonly_flag", {"readonly": True}).code == 202
    assert cinder.show(volume)["metadata"] == {"readonly": "True"}
    assert cinder.act(volume, "os-reset_status", {"status": "error"}).code == 403
    assert cinder.act(volume, "os-reset_status", {"status": "nonsense"}, "admin").code == 400
    assert cinder.act(volume, "os-reset_status", {"status": "error"}, "admin").code == 202
    assert cinder.show(volume)["status"] == "error"
    assert cinder.act(volume, "os-retype", {"new_type": "nonsense"}).code == 404
    assert cinder.act(volume, "os-set_image_metadata", {"metadata": {"os": "linux"}}).code == 200
    assert cinder.show(volume)["volume_image_metadata"] == {"os": "linux"}
    assert cinder.act(volume, "os-unset_image_metadata", {"key": "os"}).code == 200
    assert cinder.act(volume, "os-unset_image_metadata", {"key": "os"}).code == 404
    assert cinder.act(volume, "os-unmanage", {}, "admin").code == 501
    assert cinder.act(volume, "os-force_delete").code == 403
    assert cinder.act(volume, "os-force_delete", None, "admin").code == 202
    assert cinder.ask("GET", f"/volumes/{volume}").code == 404


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"a": {}, "b": {}},
        {"os-extend": 5},
        {"os-extend": {"new_size": "x"}},
        {"os-extend": {"new_size": None}},
        {"os-extend": {}},
    ],
)
def test_invalid_actions_are_refused(cinder, body):
    assert cinder.ask("POST", f"/volumes/{cinder.volume()}/action", body).code == 400


def test_a_volume_is_uploaded_as_an_image(cinder):
    answer = cinder.act(cinder.volume(size=2), "os-volume_upload_image", {"image_name": "from-volume"})
    image = answer.body["os-volume_upload_image"]["image_id"]
    view = cinder.play.ask("GET", f"/v2/images/{image}", service="image").body
    assert (view["status"], view["size"], view["min_disk"]) == ("active", 2 * 1024**3, 2)


def test_a_reservation_is_cancelled_or_used(cinder):
    volume = cinder.volume()
    assert run_actions(cinder, volume, "os-reserve", "os-unreserve") == ["attaching", "available"]
    run_actions(cinder, volume, "os-reserve")
    refused = cinder.act(volume, "os-reserve")
    assert (refused.code, "but the status is attaching." in error_message(refused)) == (400, True)
    assert run_actions(cinder, volume, "os-attach") == ["in-use"]


def test_a_detachment_is_cancelled_or_completed(cinder):
    volume = cinder.volume()
    assert cinder.act(volume, "os-begin_detaching").code == 400
    order = ("os-attach", "os-begin_detaching", "os-roll_detaching", "os-begin_detaching", "os-detach")
    expected = ["in-use", "detaching", "in-use", "detaching", "available"]
    assert run_actions(cinder, volume, *order) == expected


def test_an_attachment_needs_a_server(cinder):
    volume = cinder.volume()
    assert cinder.act(volume, "os-attach", {"mountpoint": "/dev/vdb"}).code == 400
    assert cinder.act(volume, "os-attach", ATTACHMENT).code == 202
    (attached,) = cinder.show(volume)["attachments"]
    assert (attached["server_id"], attached["device"], attached["volume_id"]) == (NOWHERE, "/dev/vdb", volume)
    assert cinder.act(volume, "os-attach", ATTACHMENT).code == 400
    assert cinder.act(volume, "os-detach", {"attachment_id": NOWHERE}).code == 202
    assert cinder.show(volume)["status"] == "in-use"
    assert cinder.act(volume, "os-force_detach", {"attachment_id": attached["attachment_id"]}).code == 403
    assert cinder.act(volume, "os-force_detach", {"attachment_id": attached["attachment_id"]}, "admin").code == 202
    assert (cinder.show(volume)["status"], cinder.show(volume)["attachments"]) == ("available", [])


def test_a_reset_removes_the_attachments(cinder):
    volume = cinder.volume()
    cinder.act(volume, "os-attach", ATTACHMENT)
    reset = {"status": "available", "attach_status": "detached"}
    assert cinder.act(volume, "os-reset_status", reset, "admin").code == 202
    assert (cinder.show(volume)["status"], cinder.show(volume)["attachments"]) == ("available", [])


def test_a_connection_is_initialized_and_terminated(cinder):
    volume = cinder.volume()
    connector = {"connector": {"host": "h"}}
    info = cinder.act(volume, "os-initialize_connection", connector).body["connection_info"]
    assert (set(info), info["data"]["volume_id"]) == ({"driver_volume_type", "data"}, volume)
    assert cinder.act(volume, "os-terminate_connection", connector).code == 202


def test_only_the_newest_snapshot_can_be_reverted_to(cinder):
    volume = cinder.volume(size=1)
    older, newer = (
        cinder.ask("POST", "/snapshots", {"snapshot": {"volume_id": volume}}).body["snapshot"]["id"] for _ in "ab"
    )
    assert cinder.act(volume, "revert", {"snapshot_id": older}).code == 400
    assert cinder.act(volume, "revert", {"snapshot_id": newer}).code == 202
    assert cinder.act(volume, "os-extend", {"new_size": 3}).code == 202
    assert "must be equal to the snapshot size" in error_message(cinder.act(volume, "revert", {"snapshot_id": newer}))
    assert cinder.act(cinder.volume(), "revert", {"snapshot_id": newer}).code == 400


@pytest.mark.parametrize("size", [0, 1, 2])
def test_a_volume_cannot_shrink_or_keep_its_size(cinder, size):
    volume = cinder.volume(size=2)
    assert cinder.act(volume, "os-extend", {"new_size": size}).code == 400
    assert cinder.show(volume)["size"] == 2


def test_a_volume_is_retyped(cinder):
    body = {"volume_type": {"name": "fast"}}
    assert cinder.ask("POST", "/types", body, "admin").code == 200
    volume = cinder.volume()
    assert cinder.act(volume, "os-retype", {"migration_policy": "never"}).code == 400
    assert cinder.act(volume, "os-retype", {"new_type": "fast"}).code == 202
    assert cinder.show(volume)["volume_type"] == "fast"


def test_image_metadata_is_set_and_shown(cinder):
    volume = cinder.volume()
    assert cinder.act(volume, "os-set_image_metadata", {"metadata": {"os": 1}}).code == 400
    assert cinder.act(volume, "os-set_image_metadata", {"metadata": "os"}).code == 400
    cinder.act(volume, "os-set_image_metadata", {"metadata": {"os": "linux"}})
    assert cinder.act(volume, "os-show_image_metadata").body == {"metadata": {"os": "linux"}}


def test_an_upload_of_a_volume_in_use_needs_force(cinder):
    volume = cinder.volume()
    cinder.act(volume, "os-attach", ATTACHMENT)
    assert cinder.act(volume, "os-volume_upload_image", {}).code == 400
    assert cinder.act(volume, "os-volume_upload_image", {"image_name": "i"}).code == 400
    assert cinder.act(volume, "os-volume_upload_image", {"image_name": "i", "force": True}).code == 202


@pytest.mark.parametrize("key", ["os-extend", "os-reset_status", "os-attach", "os-detach", "os-retype"])
def test_arguments_must_be_an_object(cinder, key):
    volume = cinder.volume()
    before = cinder.show(volume)
    assert cinder.act(volume, key, "nonsense", "admin").code == 400
    assert cinder.show(volume) == before
