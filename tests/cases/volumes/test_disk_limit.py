"""
The option max_disk_devices_to_attach, and what is checked after the answer from microversion 2.101 on.

Source: nova/conf/compute.py; nova/compute/utils.py, check_max_disk_devices_to_attach; nova/conductor/manager.py,
attach_volume.
"""

from __future__ import annotations

import pytest

from novasim.control import options
from novasim.errors import UsageError
from tests.cases.public.world import Cases, refusal

TOO_MANY = "The maximum allowed number of disk devices (2) to attach to a single instance has been exceeded."


@pytest.fixture
def play():
    return Cases(max_disk_devices_to_attach=2)


def devices(play, count):
    blank = {"source_type": "blank", "destination_type": "volume", "boot_index": -1, "volume_size": 1}
    return [play.local(), *([blank] * count)]


def actions(play, server):
    return [
        each["action"] for each in play.ask("GET", f"/servers/{server}/os-instance-actions").body["instanceActions"]
    ]


class TestAttach:
    def test_one_more_than_allowed_is_refused(self, play):
        server, volume = play.create(), play.volume()
        assert play.attach(server, play.volume()).code == 200
        assert refusal(play.attach(server, volume), 403) == TOO_MANY
        assert play.status(volume) == "available"

    def test_it_comes_before_a_device_name_in_use(self, play):
        server = play.create()
        assert play.attach(server, play.volume()).code == 200
        assert refusal(play.attach(server, play.volume(), device="/dev/vdb"), 403) == TOO_MANY

    def test_from_2_101_on_it_is_accepted_and_has_no_effect(self, play):
        server, volume = play.create(), play.volume()
        assert play.attach(server, play.volume()).code == 200
        assert play.attach(server, volume, minor=101).code == 202
        assert play.status(volume) == "available"
        assert actions(play, server) == ["attach_volume", "create"]

    def test_a_server_on_no_host_has_no_limit_until_it_is_unshelved(self, play):
        server = play.off()
        for _ in range(3):
            assert play.attach(server, play.volume()).code == 200
        assert play.act(server, "unshelve").code == 202
        assert play.state(server) == ("SHELVED_OFFLOADED", None)
        assert play.server(server).fault["message"] == TOO_MANY

    def test_it_is_unlimited_by_default(self):
        play = Cases()
        server = play.create()
        assert all(play.attach(server, play.volume()).code == 200 for _ in range(5))


class TestBuilds:
    def test_a_new_server(self, play):
        assert play.state(play.server_of(block_device_mapping_v2=devices(play, 1)))[0] == "ACTIVE"
        server = play.server_of(block_device_mapping_v2=devices(play, 2))
        assert play.fault(server) == f"Build of instance {server} aborted: {TOO_MANY}"
        assert len(play.cinder("GET", "/volumes").body["volumes"]) == 1

    @pytest.fixture
    def full(self):
        """A server with three disks in a cloud that then allows two."""
        play = Cases()
        server = play.server_of(block_device_mapping_v2=devices(play, 2))
        options.set_option(play.cloud, "max_disk_devices_to_attach", "2")
        return play, server

    def test_rebuild(self, full):
        play, server = full
        assert play.act(server, "rebuild", {"imageRef": play.image}).code == 202
        assert play.fault(server) == TOO_MANY

    def test_evacuate(self, full):
        play, server = full
        host = play.server(server).host
        play.set_hosts(host, up=False)
        assert play.act(server, "evacuate", {}, "admin").code == 200
        assert (play.fault(server), play.server(server).host) == (TOO_MANY, host)

    def test_live_migrate(self, full):
        play, server = full
        host = play.server(server).host
        move = {"host": None, "block_migration": "auto"}
        assert play.act(server, "os-migrateLive", move, "admin").code == 202
        assert (play.state(server), play.server(server).host) == (("ACTIVE", None), host)
        (record,) = play.ask("GET", "/os-migrations", who="admin").body["migrations"]
        assert record["status"] == "error"

    def test_a_cold_migration_is_not_checked(self, full):
        play, server = full
        assert play.act(server, "migrate", None, "admin").code == 202
        assert play.state(server) == ("VERIFY_RESIZE", None)


@pytest.mark.parametrize(("text", "value"), [("-1", -1), ("1", 1), ("26", 26)])
def test_the_option(play, text, value):
    options.set_option(play.cloud, "max_disk_devices_to_attach", text)
    assert options.list_options(play.cloud)["max_disk_devices_to_attach"] == value


@pytest.mark.parametrize("text", ["0", "-2"])
def test_values_with_which_nova_does_not_start(play, text):
    with pytest.raises(UsageError, match="max_disk_devices_to_attach"):
        options.set_option(play.cloud, "max_disk_devices_to_attach", text)


class TestAfterTheAnswer:
    """From 2.101 on, the device name and the volume are checked by the conductor."""

    @pytest.fixture
    def play(self):
        return Cases()

    def test_a_device_name_in_use(self, play):
        server, volume = play.create(), play.volume()
        assert play.attach(server, play.volume(), device="/dev/vdb").code == 200
        assert play.attach(server, volume, minor=100, device="/dev/vdb").code == 409
        assert play.attach(server, volume, minor=101, device="/dev/vdb").code == 202
        assert (play.status(volume), actions(play, server)) == ("available", ["attach_volume", "create"])

    def test_a_volume_that_is_not_available(self, play):
        server, volume = play.create(), play.volume()
        path = f"/volumes/{volume}/action"
        assert play.cinder("POST", path, {"os-reset_status": {"status": "error"}}, "admin").code == 202
        assert play.attach(server, volume, minor=100).code == 400
        assert play.attach(server, volume, minor=101).code == 202
        assert (play.status(volume), actions(play, server)) == ("error", ["create"])

    def test_what_the_api_still_checks(self, play):
        server, volume = play.create(), play.volume()
        assert play.attach(server, volume, minor=101).code == 202
        assert "already attached" in refusal(play.attach(play.create("web2"), volume, minor=101), 400)
        unknown = "11111111-1111-4111-8111-111111111111"
        assert play.attach(server, unknown, minor=101).code == 404

    def test_a_server_on_no_host_is_checked_at_once(self, play):
        server, volume = play.off(), play.volume()
        path = f"/volumes/{volume}/action"
        assert play.cinder("POST", path, {"os-reset_status": {"status": "error"}}, "admin").code == 202
        assert play.attach(server, volume, minor=101).code == 400
