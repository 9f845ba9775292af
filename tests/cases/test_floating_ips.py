"""Floating IPs of servers, added by Nova's action."""

from __future__ import annotations

import pytest

from tests.play import Play


@pytest.fixture
def play():
    return Play()


def create_network(play, name, cidr):
    id = play.ask("POST", "/v2.0/networks", {"network": {"name": name}}, service="network").body["network"]["id"]
    subnet = {"subnet": {"network_id": id, "cidr": cidr, "ip_version": 4}}
    assert play.ask("POST", "/v2.0/subnets", subnet, service="network").code == 201
    return id


def create_floating_ip(play):
    public = play.find_id("network", "/v2.0/networks", "networks", "public")
    body = {"floatingip": {"floating_network_id": public}}
    answer = play.ask("POST", "/v2.0/floatingips", body, service="network")
    return answer.body["floatingip"]["floating_ip_address"]


def add(play, server, address, **more):
    return play.act(server, "addFloatingIp", {"address": address, **more}, minor=43)


def reason(answer):
    return answer.body["badRequest"]["message"]


def test_without_a_router_it_is_refused(play):
    server = play.create(networks=[{"uuid": create_network(play, "lonely", "10.9.0.0/24")}])
    address = create_floating_ip(play)
    answer = add(play, server, address)
    assert answer.code == 400
    assert reason(answer).startswith(f"Unable to associate floating IP {address} to fixed IP 10.9.0.")
    assert "is not reachable from subnet" in reason(answer)


def test_a_second_address_of_the_network_for_the_same_fixed_address_is_refused(play):
    server = play.create()
    first, second = create_floating_ip(play), create_floating_ip(play)
    assert add(play, server, first).code == 202
    answer = add(play, server, second)
    assert (answer.code, "already has a floating IP on external network" in reason(answer)) == (400, True)
    assert add(play, server, first).code == 202


def test_an_address_moves_to_another_server(play):
    first, second = play.create("a"), play.create("b")
    address = create_floating_ip(play)
    assert add(play, first, address).code == 202
    assert add(play, second, address).code == 202
    shown = play.ask("GET", f"/servers/{first}").body["server"]["addresses"]
    assert address not in str(shown)


def test_a_server_without_a_network_has_none_to_associate(play):
    answer = add(play, play.create(networks="none"), create_floating_ip(play))
    assert (answer.code, reason(answer)) == (400, "Instance network is not ready yet")


def test_a_fixed_address_of_another_server_is_refused(play):
    answer = add(play, play.create(), create_floating_ip(play), fixed_address="10.77.0.1")
    assert (answer.code, reason(answer)) == (400, "Specified fixed address not assigned to instance")


class TestProxy:
    """Nova's /os-floating-ips (until 2.35)."""

    def create(self, play, pool="public", who="demo"):
        return play.ask("POST", "/os-floating-ips", {"pool": pool} if pool else {}, who, 35)

    def refusal(self, answer):
        return answer.code, next(iter(answer.body.values()))["message"]

    def test_a_pool_has_a_name_or_an_id(self, play):
        public = play.find_id("network", "/v2.0/networks", "networks", "public")
        for pool in ("public", public, None):
            assert self.create(play, pool).body["floating_ip"]["pool"] == "public"
        for pool in ("nosuch", play.network, "private"):
            assert self.refusal(self.create(play, pool)) == (404, "Floating IP pool not found.")

    def test_a_pool_without_a_name_shows_its_id(self, play):
        body = {"network": {"router:external": True}}
        id = play.ask("POST", "/v2.0/networks", body, "admin", service="network").body["network"]["id"]
        subnet = {"subnet": {"network_id": id, "cidr": "203.0.113.0/30", "ip_version": 4}}
        assert play.ask("POST", "/v2.0/subnets", subnet, "admin", service="network").code == 201
        assert {"name": id} in play.ask("GET", "/os-floating-ip-pools", minor=35).body["floating_ip_pools"]
        assert self.create(play, id).body["floating_ip"]["pool"] == id
        assert self.refusal(self.create(play, id)) == (404, f"No more floating IPs in pool {id}.")

    def test_an_ambiguous_pool(self, play):
        body = {"network": {"name": "public", "router:external": True}}
        assert play.ask("POST", "/v2.0/networks", body, "admin", service="network").code == 201
        assert self.create(play).code == 400

    def test_over_the_quota(self, play):
        project = play.callers["demo"].project_id
        body = {"quota": {"floatingip": 0}}
        assert play.ask("PUT", f"/v2.0/quotas/{project}", body, "admin", service="network").code == 200
        assert self.refusal(self.create(play)) == (403, "IP allocation over quota in pool public.")
        assert self.refusal(self.create(play, None)) == (403, "IP allocation over quota.")

    def test_an_unknown_id(self, play):
        for method in ("GET", "DELETE"):
            answer = play.ask(method, "/os-floating-ips/nosuch", minor=35)
            assert self.refusal(answer) == (404, "Floating IP not found for ID nosuch")
