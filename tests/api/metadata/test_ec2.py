"""The EC2 tree of the metadata service. Expectations follow nova/api/metadata/base.py, get_ec2_metadata."""

from __future__ import annotations

import pytest

from tests.api.metadata.reading import read, read_lines
from tests.attack.isolation import PUBLIC_KEY
from tests.play import Play

EC2_VERSIONS = "1.0 2007-01-19 2007-03-01 2007-08-29 2007-10-10 2007-12-15 2008-02-01 2008-09-01 2009-04-04".split()


def test_the_ec2_tree_by_version(play, web1):
    assert read_lines(play, web1, "") == read_lines(play, web1, "ec2") == [*EC2_VERSIONS, "latest"]
    assert read_lines(play, web1, "latest") == ["meta-data/", "user-data"]
    first = "ami-id ami-launch-index ami-manifest-path hostname instance-id local-ipv4 public-keys/ reservation-id"
    assert read_lines(play, web1, "1.0/meta-data") == [*first.split(), "security-groups"]
    added = "local-hostname public-hostname public-ipv4 instance-type block-device-mapping/ placement/ instance-action"
    everything = sorted([*first.split(), "security-groups", *added.split()], key=lambda name: name.rstrip("/"))
    assert (
        read_lines(play, web1, "latest/meta-data") == read_lines(play, web1, "ec2/2009-04-04/meta-data") == everything
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("ami-launch-index", "0"),
        ("ami-manifest-path", "FIXME"),
        ("instance-id", "i-00000001"),
        ("instance-type", "m1.tiny"),
        ("instance-action", "none"),
        ("hostname", "web1.novalocal"),
        ("local-ipv4", "10.0.0.2"),
        ("public-ipv4", ""),
        ("security-groups", "default"),
        ("placement/availability-zone", "nova"),
        ("public-keys", "0=mine"),
        ("public-keys/0", "openssh-key"),
        ("public-keys/0/openssh-key", PUBLIC_KEY),
        ("block-device-mapping", "ami\nroot"),
        ("block-device-mapping/ami", "vda"),
        ("block-device-mapping/root", "/dev/vda"),
    ],
)
def test_items_of_the_ec2_tree(play, web1, path, expected):
    assert read(play, web1, f"latest/meta-data/{path}").decode() == expected


def test_disks_and_the_floating_ip_are_in_the_ec2_tree():
    play = Play()
    flavor = {"flavor": {"id": "f", "name": "f", "vcpus": 1, "ram": 512, "disk": 1, "swap": 64}}
    flavor["flavor"]["OS-FLV-EXT-DATA:ephemeral"] = 1
    assert play.ask("POST", "/flavors", flavor, "admin").code == 200
    boot = {"boot_index": 0, "source_type": "image", "destination_type": "volume", "volume_size": 1}
    server = play.create(flavor="f", block_device_mapping_v2=[boot | {"uuid": play.image}], imageRef="")
    devices = {
        name: read(play, server, f"latest/meta-data/block-device-mapping/{name}").decode()
        for name in read_lines(play, server, "latest/meta-data/block-device-mapping")
    }
    assert devices.pop("ebs0") == devices.pop("root") == "/dev/vda"
    assert devices == {"ami": "vda", "ephemeral0": "/dev/vdb", "swap": "/dev/vdc"}
    assert read(play, server, "latest/meta-data/ami-id") == b"None"
    public = play.find_id("network", "/v2.0/networks", "networks", "public")
    (port,) = play.ask("GET", f"/servers/{server}/os-interface").body["interfaceAttachments"]
    body = {"floatingip": {"floating_network_id": public, "port_id": port["port_id"]}}
    address = play.ask("POST", "/v2.0/floatingips", body, service="network").body["floatingip"]["floating_ip_address"]
    assert read(play, server, "latest/meta-data/public-ipv4").decode() == address
