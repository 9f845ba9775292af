"""Routers: gateways, interfaces, extra routes."""

from __future__ import annotations

from tests.api.network.client import NetworkClient, assert_error, create_routed_port


def test_a_router_in_use_by_floating_ips_cannot_change(neutron):
    router, network, subnet, port = create_routed_port(neutron)
    interface = neutron.ask("GET", "/ports", device_id=router, who="demo").body["ports"][0]
    assert interface["fixed_ips"][0]["ip_address"] == "10.9.0.1"
    assert interface["device_owner"] == "network:router_interface"
    assert_error(neutron.ask("DELETE", f"/ports/{interface['id']}"), 409, "ServicePortInUse")
    floating = neutron.make("floatingip", floating_network_id=neutron.public, port_id=port)
    assert (floating["router_id"], floating["status"], floating["port_details"]["network_id"]) == (
        router,
        "ACTIVE",
        network,
    )
    second = {"floatingip": {"floating_network_id": neutron.public, "port_id": port}}
    assert_error(neutron.ask("POST", "/floatingips", second), 409, "FloatingIPPortAlreadyAssociated")
    gone = {"router": {"external_gateway_info": None}}
    assert_error(neutron.ask("PUT", f"/routers/{router}", gone), 409, "RouterExternalGatewayInUseByFloatingIp")
    leave = {"subnet_id": subnet}
    assert_error(
        neutron.ask("PUT", f"/routers/{router}/remove_router_interface", leave), 409, "RouterInterfaceInUseByFloatingIP"
    )
    assert_error(neutron.ask("DELETE", f"/routers/{router}"), 409, "RouterInUse")
    off = neutron.ask("PUT", f"/floatingips/{floating['id']}", {"floatingip": {"port_id": None}}).body["floatingip"]
    assert (off["status"], off["fixed_ip_address"], off["router_id"]) == ("DOWN", None, None)
    assert neutron.ask("PUT", f"/routers/{router}/remove_router_interface", leave).code == 200
    assert neutron.ask("DELETE", f"/routers/{router}").code == 204
    assert neutron.ask("DELETE", f"/floatingips/{floating['id']}").code == 204
    assert neutron.ask("GET", "/ports", network_id=neutron.public, who="admin").body["ports"] == []


def test_extra_routes_are_added_and_removed(neutron):
    router = neutron.make("router", name="r")["id"]
    hop = {"destination": "192.0.2.0/24", "nexthop": "10.9.0.9"}
    added = neutron.ask("PUT", f"/routers/{router}/add_extraroutes", {"router": {"routes": [hop]}})
    assert added.body["router"]["routes"] == [hop]
    left = neutron.ask("PUT", f"/routers/{router}/remove_extraroutes", {"router": {"routes": [hop]}})
    assert left.body["router"]["routes"] == []


def create_router(neutron: NetworkClient) -> str:
    return neutron.make("router", name="r")["id"]


def add_interface(neutron: NetworkClient, router: str, **what: str):
    return neutron.ask("PUT", f"/routers/{router}/add_router_interface", what)


def test_a_gateway_must_be_an_external_network(neutron):
    own, _ = neutron.subnet()
    router = create_router(neutron)
    body = {"router": {"external_gateway_info": {"network_id": own}}}
    assert neutron.ask("PUT", f"/routers/{router}", body).code == 400
    info = {"network_id": neutron.public, "enable_snat": False}
    opened = neutron.ask("PUT", f"/routers/{router}", {"router": {"external_gateway_info": info}}).body["router"]
    assert opened["external_gateway_info"]["enable_snat"] is False
    first = opened["external_gateway_info"]["external_fixed_ips"]
    again = {"router": {"external_gateway_info": {"network_id": neutron.public}, "name": "s"}}
    kept = neutron.ask("PUT", f"/routers/{router}", again).body["router"]
    assert (kept["name"], kept["external_gateway_info"]["external_fixed_ips"]) == ("s", first)
    closed = neutron.ask("PUT", f"/routers/{router}", {"router": {"external_gateway_info": {}}}).body["router"]
    assert closed["external_gateway_info"] is None


# Source: neutron/db/l3_db.py, _check_for_external_ip_change and _update_current_gw_port.
def test_a_gateway_moves_to_other_addresses_of_its_network(neutron):
    network = neutron.make("network", "admin", **{"router:external": True})["id"]
    first, second = (
        neutron.make("subnet", "admin", network_id=network, ip_version=4, cidr=cidr)["id"]
        for cidr in ("192.0.2.0/25", "192.0.2.128/25")
    )
    router = neutron.make("router", "admin", external_gateway_info={"network_id": network})
    assert [ip["subnet_id"] for ip in router["external_gateway_info"]["external_fixed_ips"]] == [first]

    def move(*addresses: dict[str, str]):
        info = {"network_id": network, "external_fixed_ips": list(addresses)}
        return neutron.ask("PUT", f"/routers/{router['id']}", {"router": {"external_gateway_info": info}}, "admin")

    other = {"subnet_id": second, "ip_address": "192.0.2.177"}
    assert move(other).body["router"]["external_gateway_info"]["external_fixed_ips"] == [other]
    assert move().body["router"]["external_gateway_info"]["external_fixed_ips"] == [other]
    assert_error(move({"subnet_id": second, "ip_address": "192.0.2.1"}), 400, "InvalidIpForSubnet")
    neutron.make("port", "admin", network_id=network, fixed_ips=[{"ip_address": "192.0.2.99"}])
    assert_error(move({"ip_address": "192.0.2.99"}), 409, "IpAddressAlreadyAllocated")


def test_a_port_becomes_an_interface(neutron):
    network, subnet = neutron.subnet()
    router, port = create_router(neutron), neutron.make("port", network_id=network)
    answer = add_interface(neutron, router, port_id=port["id"])
    assert (answer.code, answer.body["subnet_id"], answer.body["port_id"]) == (200, subnet["id"], port["id"])
    assert answer.body["project_id"] == answer.body["tenant_id"] == port["project_id"]
    assert_error(add_interface(neutron, create_router(neutron), port_id=port["id"]), 409, "PortInUse")
    assert_error(add_interface(neutron, router, subnet_id=subnet["id"]), 400, "BadRequest")
    bare = neutron.make("port", network_id=network, fixed_ips=[])["id"]
    assert_error(add_interface(neutron, create_router(neutron), port_id=bare), 400, "BadRequest")


def test_a_subnet_without_gateway_cannot_be_connected(neutron):
    _, subnet = neutron.subnet(gateway_ip=None)
    assert subnet["gateway_ip"] is None
    assert add_interface(neutron, create_router(neutron), subnet_id=subnet["id"]).code == 400


def test_a_subnet_that_is_not_connected_cannot_be_disconnected(neutron):
    _, subnet = neutron.subnet()
    leave = neutron.ask(
        "PUT", f"/routers/{create_router(neutron)}/remove_router_interface", {"subnet_id": subnet["id"]}
    )
    assert_error(leave, 404, "RouterInterfaceNotFoundForSubnet")


def test_subnets_of_a_router_do_not_overlap(neutron):
    """Nor with those of the gateway's network. Source: neutron/db/l3_db.py _check_for_dup_router_subnets."""
    router = create_router(neutron)
    _, first = neutron.subnet("10.9.0.0/24")
    _, second = neutron.subnet("10.9.0.128/25")
    assert add_interface(neutron, router, subnet_id=first["id"]).code == 200
    refused = add_interface(neutron, router, subnet_id=second["id"])
    assert_error(refused, 400, "BadRequest")
    assert "overlaps with cidr 10.9.0.0/24" in refused.body["NeutronError"]["message"]
    gateway = {"router": {"external_gateway_info": {"network_id": neutron.public}}}
    _, outside = neutron.subnet("198.51.100.0/25")
    assert add_interface(neutron, router, subnet_id=outside["id"]).code == 200
    assert_error(neutron.ask("PUT", f"/routers/{router}", gateway), 400, "BadRequest")
    other = create_router(neutron)
    assert neutron.ask("PUT", f"/routers/{other}", gateway).code == 200
    assert_error(add_interface(neutron, other, subnet_id=outside["id"]), 400, "BadRequest")


def test_the_gateway_of_a_subnet_is_in_use(neutron):
    network, subnet = neutron.subnet()
    neutron.make("port", network_id=network, fixed_ips=[{"ip_address": subnet["gateway_ip"]}])
    assert_error(
        add_interface(neutron, create_router(neutron), subnet_id=subnet["id"]), 409, "IpAddressAlreadyAllocated"
    )


# Source: neutron/conf/policies/router.py, get_router:distributed and get_router:ha.
def test_only_administrators_see_how_a_router_is_spread(neutron):
    path = f"/routers/{neutron.make('router', name='r')['id']}"
    assert {"distributed", "ha"} <= neutron.ask("GET", path, who="admin").body["router"].keys()
    assert not {"distributed", "ha"} & neutron.ask("GET", path).body["router"].keys()
