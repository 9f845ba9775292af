"""Quotas, extensions, availability zones and agents of the network service."""

from __future__ import annotations

from tests.api.network.client import assert_error


def test_a_quota_is_shown_set_and_enforced(neutron):
    project = neutron.play.callers["demo"].project_id
    assert neutron.ask("GET", f"/quotas/{project}").body["quota"]["network"] == 100
    assert_error(neutron.ask("PUT", f"/quotas/{project}", {"quota": {"network": 1}}), 403, "PolicyNotAuthorized")
    assert neutron.ask("PUT", f"/quotas/{project}", {"quota": {"network": 1}}, "admin").body["quota"]["network"] == 1
    neutron.make("network", name="a")
    assert_error(neutron.ask("POST", "/networks", {"network": {}}), 409, "OverQuota")
    details = neutron.ask("GET", f"/quotas/{project}/details").body["quota"]["network"]
    assert details == {"limit": 1, "used": 1, "reserved": 0}
    assert neutron.ask("GET", f"/quotas/{project}/default").body["quota"]["network"] == 100
    assert [q["project_id"] for q in neutron.ask("GET", "/quotas", who="admin").body["quotas"]] == [project]
    assert neutron.ask("DELETE", f"/quotas/{project}", who="admin").code == 204
    assert neutron.ask("GET", f"/quotas/{project}").body["quota"]["network"] == 100
    assert neutron.ask("PUT", f"/quotas/{project}", {"quota": {"network": -2}}, "admin").code == 400


def test_compute_quotas_and_network_quotas_are_separate(neutron):
    project = neutron.play.callers["demo"].project_id
    neutron.ask("PUT", f"/quotas/{project}", {"quota": {"port": 7}}, "admin")
    assert neutron.play.ask("DELETE", f"/os-quota-sets/{project}", None, "admin").code == 202
    assert neutron.ask("GET", f"/quotas/{project}").body["quota"]["port"] == 7


def test_extensions_and_zones_are_listed(neutron):
    assert neutron.ask("GET", "/extensions/router").body["extension"]["alias"] == "router"
    assert_error(neutron.ask("GET", "/extensions/qos"), 404, "ExtensionNotFound")
    zones = neutron.ask("GET", "/availability_zones").body["availability_zones"]
    assert {zone["resource"] for zone in zones} == {"network", "router"}


def test_a_limit_below_the_usage_needs_force(neutron):
    project = neutron.play.callers["demo"].project_id
    for name in "ab":
        neutron.make("network", name=name)
    path = f"/quotas/{project}"
    assert_error(neutron.ask("PUT", path, {"quota": {"network": 1}}, "admin"), 400, "HTTPBadRequest")
    for allowed in ({"network": 2}, {"network": -1}, {"network": 1, "force": True}):
        assert neutron.ask("PUT", path, {"quota": allowed}, "admin").code == 200
    assert neutron.ask("GET", "/quotas/tenant").body["tenant"] == {"tenant_id": project}


def test_quotas_of_any_id(neutron):
    assert_error(neutron.ask("DELETE", "/quotas/nowhere", None, "admin"), 404, "TenantQuotaNotFound")
    assert neutron.ask("PUT", "/quotas/nowhere", {"quota": {"network": 3}}, "admin").body["quota"]["network"] == 3
    assert neutron.ask("GET", "/quotas/nowhere", who="admin").body["quota"]["network"] == 3
    listed = neutron.ask("GET", "/quotas", who="admin").body["quotas"]
    assert [(each["project_id"], each["network"]) for each in listed] == [("nowhere", 3)]
    assert neutron.ask("DELETE", "/quotas/nowhere", None, "admin").code == 204
    assert neutron.ask("GET", "/quotas/nowhere", who="admin").body["quota"]["network"] == 100


def test_extensions_and_agents_are_listed(neutron):
    aliases = {extension["alias"] for extension in neutron.ask("GET", "/extensions").body["extensions"]}
    assert {"router", "quotas", "security-group", "standard-attr-tag"} <= aliases
    assert neutron.ask("GET", "/agents", who="admin").body == {"agents": []}
