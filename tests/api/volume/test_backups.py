"""Backups of volumes and snapshots. Source: cinder/api/contrib/backups.py; cinder/backup/api.py."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.volume.client import NOWHERE, VolumeClient


class BackupClient(VolumeClient):
    """A client with a bootable volume of 2 GiB."""

    def __init__(self) -> None:
        super().__init__()
        self.source = self.volume(size=2, imageRef=self.play.image, name="source")

    def request(self, volume: str = "", **fields: Any):
        return self.ask("POST", "/backups", {"backup": {"volume_id": volume or self.source, **fields}})

    def create(self, **fields: Any) -> str:
        answer = self.request(**fields)
        assert answer.code == 202, answer
        return answer.body["backup"]["id"]

    def view(self, id: str, who: str = "demo") -> Any:
        return self.ask("GET", f"/backups/{id}", who=who).body["backup"]

    def restore(self, id: str, **fields: Any):
        return self.ask("POST", f"/backups/{id}/restore", {"restore": fields})


@pytest.fixture
def cinder() -> BackupClient:
    return BackupClient()


def test_a_backup_is_created_listed_and_changed(cinder):
    id = cinder.create(name="b", metadata={"a": "1"})
    view = cinder.view(id)
    assert (view["name"], view["status"], view["size"], view["volume_id"]) == ("b", "available", 2, cinder.source)
    assert (view["is_incremental"], view["has_dependent_backups"], view["metadata"]) == (False, False, {"a": "1"})
    assert view["data_timestamp"] == view["created_at"] and not view["created_at"].endswith("Z")
    assert cinder.view(id, "admin").keys() - view.keys() == {"os-backup-project-attr:project_id", "user_id"}
    assert cinder.ask("GET", "/backups/detail", with_count="1").body == {"backups": [view], "count": 1}
    (short,) = cinder.ask("GET", "/backups", volume_id=cinder.source).body["backups"]
    assert short.keys() == {"id", "name", "links"}
    assert cinder.ask("GET", "/backups", name="c").body == {"backups": []}
    assert cinder.ask("PUT", f"/backups/{id}", {"backup": {"name": "c"}}).body["backup"]["name"] == "c"
    assert cinder.view(id)["metadata"] == {"a": "1"}
    assert cinder.ask("DELETE", f"/backups/{id}").code == 202
    assert cinder.ask("GET", f"/backups/{id}").code == 404


@pytest.mark.parametrize(
    ("path", "noun"), [("backups", "Backup"), ("groups/detail", "Group"), ("group_snapshots", "GroupSnapshot")]
)
def test_lists_are_sorted_and_paged_as_those_of_volumes(cinder, path, noun):
    refusal = cinder.ask("GET", f"/{path}", marker=NOWHERE)
    assert (refusal.code, str(refusal.fault)) == (404, f"{noun} {NOWHERE} could not be found.")
    assert cinder.ask("GET", f"/{path}", sort="nonsense:asc").code == 400
    cinder.create(name="a"), cinder.create(name="b")
    found = cinder.ask("GET", "/backups", sort_key="name", sort_dir="asc", limit="1").body
    assert [each["name"] for each in found["backups"]] == ["a"] and "backups_links" in found


def test_backups_have_quotas(cinder):
    cinder.create()
    path = f"/os-quota-sets/{cinder.project}"
    for name, limit, words in (
        ("backups", 1, "Maximum number of backups"),
        ("backup_gigabytes", 3, "Backup gigabytes"),
    ):
        assert cinder.ask("PUT", path, {"quota_set": {name: limit}}, "admin").code == 200
        refusal = cinder.request()
        assert refusal.code == 413 and words in str(refusal.fault)
        cinder.ask("DELETE", path, who="admin")
    absolute = cinder.ask("GET", "/limits").body["limits"]["absolute"]
    assert (absolute["totalBackupsUsed"], absolute["totalBackupGigabytesUsed"]) == (1, 2)


def test_an_incremental_backup_keeps_its_parent(cinder):
    assert "No backups available to do an incremental backup." in str(cinder.request(incremental=True).fault)
    parent = cinder.create()
    child = cinder.create(incremental=True)
    assert (cinder.view(child)["is_incremental"], cinder.view(parent)["has_dependent_backups"]) == (True, True)
    for answer in (
        cinder.ask("DELETE", f"/backups/{parent}"),
        cinder.ask("POST", f"/backups/{parent}/action", {"os-force_delete": {}}, "admin"),
    ):
        assert str(answer.fault) == "Invalid backup: Incremental backups exist for this backup."
    for id in (child, parent):
        assert cinder.ask("DELETE", f"/backups/{id}").code == 202


def test_a_snapshot_is_backed_up(cinder):
    body = {"snapshot": {"volume_id": cinder.source}}
    snapshot = cinder.ask("POST", "/snapshots", body).body["snapshot"]
    view = cinder.view(cinder.create(snapshot_id=snapshot["id"]))
    assert (view["snapshot_id"], view["data_timestamp"]) == (snapshot["id"], snapshot["created_at"])
    assert "does not match with snapshot.volume_id" in str(
        cinder.request(cinder.volume(), snapshot_id=snapshot["id"]).fault
    )


def test_a_volume_in_use_needs_force(cinder):
    cinder.act(cinder.source, "os-attach", {"instance_uuid": NOWHERE, "mountpoint": "/dev/vdb"})
    assert str(cinder.request().fault) == "Invalid volume: Backing up an in-use volume must use the force flag."
    assert cinder.request(force=True).code == 202
    cinder.act(cinder.source, "os-reset_status", {"status": "error"}, "admin")
    assert 'must be available or in-use, but the current status is "error".' in str(cinder.request(force=True).fault)


class TestRestoring:
    def test_to_a_new_volume(self, cinder):
        id = cinder.create()
        answer = cinder.restore(id)
        assert (answer.code, answer.body["restore"]["volume_name"]) == (202, f"restore_backup_{id}")
        volume = cinder.show(answer.body["restore"]["volume_id"])
        assert (volume["size"], volume["bootable"], volume["metadata"]) == (2, "true", {"src_backup_id": id})
        assert volume["volume_image_metadata"] == cinder.show(cinder.source)["volume_image_metadata"]

    def test_to_a_volume(self, cinder):
        id, small, large = cinder.create(), cinder.volume(size=1), cinder.volume(size=3, name="large")
        assert "is too small to restore backup of size 2." in str(cinder.restore(id, volume_id=small).fault)
        assert cinder.restore(id, volume_id=NOWHERE).code == 404
        assert cinder.restore(id, volume_id=large).body["restore"]["volume_name"] == "large"
        assert (cinder.show(large)["bootable"], cinder.show(large)["status"]) == ("true", "available")
        assert cinder.restore(id, volume_id=cinder.source).code == 202
        assert cinder.show(cinder.source)["metadata"] == {}

    def test_as_the_source_of_a_volume(self, cinder):
        id = cinder.create()
        volume = cinder.ask("POST", "/volumes", {"volume": {"backup_id": id}}).body["volume"]
        assert (volume["size"], volume["bootable"]) == (2, "true")
        refusal = cinder.ask("POST", "/volumes", {"volume": {"backup_id": id, "size": 1}})
        assert "Volume size 1GB cannot be smaller than the backup size 2GB. It must be >= backup size." in str(
            refusal.fault
        )

    def test_only_an_available_backup(self, cinder):
        path = f"/backups/{cinder.create()}"
        body = {"os-reset_status": {"status": "error"}}
        assert cinder.ask("POST", path + "/action", body).code == 403
        assert cinder.ask("POST", path + "/action", {"os-reset_status": {"status": "x"}}, "admin").code == 400
        assert cinder.ask("POST", path + "/action", body, "admin").code == 202
        for answer in (
            cinder.ask("POST", path + "/restore", {"restore": {}}),
            cinder.ask("POST", "/volumes", {"volume": {"backup_id": path.rpartition("/")[2]}}),
        ):
            assert answer.code == 400
        assert cinder.ask("POST", path + "/action", {"os-force_delete": {}}, "admin").code == 202
