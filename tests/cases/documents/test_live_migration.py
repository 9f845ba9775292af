"""
Hosts that do not match in a live migration: block_migration and shared storage, migrate_max_retries.

Source: api-ref "Live-Migrate Server (os-migrateLive Action)".
"""

from __future__ import annotations

import pytest

from novasim.control import hosts
from tests.play import Play

LOCAL = "host1 is not on shared storage: Shared storage live-migration requires"
SHARED = "host1 is not on local storage: Block migration can not be used with shared storage."
RETRIES = "Exceeded maximum number of retries. Exceeded max scheduling retries 1 for instance"


def set_both(play, **values):
    for name in ("host1", "host2"):
        hosts.change_host(play.cloud, name, **values)


def migrate(play, id, block_migration="auto", minor=96, host="host2"):
    body = {"host": host, "block_migration": block_migration}
    body |= {"disk_over_commit": False} if minor < 25 else {}
    return play.act(id, "os-migrateLive", body, "admin", minor)


@pytest.fixture
def play():
    return Play()


@pytest.fixture
def web1(play):
    return play.create(who="admin", host="host1")


@pytest.mark.parametrize(
    ("shared", "block_migration", "succeeds"),
    [
        (True, True, False),
        (False, False, False),
        (True, False, True),
        (False, True, True),
        (True, "auto", True),
        (False, "auto", True),
        (None, True, True),
        (None, False, True),
    ],
)
def test_block_migration_has_to_match_the_storage(play, web1, shared, block_migration, succeeds):
    set_both(play, shared_storage=shared)
    assert migrate(play, web1, block_migration).code == 202
    assert play.server(web1).host == ("host2" if succeeds else "host1")
    (record,) = play.ask("GET", "/os-migrations", who="admin").body["migrations"]
    assert record["status"] == ("completed" if succeeds else "error")
    assert play.state(web1) == ("ACTIVE", None)


@pytest.mark.parametrize(("shared", "message"), [(True, SHARED), (False, LOCAL)])
def test_it_is_checked_before_the_answer_up_to_2_33(play, web1, shared, message):
    set_both(play, shared_storage=shared)
    answer = migrate(play, web1, shared, minor=33)
    assert answer.code == 400
    assert answer.body["badRequest"]["message"].startswith(message)
    assert migrate(play, web1, not shared, minor=24).code == 202


def test_a_volume_without_local_disks_is_shared(play):
    device = {"uuid": play.image, "source_type": "image", "destination_type": "volume", "boot_index": 0}
    devices = [device | {"volume_size": 2}]
    id = play.create(who="admin", host="host1", imageRef="", block_device_mapping_v2=devices)
    set_both(play, shared_storage=False)
    migrate(play, id, False)
    assert play.server(id).host == "host2"


@pytest.mark.parametrize(("most", "target"), [(-1, "host3"), (0, "host1"), (1, "host3")])
def test_hosts_are_tried_up_to_migrate_max_retries(most, target):
    play = Play(migrate_max_retries=most, weight_classes=[])
    id = play.create(who="admin", host="host1")
    hosts.change_host(play.cloud, "host2", hypervisor_version=1)
    assert migrate(play, id, host=None).code == 202
    assert play.server(id).host == target


def test_too_many_retries_up_to_2_33():
    play = Play(migrate_max_retries=0, weight_classes=[])
    id = play.create(who="admin", host="host1")
    hosts.change_host(play.cloud, "host2", hypervisor_version=1)
    assert migrate(play, id, host=None, minor=33).body["badRequest"]["message"].startswith(RETRIES)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"hypervisor_type": "VMware"}, "The supplied hypervisor type of is invalid."),
        ({"hypervisor_version": 1}, "The instance requires a newer hypervisor version than has been provided."),
    ],
)
def test_forced_host_with_another_hypervisor(play, web1, values, message):
    hosts.change_host(play.cloud, "host2", **values)
    assert migrate(play, web1, False, minor=24).body["badRequest"]["message"] == message
