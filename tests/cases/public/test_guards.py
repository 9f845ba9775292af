"""The guards of the public cases: what is right and easily broken by a rule that goes too far."""

from __future__ import annotations

import base64
import hashlib

import pytest

from novasim.control import faults
from tests.cases.public.test_w1_w2_keys_and_shelved_images import import_key, whole_keys
from tests.cases.public.world import Cases, refusal


@pytest.fixture
def play():
    return Cases()


def images(play):
    return {each["name"]: each for each in play.ask("GET", "/v2/images", service="image").body["images"]}


def make_flavor(play, **fields):
    body = {"name": "f", "id": "f", "ram": 512, "vcpus": 1, "disk": 1, **fields}
    assert play.ask("POST", "/flavors", {"flavor": body}, "admin").code == 200
    return "f"


def test_g1_a_whole_ed25519_key_with_its_md5(play):
    line = whole_keys()["ed25519"]
    keypair = import_key(play, line).body["keypair"]
    digest = hashlib.md5(base64.b64decode(line.split()[1])).hexdigest()
    assert keypair["fingerprint"].replace(":", "") == digest


def test_g1_unshelve_deletes_the_image_it_used(play):
    server = play.off()
    assert "web1-shelved" in images(play)
    assert play.act(server, "unshelve").code == 202
    assert "web1-shelved" not in images(play)


def test_g1_an_offloaded_server_refuses_metadata_and_early_attachments(play):
    server = play.off()
    assert play.ask("POST", f"/servers/{server}/metadata", {"metadata": {"a": "b"}}).code == 409
    assert play.attach(server, play.volume(), minor=19).code == 409
    assert play.attach(server, play.volume(), minor=20).code == 200


def test_g2_block_devices(play):
    root = play.image_to_volume()
    del root["volume_size"]
    assert play.ask_for_server(imageRef="", block_device_mapping_v2=[root]).code == 400
    data = play.vol(play.volume(), boot_index=None)
    assert play.ask_for_server(block_device_mapping_v2=[play.local(), data]).code == 202


class TestG3VolumeBacked:
    def test_rebuild_at_2_92(self, play):
        server = play.bfv("2", 5)
        assert play.act(server, "rebuild", {"imageRef": play.image}, minor=92).code == 202
        assert play.act(server, "rebuild", {"imageRef": play.deb}, minor=92).code == 400

    def test_resize_to_a_smaller_disk(self, play):
        assert play.act(play.bfv("2"), "resize", {"flavorRef": "1"}).code == 202

    def test_rescue_with_both_properties(self, play):
        image = play.act(play.create(), "createImage", {"name": "i"}).body["image_id"]
        properties = {"hw_rescue_device": "disk", "hw_rescue_bus": "virtio"}
        body = [{"op": "add", "path": f"/{name}", "value": value} for name, value in properties.items()]
        assert play.ask("PATCH", f"/v2/images/{image}", body, service="image").code == 200
        assert play.act(play.bfv(), "rescue", {"rescue_image_ref": image}, minor=87).code == 200

    def test_shelve_makes_no_image(self, play):
        before = set(images(play))
        assert play.act(play.bfv(), "shelve").code == 202
        assert set(images(play)) == before

    def test_a_flavor_without_a_disk(self, play):
        flavor = make_flavor(play, disk=0)
        assert play.state(play.bfv(flavor))[0] == "ACTIVE"
        assert play.ask_for_server(who="admin", flavorRef=flavor).code == 202
        assert play.act(play.create(), "resize", {"flavorRef": flavor}).code == 400


def test_g4_a_volume_of_an_offloaded_server_is_in_use(play):
    server, volume = play.off(), play.volume()
    assert play.attach(server, volume).code == 200
    assert play.status(volume) == "in-use"


def test_g4_a_volume_that_was_reset_is_not_attached_twice(play):
    volume = play.volume()
    assert play.attach(play.create(), volume).code == 200
    path = f"/volumes/{volume}/action"
    assert play.cinder("POST", path, {"os-reset_status": {"status": "available"}}, "admin").code == 202
    assert play.attach(play.create("web2"), volume).code == 400


def test_g4_cinder_does_not_delete_an_attachment_of_nova(play):
    volume = play.volume()
    assert play.attach(play.create(), volume).code == 200
    (entry,) = play.shown(volume)["attachments"]
    assert play.cinder("DELETE", f"/attachments/{entry['attachment_id']}").code == 409


def test_g5_an_update_with_the_own_device(play):
    server, volume = play.create(), play.volume()
    device = play.attach(server, volume, minor=96, device="/dev/vdb").body["volumeAttachment"]["device"]
    body = {"volumeAttachment": {"volumeId": volume, "device": device}}
    assert play.ask("PUT", f"/servers/{server}/os-volume_attachments/{volume}", body, minor=85).code == 202


def test_g6_rotation_counts_each_type(play):
    server = play.create()
    for name, kind in (("d1", "daily"), ("w1", "weekly"), ("d2", "daily")):
        backup = {"name": name, "backup_type": kind, "rotation": 1}
        assert play.act(server, "createBackup", backup).code == 202
    assert {"w1", "d2"} <= set(images(play)) and "d1" not in images(play)


class TestG7Moves:
    def test_evacuate_to_a_disabled_host(self, play):
        server = play.create(who="admin", host="host1")
        play.set_hosts("host2", disabled=True)
        play.set_hosts("host1", up=False)
        assert play.act(server, "evacuate", {"host": "host2"}, "admin").code == 200
        assert (play.state(server)[0], play.server(server).host) == ("ERROR", "host1")

    def test_evacuate_of_a_host_that_is_up(self, play):
        assert play.act(play.create(), "evacuate", {}, "admin").code == 400

    @pytest.mark.parametrize("action", ["os-stop", "pause", "suspend", "shelve", "migrate"])
    def test_a_live_migration_is_not_disturbed(self, action):
        play = Cases("manual")
        server = play.create()
        play.advance(60)
        move = {"host": None, "block_migration": "auto"}
        assert play.act(server, "os-migrateLive", move, "admin").code == 202
        assert play.act(server, action, None, "admin").code == 409


def test_g8_anti_affinity_of_several(play):
    body = {"server_group": {"name": "g", "policy": "anti-affinity"}}
    group = play.ask("POST", "/os-server-groups", body).body["server_group"]["id"]
    assert play.ask_for_server(min_count=3, hints={"group": group}).code == 202
    hosts = {play.server(each["id"]).host for each in play.ask("GET", "/servers").body["servers"]}
    assert hosts == {"host1", "host2", "host3"}


def test_g8_a_stopped_server_is_stopped_after_a_resize(play):
    server = play.create()
    for action, arguments in (("os-stop", None), ("resize", {"flavorRef": "2"}), ("confirmResize", None)):
        assert play.act(server, action, arguments).code in (202, 204)
    assert play.state(server) == ("SHUTOFF", None)


def test_g9_a_smaller_disk(play):
    assert play.act(play.create(flavor="2"), "resize", {"flavorRef": "1"}).code == 400
    server = play.create("web2")
    for action, arguments in (
        ("resize", {"flavorRef": "2"}),
        ("confirmResize", None),
        ("rebuild", {"imageRef": play.image}),
    ):
        assert play.act(server, action, arguments).code in (202, 204)
    assert play.act(server, "resize", {"flavorRef": "1"}).code == 400


def test_g10_ports(play):
    own = play.neutron("POST", "ports", {"port": {"network_id": play.network}}).body["port"]["id"]
    server = play.server_of(networks=[{"port": own}, {"uuid": play.network}])
    ports = [each["id"] for each in play.neutron("GET", "ports", device_id=server).body["ports"]]
    assert len(ports) == 2
    assert play.ask("DELETE", f"/servers/{server}").code == 204
    assert [play.neutron("GET", f"ports/{port}").code for port in sorted(ports, key=lambda id: id != own)] == [200, 404]


def test_g10_several_networks_and_none_named(play):
    network = play.neutron("POST", "networks", {"network": {"name": "n"}}).body["network"]["id"]
    body = {"subnet": {"network_id": network, "cidr": "198.51.100.0/29", "ip_version": 4}}
    assert play.neutron("POST", "subnets", body).code == 201
    assert play.ask_for_server(36).code == 409


def test_g11_free_extra_specs(play):
    path = f"/flavors/{make_flavor(play)}/os-extra_specs"
    assert play.ask("POST", path, {"extra_specs": {"hw:bogus": "1"}}, "admin", 85).code == 200
    assert play.ask("POST", path, {"extra_specs": {"mine:bogus": "1"}}, "admin", 86).code == 200


def test_g11_volumes(play):
    body = {"volume_type": {"name": "m", "extra_specs": {"multiattach": "True"}}}
    assert play.cinder("POST", "/types", body, "admin").code == 200
    volume = play.volume(volume_type="m")
    assert play.shown(volume)["multiattach"] is False
    assert play.attach(play.create(), volume).code == 200
    assert play.cinder("POST", "/snapshots", {"snapshot": {"volume_id": volume}}, minor=65).code == 400


def test_g12_a_host_name_keeps_latin_1(play):
    server = play.create("Zoë-日本-7")
    shown = play.ask("GET", f"/servers/{server}", who="admin").body["server"]
    assert shown["OS-EXT-SRV-ATTR:hostname"] == "zoë--7"


def test_g13_a_soft_deleted_server_counts_no_more():
    play = Cases(reclaim_instance_interval=3600)
    server = play.create()
    body = {"quota_set": {"instances": 1}}
    assert play.ask("PUT", f"/os-quota-sets/{play.project}", body, "admin").code == 200
    assert play.ask("DELETE", f"/servers/{server}").code == 204
    assert play.create("web2")
    assert "Quota exceeded" in refusal(play.act(server, "restore"), 403)


def test_g14_a_forced_host_is_not_rescheduled(play):
    faults.add_fault(play.cloud, name="spawn", times=1)
    server = play.create(who="admin", availability_zone="nova:host1")
    assert play.state(server)[0] == "ERROR"
