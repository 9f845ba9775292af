"""Attachments by Nova, and reservations by other clients."""

from __future__ import annotations

from tests.api.volume.client import NOWHERE


def test_an_attachment_is_reserved_connected_and_completed(cinder):
    volume = cinder.volume()
    body = {"attachment": {"volume_uuid": volume, "instance_uuid": NOWHERE}}
    made = cinder.ask("POST", "/attachments", body).body["attachment"]
    assert (made["status"], cinder.show(volume)["status"]) == ("reserved", "reserved")
    other = {"attachment": {"volume_uuid": volume, "instance_uuid": NOWHERE.replace("0", "1")}}
    assert cinder.ask("POST", "/attachments", other).code == 400
    path = f"/attachments/{made['id']}"
    connected = cinder.ask("PUT", path, {"attachment": {"connector": {"host": "h"}}}).body["attachment"]
    assert (connected["status"], connected["connection_info"]["data"]["volume_id"]) == ("attaching", volume)
    assert cinder.ask("POST", path + "/action", {"os-complete": {}}).code == 204
    assert cinder.show(volume)["attachments"][0]["attachment_id"] == made["id"]
    assert cinder.ask("GET", "/attachments", instance_id="x").code == 200
    assert cinder.ask("DELETE", path).code == 200
    assert cinder.show(volume)["status"] == "available"


def test_an_attachment_by_nova_cannot_be_deleted(cinder):
    server, volume = cinder.play.create(), cinder.volume()
    attach = {"volumeAttachment": {"volumeId": volume}}
    assert cinder.play.ask("POST", f"/servers/{server}/os-volume_attachments", attach).code == 200
    (entry,) = cinder.ask("GET", "/attachments").body["attachments"]
    assert (entry["instance"], entry["status"]) == (server, "attached")
    assert cinder.ask("DELETE", f"/attachments/{entry['id']}").code == 409


def test_attachments_are_listed_and_shown(cinder):
    ids = []
    for _ in "ab":
        body = {"attachment": {"volume_uuid": cinder.volume(), "instance_uuid": NOWHERE}}
        ids.append(cinder.ask("POST", "/attachments", body).body["attachment"]["id"])
    listed = cinder.ask("GET", "/attachments/detail").body["attachments"]
    assert sorted(one["id"] for one in listed) == sorted(ids)
    for one in ids:
        assert cinder.ask("GET", f"/attachments/{one}").body["attachment"]["id"] == one
    assert cinder.ask("GET", f"/attachments/{NOWHERE}").code == 404
    assert cinder.ask("POST", f"/attachments/{ids[0]}/action", {"os-nonsense": {}}).code == 400


def test_a_completed_attachment_cannot_be_connected_again(cinder):
    volume = cinder.volume()
    body = {"attachment": {"volume_uuid": volume, "instance_uuid": NOWHERE, "connector": {"mountpoint": "/dev/vdc"}}}
    made = cinder.ask("POST", "/attachments", body).body["attachment"]
    path = f"/attachments/{made['id']}"
    assert (made["status"], cinder.show(volume)["status"]) == ("attaching", "attaching")
    assert cinder.ask("POST", path + "/action", {"os-complete": made["id"]}).code == 204
    assert cinder.ask("POST", path + "/action", {"os-complete": ""}).code == 204
    assert [one["device"] for one in cinder.show(volume)["attachments"]] == ["/dev/vdc"]
    assert cinder.ask("PUT", path, {"attachment": {"connector": {"host": "h"}}}).code == 400
