"""The `openstack` command during the life of a server. The test checks the output of every step."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.filterwarnings("ignore")  # deprecations between the clients


def status(cli, name, who="demo"):
    return cli(f"server show {name} -f json", who=who)["status"]


def test_server_lifecycle(cli):
    made = cli("server create --flavor m1.tiny --image cirros --network private --wait web1 -f json")
    assert (made["name"], made["status"], made["flavor"]["name"]) == ("web1", "ACTIVE", "m1.tiny")
    assert made["adminPass"] and made["addresses"]["private"] and made["security_groups"] == [{"name": "default"}]
    (listed,) = cli("server list -f json")
    assert (listed["ID"], listed["Name"], listed["Status"], listed["Image"], listed["Flavor"]) == (
        made["id"],
        "web1",
        "ACTIVE",
        "cirros",
        "m1.tiny",
    )

    for verb, then in (
        ("stop", "SHUTOFF"),
        ("start", "ACTIVE"),
        ("pause", "PAUSED"),
        ("unpause", "ACTIVE"),
        ("suspend", "SUSPENDED"),
        ("resume", "ACTIVE"),
        ("rescue", "RESCUE"),
        ("unrescue", "ACTIVE"),
        ("shelve", "SHELVED_OFFLOADED"),
        ("unshelve", "ACTIVE"),
    ):
        cli(f"server {verb} web1")
        assert status(cli, "web1") == then, verb
    cli("server reboot --hard --wait web1")

    cli("server start web1", refused="Cannot 'start' instance")
    cli("server lock --reason upgrade web1")
    locked = cli("server show web1 -f json")
    assert (locked["locked"], locked["locked_reason"]) == (True, "upgrade")
    cli("server unlock web1")

    cli("server resize --flavor m1.small --wait web1")
    assert status(cli, "web1") == "VERIFY_RESIZE"
    cli("server resize confirm web1")
    assert cli("server show web1 -f json")["flavor"]["name"] == "m1.small"
    cli("server resize --flavor m1.medium --wait web1")
    cli("server resize revert web1")
    assert cli("server show web1 -f json")["flavor"]["name"] == "m1.small"

    cli("server set --name web2 --property tier=front --description", "the first", "--tag", "blue", "web1")
    shown = cli("server show web2 -f json")
    assert (shown["properties"], shown["description"], shown["tags"]) == ({"tier": "front"}, "the first", ["blue"])
    cli("server rebuild --image cirros --wait web2")
    assert status(cli, "web2") == "ACTIVE"
    assert cli("server image create --name snap --wait web2 -f json")["status"] == "active"
    assert "login" in cli("console log show web2") or cli("console log show web2")
    assert cli("console url show --novnc web2 -f json")["url"].startswith("http")

    actions = [event["Action"] for event in cli("server event list web2 -f json")]
    assert actions[-3:] == ["start", "stop", "create"] and {"rebuild", "createImage", "lock"} <= set(actions)
    cli("server delete --wait web2")
    assert cli("server list -f json") == []
    cli("server show web2", refused="No Server found for web2")


def test_volumes_and_addresses(cli):
    cli("server create --flavor m1.tiny --image cirros --network private --wait db1")
    volume = cli("volume create --size 1 data -f json")
    assert cli("server add volume db1 data -f json")["Volume ID"] == volume["id"]
    assert cli("volume show data -f json")["status"] == "in-use"
    cli("server remove volume db1 data")
    assert cli("volume show data -f json")["status"] == "available"
    address = cli("floating ip create public -f json")["floating_ip_address"]
    cli(f"server add floating ip db1 {address}")
    assert address in cli("server show db1 -f json")["addresses"]["private"]
    cli(f"server remove floating ip db1 {address}")
    assert address not in cli("server show db1 -f json")["addresses"]["private"]
    cli("security group create web")
    cli("server add security group db1 web")
    assert {"name": "web"} in cli("server show db1 -f json")["security_groups"]
    cli("keypair create mine")
    assert [key["Name"] for key in cli("keypair list -f json")] == ["mine"]
    cli("server delete --wait db1")
    cli("volume delete data")


def test_administration(cli):
    cli("server create --flavor m1.tiny --image cirros --network private --wait app1", who="admin")
    before = cli("server show app1 -f json", who="admin")["OS-EXT-SRV-ATTR:host"]
    cli("server migrate --live-migration --wait app1", who="admin")
    after = cli("server show app1 -f json", who="admin")["OS-EXT-SRV-ATTR:host"]
    assert before != after
    assert cli("server migration list --server app1 -f json", who="admin")[0]["Type"] == "live-migration"
    services = cli("compute service list -f json", who="admin")
    assert {service["Host"] for service in services} >= {before, after}
    cli(f"compute service set --disable --disable-reason broken {after} nova-compute", who="admin")
    assert "disabled" in {service["Status"] for service in cli("compute service list -f json", who="admin")}
    assert len(cli("hypervisor list -f json", who="admin")) == 3
    assert len(cli("resource provider list -f json", who="admin")) == 3
    cli("server delete --wait app1", who="admin")


def test_projects_are_isolated(cli):
    ours = cli("server create --flavor m1.tiny --image cirros --network private --wait one -f json")
    theirs = cli("server create --flavor m1.tiny --image cirros --network private --wait one -f json", who="admin")
    assert [each["ID"] for each in cli("server list -f json")] == [ours["id"]]
    cli(f"server delete {theirs['id']}", refused=f"No Server found for {theirs['id']}")
    everyone = cli("server list --all-projects -f json", who="admin")
    assert {each["ID"] for each in everyone} == {ours["id"], theirs["id"]}
    cli("server list --all-projects", refused="Policy doesn't allow")
    for each in (ours, theirs):
        cli(f"server delete --all-projects --wait {each['id']}", who="admin")
