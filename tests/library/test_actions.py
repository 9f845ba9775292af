"""Every action of the table is a method of Server."""

from __future__ import annotations

import pytest

from novasim import Cloud
from novasim.errors import Conflict, Gone, NotFound, NovaFault, PolicyRefusal, ServerNotFound, UsageError
from novasim.library.server import Server
from novasim.lifecycle.actions import ACTIONS
from tests import each_case

OTHER_NAMES = {  # rows whose method has another name than the row
    "create": None,  # cloud.servers.create
    "hard-reboot": "reboot",
    "console-url-vnc": "console_url",
    "console-url-spice": "console_url",
    "console-url-rdp": "console_url",
    "console-url-serial": "console_url",
    "metadata-create": "update_metadata",
    "metadata-replace": "replace_metadata",
    "metadata-set-item": "set_metadata_item",
    "metadata-delete-item": "delete_metadata_item",
    "tag-add": "add_tag",
    "tag-replace": "replace_tags",
    "tag-delete": "delete_tag",
    "tag-delete-all": "delete_tags",
}


@pytest.fixture
def cloud():
    return Cloud.in_memory()


@pytest.fixture
def web1(cloud):
    return cloud.servers.create("web1", flavor="m1.tiny", image="cirros")


@pytest.fixture
def admin(cloud, web1):
    """web1 as the administrator sees it."""
    return cloud.as_("admin").servers.list(all_tenants="1")[0]


@each_case("row", ACTIONS)
def test_every_row_is_a_method(row):
    name = OTHER_NAMES.get(row, row.replace("-", "_"))
    assert name is None or callable(getattr(Server, name))


def test_power(web1):
    for method, status in (
        ("pause", "PAUSED"),
        ("unpause", "ACTIVE"),
        ("suspend", "SUSPENDED"),
        ("resume", "ACTIVE"),
        ("stop", "SHUTOFF"),
        ("start", "ACTIVE"),
        ("reboot", "ACTIVE"),
        ("crash_dump", "ACTIVE"),
    ):
        getattr(web1, method)()
        assert web1.status == status
    web1.reboot(hard=True)
    web1.lock("mine")
    assert web1.details["locked_reason"] == "mine"
    web1.unlock()
    assert [entry["action"] for entry in web1.history()][-3:] == ["reboot", "lock", "unlock"]


def test_deletion(cloud, web1):
    cloud.config.set("reclaim_instance_interval", 3600)
    web1.delete()
    assert web1.status == "SOFT_DELETED"
    web1.restore()
    assert web1.status == "ACTIVE"
    web1.delete()
    web1.force_delete()
    assert repr(web1) == "<Server web1 DELETED>"


def test_builds(cloud, web1):
    web1.resize("m1.small")
    web1.revert_resize()
    web1.resize("m1.small")
    web1.confirm_resize()
    assert web1.rescue(image="debian-12", password="hunter2") == "hunter2"
    assert web1.status == "RESCUE"
    web1.unrescue()
    web1.rebuild("debian-12", name="web9")
    assert web1.name == "web9"
    web1.change_password("hunter3")
    image = web1.create_image("snap", {"role": "web"})
    assert cloud.id_of("image", "snap") == image
    assert web1.create_backup("daily1", "daily", 1) == cloud.id_of("image", "daily1")
    web1.shelve()
    web1.shelve_offload() if web1.status == "SHELVED" else None
    web1.unshelve(availability_zone="nova")
    assert web1.status == "ACTIVE"


def test_consoles(web1, admin):
    assert web1.console_log(2).count("\n") <= 2
    assert web1.console_url().startswith("http")
    with pytest.raises(NovaFault, match="Unavailable console type spice-html5"):
        web1.console_url("spice-html5")
    assert admin.diagnostics()["state"] == "running"


def test_devices(cloud, web1):
    volumes = f"/v3/{cloud.caller.project_id}/volumes"
    cloud.request("POST", volumes, {"volume": {"size": 1, "name": "data"}}, service="volume")
    web1.attach_volume("data", device="/dev/vdc")
    assert len(web1.details["os-extended-volumes:volumes_attached"]) == 1
    web1.detach_volume("data")
    port = web1.attach_port(network="private")["port_id"]
    web1.detach_port(port)
    web1.add_fixed_ip("private")
    body = {"floatingip": {"floating_network_id": cloud.id_of("network", "public")}}
    created = cloud.request("POST", "/v2.0/floatingips", body, service="network").body["floatingip"]
    web1.add_floating_ip(created["floating_ip_address"])
    web1.remove_floating_ip(created["floating_ip_address"])
    web1.remove_security_group("default")
    web1.add_security_group("default")


def test_metadata_and_tags(web1):
    web1.set(description="mine")
    web1.update_metadata({"a": "1", "b": "2"})
    web1.set_metadata_item("b", "3")
    web1.delete_metadata_item("a")
    assert (web1.details["metadata"], web1.details["description"]) == ({"b": "3"}, "mine")
    web1.replace_metadata({"c": "4"})
    web1.replace_tags(["x", "y"])
    web1.add_tag("z")
    web1.delete_tag("x")
    assert (web1.details["metadata"], web1.details["tags"]) == ({"c": "4"}, ["y", "z"])
    web1.delete_tags()
    assert web1.details["tags"] == []


def test_moves(cloud, web1, admin):
    first = web1.host
    admin.migrate()
    admin.confirm_resize()
    assert web1.host != first
    target = next(name for name in cloud.hosts.list() if name != web1.host)
    admin.live_migrate(target)
    assert web1.host == target
    cloud.hosts.set(target, up=False)
    admin.evacuate()
    assert web1.host != target
    admin.reset_state("active")
    admin.inject_network_info()
    with pytest.raises(Gone):
        admin.reset_network()
    with pytest.raises(PolicyRefusal):
        web1.migrate()


def test_swap_volume_is_refused_without_a_migration(cloud, admin):
    with pytest.raises(NotFound):
        admin.swap_volume("one", "other")


def test_guest_events(web1):
    web1.guest_event("shutdown")
    assert web1.status == "SHUTOFF"
    with pytest.raises(Conflict):
        web1.guest_event("crash")
    with pytest.raises(UsageError):
        web1.guest_event("dance")


def test_repr_shows_name_and_status():
    cloud = Cloud.in_memory(clock="stepping")
    web1 = cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
    assert [repr(web1), repr(web1)] == ["<Server web1 BUILD>"] * 2  # the clock does not move
    assert web1.status == "ACTIVE"
    assert web1 == cloud.servers.get("web1") and len({web1, cloud.servers.get("web1")}) == 1


def test_why_can_and_plan(cloud, web1):
    assert web1.can("stop") and not web1.can("start")
    page = web1.why("confirmResize")
    assert (page["action"], page["accepted"], page["code"]) == ("confirm-resize", False, 409)
    assert page["reasons"][0]["code"] == 409
    allowed = web1.list_actions()
    assert allowed["stop"] and not allowed["start"] and not allowed["reset-state"]
    assert web1.plan("ACTIVE") == []
    assert web1.plan("SHUTOFF") == ["novasim stop web1 --wait"]
    with pytest.raises(Conflict):
        web1.plan("RESIZE")
    with pytest.raises(UsageError):
        web1.can("fly")
    with pytest.raises(UsageError):
        web1.why("create")
    with pytest.raises(ServerNotFound):
        Server(cloud.as_("admin@admin"), "nothing").can("stop")


def test_other_projects_see_no_explanation(cloud, web1):
    body = {"project": {"name": "other"}}
    admin = cloud.as_("admin")
    project = admin.request("POST", "/v3/projects", body, service="identity").body["project"]["id"]
    user = {"user": {"name": "eve", "password": "secret", "default_project_id": project}}
    eve = admin.request("POST", "/v3/users", user, service="identity").body["user"]["id"]
    role = next(each["id"] for each in admin.get("/v3/roles", service="identity")["roles"] if each["name"] == "member")
    admin.request("PUT", f"/v3/projects/{project}/users/{eve}/roles/{role}", service="identity")
    with pytest.raises(ServerNotFound):
        Server(cloud.as_("eve@other"), web1.id).can("stop")
