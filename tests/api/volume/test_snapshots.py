"""Snapshots of volumes."""

from __future__ import annotations

import pytest

from tests.api.volume.client import ATTACHMENT


def test_volumes_are_created_from_snapshots(cinder):
    volume = cinder.volume(size=2)
    made = cinder.ask("POST", "/snapshots", {"snapshot": {"volume_id": volume, "name": "s"}}).body["snapshot"]
    assert set(made) == set(
        "id name description volume_id status size metadata created_at updated_at group_snapshot_id user_id".split()
    )
    path = f"/snapshots/{made['id']}"
    assert cinder.ask("PUT", path, {"snapshot": {"name": "t"}}).body["snapshot"]["name"] == "t"
    assert cinder.ask("POST", path + "/metadata", {"metadata": {"a": "1"}}).body == {"metadata": {"a": "1"}}
    assert cinder.ask("DELETE", path + "/metadata/a").code == 200
    assert [s["id"] for s in cinder.ask("GET", "/snapshots/detail", volume_id=volume).body["snapshots"]] == [made["id"]]
    assert cinder.ask("POST", "/volumes", {"volume": {"size": 1, "snapshot_id": made["id"]}}).code == 400
    copy = cinder.show(cinder.volume(size=3, snapshot_id=made["id"]))
    assert (copy["snapshot_id"], copy["size"]) == (made["id"], 3)
    assert cinder.act(volume, "revert", {"snapshot_id": made["id"]}).code == 202
    assert cinder.ask("POST", path + "/action", {"os-reset_status": {"status": "error"}}).code == 403
    assert cinder.ask("POST", path + "/action", {"os-reset_status": {"status": "error"}}, "admin").code == 202
    assert cinder.ask("DELETE", f"/volumes/{volume}", cascade="True").code == 202
    assert cinder.ask("GET", path).code == 404


@pytest.mark.parametrize("given", ["nonsense", {"status": "in-use"}, {}, None])
def test_an_invalid_status_is_refused(cinder, given):
    body = {"snapshot": {"volume_id": cinder.volume()}}
    path = f"/snapshots/{cinder.ask('POST', '/snapshots', body).body['snapshot']['id']}"
    assert cinder.ask("POST", path + "/action", {"os-reset_status": given}, "admin").code == 400
    assert cinder.ask("POST", path + "/action", {"os-nonsense": {}}, "admin").code == 400
    assert cinder.ask("POST", path + "/action", {"os-unmanage": {}}, "admin").code == 501


def test_metadata_status_and_volume_of_a_snapshot_are_checked(cinder):
    volume = cinder.volume()
    path = f"/snapshots/{cinder.ask('POST', '/snapshots', {'snapshot': {'volume_id': volume}}).body['snapshot']['id']}"
    cinder.ask("POST", path + "/metadata", {"metadata": {"a": "1"}})
    assert cinder.ask("PUT", path + "/metadata", {"metadata": {"b": "2"}}).body == {"metadata": {"b": "2"}}
    assert cinder.ask("GET", path + "/metadata").body == {"metadata": {"b": "2"}}
    assert cinder.ask("DELETE", path + "/metadata/a").code == 404
    busy = {"os-reset_status": {"status": "deleting"}}
    assert cinder.ask("POST", path + "/action", busy, "admin").code == 202
    assert cinder.ask("DELETE", path).code == 400
    assert cinder.ask("POST", path + "/action", {"os-force_delete": {}}, "admin").code == 202
    assert cinder.ask("GET", path).code == 404
    cinder.act(volume, "os-attach", ATTACHMENT)
    assert cinder.ask("POST", "/snapshots", {"snapshot": {"volume_id": volume}}).code == 400
    assert cinder.ask("POST", "/snapshots", {"snapshot": {"volume_id": volume, "force": True}}).code == 202


def test_the_owner_reports_the_status_of_a_new_snapshot(cinder):
    snapshot = cinder.ask("POST", "/snapshots", {"snapshot": {"volume_id": cinder.volume()}}).body["snapshot"]["id"]
    path = f"/snapshots/{snapshot}/action"

    def report(status, who="demo"):
        return cinder.ask("POST", path, {"os-update_snapshot_status": {"status": status, "progress": "80%"}}, who)

    assert "available not allowed for update" in report("error").body["badRequest"]["message"]
    cinder.ask("POST", path, {"os-reset_status": {"status": "creating"}}, "admin")
    assert report("available", "reader").code == 403
    assert "error_deleting not allowed" in report("error_deleting").body["badRequest"]["message"]
    assert report("error").code == 202
    assert cinder.ask("GET", f"/snapshots/{snapshot}").body["snapshot"]["status"] == "error"


# Source: cinder/api/common.py, get_sort_params; cinder/db/sqlalchemy/api.py, process_sort_params.
def test_lists_are_sorted_and_cut_as_by_cinder(cinder):
    volume = cinder.volume()
    for name in "bca":
        cinder.ask("POST", "/snapshots", {"snapshot": {"volume_id": volume, "name": name}})

    def names(**query):
        return "".join(one["name"] for one in cinder.ask("GET", "/snapshots", **query).body["snapshots"])

    assert names(sort_key="display_name", sort_dir="asc") == names(sort="name:asc") == "abc"
    assert names(sort_key="name") == names(sort="name") == "cba"  # descending by default
    assert names(offset="1") == names()[1:] and names(offset="1", limit="1") == names()[1]
    assert cinder.ask("GET", "/snapshots", marker=volume).code == 404
    for query in (
        {"sort_key": "colour"},
        {"sort": "name:up"},
        {"sort": "name", "sort_key": "name"},
        {"offset": "-1"},
    ):
        assert cinder.ask("GET", "/snapshots", **query).code == 400, query


def test_one_value_of_the_metadata_and_the_progress_are_set(cinder):
    volume = cinder.volume()
    path = f"/snapshots/{cinder.ask('POST', '/snapshots', {'snapshot': {'volume_id': volume}}).body['snapshot']['id']}"
    cinder.ask("POST", path + "/metadata", {"metadata": {"a": "1", "b": "2"}})
    assert cinder.ask("PUT", path + "/metadata/a", {"meta": {"a": "3"}}).body == {"meta": {"a": "3"}}
    assert cinder.ask("PUT", path + "/metadata/a", {"meta": {"c": "3"}}).code == 400
    assert cinder.ask("GET", path + "/metadata/a").body == {"meta": {"a": "3"}}
    assert cinder.ask("GET", path + "/metadata/c").code == 404
    assert cinder.ask("GET", path + "/metadata").body == {"metadata": {"a": "3", "b": "2"}}
    cinder.ask("POST", path + "/action", {"os-reset_status": {"status": "creating"}}, "admin")
    report = {"os-update_snapshot_status": {"status": "creating", "progress": "80%"}}
    assert cinder.ask("POST", path + "/action", report).code == 202
    assert cinder.ask("GET", path).body["snapshot"]["os-extended-snapshot-attributes:progress"] == "80%"
    assert cinder.ask("POST", "/snapshots", {"snapshot": {"volume_id": None}}).code == 404
