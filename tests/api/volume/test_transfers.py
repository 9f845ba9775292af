"""Offers of volumes to other projects. Source: cinder/api/v3/volume_transfer.py; cinder/transfer/api.py."""

from __future__ import annotations

from typing import Any

import pytest

from novasim.records import VolumeTransfer
from tests.api.volume.client import NOWHERE, VolumeClient

NEW, OLD = "/volume-transfers", "/os-volume-transfer"


class TransferClient(VolumeClient):
    """A client of microversion 3.70 with a volume that is offered."""

    def __init__(self) -> None:
        super().__init__()
        self.volume_id = self.volume(size=2)
        self.transfer = self.offer(name=" to you ").body["transfer"]

    def ask(self, method: str, path: str, body: Any = None, who: str = "demo", **query: Any):
        base, minor = f"/v3/{self.play.callers[who].project_id}", query.pop("minor", 70)
        return self.play.ask(method, base + path, body, who, minor, "volume", **query)

    def offer(self, volume: str = "", path: str = NEW, minor: int = 70, **fields: Any):
        return self.ask("POST", path, {"transfer": {"volume_id": volume or self.volume_id, **fields}}, minor=minor)

    def accept(self, key: str = "", who: str = "other"):
        body = {"accept": {"auth_key": key or self.transfer["auth_key"]}}
        return self.ask("POST", f"{NEW}/{self.transfer['id']}/accept", body, who)

    def status(self, who: str = "demo") -> str:
        return self.show(self.volume_id, who)["status"]


@pytest.fixture
def cinder() -> TransferClient:
    return TransferClient()


def test_a_volume_is_offered_and_withdrawn(cinder):
    view = cinder.ask("GET", f"{NEW}/{cinder.transfer['id']}").body["transfer"]
    assert view == {key: value for key, value in cinder.transfer.items() if key != "auth_key"}
    assert (view["name"], view["volume_id"], view["no_snapshots"]) == ("to you", cinder.volume_id, False)
    assert (view["source_project_id"], view["destination_project_id"], view["accepted"]) == (
        cinder.project,
        None,
        False,
    )
    assert len(cinder.transfer["auth_key"]) == 16 and not view["created_at"].endswith("Z")
    assert cinder.ask("GET", f"{OLD}/{view['id']}", minor=54).body["transfer"].keys() == {
        *("id", "created_at", "name", "volume_id", "links")
    }
    for path in (NEW, OLD):
        assert cinder.ask("GET", path + "/detail").body == {"transfers": [view]}
        (short,) = cinder.ask("GET", path).body["transfers"]
        assert short.keys() == {"id", "volume_id", "name", "links"}
    assert cinder.ask("GET", NEW, who="other").body == {"transfers": []}
    assert cinder.status() == "awaiting-transfer"
    assert cinder.ask("DELETE", f"/volumes/{cinder.volume_id}").code == 400
    assert cinder.ask("DELETE", f"{NEW}/{view['id']}").code == 202
    assert cinder.status() == "available"
    assert cinder.ask("DELETE", f"{NEW}/{view['id']}").code == 404


def test_another_project_accepts_with_the_key(cinder):
    refusal = cinder.accept("wrong")
    id = cinder.transfer["id"]
    assert (refusal.code, str(refusal.fault)) == (
        400,
        f"Invalid auth key: Attempt to transfer {id} with invalid auth key.",
    )
    answer = cinder.accept()
    assert (answer.code, answer.body["transfer"]["volume_id"]) == (202, cinder.volume_id)
    assert cinder.status("other") == "available"
    assert cinder.ask("GET", f"/volumes/{cinder.volume_id}").code == 404
    assert cinder.accept().code == 404
    usage = cinder.ask("GET", f"/os-quota-sets/{cinder.play.callers['other'].project_id}", who="other", usage="1")
    assert usage.body["quota_set"]["gigabytes"]["in_use"] == 2


@pytest.mark.parametrize("without_snapshots", [False, True])
def test_snapshots_move_with_the_volume(cinder, without_snapshots):
    cinder.ask("DELETE", f"{NEW}/{cinder.transfer['id']}")
    body = {"snapshot": {"volume_id": cinder.volume_id}}
    snapshot = cinder.ask("POST", "/snapshots", body).body["snapshot"]["id"]
    cinder.transfer = cinder.offer(no_snapshots=without_snapshots).body["transfer"]
    assert cinder.accept().code == 202
    owner = "demo" if without_snapshots else "other"
    assert [each["id"] for each in cinder.ask("GET", "/snapshots", who=owner).body["snapshots"]] == [snapshot]
    code = cinder.ask("DELETE", f"/volumes/{cinder.volume_id}", who="other", cascade="true").code
    assert code == (400 if without_snapshots else 202)  # the snapshot of the first project stays


def test_a_snapshot_that_moves_leaves_its_group_snapshot(cinder):
    cinder.ask("DELETE", f"{NEW}/{cinder.transfer['id']}")
    cinder.ask("POST", "/group_types", {"group_type": {"name": "t"}}, "admin")
    body = {"group": {"group_type": "t", "volume_types": ["standard"]}}
    group = cinder.ask("POST", "/groups", body).body["group"]["id"]
    assert cinder.ask("PUT", f"/groups/{group}", {"group": {"add_volumes": cinder.volume_id}}).code == 202
    body = {"group_snapshot": {"group_id": group}}
    group_snapshot = cinder.ask("POST", "/group_snapshots", body).body["group_snapshot"]["id"]
    assert cinder.ask("PUT", f"/groups/{group}", {"group": {"remove_volumes": cinder.volume_id}}).code == 202
    cinder.transfer = cinder.offer().body["transfer"]
    assert cinder.accept().code == 202
    assert cinder.ask("DELETE", f"/group_snapshots/{group_snapshot}").code == 202
    (snapshot,) = cinder.ask("GET", "/snapshots", who="other").body["snapshots"]
    assert cinder.ask("DELETE", f"/snapshots/{snapshot['id']}", who="other").code == 202


def test_an_offer_ends_with_its_volume(cinder):
    path = f"/volumes/{cinder.volume_id}"
    assert cinder.ask("DELETE", path, who="admin", force="1").code == 202
    group_type = cinder.ask("POST", "/group_types", {"group_type": {"name": "t"}}, "admin").body["group_type"]["id"]
    body = {"group_type": group_type, "volume_types": ["standard"]}
    group = cinder.ask("POST", "/groups", {"group": body}).body["group"]["id"]
    assert cinder.offer(cinder.volume(group_id=group)).code == 202
    assert cinder.ask("POST", f"/groups/{group}/action", {"delete": {"delete-volumes": True}}).code == 202
    assert cinder.play.all(VolumeTransfer) == []


def test_the_quota_of_the_new_project_counts(cinder):
    path = f"/os-quota-sets/{cinder.play.callers['other'].project_id}"
    assert cinder.ask("PUT", path, {"quota_set": {"gigabytes": 1}}, "admin").code == 200
    before = cinder.play.store.dump()
    assert cinder.accept().code == 413
    assert cinder.play.store.dump() == before


def test_what_cannot_be_offered(cinder):
    assert str(cinder.offer().fault) == "Invalid volume: status must be available"
    assert cinder.offer(NOWHERE).code == 404
    volume = cinder.volume()
    assert cinder.offer(volume, OLD, minor=54, no_snapshots=True).code == 400
    type_id = cinder.ask("POST", "/types", {"volume_type": {"name": "secret"}}, "admin").body["volume_type"]["id"]
    encryption = {"encryption": {"provider": "luks", "control_location": "front-end"}}
    assert cinder.ask("POST", f"/types/{type_id}/encryption", encryption, "admin").code == 200
    secret = cinder.volume(volume_type="secret")
    for path, minor in ((NEW, 69), (OLD, 70)):
        answer = cinder.offer(secret, path, minor)
        assert str(answer.fault) == "Invalid volume: transferring encrypted volume is not supported"
    assert "without its snapshots is not supported" in str(cinder.offer(secret, no_snapshots=True).fault)
    assert cinder.offer(secret).code == 202


def test_no_copy_of_the_cloud_has_the_key(cinder):
    from novasim.control.exports import remove_secrets

    content = cinder.play.store.dump()
    assert cinder.transfer["auth_key"].encode() not in content
    assert b'"auth_key_hash":""' in remove_secrets(content)
