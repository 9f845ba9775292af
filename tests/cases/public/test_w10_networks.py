"""W10, C2, C3, C11 and C12: networks, security groups, floating IPs."""

from __future__ import annotations

import pytest

from tests.cases.public.world import Cases, refusal


@pytest.fixture
def play():
    return Cases()


def new_group(play, name, who="demo"):
    answer = play.neutron("POST", "security-groups", {"security_group": {"name": name}}, who)
    return answer.body["security_group"]["id"]


def new_network(play, cidr=""):
    network = play.neutron("POST", "networks", {"network": {"name": "n"}}).body["network"]["id"]
    if cidr:
        body = {"subnet": {"network_id": network, "cidr": cidr, "ip_version": 4}}
        assert play.neutron("POST", "subnets", body).code == 201
    return network


class TestW10:
    def test_two_security_groups_of_a_name(self, play):
        for _ in range(2):
            new_group(play, "bosh")
        answer = play.ask_for_server(security_groups=[{"name": "bosh"}], networks=[{"uuid": play.network}])
        assert "use an ID to be more specific." in refusal(answer, 409)

    def test_a_network_without_a_subnet(self, play):
        network = new_network(play)
        answer = play.ask_for_server(networks=[{"uuid": network}])
        assert refusal(answer, 400) == f"Network {network} requires a subnet in order to boot instances on."

    def test_a_port_twice(self, play):
        port = play.neutron("POST", "ports", {"port": {"network_id": play.network}}).body["port"]["id"]
        answer = play.ask_for_server(networks=[{"port": port}, {"port": port}])
        assert "was specified twice" in refusal(answer, 400)

    def test_the_port_quota_is_used_up(self, play):
        assert play.neutron("PUT", f"quotas/{play.project}", {"quota": {"port": 0}}, "admin").code == 200
        answer = play.ask_for_server(networks=[{"uuid": play.network}])
        assert refusal(answer, 403) == "Maximum number of ports exceeded"

    def test_the_external_network(self, play):
        external = play.find_id("network", "/v2.0/networks", "networks", "public")
        server = play.server_of(networks=[{"uuid": external}])
        assert play.fault(server).startswith(f"Build of instance {server} aborted: ")

    def test_a_network_whose_last_address_is_taken(self, play):
        network = new_network(play, "198.51.100.0/30")
        assert play.neutron("POST", "ports", {"port": {"network_id": network}}).code == 201
        server = play.server_of(networks=[{"uuid": network}])
        assert "aborted: Failed to allocate the network(s)" in play.fault(server)

    def test_a_floating_ip_that_no_router_reaches(self, play):
        network = new_network(play, "198.51.100.0/29")
        server = play.server_of(networks=[{"uuid": network}])
        address = play.ask("POST", "/os-floating-ips", {"pool": "public"}, minor=35).body["floating_ip"]["ip"]
        answer = play.act(server, "addFloatingIp", {"address": address}, minor=43)
        assert "Unable to associate floating IP" in refusal(answer, 400)

    def test_the_text_about_an_unknown_image(self, play):
        answer = play.ask_for_server(imageRef="11111111-1111-4111-8111-111111111111")
        assert refusal(answer, 400) == "Can not find requested image"

    def test_the_text_about_a_port_for_two_servers(self, play):
        port = play.neutron("POST", "ports", {"port": {"network_id": play.network}}).body["port"]["id"]
        answer = play.ask_for_server(networks=[{"port": port}], min_count=2)
        assert refusal(answer, 400).startswith("Failed to launch instances: Unable to launch multiple ")

    def test_the_text_about_an_address_for_two_servers(self, play):
        networks = [{"uuid": play.network, "fixed_ip": "10.0.0.99"}]
        answer = play.ask_for_server(networks=networks, min_count=2)
        text = "Failed to launch instances: max_count cannot be greater than 1 if an fixed_ip is specified."
        assert refusal(answer, 400) == text


def test_c2_rules_of_a_deleted_group(play):
    one, two = new_group(play, "a"), new_group(play, "b")
    rule = {"security_group_id": one, "direction": "ingress", "remote_group_id": two}
    assert play.neutron("POST", "security-group-rules", {"security_group_rule": rule}).code == 201
    assert play.neutron("DELETE", f"security-groups/{two}").code == 204
    assert play.ask("GET", f"/os-security-groups/{one}", minor=1).body["security_group"]["rules"] == []
    rules = play.neutron("GET", f"security-groups/{one}").body["security_group"]["security_group_rules"]
    assert {rule["direction"] for rule in rules} == {"egress"}


@pytest.mark.parametrize("path", ["quotas/{}/details.json", "networks.json", "ports.json", "security-groups.json"])
def test_c3_json_paths(play, path):
    assert play.neutron("GET", path.format(play.project)).code == 200


class TestC11:
    @pytest.fixture
    def group(self, play):
        body = {"security_group": {"name": "g", "description": "d"}}
        return play.ask("POST", "/os-security-groups", body, minor=1).body["security_group"]["id"]

    def rule(self, play, group, **fields):
        body = {"parent_group_id": group, **fields}
        return play.ask("POST", "/os-security-group-rules", {"security_group_rule": body}, minor=1)

    def test_the_same_rule_twice(self, play, group):
        fields = {"ip_protocol": "tcp", "from_port": 22, "to_port": 22, "cidr": "0.0.0.0/0"}
        assert self.rule(play, group, **fields).code == 200
        text = refusal(self.rule(play, group, **fields), 400)
        assert text.startswith("This rule already exists in group ")

    def test_a_group_in_use(self, play, group):
        play.server_of(security_groups=[{"name": "g"}], networks=[{"uuid": play.network}])
        assert play.ask("DELETE", f"/os-security-groups/{group}", minor=1).code == 400

    def test_a_name_keeps_its_blanks(self, play):
        body = {"security_group": {"name": " x y ", "description": "d"}}
        answer = play.ask("POST", "/os-security-groups", body, minor=1)
        assert answer.body["security_group"]["name"] == " x y "

    def test_over_the_quota(self, play):
        assert play.neutron("PUT", f"quotas/{play.project}", {"quota": {"security_group": 1}}, "admin").code == 200
        body = {"security_group": {"name": "g", "description": "d"}}
        assert play.ask("POST", "/os-security-groups", body, minor=1).code == 403

    @pytest.mark.parametrize("method", ["GET", "DELETE"])
    def test_an_id_that_is_no_uuid(self, play, method):
        answer = play.ask(method, "/os-security-groups/x", minor=1)
        assert refusal(answer, 400) == "Security group id should be uuid"

    def test_port_zero(self, play, group):
        answer = self.rule(play, group, ip_protocol="tcp", from_port=0, to_port=22, cidr="0.0.0.0/0")
        assert "ports should be between 1-65535" in refusal(answer, 400)

    def test_a_protocol_and_nothing_else(self, play, group):
        answer = self.rule(play, group, ip_protocol="tcp")
        assert refusal(answer, 400) == "Not enough parameters to build a valid rule."

    def test_all_of_icmp(self, play, group):
        answer = self.rule(play, group, ip_protocol="icmp", from_port=-1, to_port=-1, cidr="0.0.0.0/0")
        rule = answer.body["security_group_rule"]
        assert (rule["from_port"], rule["to_port"]) == (-1, -1)


def test_c12_a_second_floating_ip_for_a_fixed_address(play):
    server = play.create()
    addresses = [
        play.ask("POST", "/os-floating-ips", {"pool": "public"}, minor=35).body["floating_ip"]["ip"] for _ in range(2)
    ]
    assert play.act(server, "addFloatingIp", {"address": addresses[0]}, minor=43).code == 202
    assert play.act(server, "addFloatingIp", {"address": addresses[1]}, minor=43).code == 400


def test_c12_the_fixed_address_of_a_floating_ip_stays(play):
    server = play.create()
    address = play.ask("POST", "/os-floating-ips", {"pool": "public"}, minor=35).body["floating_ip"]["ip"]
    assert play.act(server, "addFloatingIp", {"address": address}, minor=43).code == 202
    (port,) = play.neutron("GET", "ports", device_id=server).body["ports"]
    fixed = next(ip["ip_address"] for ip in port["fixed_ips"] if ":" not in ip["ip_address"])
    answer = play.neutron("PUT", f"ports/{port['id']}", {"port": {"fixed_ips": [{"ip_address": "10.0.0.99"}]}})
    assert answer.code == 400 and "has been associated to a floating ip" in answer.body["NeutronError"]["message"]
    assert play.act(server, "removeFixedIp", {"address": fixed}, minor=43).code == 202
    kept = play.neutron("GET", f"ports/{port['id']}").body["port"]["fixed_ips"]
    assert fixed in [ip["ip_address"] for ip in kept]
    assert play.act(server, "removeFloatingIp", {"address": address}, minor=43).code == 202
    assert play.act(server, "removeFixedIp", {"address": fixed}, minor=43).code == 202
    kept = play.neutron("GET", f"ports/{port['id']}").body["port"]["fixed_ips"]
    assert fixed not in [ip["ip_address"] for ip in kept]
