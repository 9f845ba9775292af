"""Groups of volumes, their types and snapshots. Source: cinder/api/v3/groups.py; cinder/group/api.py."""

from __future__ import annotations

import pytest

from tests.api.volume.client import NOWHERE, VolumeClient

STANDARD = "d1f6e0b5-0000-4000-8000-000000000001"
RESERVED = "d1f6e0b5-0000-4000-8000-000000000002"


class GroupClient(VolumeClient):
    """A client with a group and requests of microversion 3.60."""

    def __init__(self) -> None:
        super().__init__()
        assert self.ask("POST", "/group_types", {"group_type": {"name": "together"}}, "admin").code == 202
        self.group = self.create_group(name="g")

    def create_group(self, **fields: object) -> str:
        body = {"group": {"group_type": "together", "volume_types": ["standard"], **fields}}
        answer = self.ask("POST", "/groups", body)
        assert answer.code == 202, answer
        return answer.body["group"]["id"]

    def change(self, **fields: str):
        return self.ask("PUT", f"/groups/{self.group}", {"group": fields})

    def show_group(self, id: str = "", **query: str):
        return self.ask("GET", f"/groups/{id or self.group}", **query).body["group"]

    def delete_group(self, with_volumes: bool = False):
        return self.ask("POST", f"/groups/{self.group}/action", {"delete": {"delete-volumes": with_volumes}})

    def snapshot_group(self) -> str:
        answer = self.ask("POST", "/group_snapshots", {"group_snapshot": {"group_id": self.group, "name": "s"}})
        assert answer.code == 202, answer
        return answer.body["group_snapshot"]["id"]


@pytest.fixture
def cinder() -> GroupClient:
    return GroupClient()


class TestGroups:
    def test_a_group_is_created_shown_and_listed(self, cinder):
        volume = cinder.volume(group_id=cinder.group)
        view = cinder.show_group(list_volume="True")
        assert (view["name"], view["status"], view["volumes"]) == ("g", "available", [volume])
        assert (view["volume_types"], view["availability_zone"]) == ([STANDARD], "nova")
        assert (view["replication_status"], view["group_snapshot_id"], view["source_group_id"]) == (
            "disabled",
            None,
            None,
        )
        assert not view["created_at"].endswith("Z") and "project_id" not in view
        assert cinder.ask("GET", "/groups").body == {"groups": [{"id": cinder.group, "name": "g"}]}
        assert cinder.ask("GET", "/groups/detail", list_volume="1").body == {"groups": [view]}
        (seen,) = cinder.ask("GET", "/groups/detail", who="admin", all_tenants="1").body["groups"]
        assert seen["project_id"] == cinder.project
        assert cinder.ask("GET", "/groups/detail", name="h").body == {"groups": []}
        assert cinder.show(volume)["group_id"] == cinder.group

    def test_volumes_join_and_leave(self, cinder):
        first, second = cinder.volume(), cinder.volume()
        assert cinder.change(add_volumes=f"{first},{second}", name="h").code == 202
        assert cinder.change(remove_volumes=first, add_volumes=second).code == 202
        assert (cinder.show_group()["name"], cinder.show_group(list_volume="1")["volumes"]) == ("h", [second])
        assert [cinder.show(volume)["group_id"] for volume in (first, second)] == [None, cinder.group]

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            ({"name": "g"}, "Invalid Group: Cannot update group {group} because no valid name, description, "),
            (
                {"add_volumes": NOWHERE},
                f"Invalid volume: Cannot add volume {NOWHERE} to group {{group}} because volume ",
            ),
            (
                {"remove_volumes": NOWHERE},
                f"Invalid volume: Cannot remove volume {NOWHERE} from group {{group}} because",
            ),
            ({"add_volumes": "x", "remove_volumes": "x"}, "Invalid volume: UUIDs ['x'] are in both add and remove"),
            (
                {"add_volumes": "{fast}"},
                "Invalid volume: Cannot add volume {fast} to group {group} because volume type ",
            ),
            ({"add_volumes": "{taken}"}, "Invalid volume: Cannot add volume {taken} to group {group} because it is "),
        ],
    )
    def test_refused_changes_change_nothing(self, cinder, body, reason):
        cinder.ask("POST", "/types", {"volume_type": {"name": "fast"}}, "admin")
        ids = {"fast": cinder.volume(volume_type="fast"), "taken": cinder.volume(group_id=cinder.create_group())}
        before = cinder.play.store.dump()
        answer = cinder.change(**{key: text.format(**ids) for key, text in body.items()})
        assert answer.code == 400
        assert str(answer.fault).startswith(reason.format(group=cinder.group, **ids))
        assert cinder.play.store.dump() == before

    @pytest.mark.parametrize(
        ("fields", "code", "reason"),
        [
            ({"group_type": "x"}, 404, "Group type with name x could not be found."),
            ({"group_type": "default_cgsnapshot_type"}, 400, f"Group_type {RESERVED} is reserved for migrating CGs"),
            ({"volume_types": ["x"]}, 404, "Volume type with name x could not be found."),
            ({"volume_types": ["private"]}, 404, "Volume type with name private could not be found."),
            ({"volume_types": []}, 400, "Invalid input for field/attribute volume_types."),
            ({"availability_zone": "x"}, 400, "Invalid input received: Availability zone 'x' is invalid."),
        ],
    )
    def test_refused_groups(self, cinder, fields, code, reason):
        private = {"volume_type": {"name": "private", "os-volume-type-access:is_public": False}}
        assert cinder.ask("POST", "/types", private, "admin").code == 200
        body = {"group": {"group_type": "together", "volume_types": ["standard"], **fields}}
        answer = cinder.ask("POST", "/groups", body)
        assert (answer.code, str(answer.fault)[: len(reason)]) == (code, reason)

    def test_groups_have_a_quota(self, cinder):
        path = f"/os-quota-sets/{cinder.project}"
        cinder.ask("PUT", path, {"quota_set": {"groups": 1}}, "admin")
        body = {"group": {"group_type": "together", "volume_types": ["standard"]}}
        refusal = cinder.ask("POST", "/groups", body)
        assert (refusal.code, str(refusal.fault)) == (
            413,
            "GroupLimitExceeded: Maximum number of groups allowed (1) exceeded",
        )
        assert cinder.ask("GET", path, usage="True").body["quota_set"]["groups"]["in_use"] == 1

    def test_a_volume_in_a_group_stays_in_it(self, cinder):
        volume = cinder.volume(group_id=cinder.group)
        cinder.ask("POST", "/types", {"volume_type": {"name": "fast"}}, "admin")
        assert cinder.ask("DELETE", f"/volumes/{volume}").code == 400
        assert cinder.act(volume, "os-force_delete", {}, "admin").code == 400
        assert cinder.act(volume, "os-retype", {"new_type": "fast", "migration_policy": "never"}).code == 400
        other = {"volume": {"size": 1, "group_id": cinder.group, "volume_type": "fast"}}
        assert "requested type must be supported by this group" in str(cinder.ask("POST", "/volumes", other).fault)
        assert cinder.ask("DELETE", f"/types/{STANDARD}", who="admin").code == 400

    def test_nova_keeps_a_volume_in_a_group(self, cinder):
        volume = cinder.volume(group_id=cinder.group, imageRef=cinder.play.image)
        disk = {"boot_index": 0, "uuid": volume, "source_type": "volume", "destination_type": "volume"}
        device = {"block_device_mapping_v2": [disk | {"delete_on_termination": True}], "imageRef": ""}
        server = cinder.play.create(**device)
        assert cinder.show(volume)["status"] == "in-use"
        cinder.play.ask("DELETE", f"/servers/{server}")
        cinder.play.advance(60)
        assert cinder.show(volume)["status"] == "available"

    def test_deletion(self, cinder):
        volume = cinder.volume(group_id=cinder.group)
        refusal = cinder.delete_group()
        assert str(refusal.fault) == (
            f"Invalid Group: Group {cinder.group} still contains volumes. "
            "The delete-volumes flag is required to delete it."
        )
        assert cinder.delete_group(with_volumes=True).code == 202
        for path in (f"/groups/{cinder.group}", f"/volumes/{volume}"):
            assert cinder.ask("GET", path).code == 404

    def test_a_group_has_volumes_that_administrators_created_in_it(self, cinder):
        body = {"volume": {"size": 1, "group_id": cinder.group}}
        volume = cinder.ask("POST", "/volumes", body, "admin").body["volume"]["id"]
        assert cinder.show_group(list_volume="1")["volumes"] == [volume]
        assert cinder.delete_group().code == 400
        assert cinder.delete_group(with_volumes=True).code == 202
        assert cinder.ask("GET", f"/volumes/{volume}", who="admin").code == 404

    def test_other_actions(self, cinder):
        path = f"/groups/{cinder.group}/action"
        status = {"reset_status": {"status": "error"}}
        assert cinder.ask("POST", path, status).code == 403
        assert cinder.ask("POST", path, {"reset_status": {"status": "x"}}, "admin").code == 400
        assert cinder.ask("POST", path, status, "admin").code == 202
        assert cinder.show_group()["status"] == "error"
        answer = cinder.ask("POST", path, {"enable_replication": {}})
        assert str(answer.fault) == f"Invalid group type: Group {cinder.group} is not a replication group type."
        assert str(cinder.ask("POST", path, {"x": {}}).fault) == "There is no such action: x"
        for minor, key in ((19, "reset_status"), (37, "enable_replication")):
            body = status if key == "reset_status" else {key: {}}
            path = f"/v3/{cinder.project}/groups/{cinder.group}/action"
            assert cinder.play.ask("POST", path, body, minor=minor, service="volume").code == 404


class TestGroupSnapshots:
    def test_a_snapshot_of_each_volume(self, cinder):
        volumes = [cinder.volume(group_id=cinder.group, size=size) for size in (1, 2)]
        id = cinder.snapshot_group()
        view = cinder.ask("GET", f"/group_snapshots/{id}").body["group_snapshot"]
        assert (view["name"], view["status"], view["group_id"]) == ("s", "available", cinder.group)
        assert cinder.ask("GET", "/group_snapshots").body == {"group_snapshots": [{"id": id, "name": "s"}]}
        assert cinder.ask("GET", "/group_snapshots/detail").body == {"group_snapshots": [view]}
        snapshots = cinder.ask("GET", "/snapshots/detail").body["snapshots"]
        assert sorted((each["volume_id"], each["size"]) for each in snapshots) == sorted(
            zip(volumes, (1, 2), strict=True)
        )
        assert {each["group_snapshot_id"] for each in snapshots} == {id}
        refusal = cinder.ask("DELETE", f"/snapshots/{snapshots[0]['id']}")
        assert str(refusal.fault) == (
            "Invalid snapshot: Snapshot status must be available or error and must not be part of a group."
        )
        assert "Group has existing snapshots." in str(cinder.delete_group(with_volumes=True).fault)
        assert cinder.ask("DELETE", f"/group_snapshots/{id}").code == 202
        assert cinder.ask("GET", "/snapshots").body == {"snapshots": []}
        assert cinder.ask("GET", f"/group_snapshots/{id}").code == 404

    def test_a_refusal_creates_no_snapshot(self, cinder):
        cinder.volume(group_id=cinder.group)
        cinder.act(cinder.volume(group_id=cinder.group), "os-reset_status", {"status": "error"}, "admin")
        before = cinder.play.store.dump()
        answer = cinder.ask("POST", "/group_snapshots", {"group_snapshot": {"group_id": cinder.group}})
        assert str(answer.fault) == "Invalid volume: The snapshot cannot be created when the volume is in error status."
        assert cinder.play.store.dump() == before

    def test_the_status_is_reset_by_administrators(self, cinder):
        path = f"/group_snapshots/{cinder.snapshot_group()}"
        body = {"reset_status": {"status": "creating"}}
        assert cinder.ask("POST", path + "/action", body).code == 403
        assert cinder.ask("POST", path + "/action", body, "admin").code == 202
        assert cinder.ask("DELETE", path).code == 400

    @pytest.mark.parametrize("kind", ["group_snapshot_id", "source_group_id"])
    def test_a_group_is_copied(self, cinder, kind):
        cinder.volume(group_id=cinder.group, size=2, imageRef=cinder.play.image)
        source = cinder.snapshot_group() if kind == "group_snapshot_id" else cinder.group
        answer = cinder.ask("POST", "/groups/action", {"create-from-src": {"name": "copy", kind: source}})
        assert answer.code == 202
        view = cinder.show_group(answer.body["group"]["id"], list_volume="1")
        assert (view["name"], view[kind], view["volume_types"]) == ("copy", source, [STANDARD])
        (volume,) = map(cinder.show, view["volumes"])
        assert (volume["size"], volume["bootable"], volume["status"]) == (2, "true", "available")

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({}, 400),
            ({"source_group_id": NOWHERE}, 404),
            ({"group_snapshot_id": NOWHERE}, 404),
            ({"source_group_id": NOWHERE, "group_snapshot_id": NOWHERE}, 400),
        ],
    )
    def test_nothing_else_is_copied(self, cinder, body, code):
        assert cinder.ask("POST", "/groups/action", {"create-from-src": body}).code == code
        refusal = cinder.ask("POST", "/groups/action", {"create-from-src": {"source_group_id": cinder.group}})
        assert str(refusal.fault) == "Invalid Group: Source Group is empty. No group will be created."


class TestGroupTypes:
    def ask(self, cinder, method, path, body=None, who="admin"):
        return cinder.ask(method, "/group_types" + path, body, who)

    def test_administrators_create_change_and_delete_them(self, cinder):
        body = {"group_type": {"name": "apart", "is_public": False, "group_specs": {"a": "1"}}}
        assert self.ask(cinder, "POST", "", body, "demo").code == 403
        view = self.ask(cinder, "POST", "", body).body["group_type"]
        assert self.ask(cinder, "POST", "", body).code == 409
        path = f"/{view['id']}"
        assert self.ask(cinder, "GET", path).body["group_type"] == view
        assert self.ask(cinder, "GET", path, who="demo").code == 404
        change = {"group_type": {"name": "alone", "is_public": True}}
        changed = self.ask(cinder, "PUT", path, change).body["group_type"]
        assert changed == view | change["group_type"]
        for fields in ({}, {"name": ""}, {"name": None}):
            assert self.ask(cinder, "PUT", path, {"group_type": fields}).code == 400
        assert self.ask(cinder, "PUT", path, {"group_type": {"name": "together"}}).code == 409
        assert set(self.ask(cinder, "GET", path, who="demo").body["group_type"]) == set(view) - {"group_specs"}
        assert self.ask(cinder, "DELETE", path).code == 202
        assert self.ask(cinder, "GET", path).code == 404

    def test_a_type_in_use_is_kept(self, cinder):
        types = self.ask(cinder, "GET", "", who="demo").body["group_types"]
        assert [each["name"] for each in types] == ["together", "default_cgsnapshot_type"]
        assert str(self.ask(cinder, "DELETE", f"/{types[0]['id']}").fault) == "Target group type is still in use."
        assert self.ask(cinder, "DELETE", f"/{types[1]['id']}").code == 501
        assert self.ask(cinder, "GET", "/default").code == 404

    def test_their_specs(self, cinder):
        path = f"/{RESERVED}/group_specs"
        assert self.ask(cinder, "POST", path, {"group_specs": {"a": "1", "b": None}}, "demo").code == 403
        body = {"group_specs": {"a": "1", "b": None}}
        answer = self.ask(cinder, "POST", path, body)
        assert (answer.code, answer.body) == (202, body)
        assert self.ask(cinder, "PUT", path + "/a", {"a": "2"}).body == {"a": "2"}
        assert self.ask(cinder, "PUT", path + "/a", {"b": "2"}).code == 400
        assert self.ask(cinder, "GET", path + "/a").body == {"a": "2"}
        assert self.ask(cinder, "DELETE", path + "/b").code == 202
        for method in ("GET", "DELETE"):
            assert self.ask(cinder, method, path + "/b").code == 404
        specs = self.ask(cinder, "GET", path).body["group_specs"]
        assert specs == {"consistent_group_snapshot_enabled": "<is> True", "a": "2"}

    @pytest.mark.parametrize(("public", "names"), [("None", 3), ("true", 2), ("0", 1)])
    def test_they_are_filtered_by_visibility(self, cinder, public, names):
        self.ask(cinder, "POST", "", {"group_type": {"name": "own", "is_public": False}})
        found = cinder.ask("GET", "/group_types", who="admin", is_public=public).body["group_types"]
        assert len(found) == names
        assert cinder.ask("GET", "/group_types", who="admin", is_public="x").code == 400
