"""What `why` finds for requests about ports, addresses, security groups, tags and metadata."""

from __future__ import annotations

import pytest

from novasim.api.compute.servers.blockers import find_blockers
from novasim.api.context import Context
from novasim.api.request import Request
from novasim.lifecycle.actions import ACTIONS
from novasim.records import Server
from tests.play import Play

GROUP = {"security_group": {"name": "web"}}


@pytest.fixture
def play():
    return Play()


def blockers(play, server, action, minor=43):
    with play.cloud.reading() as world:
        ctx = Context(Request(play.callers["demo"], "GET", "/", minor), world)
        return [str(refusal) for refusal in find_blockers(ctx, ACTIONS[action], world.tx.get(Server, server))]


def network_request(play, method, path, body=None, who="demo"):
    answer = play.ask(method, f"/v2.0/{path}", body, who, service="network")
    assert answer.code < 300, answer.body
    return answer.body


class TestPorts:
    def test_the_networks_of_the_project_are_tried(self, play):
        server = play.create()
        assert blockers(play, server, "attach-port") == []
        for name in "ab":
            network = network_request(play, "POST", "networks", {"network": {"name": name}})["network"]
            body = {"subnet": {"network_id": network["id"], "cidr": "198.51.100.0/29", "ip_version": 4}}
            network_request(play, "POST", "subnets", body)
        assert blockers(play, server, "attach-port") == []

    def test_the_port_quota(self, play):
        server = play.create()
        project = play.callers["demo"].project_id
        network_request(play, "PUT", f"quotas/{project}", {"quota": {"port": 1}}, "admin")
        assert blockers(play, server, "attach-port") == ["Maximum number of ports exceeded"]

    def test_a_full_network(self, play):
        server = play.create(networks="none")
        network = network_request(play, "POST", "networks", {"network": {"name": "small"}})["network"]["id"]
        body = {"subnet": {"network_id": network, "cidr": "198.51.100.0/30", "ip_version": 4}}
        network_request(play, "POST", "subnets", body)
        attach = {"interfaceAttachment": {"net_id": network}}
        assert play.ask("POST", f"/servers/{server}/os-interface", attach).code == 200
        answer = play.ask("POST", f"/servers/{server}/os-interface", attach)
        refusal = f"No fixed IP addresses available for network: {network}"
        assert (answer.code, answer.body["badRequest"]["message"]) == (400, refusal)

    def test_looking_takes_no_address(self, play):
        server = play.create()
        for _ in range(3):
            assert blockers(play, server, "attach-port") == []
        answer = play.ask("POST", f"/servers/{server}/os-interface", {"interfaceAttachment": {"net_id": play.network}})
        addresses = [ip["ip_address"] for ip in answer.body["interfaceAttachment"]["fixed_ips"]]
        first = play.ask("GET", f"/servers/{server}").body["server"]["addresses"]["private"][0]["addr"]
        assert int(addresses[0].rpartition(".")[2]) == int(first.rpartition(".")[2]) + 1


class TestSecurityGroups:
    def test_a_server_without_ports(self, play):
        server = play.create(networks="none")
        refusal = [f"instance_id {server} could not be found as device id on any ports"]
        assert blockers(play, server, "add-security-group") == refusal
        assert blockers(play, server, "remove-security-group") == refusal

    def test_a_group_that_the_server_has_is_found(self, play):
        group = network_request(play, "POST", "security-groups", GROUP)["security_group"]["id"]
        server = play.create(security_groups=[{"name": "web"}])
        assert blockers(play, server, "remove-security-group") == []
        assert play.act(server, "removeSecurityGroup", {"name": group}).code == 202
        assert blockers(play, server, "remove-security-group") == [
            f"Security group default not associated with the instance {server}"
        ]


class TestFloatingIps:
    def test_none_and_one(self, play):
        server = play.create()
        assert blockers(play, server, "add-floating-ip") == ["floating IP not found"]
        assert blockers(play, server, "remove-floating-ip") == ["Floating IP not found for address ADDRESS."]
        external = play.find_id("network", "/v2.0/networks", "networks", "public")
        body = {"floatingip": {"floating_network_id": external}}
        address = network_request(play, "POST", "floatingips", body)["floatingip"]["floating_ip_address"]
        assert blockers(play, server, "add-floating-ip") == []
        refusal = f"Floating IP {address} is not associated with instance {server}."
        assert blockers(play, server, "remove-floating-ip") == [refusal]
        assert play.act(server, "addFloatingIp", {"address": address}, minor=43).code == 202
        assert blockers(play, server, "remove-floating-ip") == []

    def test_a_server_without_addresses(self, play):
        server = play.create(networks="none")
        assert "Instance network is not ready yet" in blockers(play, server, "add-floating-ip")


class TestItems:
    def test_tags(self, play):
        server = play.create()
        assert blockers(play, server, "tag-add") == []
        assert blockers(play, server, "tag-delete") == [f"Instance {server} has no tag 'TAG'"]
        assert play.ask("PUT", f"/servers/{server}/tags", {"tags": [str(number) for number in range(50)]}).code == 200
        assert blockers(play, server, "tag-delete") == []
        assert blockers(play, server, "tag-add") == ["The number of tags exceeded the per-server limit 50"]
        assert play.ask("PUT", f"/servers/{server}/tags/0").code == 400
        shown = play.ask("GET", f"/servers/{server}/tags/x").body["itemNotFound"]["message"]
        assert shown == f"Server {server} has no tag 'x'"

    def test_metadata(self, play):
        server = play.create()
        assert blockers(play, server, "metadata-delete-item") == ["Metadata item was not found"]
        assert play.ask("POST", f"/servers/{server}/metadata", {"metadata": {"a": "b"}}).code == 200
        assert blockers(play, server, "metadata-delete-item") == []

    def test_an_item_can_be_deleted_over_the_quota(self, play):
        server = play.create(metadata={"a": "1", "b": "2", "c": "3"})
        project = play.callers["demo"].project_id
        quota = {"quota_set": {"metadata_items": 1, "force": True}}
        assert play.ask("PUT", f"/os-quota-sets/{project}", quota, "admin").code == 200
        assert play.ask("POST", f"/servers/{server}/metadata", {"metadata": {"a": "2"}}).code == 403
        assert play.ask("DELETE", f"/servers/{server}/metadata/a").code == 204

    def test_a_backup_of_a_server_on_a_volume_is_refused_after_its_state(self, play):
        device = {"uuid": play.image, "source_type": "image", "destination_type": "volume", "volume_size": 1}
        devices = [device | {"boot_index": 0}]
        server = play.create(imageRef="", block_device_mapping_v2=devices)
        assert blockers(play, server, "create-backup") == ["Backup is not supported for volume-backed instances."]
        backup = {"name": "b", "backup_type": "daily", "rotation": 1}
        assert play.act(server, "createBackup", backup).code == 400
        assert play.act(server, "os-resetState", {"state": "error"}, "admin").code == 202
        assert play.act(server, "createBackup", backup).code == 409
