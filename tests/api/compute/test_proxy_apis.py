"""The proxy APIs, and requests that Nova has removed. Keys are those of Nova's samples."""

from __future__ import annotations

import pytest

from novasim.api.compute.proxies.routes import FORWARDED, GONE, NOT_SIMULATED
from tests import each_case

NOWHERE = "00000000-0000-4000-8000-000000000000"


def send_proxied(play, method, path, body=None, who="demo", minor=1):
    answer = play.ask(method, path, body, who, minor)
    assert answer.code < 300, answer
    return answer.body


def last_microversion(path: str) -> int:
    return next(until for _, known, _, until, _ in FORWARDED if known == path)


def test_proxy_apis_end_at_the_microversions_of_nova():
    ends = {
        "/images": 35,
        "/images/{image_id}/metadata": 38,
        "/os-volumes": 35,
        "/os-snapshots": 35,
        "/os-networks": 35,
        "/os-floating-ips": 35,
        "/os-security-groups": 35,
        "/os-hosts": 42,
    }
    assert {path: last_microversion(path) for path in ends} == ends


@each_case(("method", "path"), sorted({(method, path) for method, path, _, _, _ in FORWARDED}))
def test_a_proxy_api_is_not_found_after_its_last_microversion(play, method, path):
    names = dict.fromkeys(("image_id", "volume_id", "snapshot_id", "id", "name", "key", "verb"), NOWHERE)
    answer = play.ask(method, path.format(**names), {}, minor=last_microversion(path) + 1)
    assert (answer.code, answer.body["itemNotFound"]["message"]) == (404, "The resource could not be found.")


@each_case(("methods", "path"), GONE)
def test_removed_requests_answer_410_at_every_microversion(play, methods, path):
    names = dict.fromkeys(("id", "server_id", "domain_id"), NOWHERE)
    for method in methods.split():
        for minor in (1, 35, 36, 104):
            assert play.ask(method, path.format(**names), {}, minor=minor).code == 410


def test_only_actions_that_existed_answer_410(play):
    for path, name in (
        ("/os-fixed-ips/192.0.2.1/action", "reserve"),
        (f"/os-networks/{NOWHERE}/action", "disassociate"),
    ):
        assert play.ask("POST", path, {name: None}, minor=96).code == 410
        unknown = play.ask("POST", path, {"other": None}, minor=96)
        assert (unknown.code, unknown.body["badRequest"]["message"]) == (400, "There is no such action: other")
        assert play.ask("POST", path, {}, minor=96).code == 400


@pytest.mark.parametrize(
    ("method", "path", "body", "command"),
    [
        ("POST", "/os-baremetal-nodes", {"node": {}}, "node-create"),
        ("DELETE", f"/os-baremetal-nodes/{NOWHERE}", None, "node-delete"),
        ("POST", f"/os-baremetal-nodes/{NOWHERE}/action", {"add_interface": {}}, "port-create"),
        ("POST", f"/os-baremetal-nodes/{NOWHERE}/action", {"remove_interface": {}}, "port-delete"),
    ],
)
def test_changes_of_baremetal_nodes_are_refused(play, method, path, body, command):
    answer = play.ask(method, path, body, minor=35)
    assert answer.code == 400
    assert answer.body["badRequest"]["message"] == (
        f"Command not supported. Please use Ironic command {command} to perform this action."
    )
    assert play.ask(method, path, body, minor=36).code == 404


def test_volumes_boot_is_an_alias_of_servers_until_2_102(play):
    body = {"server": {"name": "web", "flavorRef": "1", "imageRef": play.image, "networks": "none"}}
    made = play.ask("POST", "/servers", body, minor=96)
    path = f"/os-volumes_boot/{made.body['server']['id']}"
    assert (
        play.ask("GET", path, minor=102).body
        == play.ask("GET", path.replace("os-volumes_boot", "servers"), minor=102).body
    )
    assert play.ask("POST", f"{path}/action", {"os-stop": None}, minor=102).code == 202
    assert play.ask("GET", path, minor=103).code == 404


@pytest.mark.parametrize(("method", "path", "until"), NOT_SIMULATED)
def test_requests_that_are_not_simulated_answer_501(play, method, path, until):
    names = dict.fromkeys(("id", "class_name"), NOWHERE)
    answer = play.ask(method, path.format(**names), {}, minor=min(until, 104))
    assert answer.code == 501
    assert "is not simulated. The most similar request that is:" in answer.body["notImplemented"]["message"]
    if until < 104:
        assert play.ask(method, path.format(**names), {}, minor=until + 1).code == 404


def test_images_are_proxied(play):
    short = send_proxied(play, "GET", "/images")["images"][0]
    assert set(short) == {"id", "name", "links"}
    assert [link["rel"] for link in short["links"]] == ["self", "bookmark", "alternate"]
    path = f"/images/{play.image}"
    full = send_proxied(play, "GET", path)["image"]
    assert set(full) == set(
        "id name status progress minDisk minRam metadata created updated links OS-EXT-IMG-SIZE:size".split()
    )
    assert (full["status"], full["progress"]) == ("ACTIVE", 100)
    assert full in send_proxied(play, "GET", "/images/detail")["images"]
    assert [one["name"] for one in send_proxied(play, "GET", "/images/detail")["images"]] != []
    server = play.create()
    snapshot = play.act(server, "createImage", {"name": "s"}).body["image_id"]
    assert send_proxied(play, "GET", f"/images/{snapshot}")["image"]["server"]["id"] == server
    meta = f"/images/{snapshot}/metadata"
    assert send_proxied(play, "POST", meta, {"metadata": {"a": "1"}})["metadata"]["a"] == "1"
    assert send_proxied(play, "PUT", meta + "/a", {"meta": {"a": "2"}}) == {"meta": {"a": "2"}}
    assert send_proxied(play, "GET", meta + "/a") == {"meta": {"a": "2"}}
    assert play.ask("PUT", meta + "/b", {"meta": {"a": "2"}}, minor=1).code == 400
    assert send_proxied(play, "PUT", meta, {"metadata": {"c": "3"}}) == {"metadata": {"c": "3"}}
    assert play.ask("DELETE", meta + "/c", minor=1).code == 204
    assert play.ask("DELETE", meta + "/c", minor=1).code == 404
    assert play.ask("DELETE", f"/images/{snapshot}", minor=1).code == 204
    assert play.ask("GET", f"/images/{snapshot}", minor=1).body["itemNotFound"]["message"] == "Image not found."


def test_volumes_and_snapshots_are_proxied(play):
    body = {"volume": {"size": "3", "display_name": "v", "metadata": {"a": "b"}}}
    volume = send_proxied(play, "POST", "/os-volumes", body)["volume"]
    assert set(volume) == set(
        "id status size availabilityZone createdAt attachments displayName displayDescription volumeType snapshotId "
        "metadata".split()
    )
    assert (volume["size"], volume["displayName"], volume["attachments"]) == (3, "v", [{}])
    assert (
        send_proxied(play, "GET", "/os-volumes")["volumes"]
        == send_proxied(play, "GET", "/os-volumes/detail")["volumes"]
        == [volume]
    )
    snap = {"snapshot": {"volume_id": volume["id"], "display_name": "s"}}
    snapshot = send_proxied(play, "POST", "/os-snapshots", snap)["snapshot"]
    assert set(snapshot) == set("createdAt displayDescription displayName id size status volumeId".split())
    assert send_proxied(play, "GET", f"/os-snapshots/{snapshot['id']}")["snapshot"] == snapshot
    assert play.ask("DELETE", f"/os-snapshots/{snapshot['id']}", minor=1).code == 202
    server = play.create()
    attach = {"volumeAttachment": {"volumeId": volume["id"]}}
    play.ask("POST", f"/servers/{server}/os-volume_attachments", attach)
    attached = send_proxied(play, "GET", f"/os-volumes/{volume['id']}")["volume"]["attachments"]
    assert [(one["serverId"], one["device"]) for one in attached] == [(server, "/dev/vdb")]
    assert play.ask("DELETE", f"/os-volumes/{volume['id']}", minor=1).code == 400


def test_networks_and_floating_ips_are_proxied(play):
    found = {one["label"]: one["id"] for one in send_proxied(play, "GET", "/os-networks")["networks"]}
    assert set(found) == {"private", "public"}
    assert len(send_proxied(play, "GET", f"/os-networks/{play.network}", who="admin")["network"]) == 32
    assert send_proxied(play, "GET", f"/os-tenant-networks/{play.network}")["network"] == {
        "id": play.network,
        "cidr": "None",
        "label": "private",
    }
    assert send_proxied(play, "GET", "/os-floating-ip-pools") == {"floating_ip_pools": [{"name": "public"}]}
    made = send_proxied(play, "POST", "/os-floating-ips", {"pool": "public"})["floating_ip"]
    assert set(made) == {"fixed_ip", "id", "instance_id", "ip", "pool"}
    assert send_proxied(play, "GET", "/os-floating-ips")["floating_ips"] == [made]
    server = play.create()
    assert play.act(server, "addFloatingIp", {"address": made["ip"]}, minor=1).code == 202
    shown = send_proxied(play, "GET", f"/os-floating-ips/{made['id']}")["floating_ip"]
    assert (shown["instance_id"], shown["fixed_ip"] is None) == (server, False)
    assert play.ask("DELETE", f"/os-floating-ips/{made['id']}", minor=1).code == 202
    assert play.ask("POST", "/os-floating-ips", {"pool": "nowhere"}, minor=1).code == 404


def test_security_groups_and_rules_are_proxied(play):
    body = {"security_group": {"name": "web", "description": "d"}}
    group = send_proxied(play, "POST", "/os-security-groups", body)["security_group"]
    assert set(group) == {"id", "name", "description", "rules", "tenant_id"}
    assert group["rules"] == []
    asked = {
        "parent_group_id": group["id"],
        "ip_protocol": "tcp",
        "from_port": 22,
        "to_port": 22,
        "cidr": "10.0.0.0/24",
    }
    rule = send_proxied(play, "POST", "/os-security-group-rules", {"security_group_rule": asked})["security_group_rule"]
    assert rule == {
        "from_port": 22,
        "group": {},
        "id": rule["id"],
        "ip_protocol": "tcp",
        "ip_range": {"cidr": "10.0.0.0/24"},
        "parent_group_id": group["id"],
        "to_port": 22,
    }
    assert send_proxied(play, "GET", f"/os-security-groups/{group['id']}")["security_group"]["rules"] == [rule]
    body["security_group"]["name"] = "www"
    assert send_proxied(play, "PUT", f"/os-security-groups/{group['id']}", body)["security_group"]["name"] == "www"
    assert play.ask("DELETE", f"/os-security-group-rules/{rule['id']}", minor=1).code == 202
    assert {one["name"] for one in send_proxied(play, "GET", "/os-security-groups")["security_groups"]} == {
        "default",
        "www",
    }
    assert play.ask("DELETE", f"/os-security-groups/{group['id']}", minor=1).code == 202


def test_hosts_are_shown_with_their_usage(play):
    assert play.ask("GET", "/os-hosts", minor=1).code == 403
    hosts = send_proxied(play, "GET", "/os-hosts", who="admin")["hosts"]
    assert hosts[0] == {"host_name": "host1", "service": "compute", "zone": "nova"}
    play.create(flavor="2")
    rows = [
        row["resource"]
        for name in ("host1", "host2", "host3")
        for row in send_proxied(play, "GET", f"/os-hosts/{name}", who="admin")["host"]
    ]
    own = play.callers["demo"].project_id
    assert [row["memory_mb"] for row in rows if row["project"] == own] == [2048]
    assert send_proxied(play, "PUT", "/os-hosts/host1", {"status": "disable"}, "admin") == {
        "host": "host1",
        "status": "disabled",
    }
    assert play.ask("PUT", "/os-hosts/host1", {"maintenance_mode": "enable"}, "admin", minor=1).code == 501
    assert play.ask("PUT", "/os-hosts/host9", {"status": "enable"}, "admin", minor=1).code == 404


def test_servers_have_no_shares(play):
    server = play.create()
    assert play.ask("GET", f"/servers/{server}/shares", minor=97).body == {"shares": []}
    assert play.ask("GET", f"/servers/{server}/shares", minor=96).code == 404
    assert play.ask("POST", f"/servers/{server}/shares", {"share": {"share_id": NOWHERE}}, minor=97).code == 501
    assert play.ask("DELETE", f"/servers/{server}/shares/{NOWHERE}", minor=97).code == 404


def test_extensions_are_a_fixed_list(play):
    listed = send_proxied(play, "GET", "/extensions")["extensions"]
    assert len(listed) == 99
    assert listed[0] == {
        "alias": "NMN",
        "name": "Multinic",
        "description": "Multiple network support.",
        "links": [],
        "namespace": "http://docs.openstack.org/compute/ext/fake_xml",
        "updated": "2014-12-03T00:00:00Z",
    }
    for extension in listed:  # also what Nova itself no longer has
        assert play.ask("GET", f"/extensions/{extension['alias']}").body == {"extension": extension}
    assert play.ask("GET", "/extensions/nonsense").code == 404


def test_lists_of_other_services_are_proxied(play):
    assert play.ask("GET", "/images/detail", minor=1, status="ACTIVE").body["images"]
    assert play.ask("GET", "/images/detail", minor=1, status="ERROR").body["images"] == []
    meta = f"/images/{play.image}/metadata"
    assert isinstance(play.ask("GET", meta, minor=1).body["metadata"], dict)
    many = {"metadata": {f"k{number}": "v" for number in range(129)}}
    assert play.ask("POST", meta, many, "admin", minor=1).code == 400
    assert play.ask("GET", f"/os-networks/{NOWHERE}", minor=1).body["itemNotFound"]["message"] == "Network not found"
    assert {one["label"] for one in play.ask("GET", "/os-tenant-networks", minor=1).body["networks"]} == {
        "private",
        "public",
    }
    gone = play.ask("GET", f"/os-floating-ips/{NOWHERE}", minor=1)
    assert gone.body["itemNotFound"]["message"] == f"Floating IP not found for ID {NOWHERE}"
    volume = play.ask("POST", "/os-volumes", {"volume": {"size": 1}}, minor=1).body["volume"]["id"]
    made = play.ask("POST", "/os-snapshots", {"snapshot": {"volume_id": volume}}, minor=1).body["snapshot"]
    assert play.ask("GET", "/os-snapshots", minor=1).body["snapshots"] == [made]
    assert play.ask("DELETE", f"/os-snapshots/{made['id']}", minor=1).code == 202
    assert play.ask("DELETE", f"/os-volumes/{volume}", minor=1).code == 202
    assert play.ask("GET", "/os-volumes", minor=1).body["volumes"] == []
    assert play.ask("GET", "/os-hosts/host1/reboot", who="admin", minor=1).code == 501
    assert play.ask("GET", "/os-hosts/host1/reboot", minor=1).code == 403
