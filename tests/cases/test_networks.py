"""Networks and ports of servers, and the paths of the network service."""

from __future__ import annotations

import pytest

from novasim.records import Port
from tests.play import Play


@pytest.fixture
def play():
    return Play()


class TestJsonSuffix:
    @pytest.mark.parametrize("path", ["networks", "ports", "subnets", "security-groups", "quotas/{project}/details"])
    def test_a_path_with_the_suffix_is_the_path_without(self, play, path):
        path = "/v2.0/" + path.format(project=play.callers["demo"].project_id)
        plain = play.ask("GET", path, service="network")
        assert plain.code == 200
        assert play.ask("GET", path + ".json", service="network").body == plain.body

    def test_every_method(self, play):
        body = {"network": {"name": "n"}}
        created = play.ask("POST", "/v2.0/networks.json", body, service="network").body["network"]
        path = f"/v2.0/networks/{created['id']}.json"
        assert play.ask("PUT", path, {"network": {"name": "m"}}, service="network").body["network"]["name"] == "m"
        assert play.ask("DELETE", path, service="network").code == 204
        assert play.ask("GET", path, service="network").code == 404

    @pytest.mark.parametrize(("service", "path"), [("compute", "/servers.json"), ("image", "/v2/images.json")])
    def test_no_other_service(self, play, service, path):
        assert play.ask("GET", path, service=service).code in (404, 501)


def create_network(play, cidr="10.9.0.0/24", **fields):
    """A network; without *cidr* it has no subnet."""
    body = {"network": {"name": "n", **fields}}
    who = "admin" if "router:external" in fields else "demo"
    id = play.ask("POST", "/v2.0/networks", body, who, service="network").body["network"]["id"]
    if cidr:
        subnet = {"subnet": {"network_id": id, "cidr": cidr, "ip_version": 4, "gateway_ip": None}}
        assert play.ask("POST", "/v2.0/subnets", subnet, who, service="network").code == 201
    return id


def create_port(play, network=None, who="demo", **fields):
    body = {"port": {"network_id": network or play.network, **fields}}
    answer = play.ask("POST", "/v2.0/ports", body, who, service="network")
    assert answer.code == 201, answer.body
    return answer.body["port"]["id"]


def show_port(play, id):
    return play.ask("GET", f"/v2.0/ports/{id}", who="admin", service="network").body["port"]


def request_server(play, networks=None, who="demo", minor=96, **more):
    body = {"name": "n", "flavorRef": "1", "imageRef": play.image, "networks": networks or [{"uuid": play.network}]}
    return play.ask("POST", "/servers", {"server": {**body, **more}}, who, minor)


def reason(answer):
    return next(iter(answer.body.values()))["message"]


def fault_of(play, id):
    server = play.server(id)
    assert (server.vm_state, server.host, server.task_state) == ("error", None, None)
    return server.fault["message"]


def set_port_quota(play, free):
    project = play.callers["demo"].project_id
    path = f"/v2.0/quotas/{project}"
    used = play.ask("GET", f"{path}/details", who="admin", service="network").body["quota"]["port"]["used"]
    body = {"quota": {"port": used + free}}
    assert play.ask("PUT", path, body, "admin", service="network").code == 200


class TestRefusedAtOnce:
    def test_a_port_named_twice(self, play):
        port = create_port(play)
        answer = request_server(play, [{"port": port}, {"port": port}])
        assert (answer.code, f"Port ID '{port}' was specified twice" in reason(answer)) == (400, True)

    def test_an_id_that_is_no_uuid(self, play):
        answer = request_server(play, [{"uuid": "x"}], minor=36)
        assert (answer.code, reason(answer)) == (400, "Bad networks format: network uuid is not in proper format (x)")

    def test_a_port_with_an_address(self, play):
        port = create_port(play)
        answer = request_server(play, [{"port": port, "fixed_ip": "10.0.0.77"}])
        assert answer.code == 400
        assert f"Specified Fixed IP '10.0.0.77' cannot be used with port '{port}'" in reason(answer)

    def test_a_network_without_a_subnet(self, play):
        network = create_network(play, cidr="")
        answer = request_server(play, [{"uuid": network}])
        expected = f"Network {network} requires a subnet in order to boot instances on."
        assert (answer.code, reason(answer)) == (400, expected)

    def test_a_port_without_an_address(self, play):
        port = create_port(play, create_network(play, cidr=""))
        answer = request_server(play, [{"port": port}])
        assert (answer.code, reason(answer)) == (400, f"Port {port} requires a FixedIP in order to be used.")

    def test_an_address_that_the_caller_sees_in_use(self, play):
        create_port(play, fixed_ips=[{"ip_address": "10.0.0.77"}])
        answer = request_server(play, [{"uuid": play.network, "fixed_ip": "10.0.0.77"}])
        assert (answer.code, "is already in use on instance" in reason(answer)) == (400, True)

    @pytest.mark.parametrize(
        ("key", "text"),
        [
            ("port", "Failed to launch instances: Unable to launch multiple instances with a single configured port"),
            ("fixed_ip", "Failed to launch instances: max_count cannot be greater than 1 if an fixed_ip is specified."),
        ],
    )
    @pytest.mark.parametrize("counts", [{"min_count": 2}, {"max_count": 2}])
    def test_a_port_or_address_for_several_servers(self, play, key, text, counts):
        item = {"port": create_port(play)} if key == "port" else {"uuid": play.network, "fixed_ip": "10.0.0.77"}
        answer = request_server(play, [item], **counts)
        assert (answer.code, text in reason(answer)) == (400, True)

    def test_an_ambiguous_group_name(self, play):
        for _ in range(2):
            play.ask("POST", "/v2.0/security-groups", {"security_group": {"name": "bosh"}}, service="network")
        answer = request_server(play, security_groups=[{"name": "bosh"}])
        assert (answer.code, "use an ID to be more specific." in reason(answer)) == (409, True)


class TestPortQuota:
    def test_used_up(self, play):
        set_port_quota(play, 0)
        answer = request_server(play)
        assert (answer.code, reason(answer)) == (403, "Maximum number of ports exceeded")
        assert request_server(play, "none").code == 202

    def test_existing_ports_need_none(self, play):
        port = create_port(play)
        set_port_quota(play, 0)
        assert request_server(play, [{"port": port}]).code == 202

    def test_fewer_servers_than_asked_for(self, play):
        set_port_quota(play, 2)
        assert request_server(play, max_count=3).code == 202
        assert len(play.ask("GET", "/servers").body["servers"]) == 2
        assert request_server(play, min_count=1).code == 403

    def test_used_up_between_the_answer_and_the_build(self):
        """Nova takes the refusal as one of the host, and tries the others."""
        play = Play("manual")
        set_port_quota(play, 1)
        one, two = play.create("one"), play.create("two")
        play.advance(120)
        states = {play.state(server)[0]: server for server in (one, two)}
        assert set(states) == {"ACTIVE", "ERROR"}
        text = play.server(states["ERROR"]).fault["message"]
        assert text.startswith("Exceeded maximum number of retries. Exceeded max scheduling attempts 3")
        assert text.endswith("Last exception: Maximum number of ports exceeded")


class TestFailedBuilds:
    def test_an_external_network_of_a_member(self, play):
        network = play.find_id("network", "/v2.0/networks", "networks", "public")
        answer = request_server(play, [{"uuid": network}])
        assert answer.code == 202
        id = answer.body["server"]["id"]
        expected = f"Build of instance {id} aborted: Failed to allocate the network(s), not rescheduling."
        assert fault_of(play, id) == expected
        assert request_server(play, [{"uuid": network}], who="admin").code == 202
        assert [port for port in play.all(Port) if port.device_id == id] == []

    def test_a_full_subnet(self, play):
        network = create_network(play, "10.9.0.0/29")
        for _ in range(5):
            create_port(play, network)
        answer = request_server(play, [{"uuid": network}])
        assert answer.code == 202
        id = answer.body["server"]["id"]
        text = f"Failed to allocate the network(s) with error No fixed IP addresses available for network: {network}"
        assert fault_of(play, id) == f"Build of instance {id} aborted: {text}, not rescheduling."

    def test_an_address_outside_the_network(self, play):
        answer = request_server(play, [{"uuid": play.network, "fixed_ip": "10.77.0.1"}])
        assert answer.code == 202
        id = answer.body["server"]["id"]
        text = f"Fixed IP 10.77.0.1 is not a valid ip address for network {play.network}."
        assert fault_of(play, id) == f"Build of instance {id} aborted: Invalid input received: {text}"

    def test_an_address_that_only_others_see_in_use(self, play):
        other = [{"uuid": play.network, "fixed_ip": "10.0.0.77"}]
        assert request_server(play, other, who="admin").code == 202
        answer = request_server(play, other)
        assert answer.code == 202
        assert "Fixed IP 10.0.0.77 is already in use." in fault_of(play, answer.body["server"]["id"])

    def test_a_port_of_two_builds(self):
        play = Play("manual")
        port = create_port(play)
        first, second = (request_server(play, [{"port": port}]).body["server"]["id"] for _ in range(2))
        play.advance(1000)
        assert play.state(first) == ("ACTIVE", None)
        assert f"Port {port} is still in use." in fault_of(play, second)
        assert show_port(play, port)["device_id"] == first
        assert play.ask("DELETE", f"/servers/{second}").code == 204
        play.advance(1000)
        assert show_port(play, port)["device_id"] == first

    def test_a_port_that_has_gone(self):
        play = Play("manual")
        port = create_port(play)
        id = request_server(play, [{"port": port}]).body["server"]["id"]
        assert play.ask("DELETE", f"/v2.0/ports/{port}", service="network").code == 204
        play.advance(1000)
        assert f"Port id {port} could not be found." in fault_of(play, id)


class TestPorts:
    def test_a_port_created_without_addresses_needs_none(self, play):
        port = create_port(play, fixed_ips=[])
        assert show_port(play, port)["ip_allocation"] == "none"
        answer = request_server(play, [{"port": port}])
        assert play.state(answer.body["server"]["id"])[0] == "ACTIVE"

    def test_a_port_that_lost_its_addresses(self, play):
        port = create_port(play)
        body = {"port": {"fixed_ips": []}}
        assert play.ask("PUT", f"/v2.0/ports/{port}", body, service="network").code == 200
        answer = request_server(play, [{"port": port}])
        assert (answer.code, reason(answer)) == (400, f"Port {port} requires a FixedIP in order to be used.")

    def test_a_port_with_a_dns_name(self, play):
        port, other = (create_port(play, dns_name=name) for name in ("n", "other"))
        assert play.state(request_server(play, [{"port": port}]).body["server"]["id"])[0] == "ACTIVE"
        id = request_server(play, [{"port": other}]).body["server"]["id"]
        assert "Value other assigned to dns_name attribute does not match" in fault_of(play, id)
        body = {"interfaceAttachment": {"port_id": other}}
        answer = play.ask("POST", f"/servers/{play.create()}/os-interface", body)
        assert (answer.code, "match instance's hostname web1" in reason(answer)) == (400, True)

    def test_a_foreign_port_on_an_own_network(self, play):
        network = create_network(play)
        body = {"port": {"network_id": network, "project_id": "other"}}
        port = play.ask("POST", "/v2.0/ports", body, "admin", service="network").body["port"]["id"]
        assert play.ask("GET", f"/v2.0/ports/{port}", service="network").code == 200
        body = {"interfaceAttachment": {"port_id": port}}
        server = play.create()
        answer = play.ask("POST", f"/servers/{server}/os-interface", body)
        assert (answer.code, reason(answer)) == (400, f"Port {port} not usable for instance {server}.")
        assert play.ask("PUT", f"/v2.0/ports/{port}", {"port": {"name": "x"}}, service="network").code == 403
        assert play.ask("DELETE", f"/v2.0/ports/{port}", service="network").code == 204

    def test_more_ports_than_the_quota(self, play):
        for _ in range(3):
            create_port(play)
        project = play.callers["demo"].project_id
        body = {"quota": {"port": 1, "force": True}}
        assert play.ask("PUT", f"/v2.0/quotas/{project}", body, "admin", service="network").code == 200
        answer = request_server(play)
        assert (answer.code, reason(answer)) == (403, "The number of defined ports: 3 is over the limit: 1")

    @pytest.mark.parametrize("kind", ["direct", "macvtap", "direct-physical", "virtio-forwarder", "vdpa"])
    def test_a_port_that_needs_a_pci_device(self, play, kind):
        port = create_port(play, **{"binding:vnic_type": kind})
        id = request_server(play, [{"port": port}]).body["server"]["id"]
        expected = "Last exception: Insufficient compute resources: Claim pci failed."
        assert fault_of(play, id).startswith("Exceeded maximum number of retries.")
        assert fault_of(play, id).endswith(expected)
        server = play.create()
        answer = play.ask("POST", f"/servers/{server}/os-interface", {"interfaceAttachment": {"port_id": port}})
        expected = f"Failed to claim PCI device for {server} during interface attach"
        assert (answer.code, reason(answer)) == (400, expected)
        assert show_port(play, port)["device_id"] == ""


def test_a_network_that_others_use_stays_shared():
    """Source: neutron/db/db_base_plugin_v2.py, validate_network_rbac_policy_change."""
    play = Play()
    server = play.create()
    body, path = {"network": {"shared": False}}, f"/v2.0/networks/{play.network}"
    answer = play.ask("PUT", path, body, "admin", service="network")
    assert (answer.code, answer.body["NeutronError"]["type"]) == (409, "InvalidSharedSetting")
    assert play.ask("GET", path, service="network").body["network"]["shared"] is True
    assert play.ask("DELETE", f"/servers/{server}").code == 204
    assert play.ask("PUT", path, body, "admin", service="network").code == 200
    assert play.ask("GET", path, service="network").code == 404
