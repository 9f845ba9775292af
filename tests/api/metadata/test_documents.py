"""The documents of the metadata service. Expectations follow Nova's user guide "Metadata" and its source."""

from __future__ import annotations

from base64 import b64decode

from novasim.records import Keypair, Server
from tests import each_case
from tests.api.metadata.reading import SCRIPT, read, read_json, read_lines
from tests.attack.isolation import PUBLIC_KEY
from tests.play import Play

FIELDS = (  # by version of meta_data.json: the fields that it adds
    ("2012-08-10", "uuid hostname name launch_index availability_zone"),
    ("2013-04-04", "random_seed"),
    ("2013-10-17", ""),
    ("2015-10-15", "project_id"),
    ("2016-06-30", "devices"),
    ("2016-10-06", ""),
    ("2017-02-22", ""),
    ("2018-08-27", ""),
    ("2020-10-14", "dedicated_cpus"),
    ("2025-04-04", ""),
)


def test_fields_of_meta_data_by_version(play, web1):
    expected = {"meta", "public_keys", "keys"}
    for version, added in FIELDS:
        expected |= set(added.split())
        assert read_json(play, web1, "meta_data.json", version).keys() == expected
    assert read_lines(play, web1, "openstack") == [*(version for version, _ in FIELDS), "latest"]


def test_meta_data_describes_the_server(play, web1):
    data = read_json(play, web1, "meta_data.json")
    assert len(b64decode(data.pop("random_seed"))) == 512
    assert data == {
        "uuid": web1,
        "name": "web1",
        "hostname": "web1.novalocal",
        "meta": {"role": "web"},
        "public_keys": {"mine": PUBLIC_KEY},
        "keys": [{"name": "mine", "type": "ssh", "data": PUBLIC_KEY}],
        "launch_index": 0,
        "availability_zone": "nova",
        "project_id": play.callers["demo"].project_id,
        "devices": [],
        "dedicated_cpus": [],
    }


def test_meta_data_has_no_empty_fields(play):
    data = read_json(play, play.create("plain"), "meta_data.json")
    assert not data.keys() & {"meta", "public_keys", "keys", "files", "admin_pass", "network_config"}


def test_the_random_seed_depends_on_the_server_and_the_seed_of_the_cloud():
    seeds = []
    for seed in (1, 1, 2):
        play = Play(seed=seed)
        seeds.append([read_json(play, play.create(), "meta_data.json")["random_seed"] for _ in range(2)])
    assert seeds[0] == seeds[1] != seeds[2]
    assert seeds[0][0] != seeds[0][1]


def test_a_deleted_key_pair_stays_in_the_metadata():
    play = Play()
    play.ask("POST", "/os-keypairs", {"keypair": {"name": "mine", "type": "ssh", "public_key": PUBLIC_KEY}})
    server = play.create(key_name="mine")
    assert play.ask("DELETE", "/os-keypairs/mine").code == 204
    assert read_json(play, server, "meta_data.json")["public_keys"] == {"mine": PUBLIC_KEY}
    rebuild = {"imageRef": play.image, "key_name": None}
    assert play.act(server, "rebuild", rebuild).code == 202
    assert "public_keys" not in read_json(play, server, "meta_data.json")


def test_a_server_of_an_older_file_has_the_key_pair_of_its_user():
    play = Play()
    server = play.create()
    with play.store.write() as tx:
        record = tx.get(Server, server)
        record.key_name = "old"
        fields = {"name": "old", "user_id": record.user_id, "public_key": PUBLIC_KEY, "fingerprint": ""}
        tx.put(Keypair(id=f"{record.user_id}/old", created_at=record.created_at, **fields))
        tx.put(record)
    assert read_json(play, server, "meta_data.json")["keys"][0]["data"] == PUBLIC_KEY


def test_tagged_devices_are_listed():
    play = Play()
    volume = {"boot_index": -1, "source_type": "blank", "destination_type": "volume", "volume_size": 1, "tag": "data"}
    boot = {"boot_index": 0, "source_type": "image", "destination_type": "local", "uuid": play.image}
    networks = [{"uuid": play.network}, {"uuid": play.network, "tag": "inner"}]
    server = play.create(networks=networks, block_device_mapping_v2=[boot, volume])
    disk, nic = read_json(play, server, "meta_data.json")["devices"]
    assert (disk["type"], disk["bus"], disk["tags"]) == ("disk", "pci", ["data"])
    attached = play.ask("GET", f"/servers/{server}/os-volume_attachments").body["volumeAttachments"]
    assert disk["serial"] == attached[0]["volumeId"]
    ports = play.ask("GET", f"/servers/{server}/os-interface").body["interfaceAttachments"]
    assert nic["mac"] == ports[1]["mac_addr"]
    assert (nic["type"], nic["tags"], nic["vf_trusted"]) == ("nic", ["inner"], False)
    assert disk["address"] != nic["address"]
    assert "vf_trusted" not in read_json(play, server, "meta_data.json", "2017-02-22")["devices"][1]


def test_dedicated_cpus_are_those_of_the_flavor():
    play = Play()
    flavor = {"flavor": {"id": "pinned", "name": "pinned", "vcpus": 2, "ram": 512, "disk": 1}}
    assert play.ask("POST", "/flavors", flavor, "admin").code == 200
    specs = {"extra_specs": {"hw:cpu_policy": "dedicated"}}
    assert play.ask("POST", "/flavors/pinned/os-extra_specs", specs, "admin").code == 200
    assert read_json(play, play.create(flavor="pinned"), "meta_data.json")["dedicated_cpus"] == [0, 1]


def test_the_domain_is_an_option():
    for domain, expected in (("example.com", "web1.example.com"), ("", "web1")):
        play = Play(dhcp_domain=domain)
        server = play.create()
        assert read_json(play, server, "meta_data.json")["hostname"] == expected
        assert read(play, server, "latest/meta-data/local-hostname").decode() == expected


def test_user_data_is_returned_byte_by_byte(play, web1):
    assert read(play, web1, "openstack/latest/user_data") == SCRIPT
    assert read(play, web1, "latest/user-data") == SCRIPT
    plain = play.create("without")
    for path in ("openstack/latest/user_data", "latest/user-data"):
        assert f"Server {plain} has no user data." in str(read(play, plain, path, code=404))
    assert "user_data" not in read_lines(play, plain, "openstack/latest")


def test_documents_by_version(play, web1):
    assert read_lines(play, web1, "openstack/2012-08-10") == ["meta_data.json", "user_data"]
    latest = "meta_data.json user_data password vendor_data.json network_data.json vendor_data2.json"
    assert read_lines(play, web1, "openstack/latest") == latest.split()
    read(play, web1, "openstack/2013-04-04/network_data.json", code=404)
    assert read_json(play, web1, "vendor_data.json") == {}
    assert read_json(play, web1, "vendor_data2.json") == {"static": {}}
    assert read(play, web1, "openstack/latest/password") == b""


def test_network_data_of_the_default_network(play, web1):
    (port,) = play.ask("GET", f"/servers/{web1}/os-interface").body["interfaceAttachments"]
    link = f"tap{port['port_id']}"[:14]
    common = {"link": link, "network_id": play.network}
    assert read_json(play, web1, "network_data.json") == {
        "links": [
            {
                "id": link,
                "vif_id": port["port_id"],
                "type": "ovs",
                "mtu": 1450,
                "ethernet_mac_address": port["mac_addr"],
            }
        ],
        "networks": [
            {"id": "network0", "type": "ipv4_dhcp", **common},
            {"id": "network1", "type": "ipv6_dhcp", **common},
        ],
        "services": [],
    }


def test_network_data_of_a_network_without_dhcp():
    play = Play()
    network = play.ask("POST", "/v2.0/networks", {"network": {"name": "n"}}, service="network").body["network"]["id"]
    for fields in (
        {
            "cidr": "192.0.2.0/25",
            "ip_version": 4,
            "enable_dhcp": False,
            "dns_nameservers": ["192.0.2.53"],
            "host_routes": [{"destination": "198.51.100.0/24", "nexthop": "192.0.2.9"}],
        },
        {"cidr": "2001:db8:1::/64", "ip_version": 6, "ipv6_address_mode": "slaac", "ipv6_ra_mode": "slaac"},
    ):
        body = {"subnet": {"network_id": network, **fields}}
        assert play.ask("POST", "/v2.0/subnets", body, service="network").code == 201
    server = play.create(networks=[{"uuid": network}])
    v4, v6 = read_json(play, server, "network_data.json")["networks"]
    dns = [{"type": "dns", "address": "192.0.2.53"}]
    assert (v4["type"], v4["ip_address"], v4["netmask"]) == ("ipv4", "192.0.2.2", "255.255.255.128")
    assert v4["services"] == dns == read_json(play, server, "network_data.json")["services"]
    assert v4["routes"] == [
        {"network": "0.0.0.0", "netmask": "0.0.0.0", "gateway": "192.0.2.1"},
        {"network": "198.51.100.0", "netmask": "255.255.255.0", "gateway": "192.0.2.9"},
    ]
    assert (v6["type"], v6["netmask"]) == ("ipv6_slaac", "ffff:ffff:ffff:ffff::")
    assert v6["routes"] == [{"network": "::", "netmask": "::", "gateway": "2001:db8:1::1"}]


def test_a_server_without_a_network_has_empty_network_data(play):
    server = play.create("alone", networks="none")
    assert read_json(play, server, "network_data.json") == {}


@each_case(
    "path",
    [
        *("openstack/2030-01-01", "openstack/latest/nothing", "openstack/latest/user_data/more", "2030-01-01"),
        *("latest/nothing", "latest/meta-data/nothing", "latest/meta-data/hostname/more", "1.0/meta-data/placement"),
        *("ec2/latest/meta-data/public-keys/1", "openstack/content/0000"),
    ],
)
def test_unknown_paths_are_not_found(play, web1, path):
    read(play, web1, path, code=404)


def test_only_members_of_the_project_and_administrators_may_read(play, web1):
    before = play.store.dump()
    codes = {
        who: play.ask("GET", f"/{web1}/openstack/latest/user_data", who=who, service="metadata").code
        for who in ("demo", "admin", "reader", "other")
    }
    assert codes == {"demo": 200, "admin": 200, "reader": 403, "other": 404}
    assert play.store.dump() == before


def test_members_post_the_password_of_a_guest():
    play = Play()
    server = play.create()
    path = f"/{server}/openstack/latest/password"
    before = play.store.dump()
    codes = [play.ask("POST", path, b"p", who, service="metadata").code for who in ("reader", "other")]
    assert codes == [403, 404]
    assert play.store.dump() == before
    assert play.ask("POST", path, b"p", service="metadata").code == 200
    assert read(play, server, "openstack/latest/password") == b"p"
    assert play.ask("POST", path, b"q", service="metadata").code == 409
