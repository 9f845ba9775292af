"""The volume service, as its API reference has it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.play import Play

NOWHERE = "00000000-0000-4000-8000-000000000000"
PLAIN = set(
    "id name description size status volume_type availability_zone bootable multiattach encrypted snapshot_id "
    "source_volid consistencygroup_id replication_status migration_status metadata attachments user_id created_at "
    "updated_at links".split()
)
LATER = ("group_id", "service_uuid", "shared_targets")  # of microversion 3.60


class Blocks:
    """The volume service of a small cloud, in short."""

    def __init__(self) -> None:
        self.play = Play()
        self.project = self.play.callers["demo"].project_id

    def ask(self, method: str, path: str, body: Any = None, who: str = "demo", **query: str):
        from novasim.api.dispatch import handle
        from novasim.api.request import Request

        request = Request(
            self.play.callers[who], method, f"/v3/{self.project}{path}", 60, tuple(query.items()), body, "volume"
        )
        return handle(self.play.cloud, request)

    def volume(self, **attributes: Any) -> str:
        answer = self.ask("POST", "/volumes", {"volume": {"size": 1, **attributes}})
        assert answer.code == 202, answer.body
        return answer.body["volume"]["id"]

    def act(self, volume: str, key: str, given: Any = None, who: str = "demo"):
        return self.ask("POST", f"/volumes/{volume}/action", {key: given}, who)

    def show(self, volume: str, who: str = "demo") -> Any:
        return self.ask("GET", f"/volumes/{volume}", who=who).body["volume"]


@pytest.fixture
def blocks():
    return Blocks()


def test_a_create_answers_only_plain_fields_and_a_show_more(blocks):
    made = blocks.ask("POST", "/volumes", {"volume": {"size": 2}}).body["volume"]
    assert set(made) == PLAIN
    assert set(blocks.show(made["id"])) == PLAIN | {"os-vol-tenant-attr:tenant_id", *LATER}
    assert set(blocks.show(made["id"], "admin")) == PLAIN | {
        "os-vol-tenant-attr:tenant_id",
        "os-vol-host-attr:host",
        "os-vol-mig-status-attr:migstat",
        "os-vol-mig-status-attr:name_id",
        "provider_id",
        *LATER,
    }
    image = blocks.ask("POST", "/volumes", {"volume": {"size": 2, "imageRef": blocks.play.image}}).body["volume"]
    assert (set(image), image["bootable"]) == (PLAIN, "true")
    assert blocks.show(image["id"])["volume_image_metadata"]["image_id"] == blocks.play.image


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({"size": 0}, 400),
        ({"size": -1}, 400),
        ({"size": "x"}, 400),
        ({"size": 1.5}, 400),
        ({"size": True}, 400),
        ({"size": None}, 400),
        ({"size": 2**31}, 400),
        ({"nonsense": 1}, 400),
        ({"name": "n" * 256}, 400),
        ({"metadata": {"k": 1}}, 400),
        ({"availability_zone": "nowhere"}, 400),
        ({"imageRef": NOWHERE}, 400),
        ({"volume_type": "nonsense"}, 404),
        ({"snapshot_id": NOWHERE}, 404),
        ({"source_volid": NOWHERE}, 404),
        ({"group_id": NOWHERE}, 501),
        ({"backup_id": NOWHERE}, 501),
        ({"size": 1001}, 413),
    ],
)
def test_a_volume_that_cannot_be(blocks, attributes, code):
    assert blocks.ask("POST", "/volumes", {"volume": {"size": 1, **attributes}}).code == code
    assert blocks.ask("GET", "/volumes").body == {"volumes": []}


@pytest.mark.parametrize("body", [None, {}, [], {"volume": None}, {"volume": []}])
def test_a_body_that_cannot_be(blocks, body):
    assert blocks.ask("POST", "/volumes", body).code == 400


def test_a_quota_is_enforced_and_shown(blocks):
    base = f"/os-quota-sets/{blocks.project}"
    assert blocks.ask("PUT", base, {"quota_set": {"volumes": 1}}).code == 403
    assert blocks.ask("PUT", base, {"quota_set": {"volumes": 1}}, "admin").body["quota_set"]["volumes"] == 1
    blocks.volume(size=3)
    refusal = blocks.ask("POST", "/volumes", {"volume": {"size": 1}})
    assert refusal.code == 413
    assert refusal.body["overLimit"]["message"].startswith("VolumeLimitExceeded: Maximum number of volumes allowed (1)")
    usage = blocks.ask("GET", base, usage="True").body["quota_set"]
    assert usage["gigabytes"] == {"limit": 1000, "in_use": 3, "reserved": 0}
    absolute = blocks.ask("GET", "/limits").body["limits"]["absolute"]
    assert (absolute["maxTotalVolumes"], absolute["totalVolumesUsed"], absolute["totalGigabytesUsed"]) == (1, 1, 3)
    assert blocks.ask("GET", base + "/defaults").body["quota_set"]["volumes"] == 10
    assert blocks.ask("DELETE", base, who="admin").code == 200
    assert blocks.ask("GET", base).body["quota_set"]["volumes"] == 10


def test_lists_are_filtered_sorted_and_paged(blocks):
    ids = {name: blocks.volume(name=name, size=size) for name, size in (("a", 3), ("b", 1), ("c", 2))}
    blocks.act(ids["b"], "os-set_bootable", {"bootable": True})

    def names(**query):
        return [volume["name"] for volume in blocks.ask("GET", "/volumes/detail", **query).body["volumes"]]

    assert names() == ["c", "b", "a"]
    assert names(sort="name:asc") == ["a", "b", "c"]
    assert names(sort_key="size", sort_dir="desc") == ["a", "c", "b"]
    assert names(name="b") == ["b"]
    assert names(bootable="true") == ["b"]
    assert names(status="in-use") == []
    assert names(metadata="{'k': 'v'}") == []
    assert blocks.ask("GET", "/volumes", metadata="nonsense(").code == 400
    first = blocks.ask("GET", "/volumes", limit="2", sort="name:asc").body
    assert [volume["name"] for volume in first["volumes"]] == ["a", "b"]
    assert f"marker={ids['b']}" in first["volumes_links"][0]["href"]
    assert names(sort="name:asc", marker=ids["b"]) == ["c"]
    assert blocks.ask("GET", "/volumes", who="other", all_tenants="1").body["volumes"] == []
    assert len(blocks.ask("GET", "/volumes", who="admin", all_tenants="1").body["volumes"]) == 3


def test_metadata(blocks):
    volume = blocks.volume(metadata={"a": "1"})
    path = f"/volumes/{volume}/metadata"
    assert blocks.ask("POST", path, {"metadata": {"b": "2"}}).body == {"metadata": {"a": "1", "b": "2"}}
    assert blocks.ask("PUT", path, {"metadata": {"c": "3"}}).body == {"metadata": {"c": "3"}}
    assert blocks.ask("PUT", path + "/c", {"meta": {"c": "4"}}).body == {"meta": {"c": "4"}}
    assert blocks.ask("PUT", path + "/c", {"meta": {"d": "4"}}).code == 400
    assert blocks.ask("GET", path + "/c").body == {"meta": {"c": "4"}}
    assert blocks.ask("DELETE", path + "/c").code == 200
    assert blocks.ask("DELETE", path + "/c").code == 404


def test_actions_of_users_and_administrators(blocks):
    volume = blocks.volume()
    assert blocks.act(volume, "os-set_bootable", {"bootable": "maybe"}).code == 400
    assert blocks.act(volume, "os-set_bootable", {"bootable": True}).code == 200
    assert blocks.act(volume, "os-update_readonly_flag", {"readonly": True}).code == 202
    assert blocks.show(volume)["metadata"] == {"readonly": "True"}
    assert blocks.act(volume, "os-reset_status", {"status": "error"}).code == 403
    assert blocks.act(volume, "os-reset_status", {"status": "nonsense"}, "admin").code == 400
    assert blocks.act(volume, "os-reset_status", {"status": "error"}, "admin").code == 202
    assert blocks.show(volume)["status"] == "error"
    assert blocks.act(volume, "os-retype", {"new_type": "nonsense"}).code == 404
    assert blocks.act(volume, "os-set_image_metadata", {"metadata": {"os": "linux"}}).code == 200
    assert blocks.show(volume)["volume_image_metadata"] == {"os": "linux"}
    assert blocks.act(volume, "os-unset_image_metadata", {"key": "os"}).code == 200
    assert blocks.act(volume, "os-unset_image_metadata", {"key": "os"}).code == 404
    assert blocks.act(volume, "os-migrate_volume", {"host": "elsewhere"}, "admin").code == 501
    assert blocks.act(volume, "os-force_delete").code == 403
    assert blocks.act(volume, "os-force_delete", None, "admin").code == 202
    assert blocks.ask("GET", f"/volumes/{volume}").code == 404


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
def test_an_action_that_cannot_be(blocks, body):
    assert blocks.ask("POST", f"/volumes/{blocks.volume()}/action", body).code == 400


def test_only_members_write(blocks):
    volume = blocks.volume()
    assert blocks.ask("POST", "/volumes", {"volume": {"size": 1}}, "reader").code == 403
    assert blocks.act(volume, "os-extend", {"new_size": 2}, "reader").code == 403
    assert blocks.ask("DELETE", f"/volumes/{volume}", who="reader").code == 403
    assert blocks.ask("GET", f"/volumes/{volume}", who="reader").code == 200


def test_a_volume_becomes_an_image(blocks):
    answer = blocks.act(blocks.volume(size=2), "os-volume_upload_image", {"image_name": "from-volume"})
    image = answer.body["os-volume_upload_image"]["image_id"]
    view = blocks.play.ask("GET", f"/v2/images/{image}", service="image").body
    assert (view["status"], view["size"], view["min_disk"]) == ("active", 2 * 1024**3, 2)


def test_snapshots_and_what_is_made_from_them(blocks):
    volume = blocks.volume(size=2)
    made = blocks.ask("POST", "/snapshots", {"snapshot": {"volume_id": volume, "name": "s"}}).body["snapshot"]
    assert set(made) == set(
        "id name description volume_id status size metadata created_at updated_at group_snapshot_id user_id".split()
    )
    path = f"/snapshots/{made['id']}"
    assert blocks.ask("PUT", path, {"snapshot": {"name": "t"}}).body["snapshot"]["name"] == "t"
    assert blocks.ask("POST", path + "/metadata", {"metadata": {"a": "1"}}).body == {"metadata": {"a": "1"}}
    assert blocks.ask("DELETE", path + "/metadata/a").code == 200
    assert [s["id"] for s in blocks.ask("GET", "/snapshots/detail", volume_id=volume).body["snapshots"]] == [made["id"]]
    assert blocks.ask("POST", "/volumes", {"volume": {"size": 1, "snapshot_id": made["id"]}}).code == 400
    copy = blocks.show(blocks.volume(size=3, snapshot_id=made["id"]))
    assert (copy["snapshot_id"], copy["size"]) == (made["id"], 3)
    assert blocks.act(volume, "revert", {"snapshot_id": made["id"]}).code == 202
    assert blocks.ask("POST", path + "/action", {"os-reset_status": {"status": "error"}}).code == 403
    assert blocks.ask("POST", path + "/action", {"os-reset_status": {"status": "error"}}, "admin").code == 202
    assert blocks.ask("DELETE", f"/volumes/{volume}", cascade="True").code == 202
    assert blocks.ask("GET", path).code == 404


def test_types(blocks):
    body = {"volume_type": {"name": "fast", "extra_specs": {"a": "b"}}}
    assert blocks.ask("POST", "/types", body).code == 403
    kind = blocks.ask("POST", "/types", body, "admin").body["volume_type"]
    assert blocks.ask("POST", "/types", body, "admin").code == 409
    assert {t["name"] for t in blocks.ask("GET", "/types").body["volume_types"]} == {"standard", "fast"}
    volume = blocks.volume(volume_type="fast")
    path = f"/types/{kind['id']}"
    assert blocks.ask("DELETE", path, who="admin").code == 400
    assert blocks.ask("PUT", path, {"volume_type": {"name": "faster"}}, "admin").code == 200
    assert blocks.show(volume)["volume_type"] == "faster"
    assert blocks.ask("GET", path + "/extra_specs").body == {"extra_specs": {"a": "b"}}
    assert blocks.ask("DELETE", path + "/extra_specs/a", who="admin").code == 202
    blocks.ask("DELETE", f"/volumes/{volume}")
    assert blocks.ask("DELETE", path, who="admin").code == 202
    standard = blocks.ask("GET", "/types/default").body["volume_type"]
    assert standard["name"] == "standard"
    assert blocks.ask("DELETE", f"/types/{standard['id']}", who="admin").code == 400


def test_a_private_type_is_for_those_it_is_given_to(blocks):
    body = {"volume_type": {"name": "own", "os-volume-type-access:is_public": False}}
    kind = blocks.ask("POST", "/types", body, "admin").body["volume_type"]["id"]
    assert blocks.ask("GET", f"/types/{kind}").code == 404
    give = {"addProjectAccess": {"project": blocks.project}}
    assert blocks.ask("POST", f"/types/{kind}/action", give, "admin").code == 202
    assert blocks.ask("POST", f"/types/{kind}/action", give, "admin").code == 409
    assert blocks.ask("GET", f"/types/{kind}").code == 200
    access = blocks.ask("GET", f"/types/{kind}/os-volume-type-access", who="admin").body["volume_type_access"]
    assert access == [{"volume_type_id": kind, "project_id": blocks.project}]


def test_an_attachment_in_steps(blocks):
    volume = blocks.volume()
    body = {"attachment": {"volume_uuid": volume, "instance_uuid": NOWHERE}}
    made = blocks.ask("POST", "/attachments", body).body["attachment"]
    assert (made["status"], blocks.show(volume)["status"]) == ("reserved", "reserved")
    assert blocks.ask("POST", "/attachments", body).code == 400
    path = f"/attachments/{made['id']}"
    connected = blocks.ask("PUT", path, {"attachment": {"connector": {"host": "h"}}}).body["attachment"]
    assert (connected["status"], connected["connection_info"]["data"]["volume_id"]) == ("attaching", volume)
    assert blocks.ask("POST", path + "/action", {"os-complete": {}}).code == 204
    assert blocks.show(volume)["attachments"][0]["attachment_id"] == made["id"]
    assert blocks.ask("GET", "/attachments", instance_id="x").code == 200
    assert blocks.ask("DELETE", path).code == 200
    assert blocks.show(volume)["status"] == "available"


def test_an_attachment_of_nova_is_shown_and_left_to_nova(blocks):
    server, volume = blocks.play.create(), blocks.volume()
    attach = {"volumeAttachment": {"volumeId": volume}}
    assert blocks.play.ask("POST", f"/servers/{server}/os-volume_attachments", attach).code == 200
    (entry,) = blocks.ask("GET", "/attachments").body["attachments"]
    assert (entry["instance"], entry["status"]) == (server, "attached")
    assert blocks.ask("DELETE", f"/attachments/{entry['id']}").code == 409


def test_the_service_itself(blocks):
    assert blocks.ask("GET", "/os-services").code == 403
    services = blocks.ask("GET", "/os-services", who="admin", binary="cinder-volume").body["services"]
    assert [service["state"] for service in services] == ["up"]
    assert blocks.ask("GET", "/os-availability-zone").body["availabilityZoneInfo"] == [
        {"zoneName": "nova", "zoneState": {"available": True}}
    ]
    assert blocks.ask("GET", "/os-volume-transfer/detail").body == {"transfers": []}
