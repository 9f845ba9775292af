"""What the compute service once passed on to others, and what it no longer has. Keys are those of Nova's samples."""

from __future__ import annotations

import pytest

from novasim.api.compute.proxies.routes import GONE, OUTSIDE, PASSED_ON
from tests.play import Play

NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def play():
    return Play()


def old(play, method, path, body=None, who="demo", minor=1):
    answer = play.ask(method, path, body, who, minor)
    assert answer.code < 300, answer
    return answer.body


def last(path: str) -> int:
    return next(until for _, known, _, until, _ in PASSED_ON if known == path)


def test_they_end_where_nova_ends_them():
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
    assert {path: last(path) for path in ends} == ends


@pytest.mark.parametrize("path", sorted({path for _, path, _, _, _ in PASSED_ON}))
def test_a_path_is_not_found_afterwards(play, path):
    names = dict.fromkeys(("image_id", "volume_id", "snapshot_id", "id", "name", "key", "verb"), NOWHERE)
    answer = play.ask("GET", path.format(**names), minor=last(path) + 1)
    assert (answer.code, answer.body["itemNotFound"]["message"]) == (404, "The resource could not be found.")


@pytest.mark.parametrize(("methods", "path", "until"), GONE)
def test_what_is_gone_is_gone(play, methods, path, until):
    names = dict.fromkeys(("id", "server_id"), NOWHERE)
    for method in methods.split():
        for minor in (1, 35, min(until, 104)):
            assert play.ask(method, path.format(**names), {}, minor=minor).code == 410
        if until < 104:
            assert play.ask(method, path.format(**names), {}, minor=until + 1).code == 404


@pytest.mark.parametrize(("methods", "path"), OUTSIDE)
def test_what_is_outside_says_so(play, methods, path):
    names = dict.fromkeys(("id", "class_name"), NOWHERE)
    for method in methods.split():
        answer = play.ask(method, path.format(**names), {})
        assert answer.code == 501
        assert "is not simulated; the nearest that is:" in answer.body["notImplemented"]["message"]


def test_images(play):
    short = old(play, "GET", "/images")["images"][0]
    assert set(short) == {"id", "name", "links"}
    assert [link["rel"] for link in short["links"]] == ["self", "bookmark", "alternate"]
    path = f"/images/{play.image}"
    full = old(play, "GET", path)["image"]
    assert set(full) == set(
        "id name status progress minDisk minRam metadata created updated links OS-EXT-IMG-SIZE:size".split()
    )
    assert (full["status"], full["progress"]) == ("ACTIVE", 100)
    assert full in old(play, "GET", "/images/detail")["images"]
    assert [one["name"] for one in old(play, "GET", "/images/detail")["images"]] != []
    server = play.create()
    snapshot = play.act(server, "createImage", {"name": "s"}).body["image_id"]
    assert old(play, "GET", f"/images/{snapshot}")["image"]["server"]["id"] == server
    meta = f"/images/{snapshot}/metadata"
    assert old(play, "POST", meta, {"metadata": {"a": "1"}})["metadata"]["a"] == "1"
    assert old(play, "PUT", meta + "/a", {"meta": {"a": "2"}}) == {"meta": {"a": "2"}}
    assert old(play, "GET", meta + "/a") == {"meta": {"a": "2"}}
    assert play.ask("PUT", meta + "/b", {"meta": {"a": "2"}}, minor=1).code == 400
    assert old(play, "PUT", meta, {"metadata": {"c": "3"}}) == {"metadata": {"c": "3"}}
    assert play.ask("DELETE", meta + "/c", minor=1).code == 204
    assert play.ask("DELETE", meta + "/c", minor=1).code == 404
    assert play.ask("DELETE", f"/images/{snapshot}", minor=1).code == 204
    assert play.ask("GET", f"/images/{snapshot}", minor=1).body["itemNotFound"]["message"] == "Image not found."


def test_volumes_and_snapshots(play):
    body = {"volume": {"size": "3", "display_name": "v", "metadata": {"a": "b"}}}
    volume = old(play, "POST", "/os-volumes", body)["volume"]
    assert set(volume) == set(
        "id status size availabilityZone createdAt attachments displayName displayDescription volumeType snapshotId "
        "metadata".split()
    )
    assert (volume["size"], volume["displayName"], volume["attachments"]) == (3, "v", [{}])
    assert old(play, "GET", "/os-volumes")["volumes"] == old(play, "GET", "/os-volumes/detail")["volumes"] == [volume]
    snap = {"snapshot": {"volume_id": volume["id"], "display_name": "s"}}
    snapshot = old(play, "POST", "/os-snapshots", snap)["snapshot"]
    assert set(snapshot) == set("createdAt displayDescription displayName id size status volumeId".split())
    assert old(play, "GET", f"/os-snapshots/{snapshot['id']}")["snapshot"] == snapshot
    assert play.ask("DELETE", f"/os-snapshots/{snapshot['id']}", minor=1).code == 202
    server = play.create()
    attach = {"volumeAttachment": {"volumeId": volume["id"]}}
    play.ask("POST", f"/servers/{server}/os-volume_attachments", attach)
    attached = old(play, "GET", f"/os-volumes/{volume['id']}")["volume"]["attachments"]
    assert [(one["serverId"], one["device"]) for one in attached] == [(server, "/dev/vdb")]
    assert play.ask("DELETE", f"/os-volumes/{volume['id']}", minor=1).code == 400


def test_networks_and_floating_addresses(play):
    found = {one["label"]: one["id"] for one in old(play, "GET", "/os-networks")["networks"]}
    assert set(found) == {"private", "public"}
    assert len(old(play, "GET", f"/os-networks/{play.network}", who="admin")["network"]) == 32
    assert old(play, "GET", f"/os-tenant-networks/{play.network}")["network"] == {
        "id": play.network,
        "cidr": "None",
        "label": "private",
    }
    assert old(play, "GET", "/os-floating-ip-pools") == {"floating_ip_pools": [{"name": "public"}]}
    made = old(play, "POST", "/os-floating-ips", {"pool": "public"})["floating_ip"]
    assert set(made) == {"fixed_ip", "id", "instance_id", "ip", "pool"}
    assert old(play, "GET", "/os-floating-ips")["floating_ips"] == [made]
    server = play.create()
    assert play.act(server, "addFloatingIp", {"address": made["ip"]}, minor=1).code == 202
    shown = old(play, "GET", f"/os-floating-ips/{made['id']}")["floating_ip"]
    assert (shown["instance_id"], shown["fixed_ip"] is None) == (server, False)
    assert play.ask("DELETE", f"/os-floating-ips/{made['id']}", minor=1).code == 202
    assert play.ask("POST", "/os-floating-ips", {"pool": "nowhere"}, minor=1).code == 404


def test_security_groups_and_rules(play):
    body = {"security_group": {"name": "web", "description": "d"}}
    group = old(play, "POST", "/os-security-groups", body)["security_group"]
    assert set(group) == {"id", "name", "description", "rules", "tenant_id"}
    assert group["rules"] == []
    asked = {
        "parent_group_id": group["id"],
        "ip_protocol": "tcp",
        "from_port": 22,
        "to_port": 22,
        "cidr": "10.0.0.0/24",
    }
    rule = old(play, "POST", "/os-security-group-rules", {"security_group_rule": asked})["security_group_rule"]
    assert rule == {
        "from_port": 22,
        "group": {},
        "id": rule["id"],
        "ip_protocol": "tcp",
        "ip_range": {"cidr": "10.0.0.0/24"},
        "parent_group_id": group["id"],
        "to_port": 22,
    }
    assert old(play, "GET", f"/os-security-groups/{group['id']}")["security_group"]["rules"] == [rule]
    body["security_group"]["name"] = "www"
    assert old(play, "PUT", f"/os-security-groups/{group['id']}", body)["security_group"]["name"] == "www"
    assert play.ask("DELETE", f"/os-security-group-rules/{rule['id']}", minor=1).code == 202
    assert {one["name"] for one in old(play, "GET", "/os-security-groups")["security_groups"]} == {"default", "www"}
    assert play.ask("DELETE", f"/os-security-groups/{group['id']}", minor=1).code == 202


def test_hosts(play):
    assert play.ask("GET", "/os-hosts", minor=1).code == 403
    hosts = old(play, "GET", "/os-hosts", who="admin")["hosts"]
    assert hosts[0] == {"host_name": "host1", "service": "compute", "zone": "nova"}
    play.create(flavor="2")
    rows = [
        row["resource"]
        for name in ("host1", "host2", "host3")
        for row in old(play, "GET", f"/os-hosts/{name}", who="admin")["host"]
    ]
    own = play.callers["demo"].project_id
    assert [row["memory_mb"] for row in rows if row["project"] == own] == [2048]
    assert old(play, "PUT", "/os-hosts/host1", {"status": "disable"}, "admin") == {
        "host": "host1",
        "status": "disabled",
    }
    assert play.ask("PUT", "/os-hosts/host1", {"maintenance_mode": "enable"}, "admin", minor=1).code == 501
    assert play.ask("PUT", "/os-hosts/host9", {"status": "enable"}, "admin", minor=1).code == 404


def test_shares_are_none(play):
    server = play.create()
    assert play.ask("GET", f"/servers/{server}/shares", minor=97).body == {"shares": []}
    assert play.ask("GET", f"/servers/{server}/shares", minor=96).code == 404
    assert play.ask("POST", f"/servers/{server}/shares", {"share": {"share_id": NOWHERE}}, minor=97).code == 501
    assert play.ask("DELETE", f"/servers/{server}/shares/{NOWHERE}", minor=97).code == 404


def test_extensions(play):
    alias = old(play, "GET", "/extensions")["extensions"][0]["alias"]
    assert set(old(play, "GET", f"/extensions/{alias}")["extension"]) == {
        "alias",
        "name",
        "description",
        "links",
        "namespace",
        "updated",
    }
    assert play.ask("GET", "/extensions/nonsense").code == 404
