"""Quotas of Nova: limits of classes, projects and users, usage, and the refusal of what exceeds them."""

from __future__ import annotations

import pytest

from novasim.records import Allocation, Project, Server, ServerGroup
from novasim.simulation.quotas import (
    PER_PROJECT,
    count_usage,
    find_quota_excess,
    get_class_limits,
    get_limit,
    get_smallest_limit,
    is_within_limit,
    sum_user_limits,
)
from tests.play import Play


@pytest.fixture
def world():
    """A world in which project p has a server of u with 2 cores and 512 MiB, and limits."""
    with Play().cloud.writing() as world:
        quotas, own = {"cores": 4, "ram": 2048}, {"u": {"cores": 3}, "v": {"cores": 1, "ram": -1}}
        world.tx.put(Project(id="p", name="p", quotas=quotas, user_quotas=own))
        add_server(world, "s")
        yield world


def add_server(world, id: str, **fields: object) -> Server:
    usual = {"name": id, "project_id": "p", "user_id": "u", "created_at": "", "updated_at": "", "vm_state": "active"}
    server = Server(**{"id": id, **usual, "flavor": {"vcpus": 2, "ram": 512, "disk": 1}} | fields)
    world.tx.put(server)
    return server


def test_the_class_of_all_projects(world):
    assert get_class_limits(world)["cores"] == 20
    world.settings.quota_classes = {"default": {"cores": 7}, "other": {"ram": 1}}
    assert (get_class_limits(world)["cores"], get_class_limits(world)["ram"]) == (7, 51200)
    assert (get_class_limits(world, "other")["cores"], get_class_limits(world, "other")["ram"]) == (20, 1)


@pytest.mark.parametrize(
    ("project", "user", "resource", "limit"),
    [
        ("nowhere", None, "cores", 20),
        ("nowhere", "u", "cores", 20),
        ("p", None, "cores", 4),
        ("p", "u", "cores", 3),
        ("p", "u", "ram", 2048),
        ("p", "u", "instances", 10),
        ("p", "v", "ram", -1),
        ("p", "w", "cores", 4),
    ],
)
def test_limits(world, project, user, resource, limit):
    assert get_limit(world, project, resource, user) == limit


@pytest.mark.parametrize(
    ("user", "resource", "limit"), [("u", "cores", 3), ("w", "cores", 4), ("v", "ram", 2048), ("u", "instances", 10)]
)
def test_the_smaller_limit(world, user, resource, limit):
    assert get_smallest_limit(world, "p", user, resource) == limit


def test_no_limit_at_all(world):
    world.tx.put(Project(id="q", name="q", quotas={"cores": -1}))
    assert get_smallest_limit(world, "q", "u", "cores") == -1


def test_limits_of_users_add_up(world):
    assert (sum_user_limits(world, "p", "cores"), sum_user_limits(world, "p", "instances")) == (4, 0)
    assert sum_user_limits(world, "nowhere", "cores") == 0


def test_usage(world):
    add_server(world, "deleted", deleted=True)
    add_server(world, "soft", vm_state="soft-delete")
    add_server(world, "theirs", user_id="v")
    add_server(world, "elsewhere", project_id="q")
    world.tx.put(ServerGroup(id="g", name="g", project_id="p", user_id="v", policy="affinity"))
    assert count_usage(world, "p") == {"instances": 2, "cores": 4, "ram": 1024, "server_groups": 1}
    assert count_usage(world, "p", "u") == {"instances": 1, "cores": 2, "ram": 512, "server_groups": 0}


def test_usage_in_placement(world):
    world.settings.options["count_usage_from_placement"] = True
    add_server(world, "soft", vm_state="soft-delete")
    for id, server, cores in (("a", "s", 2), ("b", "s", 4), ("c", "soft", 1), ("d", "x", 9)):
        world.tx.put(Allocation(id=id, server_id=server, host="host1", vcpus=cores, ram_mb=100 * cores, disk_gb=1))
    assert count_usage(world, "p") == {"instances": 1, "cores": 7, "ram": 700, "server_groups": 0}


@pytest.mark.parametrize(
    ("user", "requested", "facts"),
    [
        ("w", {"cores": 2}, None),
        ("w", {"cores": 3}, ("cores", "3", "2", "4")),
        ("w", {"cores": -9, "ram": 0}, None),
        ("w", {"cores": 3, "ram": 2000}, ("cores, ram", "3, 2000", "2, 512", "4, 2048")),
        ("w", {"instances": 10, "ram": 2000}, ("instances, ram", "10, 2000", "1, 512", "10, 2048")),
        ("u", {"cores": 1}, None),
        ("u", {"cores": 2}, ("cores", "2", "2", "3")),
        ("u", {"ram": 2000}, ("ram", "2000", "512", "2048")),
        ("v", {"cores": 1}, None),
        ("v", {"cores": 2}, ("cores", "2", "0", "1")),
        ("v", {"ram": 2000}, ("ram", "2000", "512", "2048")),
    ],
)
def test_what_exceeds_a_quota(world, user, requested, facts):
    refusal = find_quota_excess(world, "p", user, requested)
    names = ("resources", "requested", "used", "limits")
    assert (refusal and tuple(refusal.facts[name] for name in names)) == facts


@pytest.mark.parametrize("name", ["instances", "cores", "ram"])
def test_any_limit_of_a_user_counts(world, name):
    world.tx.put(Project(id="p", name="p", user_quotas={"u": {name: 2}}))
    refusal = find_quota_excess(world, "p", "u", {name: 2})
    assert refusal is not None and refusal.facts["limits"] == "2"


def test_totals_within_a_limit():
    assert is_within_limit(3, 3) and is_within_limit(-1, 10**9)
    assert not is_within_limit(3, 4) and not is_within_limit(0, 1)


def test_limits_of_addresses_apply_to_the_whole_project():
    assert sorted(PER_PROJECT) == ["fixed_ips", "floating_ips"]
