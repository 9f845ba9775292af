"""Servers as callers see them: rights, links, addresses, faults."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from novasim.api.dispatch import handle
from novasim.api.request import Request, Response
from novasim.cloud import Cloud
from novasim.records import Attachment, FloatingIp, Host, Record, SecurityGroup, Server, ServerGroup
from tests.api.compute.servers.recorded_worlds import (
    CALLERS,
    MEMBER,
    START,
    cloud_of,
    flavor,
    get,
    kept,
    port,
    surroundings,
    view_world,
)

FLAVOR = flavor(7, "f1", vcpus=1, ram=512, disk=1, extra_specs={"hw:numa_nodes": "1"})


def server(**fields: Any) -> Server:
    usual = {
        "name": "web",
        "project_id": MEMBER,
        "user_id": "member",
        "vm_state": "active",
        "task_state": None,
        "flavor": kept(FLAVOR),
        "created_at": START,
        "updated_at": START,
        "host": "host1",
        "node": "host1",
        "availability_zone": "az1",
    }
    return Server(id="s", **(usual | fields))


def world(*more: Record, **fields: Any) -> Cloud:
    return cloud_of([*surroundings(), FLAVOR, server(**fields), *more])


def show(cloud: Cloud, caller: str = "member", minor: int = 104) -> dict[str, Any]:
    response = handle(cloud, get(caller, minor, "/servers/s"))
    assert response.code == 200, response.body
    return response.body["server"]


def put(cloud: Cloud, body: dict[str, Any], caller: str = "member", minor: int = 104) -> Response:
    return handle(cloud, Request(CALLERS[caller], "PUT", "/servers/s", minor, body={"server": body}))


@pytest.mark.parametrize("path", ["/servers/s", "/servers/s/ips", "/servers/s/ips/private"])
@pytest.mark.parametrize("caller", ["other", "member"])
def test_servers_without_permission_are_not_found(path: str, caller: str):
    cloud = world(deleted=caller == "member", vm_state="deleted" if caller == "member" else "active")
    response = handle(cloud, get(caller, 104, path))
    assert (response.code, response.body) == (
        404,
        {"itemNotFound": {"code": 404, "message": "Instance s could not be found."}},
    )


def test_readers_and_administrators_see_a_server():
    assert show(world(), "reader")["name"] == show(world(), "admin")["name"] == "web"


def test_times_links_and_host_are_shown():
    shown = show(world(launched_at="2026-01-01T01:02:03.000004Z"))
    assert (shown["created"], shown["updated"]) == ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z")
    assert (shown["OS-SRV-USG:launched_at"], shown["OS-SRV-USG:terminated_at"]) == ("2026-01-01T01:02:03.000004", None)
    assert shown["links"] == [
        {"rel": "self", "href": "http://{endpoint}/v2.1/servers/s"},
        {"rel": "bookmark", "href": "http://{endpoint}/servers/s"},
    ]
    assert shown["hostId"] == hashlib.sha224((MEMBER + "host1").encode()).hexdigest()
    assert show(world(host=None))["hostId"] == ""


def test_a_server_that_boots_from_a_volume_has_no_image():
    disk = Attachment(id="x", server_id="s", volume_id="v", boot_index=0, delete_on_termination=True)
    shown = show(world(disk))
    assert shown["image"] == ""
    assert shown["os-extended-volumes:volumes_attached"] == [{"id": "v", "delete_on_termination": True}]
    assert show(world(disk), minor=2)["os-extended-volumes:volumes_attached"] == [{"id": "v"}]


def test_the_flavor_is_shown_as_it_was_at_creation():
    assert show(world(), minor=46)["flavor"] == {
        "id": "f1",
        "links": [{"rel": "bookmark", "href": "http://{endpoint}/flavors/f1"}],
    }
    assert show(world(), minor=47)["flavor"] == {
        "vcpus": 1,
        "ram": 512,
        "disk": 1,
        "ephemeral": 0,
        "swap": 0,
        "original_name": "f1",
        "extra_specs": {"hw:numa_nodes": "1"},
    }


def floating(**fields: Any) -> FloatingIp:
    usual = {"network_id": "public", "project_id": MEMBER, "created_at": START, "updated_at": START}
    return FloatingIp(id="fip", address="198.51.100.1", **(usual | fields))


def test_fixed_ips_come_before_floating_ips():
    six = port(2, "s", "2001:db8::1")
    cloud = world(port(1, "s", "192.0.2.1"), six, port(3, "other", "192.0.2.3"), floating(port_id="port 1"))
    assert show(cloud)["addresses"] == {
        "private": [
            {"version": v, "addr": a, "OS-EXT-IPS:type": kind, "OS-EXT-IPS-MAC:mac_addr": mac}
            for v, a, kind, mac in (
                (4, "192.0.2.1", "fixed", "fa:16:3e:00:00:01"),
                (6, "2001:db8::1", "fixed", "fa:16:3e:00:00:02"),
                (4, "198.51.100.1", "floating", "fa:16:3e:00:00:01"),
            )
        ]
    }


def test_a_server_in_build_shows_no_addresses():
    assert show(world(port(1, "s", "192.0.2.1"), vm_state="building", task_state="spawning"))["addresses"] == {}


def test_ips_are_listed_by_network():
    cloud = world(port(1, "s", "192.0.2.1"))
    private = {"private": [{"version": 4, "addr": "192.0.2.1"}]}
    assert handle(cloud, get("member", 1, "/servers/s/ips")).body == {"addresses": private}
    assert handle(cloud, get("reader", 1, "/servers/s/ips/private")).body == private
    response = handle(cloud, get("member", 1, "/servers/s/ips/nosuch"))
    assert (response.code, str(response.fault)) == (404, "Instance is not a member of specified network")


def test_security_groups_come_from_the_ports():
    web = SecurityGroup(id="web", name="web", project_id=MEMBER, created_at=START, updated_at=START)
    assert "security_groups" not in show(world(web))
    both = port(1, "s", "192.0.2.1", security_groups=["{sg}", "web"])
    assert show(world(web, both))["security_groups"] == [{"name": "default"}, {"name": "web"}]


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, "UP"),
        ({"up": False}, "UNKNOWN"),
        ({"disabled": True}, "MAINTENANCE"),
        ({"forced_down": True, "disabled": True}, "DOWN"),
    ],
)
def test_host_status_depends_on_role_and_policy(fields: dict[str, Any], shown: str):
    cloud = world()
    with cloud.writing() as changed:
        host = changed.tx.get(Host, "host1")
        vars(host).update(fields)
        changed.tx.put(host)
    assert show(cloud, "admin", 16)["host_status"] == shown
    assert "host_status" not in show(cloud, "member") and "host_status" not in show(cloud, "admin", 15)


def test_only_administrators_see_details_of_internal_faults():
    fault = {"code": 500, "created": "2026-01-01T00:00:00Z", "message": "boom", "details": "where"}
    brief = {key: fault[key] for key in ("code", "created", "message")}
    assert show(world(vm_state="error", fault=fault))["fault"] == brief
    assert show(world(vm_state="error", fault=fault), "admin")["fault"] == fault
    assert show(world(vm_state="error", fault=fault | {"code": 400}))["fault"]["details"] == "where"
    assert "fault" not in show(world(fault=fault)), "only servers in ERROR show it"


def test_progress_is_shown_only_in_some_states():
    assert show(world(progress=50, task_state="rebuilding"))["progress"] == 50
    assert "progress" not in show(world(progress=50, vm_state="paused"))


def test_instance_names_follow_the_option():
    assert show(world(number=26), "admin")["OS-EXT-SRV-ATTR:instance_name"] == "instance-0000001a"
    named = cloud_of([*surroundings(), FLAVOR, server()], instance_name_template="vm-%(uuid)s")
    assert show(named, "admin")["OS-EXT-SRV-ATTR:instance_name"] == "vm-s"


def test_groups_tags_and_certificates_are_shown():
    group = ServerGroup(id="g", name="g", policy="affinity", project_id=MEMBER, user_id="member", members=["s"])
    shown = show(world(group, scheduler_hints={"same_host": "x", "group": ["g"]}, tags=["b", "a"], trusted_certs=["c"]))
    assert shown["server_groups"] == ["g"]
    assert shown["scheduler_hints"] == {"same_host": ["x"], "group": ["g"]}
    assert shown["tags"] == ["a", "b"]
    assert shown["trusted_image_certificates"] == ["c"]


def test_detail_equals_show_without_server_groups():
    cloud = view_world()
    for caller in ("member", "admin"):
        query = (("all_tenants", "1"),) if caller == "admin" else ()
        for one in handle(cloud, get(caller, 104, "/servers/detail", query)).body["servers"]:
            shown = handle(cloud, get(caller, 104, f"/servers/{one['id']}")).body["server"]
            assert one == {key: value for key, value in shown.items() if key != "server_groups"}


def test_an_update_returns_the_changed_server():
    cloud = world(description="old", hostname="old", locked_by="owner")
    body = {
        "name": "new",
        "description": None,
        "hostname": "new",
        "accessIPv4": "192.0.2.9",
        "accessIPv6": "2001:db8::9",
        "OS-DCF:diskConfig": "AUTO",
    }
    answer = put(cloud, body).body["server"]
    shown = {**body, "OS-EXT-SRV-ATTR:hostname": "new", "updated": "2027-01-15T08:00:00Z"}
    del shown["hostname"]
    assert {key: answer[key] for key in shown} == shown
    assert {key: show(cloud)[key] for key in shown} == shown
    assert put(cloud, {"accessIPv4": ""}).code == 400


def test_an_empty_update_changes_nothing():
    assert put(world(), {}).body["server"]["updated"] == "2026-01-01T00:00:00Z"


def test_updates_need_permission():
    assert put(world(), {"name": "x"}, "admin").code == put(world(), {"name": "x"}, "member2").code == 200
    assert put(world(), {"name": "x"}, "reader").code == 403
    assert put(world(), {"name": "x"}, "other").code == 404
    assert put(world(), {"description": "x"}, minor=18).code == put(world(), {"hostname": "x"}, minor=89).code == 400


def test_a_server_is_unpinned_or_pinned_to_its_zone():
    cloud = world(pinned_availability_zone="az1")
    assert put(cloud, {"pinned_availability_zone": None}).body["server"]["pinned_availability_zone"] is None
    before = cloud.store.dump()
    assert put(cloud, {"name": "x", "pinned_availability_zone": "az2"}).code == 409
    assert cloud.store.dump() == before
    assert put(cloud, {"pinned_availability_zone": "az1"}).body["server"]["pinned_availability_zone"] == "az1"
    assert put(cloud, {"pinned_availability_zone": "az1"}, minor=103).code == 400
