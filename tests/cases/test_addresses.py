"""Addresses of requests: access addresses, requested addresses, and addresses that are added to a server."""

from __future__ import annotations

import pytest

from tests.play import Play

SHORT = {
    "0000:0000:0000:0000:0000:babe:220.12.22.2": "::babe:dc0c:1602",
    "2001:DB8:0:0::1": "2001:db8::1",
    "2001:db8::1": "2001:db8::1",
    "0:0:0:0:0:FFFF:192.0.2.1": "::ffff:192.0.2.1",
}


@pytest.fixture
def play():
    return Play()


def addresses(play, server):
    view = play.ask("GET", f"/servers/{server}").body["server"]
    return [one["addr"] for ones in view["addresses"].values() for one in ones if one["version"] == 4]


@pytest.mark.parametrize(("text", "short"), SHORT.items())
class TestAccessAddress:
    def test_create(self, play, text, short):
        server = play.create(accessIPv6=text, accessIPv4="192.0.2.1")
        shown = play.ask("GET", f"/servers/{server}").body["server"]
        assert (shown["accessIPv6"], shown["accessIPv4"]) == (short, "192.0.2.1")

    def test_update(self, play, text, short):
        path = f"/servers/{play.create()}"
        assert play.ask("PUT", path, {"server": {"accessIPv6": text}}).body["server"]["accessIPv6"] == short
        assert play.ask("GET", path).body["server"]["accessIPv6"] == short

    def test_rebuild(self, play, text, short):
        server = play.create()
        answer = play.act(server, "rebuild", {"imageRef": play.image, "accessIPv6": text})
        assert answer.body["server"]["accessIPv6"] == short
        assert play.ask("GET", f"/servers/{server}").body["server"]["accessIPv6"] == short


@pytest.mark.parametrize("text", ["192.0.2.1", "2001:db8::g", "1:2:3:4:5:6:7", "::1%eth0", "::1/64"])
def test_other_text_is_refused(play, text):
    server = play.create()
    for answer in (
        play.ask("PUT", f"/servers/{server}", {"server": {"accessIPv6": text}}),
        play.act(server, "rebuild", {"imageRef": play.image, "accessIPv6": text}),
    ):
        assert answer.code == 400


class TestFixedIp:
    def test_a_port_gets_a_second_address(self, play):
        server = play.create()
        (first,) = addresses(play, server)
        assert play.act(server, "addFixedIp", {"networkId": play.network}, minor=43).code == 202
        assert len(addresses(play, server)) == 2
        assert len(play.ask("GET", f"/servers/{server}/os-interface").body["interfaceAttachments"]) == 1
        assert play.act(server, "removeFixedIp", {"address": first}, minor=43).code == 202
        assert first not in addresses(play, server)

    def test_without_a_port_or_a_free_address_nothing_changes(self, play):
        network = play.ask("POST", "/v2.0/networks", {"network": {}}, service="network").body["network"]["id"]
        body = {"subnet": {"network_id": network, "cidr": "10.9.0.0/30", "ip_version": 4}}
        assert play.ask("POST", "/v2.0/subnets", body, service="network").code == 201
        server = play.create(networks=[{"uuid": network}])
        for id in (network, play.network, "nosuch"):
            assert play.act(server, "addFixedIp", {"networkId": id}, minor=43).code == 202
        assert play.act(server, "removeFixedIp", {"address": "192.0.2.7"}, minor=43).code == 202
        assert addresses(play, server) == ["10.9.0.2"]

    def test_addresses_come_in_the_order_of_attachment(self, play):
        body = {"port": {"network_id": play.network}}
        port = play.ask("POST", "/v2.0/ports", body, service="network").body["port"]
        server = play.create()
        answer = play.ask("POST", f"/servers/{server}/os-interface", {"interfaceAttachment": {"port_id": port["id"]}})
        assert answer.code == 200
        assert addresses(play, server)[1:] == [port["fixed_ips"][0]["ip_address"]]
