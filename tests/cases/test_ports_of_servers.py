"""What becomes of the ports and addresses of a server, and which network a server gets that names none."""

from __future__ import annotations

import pytest

from novasim.records import FloatingIp
from tests.play import Play


@pytest.fixture
def play():
    return Play()


def ask(play, method, path, body=None, who="demo"):
    return play.ask(method, f"/v2.0/{path}", body, who, service="network")


def create_port(play, **fields):
    answer = ask(play, "POST", "ports", {"port": {"network_id": play.network, **fields}})
    assert answer.code == 201, answer.body
    return answer.body["port"]["id"]


def create_network(play):
    network = ask(play, "POST", "networks", {"network": {"name": "n"}}).body["network"]["id"]
    body = {"subnet": {"network_id": network, "cidr": "10.9.0.0/24", "ip_version": 4}}
    assert ask(play, "POST", "subnets", body).code == 201
    return network


def ports_of(play, server):
    found = play.ask("GET", f"/servers/{server}/os-interface").body["interfaceAttachments"]
    return [interface["port_id"] for interface in found]


def test_only_a_port_that_was_created_before_outlives_its_server(play):
    own = create_port(play)
    server = play.create(networks=[{"port": own}, {"uuid": play.network}])
    (novas,) = set(ports_of(play, server)) - {own}
    assert play.ask("DELETE", f"/servers/{server}").code == 204
    assert ask(play, "GET", f"ports/{novas}").code == 404
    port = ask(play, "GET", f"ports/{own}").body["port"]
    assert (port["device_id"], port["device_owner"], port["status"]) == ("", "", "DOWN")
    assert play.create(networks=[{"port": own}])


def test_a_detached_port_is_kept_or_deleted_alike(play):
    own = create_port(play)
    server = play.create()
    (novas,) = ports_of(play, server)
    attach = {"interfaceAttachment": {"port_id": own}}
    assert play.ask("POST", f"/servers/{server}/os-interface", attach).code == 200
    for port in (own, novas):
        assert play.ask("DELETE", f"/servers/{server}/os-interface/{port}").code == 202
    assert (ask(play, "GET", f"ports/{own}").code, ask(play, "GET", f"ports/{novas}").code) == (200, 404)


def test_the_floating_ip_of_a_deleted_port_is_kept(play):
    server = play.create()
    public = play.find_id("network", "/v2.0/networks", "networks", "public")
    (port,) = ports_of(play, server)
    body = {"floatingip": {"floating_network_id": public, "port_id": port}}
    floating = ask(play, "POST", "floatingips", body).body["floatingip"]
    assert floating["status"] == "ACTIVE"
    assert play.ask("DELETE", f"/servers/{server}").code == 204
    shown = ask(play, "GET", f"floatingips/{floating['id']}").body["floatingip"]
    assert (shown["port_id"], shown["fixed_ip_address"], shown["status"]) == (None, None, "DOWN")
    assert ask(play, "DELETE", f"floatingips/{floating['id']}").code == 204
    assert play.all(FloatingIp) == []


def test_several_networks_and_none_named(play):
    create_network(play)
    body = {"name": "n", "flavorRef": "1", "imageRef": play.image}
    for networks, minor in ((None, 36), ("auto", 37)):
        server = body | ({"networks": networks} if networks else {})
        answer = play.ask("POST", "/servers", {"server": server}, minor=minor)
        assert (answer.code, "Multiple possible networks found" in str(answer.body)) == (409, True)


class TestAddressPairs:
    def test_a_pair_has_the_mac_address_of_the_port(self, play):
        network = create_network(play)
        pairs = [{"ip_address": "10.9.0.50"}, {"ip_address": "10.8.0.0/24", "mac_address": "FA:16:3E:00:00:01"}]
        body = {"port": {"network_id": network, "allowed_address_pairs": pairs}}
        port = ask(play, "POST", "ports", body).body["port"]
        expected = [{"ip_address": "10.9.0.50", "mac_address": port["mac_address"]}, pairs[1]]
        assert port["allowed_address_pairs"] == expected
        body = {"port": {"allowed_address_pairs": []}}
        assert ask(play, "PUT", f"ports/{port['id']}", body).body["port"]["allowed_address_pairs"] == []

    @pytest.mark.parametrize(
        ("pairs", "code", "kind"),
        [
            ([{}], 400, "AllowedAddressPairsMissingIP"),
            ([{"ip_address": "x"}], 400, "HTTPBadRequest"),
            ([{"ip_address": "10.9.0.0/99"}], 400, "HTTPBadRequest"),
            ([{"ip_address": "10.9.0.5", "mac_address": "x"}], 400, "HTTPBadRequest"),
            ([{"ip_address": "10.9.0.5", "color": "red"}], 400, "HTTPBadRequest"),
            ([{"ip_address": "10.9.0.5"}] * 2, 400, "DuplicateAddressPairInRequest"),
            ([{"ip_address": f"10.9.0.{number}"} for number in range(11)], 400, "AllowedAddressPairExhausted"),
        ],
    )
    def test_invalid_pairs(self, play, pairs, code, kind):
        body = {"port": {"network_id": create_network(play), "allowed_address_pairs": pairs}}
        answer = ask(play, "POST", "ports", body)
        assert (answer.code, answer.body["NeutronError"]["type"]) == (code, kind)

    def test_pairs_need_port_security(self, play):
        network, pairs = create_network(play), [{"ip_address": "10.9.0.5"}]
        body = {"network_id": network, "allowed_address_pairs": pairs, "port_security_enabled": False}
        answer = ask(play, "POST", "ports", {"port": body})
        assert (answer.code, answer.body["NeutronError"]["type"]) == (409, "AddressPairAndPortSecurityRequired")


def test_the_status_of_a_port_follows_its_admin_state(play):
    own = create_port(play, admin_state_up=False)
    server = play.create(networks=[{"port": own}, {"uuid": play.network}])
    (novas,) = set(ports_of(play, server)) - {own}

    def statuses():
        return [ask(play, "GET", f"ports/{port}").body["port"]["status"] for port in (own, novas)]

    assert statuses() == ["DOWN", "ACTIVE"]
    assert ask(play, "PUT", f"ports/{own}", {"port": {"admin_state_up": True}}).code == 200
    assert statuses() == ["ACTIVE", "ACTIVE"]
    assert play.act(server, "shelve").code == 202
    assert ask(play, "PUT", f"ports/{own}", {"port": {"admin_state_up": False}}).code == 200
    assert play.act(server, "unshelve").code == 202
    assert statuses() == ["DOWN", "ACTIVE"]
