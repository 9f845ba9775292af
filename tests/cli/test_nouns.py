"""The nouns: one row in RESOURCES and one module each."""

from __future__ import annotations

import json

import pytest
import yaml

from novasim import Cloud
from novasim.api.resources import RESOURCES, find_items, list_items
from novasim.cli.catalog import CATALOG
from novasim.errors import NotFound
from tests import each_case

ENTRIES = {name: entry for _, commands in CATALOG for name, entry in commands.items()}
CREATE = """
    aggregate           --as admin aggregate create a1
    flavor              --as admin flavor create f1 --private
    floating-ip         floating-ip create public
    image               image create i1
    keypair             keypair create k1
    network             network create n1
    port                port create p1 --network private
    project             --as admin project create p1
    role                --as admin role create r1
    router              router create r1
    security-group      security-group create g1
    security-group-rule security-group-rule create default --protocol icmp
    server-group        server-group create g1
    subnet              --as admin subnet create s1 --network private --range 192.0.2.0/24
    user                --as admin user create u1
    volume              volume create v1 --size 1
    volume-snapshot     volume-snapshot create s1 --volume v1
"""
CREATED = dict(line.split(maxsplit=1) for line in CREATE.strip().splitlines())
LISTED = """
    availability-zone flavor floating-ip image keypair network port router security-group security-group-rule
    server-group subnet volume volume-snapshot
""".split()
AS_ADMIN = {"aggregate", "flavor", "project", "role", "subnet", "user"}


@each_case("noun", sorted(set(RESOURCES) - {"server"}))
def test_every_resource_has_a_command_in_a_module_of_its_name(noun):
    module = noun.replace("-", "_")
    folder = "control" if noun == "host" else f"nouns.{RESOURCES[noun].service}"
    assert ENTRIES[noun].target == f"{folder}.{module}:{module}"


def test_every_resource_that_can_be_created_is_tested():
    assert set(RESOURCES) - set(CREATED) == {"availability-zone", "host", "server"}


@pytest.mark.parametrize("noun", sorted(CREATED))
def test_a_resource_is_listed_shown_and_deleted_by_name_and_id(user, noun):
    if noun == "volume-snapshot":
        user(CREATED["volume"])
    item = json.loads(user(f"{CREATED[noun]} -f json").stdout)
    caller = "--as admin " if noun in AS_ADMIN else ""
    name, id = (str(item[key]) for key in (RESOURCES[noun].name_key, RESOURCES[noun].id_key))
    if noun != "flavor":  # Nova lists private flavors only on request
        assert id in user.ids(f"{caller}{noun} list")
    if noun != "role":
        shown = [json.loads(user(f"{caller}{noun} show {word} -f json").stdout) for word in (name, id)]
        assert shown[0] == shown[1]
    user(f"{caller}{noun} delete {name}")
    assert id not in user.ids(f"{caller}{noun} list")


@each_case("noun", sorted(RESOURCES))
def test_a_row_finds_by_name_and_by_id_what_it_lists(noun):
    cloud, resource = Cloud.in_memory(seed=1), RESOURCES[noun]
    cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
    for item in list_items(cloud.as_("admin"), resource, resource.admin_query):
        if name := item[resource.name_key]:
            assert item[resource.id_key] in {
                found[resource.id_key] for found in find_items(cloud.as_("admin"), resource, str(name))
            }
        assert find_items(cloud.as_("admin"), resource, str(item[resource.id_key])) == [item]


def test_the_library_finds_for_an_administrator_what_a_command_finds():
    cloud = Cloud.in_memory(seed=1)
    web1 = cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
    admin = cloud.as_("admin")
    body = {"name": "f1", "vcpus": 1, "ram": 64, "disk": 0, "os-flavor-access:is_public": False}
    private = admin.request("POST", "/flavors", {"flavor": body}).body["flavor"]["id"]
    assert admin.id_of("flavor", "f1") == private
    assert admin.servers.get("web1").id == web1.id
    with pytest.raises(NotFound):
        cloud.id_of("flavor", "f1")


def test_set_without_a_change_is_refused(user):
    assert "Nothing to set; see: novasim network set --help" in user("network set private", 2).stderr


def test_nouns_are_created_changed_and_deleted(user):
    user("--as admin flavor create tiny2 --ram 64 --disk 1")
    assert "tiny2" in user("flavor list").stdout
    user("flavor create tiny3", 5)
    assert len(user("--as admin flavor create tiny4 --id auto -q").stdout.strip()) == 36  # as OpenStack's client
    user("image create mine")
    user("keypair create key")
    user("network create own --subnet 10.5.0.0/24")
    user("subnet create more --network own --range 10.6.0.0/24")
    user("port create p1 --network own")
    user("router create r1 --external public")
    user("security-group create web")
    user("security-group-rule create web --protocol tcp --dst-port 80:81")
    user("server-group create group --policy affinity")
    user("volume create data --size 2")
    user("volume-snapshot create snap --volume data")
    for noun in LISTED:
        user(f"{noun} list")
        yaml.safe_load(user(f"{noun} list -f yaml").stdout)
    for noun, name in (
        ("flavor", "m1.tiny"),
        ("image", "mine"),
        ("network", "own"),
        ("volume", "data"),
        ("port", "p1"),
        ("router", "r1"),
        ("subnet", "more"),
        ("keypair", "key"),
        ("security-group", "web"),
        ("server-group", "group"),
    ):
        assert user(f"{noun} show {name}").stdout
    user("--as admin flavor set tiny2 --property hw:cpu_policy=shared --description small")
    assert user.json("flavor show tiny2")["extra_specs"] == {"hw:cpu_policy": "shared"}
    user("image set mine --protected --property os_distro=debian")
    user("image delete mine", 5)
    user("image set mine --unprotected --min-ram 64")
    for noun, name in (
        ("volume", "data"),
        ("network", "own"),
        ("port", "p1"),
        ("router", "r1"),
        ("subnet", "more"),
        ("security-group", "web"),
        ("volume-snapshot", "snap"),
    ):
        assert user.json(f"{noun} set {name} --description changed")["description"] == "changed"
    user("volume delete data", 6)
    user("volume-snapshot delete snap")
    user("volume delete data missing", 3)
    user("quota show")
    user("--as admin quota set demo --instances 3")
    assert user.json("limits show")["maxTotalInstances"] == 3


def test_an_image_whose_name_has_a_colon(user):
    user("image create debian:13 --min-disk 1")
    assert "debian:13" in user("image show debian:13 -f value").stdout
    user("image show debian:14", 3)


def test_administrator_corrects_the_status_of_a_volume_as_the_remedy_says(user):
    user("--as admin volume set data --state detaching", 3)
    user("volume create data --size 1")
    user.create("web1")
    user("attach-volume web1 data")
    user("volume set data --state detaching", 5)
    assert user.json("--as admin volume set data --state detaching --description d")["description"] == "d"
    refusal = user("detach-volume web1 data", 6).stderr
    remedy = "--as admin volume set VOLUME --state in-use"
    assert f"novasim {remedy}" in refusal
    assert user.json(f"{remedy.replace('VOLUME', 'data')}")["status"] == "in-use"
    user("detach-volume web1 data")
