"""What is done to a volume by POST .../action, as the volume service's API reference has it."""

from __future__ import annotations

import pytest

from tests.api.test_volume import NOWHERE, Blocks

HERE = {"instance_uuid": NOWHERE, "mountpoint": "/dev/vdb"}


@pytest.fixture
def blocks():
    return Blocks()


def status_after(blocks: Blocks, volume: str, *keys: str) -> list[str]:
    """The volume's status after each of these actions, which must be accepted."""
    seen = []
    for key in keys:
        given = HERE if key == "os-attach" else {}
        assert blocks.act(volume, key, given).code == 202
        seen.append(blocks.show(volume)["status"])
    return seen


def message(answer) -> str:
    return answer.body["badRequest"]["message"]


def test_a_reservation_is_kept_or_given_up(blocks):
    volume = blocks.volume()
    assert status_after(blocks, volume, "os-reserve", "os-unreserve") == ["attaching", "available"]
    status_after(blocks, volume, "os-reserve")
    refused = blocks.act(volume, "os-reserve")
    assert (refused.code, "current status is: attaching" in message(refused)) == (400, True)
    assert status_after(blocks, volume, "os-attach") == ["in-use"]


def test_a_detachment_begins_and_is_called_back_or_done(blocks):
    volume = blocks.volume()
    assert blocks.act(volume, "os-begin_detaching").code == 400
    order = ("os-attach", "os-begin_detaching", "os-roll_detaching", "os-begin_detaching", "os-detach")
    expected = ["in-use", "detaching", "in-use", "detaching", "available"]
    assert status_after(blocks, volume, *order) == expected


def test_an_attachment_names_its_server(blocks):
    volume = blocks.volume()
    assert blocks.act(volume, "os-attach", {"mountpoint": "/dev/vdb"}).code == 400
    assert blocks.act(volume, "os-attach", HERE).code == 202
    (attached,) = blocks.show(volume)["attachments"]
    assert (attached["server_id"], attached["device"], attached["volume_id"]) == (NOWHERE, "/dev/vdb", volume)
    assert blocks.act(volume, "os-attach", HERE).code == 400
    assert blocks.act(volume, "os-detach", {"attachment_id": NOWHERE}).code == 202
    assert blocks.show(volume)["status"] == "in-use"
    assert blocks.act(volume, "os-force_detach", {"attachment_id": attached["attachment_id"]}).code == 403
    assert blocks.act(volume, "os-force_detach", {"attachment_id": attached["attachment_id"]}, "admin").code == 202
    assert (blocks.show(volume)["status"], blocks.show(volume)["attachments"]) == ("available", [])


def test_a_reset_of_the_attachments(blocks):
    volume = blocks.volume()
    blocks.act(volume, "os-attach", HERE)
    reset = {"status": "available", "attach_status": "detached"}
    assert blocks.act(volume, "os-reset_status", reset, "admin").code == 202
    assert (blocks.show(volume)["status"], blocks.show(volume)["attachments"]) == ("available", [])


def test_a_connection(blocks):
    volume = blocks.volume()
    connector = {"connector": {"host": "h"}}
    info = blocks.act(volume, "os-initialize_connection", connector).body["connection_info"]
    assert (set(info), info["data"]["volume_id"]) == ({"driver_volume_type", "data"}, volume)
    assert blocks.act(volume, "os-terminate_connection", connector).code == 202


def test_only_the_newest_snapshot_is_reverted_to(blocks):
    volume = blocks.volume(size=1)
    older, newer = (
        blocks.ask("POST", "/snapshots", {"snapshot": {"volume_id": volume}}).body["snapshot"]["id"] for _ in "ab"
    )
    assert blocks.act(volume, "os-extend", {"new_size": 3}).code == 202
    assert blocks.act(volume, "revert", {"snapshot_id": older}).code == 400
    assert blocks.act(volume, "revert", {"snapshot_id": newer}).code == 202
    assert blocks.show(volume)["size"] == 1
    assert blocks.act(blocks.volume(), "revert", {"snapshot_id": newer}).code == 400


@pytest.mark.parametrize("size", [0, 1, 2])
def test_a_volume_only_grows(blocks, size):
    volume = blocks.volume(size=2)
    assert blocks.act(volume, "os-extend", {"new_size": size}).code == 400
    assert blocks.show(volume)["size"] == 2


def test_a_new_type(blocks):
    body = {"volume_type": {"name": "fast"}}
    assert blocks.ask("POST", "/types", body, "admin").code == 200
    volume = blocks.volume()
    assert blocks.act(volume, "os-retype", {"migration_policy": "never"}).code == 400
    assert blocks.act(volume, "os-retype", {"new_type": "fast"}).code == 202
    assert blocks.show(volume)["volume_type"] == "fast"


def test_what_is_known_of_its_image(blocks):
    volume = blocks.volume()
    assert blocks.act(volume, "os-set_image_metadata", {"metadata": {"os": 1}}).code == 400
    assert blocks.act(volume, "os-set_image_metadata", {"metadata": "os"}).code == 400
    blocks.act(volume, "os-set_image_metadata", {"metadata": {"os": "linux"}})
    assert blocks.act(volume, "os-show_image_metadata").body == {"metadata": {"os": "linux"}}


def test_an_image_of_a_volume_in_use_takes_force(blocks):
    volume = blocks.volume()
    blocks.act(volume, "os-attach", HERE)
    assert blocks.act(volume, "os-volume_upload_image", {}).code == 400
    assert blocks.act(volume, "os-volume_upload_image", {"image_name": "i"}).code == 400
    assert blocks.act(volume, "os-volume_upload_image", {"image_name": "i", "force": True}).code == 202


@pytest.mark.parametrize("key", ["os-extend", "os-reset_status", "os-attach", "os-detach", "os-retype"])
def test_arguments_that_are_no_object(blocks, key):
    volume = blocks.volume()
    before = blocks.show(volume)
    assert blocks.act(volume, key, "nonsense", "admin").code == 400
    assert blocks.show(volume) == before


@pytest.mark.parametrize("given", ["nonsense", {"project": 5}, {}, None])
def test_access_to_a_type_takes_a_project(blocks, given):
    body = {"volume_type": {"name": "own", "os-volume-type-access:is_public": False}}
    kind = blocks.ask("POST", "/types", body, "admin").body["volume_type"]["id"]
    assert blocks.ask("POST", f"/types/{kind}/action", {"addProjectAccess": given}, "admin").code == 400
    assert blocks.ask("POST", f"/types/{kind}/action", {"nonsense": {"project": "p"}}, "admin").code == 400


def test_access_to_a_type_is_taken_away(blocks):
    body = {"volume_type": {"name": "own", "os-volume-type-access:is_public": False}}
    kind = blocks.ask("POST", "/types", body, "admin").body["volume_type"]["id"]
    path, project = f"/types/{kind}/action", {"project": blocks.project}
    assert blocks.ask("POST", path, {"removeProjectAccess": project}, "admin").code == 404
    assert blocks.ask("POST", path, {"addProjectAccess": project}, "admin").code == 202
    assert blocks.ask("POST", path, {"removeProjectAccess": project}, "admin").code == 202
    assert blocks.ask("GET", f"/types/{kind}").code == 404
    standard = blocks.ask("GET", "/types/default").body["volume_type"]["id"]
    assert blocks.ask("GET", f"/types/{standard}/os-volume-type-access", who="admin").code == 404


def test_extra_specs_of_a_type(blocks):
    kind = blocks.ask("POST", "/types", {"volume_type": {"name": "fast"}}, "admin").body["volume_type"]["id"]
    path = f"/types/{kind}/extra_specs"
    assert blocks.ask("POST", path, {"extra_specs": {"a": "1"}}).code == 403
    assert blocks.ask("POST", path, {"extra_specs": {"a": "1"}}, "admin").body == {"extra_specs": {"a": "1"}}
    blocks.ask("POST", path, {"extra_specs": {"b": "2"}}, "admin")
    assert blocks.ask("GET", path).body == {"extra_specs": {"a": "1", "b": "2"}}
    assert blocks.ask("GET", path + "/b").body == {"b": "2"}
    assert blocks.ask("GET", path + "/c").code == 404


@pytest.mark.parametrize("given", ["nonsense", {"status": "in-use"}, {}, None])
def test_a_snapshot_has_only_its_own_statuses(blocks, given):
    body = {"snapshot": {"volume_id": blocks.volume()}}
    path = f"/snapshots/{blocks.ask('POST', '/snapshots', body).body['snapshot']['id']}"
    assert blocks.ask("POST", path + "/action", {"os-reset_status": given}, "admin").code == 400
    assert blocks.ask("POST", path + "/action", {"os-nonsense": {}}, "admin").code == 501


def test_snapshots_keep_to_their_volume_and_their_metadata(blocks):
    volume = blocks.volume()
    path = f"/snapshots/{blocks.ask('POST', '/snapshots', {'snapshot': {'volume_id': volume}}).body['snapshot']['id']}"
    blocks.ask("POST", path + "/metadata", {"metadata": {"a": "1"}})
    assert blocks.ask("PUT", path + "/metadata", {"metadata": {"b": "2"}}).body == {"metadata": {"b": "2"}}
    assert blocks.ask("GET", path + "/metadata").body == {"metadata": {"b": "2"}}
    assert blocks.ask("DELETE", path + "/metadata/a").code == 404
    busy = {"os-reset_status": {"status": "deleting"}}
    assert blocks.ask("POST", path + "/action", busy, "admin").code == 202
    assert blocks.ask("DELETE", path).code == 400
    assert blocks.ask("POST", path + "/action", {"os-force_delete": {}}, "admin").code == 202
    assert blocks.ask("GET", path).code == 404
    blocks.act(volume, "os-attach", HERE)
    assert blocks.ask("POST", "/snapshots", {"snapshot": {"volume_id": volume}}).code == 400
    assert blocks.ask("POST", "/snapshots", {"snapshot": {"volume_id": volume, "force": True}}).code == 202


def test_how_many_there_are_and_what_they_hold(blocks):
    for size, colour in ((1, "red"), (2, "blue"), (3, "red")):
        blocks.volume(size=size, metadata={"colour": colour})
    assert blocks.ask("GET", "/volumes/summary").body["volume-summary"] == {
        "total_count": 3,
        "total_size": 6,
        "metadata": {"colour": ["red", "blue"]},
    }


def test_a_copy_of_a_volume_has_what_the_first_one_has(blocks):
    first = blocks.volume(size=2, imageRef=blocks.play.image)
    copy = blocks.show(blocks.volume(size=2, source_volid=first))
    assert (copy["source_volid"], copy["bootable"]) == (first, "true")
    assert copy["volume_image_metadata"]["image_id"] == blocks.play.image
    assert blocks.ask("POST", "/volumes", {"volume": {"size": 1, "source_volid": first}}).code == 400


def test_name_and_metadata_change(blocks):
    volume = blocks.volume(name="a", metadata={"k": "1"})
    changed = blocks.ask("PUT", f"/volumes/{volume}", {"volume": {"name": "b", "metadata": {"l": "2"}}})
    assert (changed.body["volume"]["name"], changed.body["volume"]["metadata"]) == ("b", {"l": "2"})
    assert blocks.ask("GET", f"/volumes/{volume}/metadata").body == {"metadata": {"l": "2"}}
    emptied = blocks.ask("PUT", f"/volumes/{volume}", {"volume": {"name": None, "description": "d"}}).body["volume"]
    assert (emptied["name"], emptied["description"], emptied["metadata"]) == ("", "d", {"l": "2"})


def test_one_volume_can_be_too_big_on_its_own(blocks):
    limits = {"quota_set": {"per_volume_gigabytes": 5, "nonsense": 1}}
    path = f"/os-quota-sets/{blocks.project}"
    assert blocks.ask("PUT", path, limits, "admin").code == 400
    limits["quota_set"].pop("nonsense")
    assert blocks.ask("PUT", path, limits, "admin").code == 200
    assert blocks.ask("POST", "/volumes", {"volume": {"size": 6}}).code == 413
    assert blocks.ask("POST", "/volumes", {"volume": {"size": 5}}).code == 202


def test_other_projects_quotas_are_for_administrators(blocks):
    assert blocks.ask("GET", "/os-quota-sets/other").code == 403
    assert blocks.ask("GET", "/os-quota-sets/other", who="admin").body["quota_set"]["volumes"] == 10
    assert blocks.ask("GET", "/os-quota-class-sets/default").code == 403
    assert blocks.ask("GET", "/os-quota-class-sets/default", who="admin").body["quota_class_set"]["volumes"] == 10
    assert blocks.ask("PUT", "/os-quota-sets/nowhere", {"quota_set": {"volumes": 1}}, "admin").code == 400


def test_the_pool_fills_with_the_volumes(blocks):
    assert blocks.ask("GET", "/scheduler-stats/get_pools").code == 403
    blocks.volume(size=3)
    (short,) = blocks.ask("GET", "/scheduler-stats/get_pools", who="admin").body["pools"]
    (full,) = blocks.ask("GET", "/scheduler-stats/get_pools", who="admin", detail="true").body["pools"]
    assert (set(short), full["name"]) == ({"name"}, short["name"])
    room = full["capabilities"]
    assert (room["allocated_capacity_gb"], room["total_capacity_gb"] - room["free_capacity_gb"]) == (3, 3)
    assert blocks.ask("GET", "/extensions").body == {"extensions": []}


def test_attachments_are_listed_shown_and_belong_to_who_made_them(blocks):
    ids = []
    for _ in "ab":
        body = {"attachment": {"volume_uuid": blocks.volume(), "instance_uuid": NOWHERE}}
        ids.append(blocks.ask("POST", "/attachments", body).body["attachment"]["id"])
    listed = blocks.ask("GET", "/attachments/detail").body["attachments"]
    assert sorted(one["id"] for one in listed) == sorted(ids)
    for one in ids:
        assert blocks.ask("GET", f"/attachments/{one}").body["attachment"]["id"] == one
    assert blocks.ask("GET", f"/attachments/{NOWHERE}").code == 404
    assert blocks.ask("POST", f"/attachments/{ids[0]}/action", {"os-nonsense": {}}).code == 501


def test_what_a_server_has_is_not_connected_again(blocks):
    volume = blocks.volume()
    body = {"attachment": {"volume_uuid": volume, "instance_uuid": NOWHERE, "connector": {"mountpoint": "/dev/vdc"}}}
    made = blocks.ask("POST", "/attachments", body).body["attachment"]
    path = f"/attachments/{made['id']}"
    assert (made["status"], blocks.show(volume)["status"]) == ("attaching", "attaching")
    assert blocks.ask("POST", path + "/action", {"os-complete": made["id"]}).code == 204
    assert blocks.ask("POST", path + "/action", {"os-complete": ""}).code == 204
    assert [one["device"] for one in blocks.show(volume)["attachments"]] == ["/dev/vdc"]
    assert blocks.ask("PUT", path, {"attachment": {"connector": {"host": "h"}}}).code == 400
