"""The default flavors: their keys at each microversion, access and extra specs."""

from __future__ import annotations

from tests.play import Play


def flavor_keys(play: Play, minor: int) -> set[str]:
    return set(play.ask("GET", "/flavors/1", minor=minor).body["flavor"])


def test_keys_of_a_flavor_depend_on_the_microversion(play):
    oldest = {
        "id",
        "name",
        "ram",
        "disk",
        "swap",
        "vcpus",
        "links",
        "OS-FLV-EXT-DATA:ephemeral",
        "rxtx_factor",
        "os-flavor-access:is_public",
        "OS-FLV-DISABLED:disabled",
    }
    assert flavor_keys(play, 1) == oldest
    assert flavor_keys(play, 55) == oldest | {"description"}
    assert flavor_keys(play, 61) == oldest | {"description", "extra_specs"}
    gone = {"rxtx_factor", "OS-FLV-DISABLED:disabled"}
    assert flavor_keys(play, 102) == (oldest | {"description", "extra_specs"}) - gone
    assert play.ask("GET", "/flavors/1", minor=74).body["flavor"]["swap"] == ""
    assert play.ask("GET", "/flavors/1", minor=75).body["flavor"]["swap"] == 0


def test_a_private_flavor_is_visible_only_to_projects_with_access(play):
    body = {
        "flavor": {"id": "p", "name": "private", "ram": 64, "vcpus": 1, "disk": 0, "os-flavor-access:is_public": False}
    }
    assert play.ask("POST", "/flavors", body).code == 403
    assert play.ask("POST", "/flavors", body, "admin").code == 200
    assert play.ask("POST", "/flavors", body, "admin").code == 409
    assert play.ask("GET", "/flavors/p").code == 404
    access = {"addTenantAccess": {"tenant": play.callers["demo"].project_id}}
    assert play.ask("POST", "/flavors/p/action", access, "admin").code == 200
    assert play.ask("POST", "/flavors/p/action", access, "admin").code == 409
    assert play.ask("GET", "/flavors/p").code == 200
    nobody = play.ask("POST", "/flavors/p/action", {"addTenantAccess": {"tenant": "nope"}}, "admin")
    assert (nobody.code, nobody.body["badRequest"]["message"]) == (400, "Project ID nope is not a valid project.")
    assert play.ask("POST", "/flavors/1/action", access, "admin", minor=7).code == 409
    assert play.ask("DELETE", "/flavors/p", None, "admin").code == 202


def test_extra_specs_are_created_shown_and_deleted_by_administrators(play):
    path = "/flavors/1/os-extra_specs"
    specs = {"extra_specs": {"hw:cpu_policy": "shared"}}
    assert play.ask("POST", path, specs).code == 403
    assert play.ask("POST", path, specs, "admin").body == specs
    assert play.ask("GET", path).body == specs
    assert play.ask("GET", path + "/hw:cpu_policy").body == {"hw:cpu_policy": "shared"}
    assert play.ask("PUT", path + "/hw:cpu_policy", {"other": "x"}, "admin").code == 400
    assert play.ask("DELETE", path + "/hw:cpu_policy", None, "admin").code == 200
    assert play.ask("GET", path + "/hw:cpu_policy").code == 404
