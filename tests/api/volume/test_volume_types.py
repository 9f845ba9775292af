"""Volume types, their extra specs and access lists."""

from __future__ import annotations

import pytest


def test_types_are_created_changed_and_deleted_by_administrators(cinder):
    body = {"volume_type": {"name": "fast", "extra_specs": {"a": "b"}}}
    assert cinder.ask("POST", "/types", body).code == 403
    kind = cinder.ask("POST", "/types", body, "admin").body["volume_type"]
    assert cinder.ask("POST", "/types", body, "admin").code == 409
    assert {t["name"] for t in cinder.ask("GET", "/types").body["volume_types"]} == {"standard", "fast"}
    volume = cinder.volume(volume_type="fast")
    path = f"/types/{kind['id']}"
    assert cinder.ask("DELETE", path, who="admin").code == 400
    assert cinder.ask("PUT", path, {"volume_type": {"name": "faster"}}, "admin").code == 200
    assert cinder.show(volume)["volume_type"] == "faster"
    assert cinder.ask("GET", path + "/extra_specs", who="admin").body == {"extra_specs": {"a": "b"}}
    assert cinder.ask("DELETE", path + "/extra_specs/a", who="admin").code == 400
    cinder.ask("DELETE", f"/volumes/{volume}")
    assert cinder.ask("DELETE", path, who="admin").code == 202
    standard = cinder.ask("GET", "/types/default").body["volume_type"]
    assert standard["name"] == "standard"
    assert cinder.ask("DELETE", f"/types/{standard['id']}", who="admin").code == 400


def test_a_private_type_is_visible_only_to_projects_with_access(cinder):
    body = {"volume_type": {"name": "own", "os-volume-type-access:is_public": False}}
    kind = cinder.ask("POST", "/types", body, "admin").body["volume_type"]["id"]
    assert cinder.ask("GET", f"/types/{kind}").code == 404
    give = {"addProjectAccess": {"project": cinder.project}}
    assert cinder.ask("POST", f"/types/{kind}/action", give, "admin").code == 202
    assert cinder.ask("POST", f"/types/{kind}/action", give, "admin").code == 409
    assert cinder.ask("GET", f"/types/{kind}").code == 200
    access = cinder.ask("GET", f"/types/{kind}/os-volume-type-access", who="admin").body["volume_type_access"]
    assert access == [{"volume_type_id": kind, "project_id": cinder.project}]


@pytest.mark.parametrize("given", ["nonsense", {"project": 5}, {}, None])
def test_access_needs_a_project(cinder, given):
    body = {"volume_type": {"name": "own", "os-volume-type-access:is_public": False}}
    kind = cinder.ask("POST", "/types", body, "admin").body["volume_type"]["id"]
    assert cinder.ask("POST", f"/types/{kind}/action", {"addProjectAccess": given}, "admin").code == 400
    assert cinder.ask("POST", f"/types/{kind}/action", {"nonsense": {"project": "p"}}, "admin").code == 400


def test_access_is_revoked(cinder):
    body = {"volume_type": {"name": "own", "os-volume-type-access:is_public": False}}
    kind = cinder.ask("POST", "/types", body, "admin").body["volume_type"]["id"]
    path, project = f"/types/{kind}/action", {"project": cinder.project}
    assert cinder.ask("POST", path, {"removeProjectAccess": project}, "admin").code == 404
    assert cinder.ask("POST", path, {"addProjectAccess": project}, "admin").code == 202
    assert cinder.ask("POST", path, {"removeProjectAccess": project}, "admin").code == 202
    assert cinder.ask("GET", f"/types/{kind}").code == 404
    standard = cinder.ask("GET", "/types/default").body["volume_type"]["id"]
    assert cinder.ask("GET", f"/types/{standard}/os-volume-type-access", who="admin").code == 404


def test_extra_specs_are_set_and_shown(cinder):
    kind = cinder.ask("POST", "/types", {"volume_type": {"name": "fast"}}, "admin").body["volume_type"]["id"]
    path = f"/types/{kind}/extra_specs"
    assert cinder.ask("POST", path, {"extra_specs": {"a": "1"}}).code == 403
    assert cinder.ask("POST", path, {"extra_specs": {"a": "1"}}, "admin").body == {"extra_specs": {"a": "1"}}
    cinder.ask("POST", path, {"extra_specs": {"b": "2"}}, "admin")
    assert cinder.ask("GET", path, who="admin").body == {"extra_specs": {"a": "1", "b": "2"}}
    assert cinder.ask("GET", path + "/b", who="admin").body == {"b": "2"}
    assert cinder.ask("GET", path + "/c").code == 404


def test_filter_is_public_is_read_strictly(cinder):
    for name, public in (("open", "true"), ("closed", "no")):
        body = {"volume_type": {"name": name, "os-volume-type-access:is_public": public}}
        assert cinder.ask("POST", "/types", body, "admin").body["volume_type"]["is_public"] is (public == "true")

    def names(who="admin", **query):
        return [each["name"] for each in cinder.ask("GET", "/types", who=who, **query).body["volume_types"]]

    assert names(is_public="none") == ["standard", "open", "closed"]
    assert names(is_public="0") == ["closed"]
    assert names() == ["standard", "open"]
    refused = cinder.ask("GET", "/types", who="admin", is_public="perhaps")
    assert (refused.code, refused.body["badRequest"]["message"]) == (400, "Invalid is_public filter [perhaps]")
    assert cinder.ask("GET", "/types", is_public="perhaps").code == 200  # only administrators select
    closed = cinder.ask("GET", "/types", who="admin", is_public="no").body["volume_types"][0]["id"]
    access = {"addProjectAccess": {"project": cinder.play.callers["admin"].project_id}}
    assert cinder.ask("POST", f"/types/{closed}/action", access, "admin").code == 202
    assert sorted(names()) == ["closed", "open", "standard"]
    changed = cinder.ask("PUT", f"/types/{closed}", {"volume_type": {"is_public": "on"}}, "admin")
    assert changed.body["volume_type"]["is_public"] is True
