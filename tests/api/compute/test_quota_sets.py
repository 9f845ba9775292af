"""Quota sets, quota classes and limits."""

from __future__ import annotations

import pytest

from tests.play import Play


def test_a_quota_is_enforced_and_shown(play):
    project = play.callers["demo"].project_id
    assert play.ask("PUT", f"/os-quota-sets/{project}", {"quota_set": {"instances": 1}}).code == 403
    assert play.ask("PUT", f"/os-quota-sets/{project}", {"quota_set": {"instances": 1}}, "admin").code == 200
    play.create()
    body = {"name": "b", "flavorRef": "1", "imageRef": play.image, "networks": "none"}
    refusal = play.ask("POST", "/servers", {"server": body})
    assert refusal.code == 403
    assert refusal.body["forbidden"]["message"] == (
        "Quota exceeded for instances: Requested 1, but already used 1 of 1 instances"
    )
    detail = play.ask("GET", f"/os-quota-sets/{project}/detail").body["quota_set"]
    assert detail["instances"] == {"in_use": 1, "limit": 1, "reserved": 0}
    absolute = play.ask("GET", "/limits").body["limits"]["absolute"]
    assert (absolute["maxTotalInstances"], absolute["totalInstancesUsed"]) == (1, 1)
    assert play.ask("PUT", f"/os-quota-sets/{project}", {"quota_set": {"instances": 0}}, "admin").code == 400
    assert play.ask("DELETE", f"/os-quota-sets/{project}", None, "admin").code == 202


def test_names_of_limits_depend_on_the_microversion(play):
    def names(minor: int) -> set[str]:
        return set(play.ask("GET", "/limits", minor=minor).body["limits"]["absolute"])

    assert names(1) - names(36) == {
        "maxTotalFloatingIps",
        "maxSecurityGroups",
        "maxSecurityGroupRules",
        "totalFloatingIpsUsed",
        "totalSecurityGroupsUsed",
    }
    assert names(38) - names(39) == {"maxImageMeta"}
    assert names(56) - names(57) == {"maxPersonality", "maxPersonalitySize"}


NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def play():
    return Play("manual")


def test_default_quotas_and_classes_depend_on_the_microversion(play):
    shown = play.ask("GET", f"/os-quota-sets/{NOWHERE}/defaults", minor=57).body["quota_set"]
    assert shown == {
        "id": NOWHERE,
        "instances": 10,
        "cores": 20,
        "ram": 51200,
        "metadata_items": 128,
        "key_pairs": 100,
        "server_groups": 10,
        "server_group_members": 10,
    }
    classes = {
        minor: set(play.ask("GET", "/os-quota-class-sets/default", who="admin", minor=minor).body["quota_class_set"])
        for minor in (49, 50, 57)
    }
    assert classes[50] - classes[49] == {"server_groups", "server_group_members"}
    assert classes[49] - classes[50] == {"fixed_ips", "floating_ips", "security_group_rules", "security_groups"}
    assert classes[50] - classes[57] == {"injected_files", "injected_file_content_bytes", "injected_file_path_bytes"}


def test_only_administrators_see_limits_of_another_project(play, web1):
    project = play.callers["demo"].project_id
    shown = play.ask("GET", "/limits", who="admin", tenant_id=project).body["limits"]["absolute"]
    assert shown["totalInstancesUsed"] == 1
    assert play.ask("GET", "/limits", who="admin").body["limits"]["absolute"]["totalInstancesUsed"] == 0
    assert play.ask("GET", "/limits", who="other", tenant_id=project).code == 403


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"cores": -2}, 400),
        ({"cores": -1}, 200),
        ({"instances": 0}, 400),
        ({"instances": 0, "force": True}, 200),
        ({"nonsense": 1}, 400),
    ],
)
def test_a_limit_below_the_usage_needs_force(play, web1, limits, code):
    path = f"/os-quota-sets/{play.callers['demo'].project_id}"
    assert play.ask("PUT", path, {"quota_set": limits}, "admin").code == code
    assert play.ask("PUT", "/os-quota-sets/nowhere", {"quota_set": {"cores": 1}}, "admin").code == 400
