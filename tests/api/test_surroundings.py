"""What surrounds a server: the shapes of Nova's, Glance's, Neutron's and Cinder's own answers."""

from __future__ import annotations

import base64
import shutil
import subprocess

import pytest

from tests.play import Play


@pytest.fixture
def play():
    return Play()


def flavor_keys(play: Play, minor: int) -> set[str]:
    return set(play.ask("GET", "/flavors/1", minor=minor).body["flavor"])


def test_a_flavor_shows_what_its_microversion_says(play):
    oldest = {
        "id",
        "name",
        "ram",
        "disk",
        "swap",
        "vcpus",
        "links",
        "OS-FLV-EXT-DATA:ephemeral",
        "rxtx_factor",
        "os-flavor-access:is_public",
        "OS-FLV-DISABLED:disabled",
    }
    assert flavor_keys(play, 1) == oldest
    assert flavor_keys(play, 55) == oldest | {"description"}
    assert flavor_keys(play, 61) == oldest | {"description", "extra_specs"}
    gone = {"rxtx_factor", "OS-FLV-DISABLED:disabled"}
    assert flavor_keys(play, 102) == (oldest | {"description", "extra_specs"}) - gone
    assert play.ask("GET", "/flavors/1", minor=74).body["flavor"]["swap"] == ""
    assert play.ask("GET", "/flavors/1", minor=75).body["flavor"]["swap"] == 0


def test_a_private_flavor_is_there_for_whom_it_is_given_to(play):
    body = {
        "flavor": {"id": "p", "name": "private", "ram": 64, "vcpus": 1, "disk": 0, "os-flavor-access:is_public": False}
    }
    assert play.ask("POST", "/flavors", body).code == 403
    assert play.ask("POST", "/flavors", body, "admin").code == 200
    assert play.ask("POST", "/flavors", body, "admin").code == 409
    assert play.ask("GET", "/flavors/p").code == 404
    access = {"addTenantAccess": {"tenant": play.callers["demo"].project_id}}
    assert play.ask("POST", "/flavors/p/action", access, "admin").code == 200
    assert play.ask("POST", "/flavors/p/action", access, "admin").code == 409
    assert play.ask("GET", "/flavors/p").code == 200
    nobody = play.ask("POST", "/flavors/p/action", {"addTenantAccess": {"tenant": "nope"}}, "admin")
    assert (nobody.code, nobody.body["badRequest"]["message"]) == (400, "Project ID nope is not a valid project.")
    assert play.ask("POST", "/flavors/1/action", access, "admin", minor=7).code == 409
    assert play.ask("DELETE", "/flavors/p", None, "admin").code == 202


def test_extra_specs(play):
    path = "/flavors/1/os-extra_specs"
    specs = {"extra_specs": {"hw:cpu_policy": "shared"}}
    assert play.ask("POST", path, specs).code == 403
    assert play.ask("POST", path, specs, "admin").body == specs
    assert play.ask("GET", path).body == specs
    assert play.ask("GET", path + "/hw:cpu_policy").body == {"hw:cpu_policy": "shared"}
    assert play.ask("PUT", path + "/hw:cpu_policy", {"other": "x"}, "admin").code == 400
    assert play.ask("DELETE", path + "/hw:cpu_policy", None, "admin").code == 200
    assert play.ask("GET", path + "/hw:cpu_policy").code == 404


def test_a_made_key_pair_is_a_real_one(play, tmp_path):
    answer = play.ask("POST", "/os-keypairs", {"keypair": {"name": "k"}}, minor=60)
    assert answer.code == 201
    key = answer.body["keypair"]
    if shutil.which("ssh-keygen"):
        path = tmp_path / "key"
        path.write_text(key["private_key"], "ascii")
        path.chmod(0o600)
        shown = subprocess.run(["ssh-keygen", "-y", "-f", path], capture_output=True, text=True, check=True).stdout
        assert shown.split()[:2] == key["public_key"].split()[:2]
    assert play.ask("POST", "/os-keypairs", {"keypair": {"name": "k"}}, minor=60).code == 409
    assert "private_key" not in play.ask("GET", "/os-keypairs/k").body["keypair"]
    assert play.ask("GET", "/os-keypairs/k", who="other").code == 404
    assert play.ask("DELETE", "/os-keypairs/k").code == 204


def test_key_pairs_are_only_imported_from_2_92(play):
    assert play.ask("POST", "/os-keypairs", {"keypair": {"name": "k"}}, minor=92).code == 400


@pytest.mark.parametrize(
    "key", ["nonsense", "ssh-rsa !!!", "ssh-rsa " + base64.b64encode(b"short").decode(), "ssh-rsa"]
)
def test_a_bad_key_is_refused(play, key):
    assert play.ask("POST", "/os-keypairs", {"keypair": {"name": "k", "public_key": key}}, minor=60).code == 400


def test_server_groups(play):
    body = {"server_group": {"name": "g", "policy": "anti-affinity", "rules": {"max_server_per_host": 2}}}
    group = play.ask("POST", "/os-server-groups", body).body["server_group"]
    assert set(group) == {"id", "name", "policy", "rules", "members", "project_id", "user_id"}
    old = play.ask("GET", f"/os-server-groups/{group['id']}", minor=12).body["server_group"]
    assert set(old) == {"id", "name", "policies", "members", "metadata"}
    assert play.ask("GET", f"/os-server-groups/{group['id']}", who="other").code == 404
    body["server_group"] |= {"policy": "affinity"}
    assert play.ask("POST", "/os-server-groups", body).code == 400
    assert play.ask("DELETE", f"/os-server-groups/{group['id']}").code == 204


def test_a_quota_is_enforced_and_shown(play):
    project = play.callers["demo"].project_id
    assert play.ask("PUT", f"/os-quota-sets/{project}", {"quota_set": {"instances": 1}}).code == 403
    assert play.ask("PUT", f"/os-quota-sets/{project}", {"quota_set": {"instances": 1}}, "admin").code == 200
    play.create()
    body = {"name": "b", "flavorRef": "1", "imageRef": play.image, "networks": "none"}
    refusal = play.ask("POST", "/servers", {"server": body})
    assert refusal.code == 403
    assert refusal.body["forbidden"]["message"] == (
        "Quota exceeded for instances: Requested 1, but already used 1 of 1 instances"
    )
    detail = play.ask("GET", f"/os-quota-sets/{project}/detail").body["quota_set"]
    assert detail["instances"] == {"in_use": 1, "limit": 1, "reserved": 0}
    absolute = play.ask("GET", "/limits").body["limits"]["absolute"]
    assert (absolute["maxTotalInstances"], absolute["totalInstancesUsed"]) == (1, 1)
    assert play.ask("PUT", f"/os-quota-sets/{project}", {"quota_set": {"instances": 0}}, "admin").code == 400
    assert play.ask("DELETE", f"/os-quota-sets/{project}", None, "admin").code == 202


def test_limits_lose_names_with_the_microversions(play):
    def names(minor: int) -> set[str]:
        return set(play.ask("GET", "/limits", minor=minor).body["limits"]["absolute"])

    assert names(1) - names(36) == {
        "maxTotalFloatingIps",
        "maxSecurityGroups",
        "maxSecurityGroupRules",
        "totalFloatingIpsUsed",
        "totalSecurityGroupsUsed",
    }
    assert names(38) - names(39) == {"maxImageMeta"}
    assert names(56) - names(57) == {"maxPersonality", "maxPersonalitySize"}


def test_zones(play):
    zones = play.ask("GET", "/os-availability-zone").body["availabilityZoneInfo"]
    assert zones == [{"zoneName": "nova", "zoneState": {"available": True}, "hosts": None}]
    assert play.ask("GET", "/os-availability-zone/detail").code == 403
    detail = play.ask("GET", "/os-availability-zone/detail", who="admin").body["availabilityZoneInfo"]
    assert [zone["zoneName"] for zone in detail] == ["internal", "nova"]


def test_an_image_from_its_making_to_its_end(play):
    def ask(*request, **more):
        return play.ask(*request, **more, service="image")

    formats = {"disk_format": "raw", "container_format": "bare"}
    made = ask("POST", "/v2/images", {"name": "mine", "os_distro": "debian", **formats})
    path = f"/v2/images/{made.body['id']}"
    assert (made.code, made.body["status"], made.body["os_distro"]) == (201, "queued", "debian")
    assert ask("PUT", path + "/file", b"abc").code == 204
    assert (ask("GET", path).body["status"], ask("GET", path).body["size"]) == ("active", 3)
    assert ask("GET", path, who="other").code == 404
    patch = [{"op": "replace", "path": "/protected", "value": True}, {"op": "add", "path": "/note", "value": "x"}]
    assert ask("PATCH", path, patch).body["note"] == "x"
    assert ask("PATCH", path, [{"op": "replace", "path": "/visibility", "value": "public"}]).code == 403
    assert ask("DELETE", path).code == 403
    ask("PATCH", path, [{"op": "replace", "path": "/protected", "value": False}])
    assert ask("DELETE", path).code == 204
    assert ask("GET", path).code == 404


def test_a_snapshot_appears_among_the_images_and_makes_a_server(play):
    server = play.create()
    image = play.act(server, "createImage", {"name": "snap"}).body["image_id"]
    view = play.ask("GET", f"/v2/images/{image}", service="image").body
    assert (view["status"], view["image_type"], view["instance_uuid"]) == ("active", "snapshot", server)
    assert play.ask("GET", f"/servers/{play.create('copy', imageRef=image)}").body["server"]["status"] == "ACTIVE"


def test_backups_rotate(play):
    server = play.create()
    for number in range(4):
        play.act(server, "createBackup", {"name": f"b{number}", "backup_type": "daily", "rotation": 2})
    images = play.ask("GET", "/v2/images", service="image").body["images"]
    assert sorted(i["name"] for i in images if i.get("image_type") == "backup") == ["b2", "b3"]


def test_a_floating_address_shows_in_the_server(play):
    def ask(*request, **more):
        return play.ask(*request, **more, service="network")

    server = play.create()
    public = play.find_id("network", "/v2.0/networks", "networks", "public")
    port = next(p for p in ask("GET", "/v2.0/ports").body["ports"] if p["device_id"] == server)
    body = {"floatingip": {"floating_network_id": public, "port_id": port["id"]}}
    floating = ask("POST", "/v2.0/floatingips", body).body["floatingip"]
    shown = play.ask("GET", f"/servers/{server}").body["server"]["addresses"]["private"]
    assert floating["floating_ip_address"] in [
        entry["addr"] for entry in shown if entry["OS-EXT-IPS:type"] == "floating"
    ]
    assert ask("POST", "/v2.0/floatingips", {"floatingip": {"floating_network_id": play.network}}).code == 400
    play.ask("DELETE", f"/servers/{server}")
    assert ask("GET", f"/v2.0/floatingips/{floating['id']}").body["floatingip"]["port_id"] is None


def test_networks_guard_what_is_in_use(play):
    def ask(*request, **more):
        return play.ask(*request, **more, service="network")

    network = ask("POST", "/v2.0/networks", {"network": {"name": "own"}}).body["network"]["id"]
    subnet = {"subnet": {"network_id": network, "cidr": "10.9.0.0/28"}}
    assert ask("POST", "/v2.0/subnets", subnet).code == 201
    assert ask("POST", "/v2.0/subnets", subnet).code == 400
    assert ask("POST", "/v2.0/subnets", {"subnet": {"network_id": network, "cidr": "nonsense"}}).code == 400
    port = ask("POST", "/v2.0/ports", {"port": {"network_id": network}}).body["port"]
    assert port["fixed_ips"][0]["ip_address"] == "10.9.0.2"
    again = {"port": {"network_id": network, "fixed_ips": [{"ip_address": "10.9.0.2"}]}}
    assert ask("POST", "/v2.0/ports", again).code == 409
    assert ask("DELETE", f"/v2.0/networks/{network}").code == 409
    assert ask("GET", f"/v2.0/networks/{network}", who="other").code == 404
    assert ask("DELETE", f"/v2.0/ports/{port['id']}").code == 204
    assert ask("DELETE", f"/v2.0/networks/{network}").code == 204


def test_a_full_subnet_gives_freed_addresses_again_and_then_refuses(play):
    network = play.ask("POST", "/v2.0/networks", {"network": {"name": "n"}}, service="network").body["network"]["id"]
    play.ask("POST", "/v2.0/subnets", {"subnet": {"network_id": network, "cidr": "10.9.0.0/29"}}, service="network")
    body = {"port": {"network_id": network}}
    ports = [play.ask("POST", "/v2.0/ports", body, service="network").body["port"] for _ in range(5)]
    assert play.ask("POST", "/v2.0/ports", body, service="network").code == 409
    play.ask("DELETE", f"/v2.0/ports/{ports[2]['id']}", service="network")
    again = play.ask("POST", "/v2.0/ports", body, service="network").body["port"]
    assert again["fixed_ips"][0]["ip_address"] == ports[2]["fixed_ips"][0]["ip_address"]


def test_security_groups(play):
    def ask(*request, **more):
        return play.ask(*request, **more, service="network")

    group = ask("POST", "/v2.0/security-groups", {"security_group": {"name": "web"}}).body["security_group"]
    rule = {"security_group_rule": {"security_group_id": group["id"], "direction": "ingress", "protocol": "tcp"}}
    assert ask("POST", "/v2.0/security-group-rules", rule).code == 201
    assert ask("POST", "/v2.0/security-group-rules", rule).code == 409
    server = play.create(security_groups=[{"name": "web"}])
    assert play.ask("GET", f"/servers/{server}").body["server"]["security_groups"] == [{"name": "web"}]
    assert ask("DELETE", f"/v2.0/security-groups/{group['id']}").code == 409
    default = next(g for g in ask("GET", "/v2.0/security-groups").body["security_groups"] if g["name"] == "default")
    assert ask("DELETE", f"/v2.0/security-groups/{default['id']}").code == 409


def test_a_volume_from_its_making_to_its_end(play):
    base = f"/v3/{play.callers['demo'].project_id}"

    def ask(method, path, body=None, who="demo"):
        return play.ask(method, base + path, body, who, service="volume")

    volume = ask("POST", "/volumes", {"volume": {"size": 2, "name": "data"}}).body["volume"]["id"]
    server = play.create()
    attach = {"volumeAttachment": {"volumeId": volume}}
    assert play.ask("POST", f"/servers/{server}/os-volume_attachments", attach).code == 200
    assert ask("GET", f"/volumes/{volume}").body["volume"]["status"] == "in-use"
    assert play.ask("POST", f"/servers/{server}/os-volume_attachments", attach).code == 400
    assert ask("DELETE", f"/volumes/{volume}").code == 400
    assert play.ask("DELETE", f"/servers/{server}/os-volume_attachments/{volume}").code == 202
    assert ask("GET", f"/volumes/{volume}").body["volume"]["attachments"] == []
    assert ask("POST", f"/volumes/{volume}/action", {"os-extend": {"new_size": 1}}).code == 400
    assert ask("POST", f"/volumes/{volume}/action", {"os-extend": {"new_size": 5}}).code == 202
    assert ask("POST", f"/volumes/{volume}/action", {"os-migrate_volume": {}}).code == 501
    snapshot = ask("POST", "/snapshots", {"snapshot": {"volume_id": volume}}).body["snapshot"]["id"]
    assert ask("DELETE", f"/volumes/{volume}").code == 400
    assert ask("DELETE", f"/snapshots/{snapshot}").code == 202
    assert ask("GET", f"/volumes/{volume}", who="other").code == 404
    assert ask("DELETE", f"/volumes/{volume}").code == 202


def test_a_server_that_boots_from_a_volume(play):
    device = {
        "uuid": play.image,
        "source_type": "image",
        "destination_type": "volume",
        "boot_index": 0,
        "volume_size": 4,
        "delete_on_termination": True,
    }
    body = {"name": "v", "flavorRef": "1", "networks": "none", "block_device_mapping_v2": [device]}
    server = play.ask("POST", "/servers", {"server": body}).body["server"]["id"]
    view = play.ask("GET", f"/servers/{server}").body["server"]
    assert (view["status"], view["image"]) == ("ACTIVE", "")
    (attached,) = view["os-extended-volumes:volumes_attached"]
    path = f"/v3/{play.callers['demo'].project_id}/volumes/{attached['id']}"
    assert play.ask("GET", path, service="volume").body["volume"]["volume_image_metadata"]["image_id"] == play.image
    assert play.act(server, "createBackup", {"name": "b", "backup_type": "d", "rotation": 1}).code == 400
    assert play.act(server, "shelve").code == 202
    assert play.state(server) == ("SHELVED_OFFLOADED", None)
    play.ask("DELETE", f"/servers/{server}")
    assert play.ask("GET", path, service="volume").code == 404


@pytest.mark.parametrize(
    ("device", "text"),
    [
        (
            {
                "source_type": "volume",
                "destination_type": "volume",
                "uuid": "1" * 8 + "-1111-4111-8111-" + "1" * 12,
                "boot_index": 0,
            },
            "failed to get volume",
        ),
        ({"source_type": "blank", "destination_type": "volume", "boot_index": 0}, "non-zero size"),
        ({"source_type": "image", "destination_type": "volume", "boot_index": 0}, "non-zero size"),
        ({"source_type": "blank", "destination_type": "volume", "volume_size": 1, "boot_index": 2}, "boot"),
    ],
)
def test_impossible_block_devices_are_refused(play, device, text):
    if device["source_type"] == "image":
        device = device | {"uuid": play.image}
    body = {"name": "v", "flavorRef": "1", "networks": "none", "block_device_mapping_v2": [device]}
    answer = play.ask("POST", "/servers", {"server": body})
    assert answer.code == 400
    assert text in answer.body["badRequest"]["message"]


LOCAL = {"source_type": "blank", "destination_type": "local", "boot_index": -1}


@pytest.mark.parametrize(
    ("devices", "refusal"),
    [
        ([{"guest_format": "swap", "volume_size": 64}], ""),
        ([{"guest_format": "swap", "volume_size": 65}], "Swap drive requested is larger"),
        ([{"guest_format": "swap"}, {"guest_format": "swap"}], "More than one swap drive"),
        ([{"volume_size": "2"}, {"volume_size": 3}, {"guest_format": "swap", "volume_size": 10}], ""),
        ([{"volume_size": 2}, {"volume_size": 4}], "Ephemeral disks requested are larger"),
        ([{"guest_format": "ext4"}], ""),
        ([{"guest_format": "ext4"}, {"volume_size": 1}], "Ephemeral disks requested are larger"),
    ],
)
def test_swap_and_ephemeral_disks_are_what_the_flavor_allows(play, devices, refusal):
    flavor = {"id": "f", "name": "f", "ram": 64, "vcpus": 1, "disk": 1, "swap": 64, "OS-FLV-EXT-DATA:ephemeral": 5}
    assert play.ask("POST", "/flavors", {"flavor": flavor}, "admin").code == 200
    root = {"source_type": "image", "destination_type": "local", "boot_index": 0, "uuid": play.image}
    body = {
        "name": "v",
        "flavorRef": "f",
        "imageRef": play.image,
        "networks": "none",
        "block_device_mapping_v2": [root, *(LOCAL | device for device in devices)],
    }
    answer = play.ask("POST", "/servers", {"server": body})
    assert answer.code == (400 if refusal else 202), answer.body
    assert not refusal or refusal in answer.body["badRequest"]["message"]


def test_many_servers_of_one_request(play):
    body = {
        "name": "w",
        "flavorRef": "1",
        "imageRef": play.image,
        "networks": "auto",
        "min_count": 2,
        "max_count": 99,
        "return_reservation_id": True,
    }
    answer = play.ask("POST", "/servers", {"server": body})
    servers = play.ask("GET", "/servers/detail").body["servers"]
    assert set(answer.body) == {"reservation_id"}
    assert sorted(server["name"] for server in servers) == sorted(f"w-{n}" for n in range(1, 11))
    admin = play.ask("GET", f"/servers/{servers[0]['id']}", who="admin").body["server"]
    assert admin["OS-EXT-SRV-ATTR:reservation_id"] == answer.body["reservation_id"]
