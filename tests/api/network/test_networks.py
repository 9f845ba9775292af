"""Networks: attributes, tags, deletion, pages. Source: the network service's API (v2.0)."""

from __future__ import annotations

from tests import each_case
from tests.api.network.client import assert_error, create_routed_port


def test_all_attributes_are_shown(neutron):
    view = neutron.make("network", name="n", description="mine", mtu=1400)
    assert set(view) == set(
        "id name description admin_state_up availability_zone_hints availability_zones tenant_id project_id shared "
        "router:external mtu port_security_enabled dns_domain is_default qos_policy_id ipv4_address_scope "
        "ipv6_address_scope status subnets l2_adjacency tags revision_number created_at updated_at".split()
    )
    admin = neutron.ask("GET", f"/networks/{view['id']}", who="admin").body["network"]
    assert set(admin) - set(view) == {
        "provider:network_type",
        "provider:physical_network",
        "provider:segmentation_id",
    }
    changed = neutron.ask("PUT", f"/networks/{view['id']}", {"network": {"name": "other"}}).body["network"]
    assert (changed["name"], changed["revision_number"], changed["mtu"]) == ("other", 2, 1400)


@each_case(
    ("body", "code"),
    [
        (None, 400),
        ({}, 400),
        ({"network": None}, 400),
        ({"network": {"name": 5}}, 400),
        ({"network": {"name": "n" * 256}}, 400),
        ({"network": {"nonsense": 1}}, 400),
        ({"network": {"id": "x"}}, 400),
        ({"network": {"mtu": "many"}}, 400),
        ({"network": {"qos_policy_id": "p"}}, 501),
        ({"network": {"shared": True}}, 403),
        ({"network": {"provider:network_type": "vlan"}}, 403),
        ({"network": {"project_id": "elsewhere"}}, 403),
    ],
)
def test_invalid_networks_are_refused(neutron, body, code):
    assert neutron.ask("POST", "/networks", body).code == code
    assert len(neutron.ask("GET", "/networks").body["networks"]) == 2


def test_several_networks_are_created_together_or_not_at_all(neutron):
    made = neutron.ask("POST", "/networks", {"networks": [{"name": "a"}, {"name": "b"}]})
    assert [network["name"] for network in made.body["networks"]] == ["a", "b"]
    assert neutron.ask("POST", "/networks", {"networks": [{"name": "c"}, {"shared": True}]}).code == 403
    assert len(neutron.ask("GET", "/networks").body["networks"]) == 4


def test_readers_cannot_write(neutron):
    assert_error(neutron.ask("POST", "/networks", {"network": {}}, "reader"), 403, "PolicyNotAuthorized")
    assert neutron.ask("GET", "/networks", who="reader").code == 200


def test_networks_are_filtered_by_tags(neutron):
    both, one = neutron.make("network", name="both")["id"], neutron.make("network", name="one")["id"]
    assert neutron.ask("PUT", f"/networks/{both}/tags", {"tags": ["red", "blue"]}).body == {"tags": ["red", "blue"]}
    assert neutron.ask("PUT", f"/networks/{one}/tags/red").code == 201
    assert neutron.ask("GET", f"/networks/{one}/tags/red").code == 204
    assert_error(neutron.ask("GET", f"/networks/{one}/tags/blue"), 404, "TagNotFound")

    def list_names(**query):
        return {network["name"] for network in neutron.ask("GET", "/networks", **query).body["networks"]}

    assert list_names(tags="red") == {"both", "one"}
    assert list_names(tags="red,blue") == {"both"}
    assert list_names(**{"tags-any": "blue,green"}) == {"both"}
    assert list_names(**{"not-tags": "red,blue"}) == {"one", "private", "public"}
    assert list_names(**{"not-tags-any": "red"}) == {"private", "public"}
    assert neutron.ask("DELETE", f"/networks/{one}/tags/red").code == 204
    assert neutron.ask("DELETE", f"/networks/{both}/tags").code == 204
    assert list_names(tags="red") == set()
    assert_error(neutron.ask("GET", "/networks", colour="red"), 400, "HTTPBadRequest")


def test_an_external_network_in_use_stays_external(neutron):
    create_routed_port(neutron)
    inward = {"network": {"router:external": False}}
    assert_error(neutron.ask("PUT", f"/networks/{neutron.public}", inward, "admin"), 409, "ExternalNetworkInUse")
    own = neutron.make("network", "admin", name="x", **{"router:external": True})["id"]
    changed = neutron.ask("PUT", f"/networks/{own}", inward, "admin").body["network"]
    assert changed["router:external"] is False


def test_tags_are_listed(neutron):
    network = neutron.make("network", name="n")["id"]
    neutron.ask("PUT", f"/networks/{network}/tags", {"tags": ["red", "red", "blue"]})
    assert neutron.ask("GET", f"/networks/{network}/tags").body == {"tags": ["red", "blue"]}


def test_attributes_without_effect_are_stored(neutron):
    network, _ = neutron.subnet()
    view = neutron.ask("PUT", f"/networks/{network}", {"network": {"dns_domain": "example.com."}}).body["network"]
    assert view["dns_domain"] == "example.com."
    assert neutron.ask("GET", f"/networks/{network}").body["network"]["dns_domain"] == "example.com."


def test_networks_in_use_cannot_be_deleted(play):
    def ask(*request, **more):
        return play.ask(*request, **more, service="network")

    network = ask("POST", "/v2.0/networks", {"network": {"name": "own"}}).body["network"]["id"]
    subnet = {"subnet": {"network_id": network, "cidr": "10.9.0.0/28", "ip_version": 4}}
    assert ask("POST", "/v2.0/subnets", subnet).code == 201
    assert ask("POST", "/v2.0/subnets", subnet).code == 400
    assert (
        ask("POST", "/v2.0/subnets", {"subnet": {"network_id": network, "cidr": "nonsense", "ip_version": 4}}).code
        == 400
    )
    port = ask("POST", "/v2.0/ports", {"port": {"network_id": network}}).body["port"]
    assert port["fixed_ips"][0]["ip_address"] == "10.9.0.2"
    again = {"port": {"network_id": network, "fixed_ips": [{"ip_address": "10.9.0.2"}]}}
    assert ask("POST", "/v2.0/ports", again).code == 409
    assert ask("DELETE", f"/v2.0/networks/{network}").code == 409
    assert ask("GET", f"/v2.0/networks/{network}", who="other").code == 404
    assert ask("DELETE", f"/v2.0/ports/{port['id']}").code == 204
    assert ask("DELETE", f"/v2.0/networks/{network}").code == 204


def test_floating_ips_of_no_port_do_not_keep_an_external_network(neutron):
    network = neutron.make("network", "admin", name="outside", **{"router:external": True})["id"]
    neutron.make("subnet", "admin", network_id=network, cidr="192.0.2.0/28", ip_version=4)
    floating = neutron.make("floatingip", "admin", floating_network_id=network)["id"]
    assert neutron.ask("DELETE", f"/networks/{network}", who="admin").code == 204
    assert neutron.ask("GET", f"/floatingips/{floating}", who="admin").code == 404
    assert neutron.ask("GET", "/ports", who="admin", network_id=network).body["ports"] == []


# Source: neutron/plugins/ml2/drivers/type_flat.py, type_local.py, type_vlan.py, type_tunnel.py.
@each_case(
    ("kind", "physical", "segment", "expected"),
    [
        ("flat", "lan1", None, None),
        ("flat", None, None, "physical_network required for flat provider network"),
        ("flat", "lan1", 7, "segmentation_id prohibited for flat provider network"),
        ("local", None, None, None),
        ("local", "lan1", None, "physical_network prohibited for local provider network"),
        ("vlan", "lan1", "12", 12),
        ("vlan", None, 12, "segmentation_id requires physical_network for VLAN provider network"),
        ("vlan", "lan1", 4095, "segmentation_id out of range (1 through 4094)"),
        ("vxlan", None, 5000, 5000),
        ("vxlan", "lan1", None, "provider:physical_network specified for vxlan network"),
        (None, "lan1", None, "network_type required"),
    ],
)
def test_the_provider_attributes_of_a_network_fit_together(neutron, kind, physical, segment, expected):
    names = {"network_type": kind, "physical_network": physical, "segmentation_id": segment}
    body = {"network": {f"provider:{name}": value for name, value in names.items() if value is not None}}
    answer = neutron.ask("POST", "/networks", body, "admin")
    if isinstance(expected, str):
        assert_error(answer, 400, "InvalidInput")
        assert answer.body["NeutronError"]["message"] == f"Invalid input for operation: {expected}."
    else:
        assert answer.body["network"]["provider:segmentation_id"] == expected


def test_a_physical_network_has_one_flat_network(neutron):
    flat = {"provider:network_type": "flat", "provider:physical_network": "lan1"}
    neutron.make("network", "admin", **flat)
    neutron.make("network", "admin", **flat | {"provider:physical_network": "lan2"})
    assert_error(neutron.ask("POST", "/networks", {"network": flat}, "admin"), 409, "FlatNetworkInUse")
