"""Interfaces of a server. Source: Nova's API reference and samples."""

from __future__ import annotations

import pytest

from tests.api.compute.servers.client import NOWHERE, ServerWithVolumes, ports


@pytest.fixture
def play():
    return ServerWithVolumes()


def attach_interface(play: ServerWithVolumes, **request: object):
    return play.ask("POST", f"/servers/{play.web}/os-interface", {"interfaceAttachment": request})


def test_an_interface_is_shown(play):
    (port,) = ports(play)
    path = f"/servers/{play.web}/os-interface"
    shown = play.ask("GET", f"{path}/{port['port_id']}").body["interfaceAttachment"]
    assert shown == port
    older = play.ask("GET", f"{path}/{port['port_id']}", minor=69).body["interfaceAttachment"]
    assert set(older) == set(port) - {"tag"}
    assert play.ask("GET", f"{path}/{NOWHERE}").code == 404
    assert play.ask("DELETE", f"{path}/{NOWHERE}").code == 202


def test_a_requested_address_is_used(play):
    subnets = play.ask("GET", "/v2.0/subnets", service="network").body["subnets"]
    prefix = next(one["cidr"] for one in subnets if one["name"] == "private-v4").rpartition(".")[0]
    request = {"net_id": play.network, "fixed_ips": [{"ip_address": f"{prefix}.200"}]}
    assert (
        attach_interface(play, **request).body["interfaceAttachment"]["fixed_ips"][0]["ip_address"] == f"{prefix}.200"
    )
    assert attach_interface(play, **request).code == 409
    assert attach_interface(play, net_id=play.network, fixed_ips=[{"ip_address": "203.0.113.9"}]).code == 400
    assert attach_interface(play, fixed_ips=[{"ip_address": f"{prefix}.201"}]).code == 400
    assert len(ports(play)) == 2


def test_contradictory_and_unknown_values_are_refused(play):
    assert attach_interface(play, net_id=play.network, port_id=NOWHERE).code == 400
    assert attach_interface(play, port_id=NOWHERE).code == 404
    assert attach_interface(play, port_id=ports(play)[0]["port_id"]).code == 409
    assert attach_interface(play, net_id=NOWHERE).code == 404
    assert play.ask("POST", f"/servers/{play.web}/os-interface", {"interfaceAttachment": {}}).code == 200
    play.ask("POST", "/v2.0/networks", {"network": {"name": "second"}}, service="network")
    second = play.ask("GET", "/v2.0/networks", service="network", name="second").body["networks"][0]["id"]
    play.ask(
        "POST",
        "/v2.0/subnets",
        {"subnet": {"network_id": second, "cidr": "10.9.0.0/24", "ip_version": 4}},
        service="network",
    )
    ambiguous = attach_interface(play)
    assert ambiguous.code == 400
    assert "Multiple possible networks" in ambiguous.body["badRequest"]["message"]


def test_only_ports_created_by_nova_are_deleted_on_detach(play):
    port = play.ask("POST", "/v2.0/ports", {"port": {"network_id": play.network}}, service="network").body["port"]["id"]
    assert attach_interface(play, port_id=port, tag="nic").body["interfaceAttachment"]["tag"] == "nic"
    taken = {"name": "b", "flavorRef": "1", "imageRef": play.image, "networks": [{"port": port}]}
    assert play.ask("POST", "/servers", {"server": taken}).code == 409
    assert play.ask("DELETE", f"/servers/{play.web}/os-interface/{port}").code == 202
    view = play.ask("GET", f"/v2.0/ports/{port}", service="network").body["port"]
    assert (view["device_id"], view["device_owner"], view["status"]) == ("", "", "DOWN")
    (made_by_nova,) = (one["port_id"] for one in ports(play))
    assert play.ask("DELETE", f"/servers/{play.web}/os-interface/{made_by_nova}").code == 202
    assert play.ask("GET", f"/v2.0/ports/{made_by_nova}", service="network").code == 404
