"""Lists of what no simulated cloud has. Source: the routers, policies and exceptions of the volume service."""

from __future__ import annotations

import pytest

from tests.api.volume.client import NOWHERE
from tests.play import Play

LISTS = """
    consistencygroups       consistencygroups    member
    cgsnapshots/detail      cgsnapshots          member
    messages                messages             member
    clusters/detail         clusters             admin
    os-volume-manage        manageable-volumes   admin
    manageable_snapshots    manageable-snapshots admin
"""
CASES = [line.split() for line in LISTS.strip().splitlines()]


@pytest.mark.parametrize(("path", "key", "role"), CASES)
def test_a_list_is_empty(cinder, path, key, role):
    assert cinder.ask("GET", f"/{path}", who="admin").body == {key: []}
    assert cinder.ask("GET", f"/{path}").code == (200 if role == "member" else 403)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("consistencygroups", f"ConsistencyGroup {NOWHERE} could not be found."),
    ],
)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_none_is_found_by_id(cinder, path, text, method):
    answer = cinder.ask(method, f"/{path}/{NOWHERE}", who="admin")
    assert (answer.code, answer.body["itemNotFound"]["message"]) == (404, text)


@pytest.mark.parametrize("path", ["backups/import_record", "consistencygroups", "os-volume-manage"])
def test_none_is_created(cinder, path):
    answer = cinder.ask("POST", f"/{path}", {}, "admin")
    assert answer.code == 501
    assert "is not simulated" in answer.body["notImplemented"]["message"]


@pytest.mark.parametrize(
    ("path", "minor"), [("groups", 12), ("clusters", 6), ("volume-transfers", 54), ("default-types", 61)]
)
def test_a_path_exists_from_its_microversion_on(path, minor):
    play = Play()
    base = f"/v3/{play.callers['admin'].project_id}/{path}"
    assert play.ask("GET", base, who="admin", minor=minor, service="volume").code == 404
    assert play.ask("GET", base, who="admin", minor=minor + 1, service="volume").code == 200


def test_extensions_are_a_fixed_list(cinder):
    aliases = [each["alias"] for each in cinder.ask("GET", "/extensions").body["extensions"]]
    assert len(aliases) == 32
    assert {"os-types-manage", "os-quota-sets", "OS-SCH-HNT"} < set(aliases)
    assert cinder.ask("GET", "/extensions/backups").body["extension"]["name"] == "Backups"
    assert cinder.ask("GET", "/extensions/nonsense").code == 404


def test_hosts_and_filters(cinder):
    assert cinder.ask("GET", "/os-hosts").code == 403
    hosts = cinder.ask("GET", "/os-hosts", who="admin").body["hosts"]
    assert [each["service"] for each in hosts] == ["cinder-scheduler", "cinder-volume", "cinder-backup"]
    (group,) = cinder.ask("GET", "/resource_filters", resource="group").body["resource_filters"]
    assert group == {"resource": "group", "filters": ["name"]}
    assert len(cinder.ask("GET", "/resource_filters").body["resource_filters"]) == 9


@pytest.mark.parametrize(("minor", "has_cluster"), [(6, False), (7, True)])
def test_services_have_a_cluster_from_3_7_on(minor, has_cluster):
    play = Play()
    path = f"/v3/{play.callers['admin'].project_id}/os-services"
    services = play.ask("GET", path, who="admin", minor=minor, service="volume").body["services"]
    assert all(("cluster" in each) == has_cluster for each in services)
