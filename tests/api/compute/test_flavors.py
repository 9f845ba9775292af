"""Flavors: lists, names, access, extra specs, descriptions."""

from __future__ import annotations

import pytest

from novasim.records import Flavor
from tests.play import Play


@pytest.fixture
def play():
    play = Play()
    small = {"name": "small", "id": "s", "ram": 64, "vcpus": 1, "disk": 0}
    hidden = {"name": "hidden", "id": "h", "ram": 128, "vcpus": 1, "disk": 1, "os-flavor-access:is_public": False}
    for flavor in (small, hidden):
        assert play.ask("POST", "/flavors", {"flavor": flavor}, "admin").code == 200
    return play


def list_names(play: Play, who: str = "demo", minor: int = 96, **query: str) -> list[str]:
    answer = play.ask("GET", "/flavors", who=who, minor=minor, **query)
    assert answer.code == 200, answer.body
    return [flavor["name"] for flavor in answer.body["flavors"]]


def test_only_administrators_list_private_flavors(play):
    stock = ["m1.tiny", "m1.small", "m1.medium", "m1.large", "m1.xlarge"]
    assert list_names(play) == [*stock, "small"]
    assert list_names(play, is_public="false") == [*stock, "small"]
    assert list_names(play, "admin") == [*stock, "small"]
    assert list_names(play, "admin", is_public="False") == ["hidden"]
    assert list_names(play, "admin", is_public="None") == [*stock, "hidden", "small"]
    assert play.ask("GET", "/flavors", who="admin", is_public="maybe").code == 400


@pytest.mark.parametrize(
    "query",
    [
        {"minRam": "many"},
        {"minDisk": "--1"},
        {"limit": "x"},
        {"marker": "nowhere"},
        {"sort_key": "nonsense"},
        {"sort_dir": "up"},
    ],
)
def test_invalid_list_queries_are_refused(play, query):
    assert play.ask("GET", "/flavors", **query).code == 400


def test_lists_are_filtered_sorted_and_paged(play):
    assert list_names(play, minRam="8192") == ["m1.large", "m1.xlarge"]
    assert list_names(play, minDisk="80", sort_key="memory_mb", sort_dir="desc") == ["m1.xlarge", "m1.large"]
    assert list_names(play, minor=102, name="large") == ["m1.large", "m1.xlarge"]
    assert list_names(play, minor=102, name="^m1.*y$") == ["m1.tiny"]
    assert play.ask("GET", "/flavors", minor=102, name="(").code == 400
    assert list_names(play, limit="2", marker="1") == ["m1.small", "m1.medium"]
    page = play.ask("GET", "/flavors", limit="2").body
    (link,) = page["flavors_links"]
    assert link["href"].endswith("/flavors?limit=2&marker=2")
    assert "flavors_links" not in play.ask("GET", "/flavors").body
    assert "description" not in play.ask("GET", "/flavors", minor=54).body["flavors"][0]


def test_equal_values_are_sorted_by_age_in_the_same_direction(play):
    for name in ("z", "y"):
        flavor = {"name": name, "id": name, "ram": 2048, "vcpus": 8, "disk": 0}
        assert play.ask("POST", "/flavors", {"flavor": flavor}, "admin").code == 200
    assert list_names(play, sort_key="vcpus")[-3:] == ["m1.xlarge", "z", "y"]
    assert list_names(play, sort_key="vcpus", sort_dir="desc")[:3] == ["y", "z", "m1.xlarge"]


def test_only_administrators_list_disabled_flavors(play):
    with play.cloud.writing() as world:
        flavor = world.tx.get(Flavor, "2")
        flavor.disabled = True
        world.tx.put(flavor)
    assert "m1.small" not in list_names(play)
    assert "m1.small" in list_names(play, "admin")
    details = play.ask("GET", "/flavors/detail", who="admin").body["flavors"]
    assert [each["OS-FLV-DISABLED:disabled"] for each in details if each["name"] == "m1.small"] == [True]
    assert list_names(play, limit="1", marker="2") == ["m1.medium"]  # a marker may be hidden


def test_sorting_by_age_is_right_after_a_deletion(play):
    play.ask("DELETE", "/flavors/1", who="admin")
    for name in ("x", "a"):
        flavor = {"name": name, "id": name, "ram": 64, "vcpus": 1, "disk": 0}
        assert play.ask("POST", "/flavors", {"flavor": flavor}, "admin").code == 200
    assert list_names(play, sort_key="created_at")[-3:] == ["small", "x", "a"]


def test_a_taken_name_or_id_is_refused(play):
    for body in ({"name": "small", "id": "new"}, {"name": "new", "id": "s"}):
        answer = play.ask("POST", "/flavors", {"flavor": {"ram": 64, "vcpus": 1, "disk": 0, **body}}, "admin")
        assert (answer.code, "already exists" in answer.body["conflictingRequest"]["message"]) == (409, True)


def test_access_to_a_private_flavor_is_granted_and_revoked(play):
    project = play.callers["demo"].project_id
    path = "/flavors/h/action"
    assert play.ask("GET", "/flavors/h/os-flavor-access", who="admin").body == {"flavor_access": []}
    assert play.ask("GET", "/flavors/s/os-flavor-access", who="admin").code == 404
    assert play.ask("GET", "/flavors/h/os-flavor-access").code == 403
    shown = play.ask("POST", path, {"addTenantAccess": {"tenant": project}}, "admin").body["flavor_access"]
    assert shown == [{"flavor_id": "h", "tenant_id": project}]
    assert "hidden" in list_names(play)
    assert play.ask("POST", path, {"removeTenantAccess": {"tenant": project}}).code == 403
    gone = play.ask("POST", path, {"removeTenantAccess": {"tenant": project}}, "admin")
    assert gone.body == {"flavor_access": []}
    assert play.ask("POST", path, {"removeTenantAccess": {"tenant": project}}, "admin").code == 404
    assert "hidden" not in list_names(play)


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        [],
        {"nonsense": {}},
        {"addTenantAccess": {}},
        {"addTenantAccess": {"tenant": "p"}, "removeTenantAccess": {"tenant": "p"}},
    ],
)
def test_invalid_actions_are_refused(play, body):
    assert play.ask("POST", "/flavors/h/action", body, "admin").code == 400


def test_an_extra_spec_is_set_by_its_key(play):
    path = "/flavors/s/os-extra_specs"
    assert play.ask("PUT", path + "/hw:cpu_policy", {"hw:cpu_policy": "shared"}).code == 403
    done = play.ask("PUT", path + "/hw:cpu_policy", {"hw:cpu_policy": "shared"}, "admin")
    assert done.body == {"hw:cpu_policy": "shared"}
    assert play.ask("GET", path).body == {"extra_specs": {"hw:cpu_policy": "shared"}}
    assert play.ask("PUT", "/flavors/nowhere/os-extra_specs/a", {"a": "b"}, "admin").code == 404


def test_administrators_change_the_description_from_2_55(play):
    body = {"flavor": {"description": "tiny indeed"}}
    assert play.ask("PUT", "/flavors/s", body).code == 403
    assert play.ask("PUT", "/flavors/s", body, "admin").body["flavor"]["description"] == "tiny indeed"
    assert play.ask("PUT", "/flavors/s", body, "admin", minor=54).code == 404
