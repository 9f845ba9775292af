"""The command create: its options, its output and its errors."""

from __future__ import annotations

import base64
import json

import pytest


def test_server_has_the_requested_attributes(user, tmp_path):
    (tmp_path / "init.sh").write_bytes(b"#!/bin/sh\n\xff")
    user(f"keypair create key --private-key {tmp_path}/key.pem")
    user("security-group create web")
    port = user("port create p1 --network private -q").stdout.strip()
    user(
        "create web1 --flavor m1.tiny --image cirros --nic net-id=private,v4-fixed-ip=10.0.0.77 --port p1 "
        f"--key-name key --security-group web --user-data {tmp_path}/init.sh --property role=web --property a=b=c "
        "--availability-zone nova --config-drive --description 'the first' --hostname host-1 --tag prod --tag web "
        "--trusted-image-cert cert-1"
    )
    server = json.loads(user("--as admin show web1 -f json").stdout)
    attributes = {key.rpartition(":")[2]: value for key, value in server.items()}
    assert attributes["metadata"] == {"role": "web", "a": "b=c"}
    assert (attributes["key_name"], attributes["description"], attributes["hostname"]) == ("key", "the first", "host-1")
    assert (attributes["config_drive"], attributes["availability_zone"], sorted(attributes["tags"])) == (
        "True",
        "nova",
        ["prod", "web"],
    )
    assert base64.b64decode(attributes["user_data"]) == b"#!/bin/sh\n\xff"
    assert attributes["trusted_image_certificates"] == ["cert-1"]
    addresses = [entry["addr"] for entry in attributes["addresses"]["private"]]
    assert "10.0.0.77" in addresses and len(addresses) == 3
    assert json.loads(user(f"port show {port} -f json").stdout)["device_id"] == attributes["id"]


def test_networks_are_given_in_every_form(user):
    assert user.create("none", "--nic none")["addresses"] == {}
    for number, words in enumerate(("", "--network auto", "--nic private", "--nic net-name=private")):
        assert "private" in user.create(f"web{number}", words)["addresses"]
    user("create bad --flavor m1.tiny --image cirros --nic auto --nic private", 2)
    user("create bad --flavor m1.tiny --image cirros --nic network=private", 2)
    user("create bad --flavor m1.tiny --image cirros --nic net-id=missing", 3)


@pytest.mark.parametrize(
    ("words", "volumes"),
    [
        ("--image cirros --boot-from-volume 3", 1),
        ("--volume data", 1),
        ("--image cirros --block-device source_type=blank,destination_type=volume,volume_size=1", 1),
        ("--image cirros --block-device-mapping vdb=data", 1),
        ("--image cirros --block-device-mapping /dev/vdb=cirros:image:2:true", 1),
        ("--image cirros", 0),
    ],
)
def test_disks(user, words, volumes):
    user("volume create data --size 2 --image cirros")
    server = json.loads(user(f"create web1 --flavor m1.tiny {words} -f json").stdout)
    assert server["status"] == "ACTIVE"
    assert len(server["os-extended-volumes:volumes_attached"]) == volumes
    assert (server["image"] == "") == ("--image cirros" not in words or "--boot" in words)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("", 6),
        ("--boot-from-volume 3", 2),
        ("--image cirros --volume data", 2),
        ("--image cirros --boot-from-volume 3 --volume data", 2),
        ("--image cirros --boot-from-volume 0", 2),
        ("--volume missing", 3),
        ("--image cirros --block-device nonsense", 2),
        ("--image cirros --block-device-mapping nonsense", 2),
        ("--image cirros --block-device-mapping vdb=data:tape", 2),
        ("--image cirros --block-device-mapping vdb=data:volume:1:true:more", 2),
        ("--image cirros --count 0", 6),
        ("--image cirros --count -1", 6),
        ("--image cirros --min 3 --max 2", 6),
        ("--image cirros --count 11", 5),
        ("--image cirros --host host1", 5),
        ("--image cirros --key-name missing", 6),
        ("--image cirros --hint group=missing", 6),
        ("--image cirros --security-group missing", 6),
        ("--image cirros --availability-zone missing", 6),
    ],
)
def test_invalid_options_create_no_server(user, words, code):
    user("volume create data --size 2")
    before = user.path.read_bytes()
    output = user(f"create web1 --flavor m1.tiny {words}", code).stderr
    assert output.startswith("novasim: ")
    assert user.path.read_bytes() == before


def test_all_servers_of_one_request_are_shown(user):
    ids = user("create web --flavor m1.tiny --image cirros --count 3 -q").stdout.split()
    assert sorted(ids) == sorted(user.ids())
    assert user.names("list --sort name:asc") == ["web-1", "web-2", "web-3"]
    output = user("create db --flavor m1.tiny --image cirros --min 1 --max 40 --wait").stdout
    assert output.count("db-") == 7  # as many as the quota of ten lets through


def test_each_of_several_names_is_tried(user):
    user("--as admin quota set demo --instances 2")
    done = user("create a b c d --flavor m1.tiny --image cirros -f value -c name", 5)
    assert done.stdout.split() == ["a", "b"]
    assert done.stderr.count("Quota exceeded") == 2 and "novasim quota show" in done.stderr


def test_administrators_choose_the_host(user):
    for words in ("--host host2", "--hypervisor-hostname host2", "--availability-zone nova:host2"):
        line = f"--as admin create web1 --flavor m1.tiny --image cirros {words} -f value -c OS-EXT-SRV-ATTR:host"
        assert user(line).stdout == "host2\n"


def test_an_older_microversion_gets_an_older_request(user):
    user("--api-version 2.1 create web1 --flavor m1.tiny --image cirros")
    output = user("--api-version 2.36 --show-request create web2 --flavor m1.tiny --image cirros").stderr
    assert '"networks"' not in output
    assert '"networks": "auto"' in user("--show-request create web3 --flavor m1.tiny --image cirros").stderr
    assert user.names("--api-version 2.1 list --sort name") == ["web1", "web2", "web3"]
    assert "m1.tiny" in user("--api-version 2.46 list").stdout


def test_repeated_hint_becomes_a_list(user):
    one, two = user.create("one")["id"], user.create("two")["id"]
    output = user(
        f"--show-request create three --flavor m1.tiny --image cirros --hint different_host={one} "
        f"--hint different_host={two} --hint query=[]"
    ).stderr
    assert f'"different_host": ["{one}", "{two}"], "query": "[]"' in output
