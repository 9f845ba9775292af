"""Attach, detach and update of volumes: what Nova refuses, and what the volume service shows meanwhile."""

from __future__ import annotations

import pytest

from novasim.records import Attachment, Server
from novasim.simulation.device_names import find_next_device
from tests.api.compute.servers.client import NOWHERE, ServerWithVolumes


@pytest.fixture
def play():
    return ServerWithVolumes()


def message(answer, code):
    assert answer.code == code, answer
    return next(iter(answer.body.values()))["message"]


class TestUpdate:
    @pytest.mark.parametrize(
        ("name", "value"), [("device", "/dev/vdz"), ("tag", "x"), ("id", NOWHERE), ("serverId", NOWHERE)]
    )
    def test_fixed_properties_do_not_change(self, play, name, value):
        volume = play.volume()
        play.attach(volume)
        answer = play.replace(volume, volume, delete_on_termination=True, **{name: value})
        assert message(answer, 400) == f"The {name} property is not mutable"
        assert play.attached()[0]["delete_on_termination"] is False

    def test_fixed_properties_may_be_named(self, play):
        volume = play.volume()
        play.attach(volume, tag="data")
        own = {"device": "/dev/vdb", "tag": "data", "id": volume, "serverId": play.web}
        assert play.replace(volume, volume, delete_on_termination="on", **own).code == 202
        assert play.attached()[0]["delete_on_termination"] is True

    def test_a_volume_that_is_not_attached_is_not_found(self, play):
        volume = play.volume()
        assert message(play.replace(volume, volume), 404) == f"No volume Block Device Mapping with id {volume}."

    @pytest.mark.parametrize(("action", "arguments"), [("lock", None), ("suspend", None), ("rescue", None)])
    def test_lock_and_state_do_not_matter(self, play, action, arguments):
        volume = play.volume()
        play.attach(volume)
        assert play.act(play.web, action, arguments).code in (200, 202)
        assert play.replace(volume, volume, delete_on_termination=True).code == 202


class TestSwap:
    NOT_MIGRATING = "volume {} is not migrating; this API should only be called by Cinder"

    @pytest.mark.parametrize("minor", [1, 84, 85, 96])
    def test_a_volume_that_does_not_migrate_is_not_replaced(self, play, minor):
        old, new = play.volume(), play.volume()
        play.attach(old)
        assert message(play.replace(old, new, "admin", minor), 409) == self.NOT_MIGRATING.format(old)
        assert [one["volumeId"] for one in play.attached()] == [old]
        assert (play.volume_status(old), play.volume_status(new)) == ("in-use", "available")

    def test_the_old_volume_is_looked_up_first(self, play):
        free = play.volume()
        assert message(play.replace(free, NOWHERE, "admin", 84), 409) == self.NOT_MIGRATING.format(free)
        assert message(play.replace(NOWHERE, free, "admin", 84), 404) == f"Volume {NOWHERE} could not be found."
        assert "No volume Block Device Mapping" in message(play.replace(free, NOWHERE, "admin", 85), 404)

    def test_the_lock_does_not_matter(self, play):
        volume = play.volume()
        play.attach(volume)
        play.act(play.web, "lock")
        assert message(play.replace(volume, volume, "admin", 84), 409) == self.NOT_MIGRATING.format(volume)


def reset_status(play, volume, status):
    path = f"/v3/{play.callers['admin'].project_id}/volumes/{volume}/action"
    assert play.ask("POST", path, {"os-reset_status": {"status": status}}, "admin", service="volume").code == 202


def detach(play, volume, server="", minor=96):
    return play.ask("DELETE", f"/servers/{server or play.web}/os-volume_attachments/{volume}", minor=minor)


def bring_down(play, server):
    host = play.server(server).host
    body = {"host": host, "binary": "nova-compute", "forced_down": True}
    assert play.ask("PUT", "/os-services/force-down", body, "admin", 52).code == 200


class TestDeviceNames:
    @pytest.mark.parametrize("device", ["/dev/vda", "/dev/vdb", "/dev/sdb", "/dev/xvdb", "/dev/vdb1"])
    def test_a_used_letter_is_refused(self, play, device):
        play.attach(play.volume())
        answer = play.attach(play.volume(), device=device)
        assert message(answer, 409) == f"The supplied device path ({device}) is in use."
        assert [one["device"] for one in play.attached()] == ["/dev/vdb"]

    @pytest.mark.parametrize("device", ["/dev/vdc", "/dev/sdc", "/dev/xvdc", "/dev/hdc"])
    def test_a_name_gets_the_prefix_of_the_root_disk(self, play, device):
        assert play.attach(play.volume(), device=device).body["volumeAttachment"]["device"] == "/dev/vdc"

    def test_the_first_free_letter_is_the_default(self, play):
        for device in ("/dev/vdc", None, None):
            play.attach(play.volume(), device=device)
        assert [one["device"] for one in play.attached()] == ["/dev/vdc", "/dev/vdb", "/dev/vdd"]

    def test_after_z_comes_aa(self, play):
        devices = [play.attach(play.volume(), minor=100).body["volumeAttachment"]["device"] for _ in range(10)]
        assert devices[-1] == "/dev/vdk"
        for letter in "lmnopqrstuvwxyz":
            with play.cloud.writing(is_request=False) as world:
                world.tx.put(Attachment(id=letter, server_id=play.web, device=f"/dev/vd{letter}"))
        with play.cloud.reading() as world:
            assert find_next_device(world, world.tx.get(Server, play.web)) == "/dev/vdaa"


class TestAttach:
    def test_the_server_is_checked_before_the_volume(self, play):
        play.act(play.web, "suspend")
        assert "while it is in vm_state suspended" in message(play.attach(NOWHERE), 409)
        play.act(play.web, "resume")
        assert message(play.attach(NOWHERE), 404) == f"Volume {NOWHERE} could not be found."

    @pytest.mark.parametrize("status", ["error", "attaching", "detaching", "maintenance", "reserved"])
    def test_a_volume_that_is_not_available(self, play, status):
        volume = play.volume()
        reset_status(play, volume, status)
        answer = play.attach(volume)
        assert f"status must be available or downloading to reserve, but the current status is {status}." in message(
            answer, 400
        )
        assert play.attached() == []

    def test_a_volume_reset_to_available_is_not_attached_twice(self, play):
        volume = play.volume()
        play.attach(volume)
        reset_status(play, volume, "available")
        words = f"Invalid volume: volume {volume} is already attached to instances: {play.web}"
        assert message(play.attach(volume, play.create("web2")), 400) == words

    @pytest.mark.parametrize("minor", [1, 59])
    def test_multiattach_volumes_need_2_60(self, play, minor):
        words = "Multiattach volumes are only supported starting with compute API version 2.60."
        assert message(play.attach(play.volume(multiattach=True), minor=minor), 400) == words

    def test_a_multiattach_volume_is_attached_once_to_a_server(self, play):
        volume = play.volume(multiattach=True)
        play.attach(volume)
        assert message(play.attach(volume), 400) == f"Invalid volume: volume {volume} already attached"

    def test_delete_on_termination_is_shown_as_requested(self, play):
        shown = play.attach(play.volume(), delete_on_termination="on").body["volumeAttachment"]
        assert shown["delete_on_termination"] == "on"
        assert play.attached()[0]["delete_on_termination"] is True


class TestOffloadedServer:
    @pytest.fixture(autouse=True)
    def offload(self, play):
        assert play.act(play.web, "shelve").code == 202
        assert play.state(play.web)[0] == "SHELVED_OFFLOADED"

    def test_gets_no_multiattach_volume(self, play):
        words = "Attaching multiattach volumes is not supported for shelved-offloaded instances."
        assert message(play.attach(play.volume(multiattach=True)), 400) == words

    def test_gets_no_tagged_volume(self, play):
        words = "Tagged volume attachment is not supported for shelved-offloaded instances."
        assert message(play.attach(play.volume(), tag="x"), 400) == words

    def test_gets_device_names_when_it_is_unshelved(self, play):
        volume = play.volume()
        assert play.attach(volume).body["volumeAttachment"]["device"] is None
        assert "device" not in play.attached()[0] and play.volume_status(volume) == "in-use"
        play.act(play.web, "unshelve")
        assert play.attached()[0]["device"] == "/dev/vdb"

    def test_loses_a_volume_in_any_status(self, play):
        volume = play.volume()
        play.attach(volume)
        reset_status(play, volume, "error")
        assert detach(play, volume).code == 202 and play.volume_status(volume) == "available"


class TestDetach:
    NOT_IN_USE = "Volume status must be 'in-use' and attach_status must be 'attached' to detach."

    @pytest.mark.parametrize("status", ["error", "maintenance", "attaching", "detaching", "reserved", "available"])
    def test_the_volume_is_in_use(self, play, status):
        volume = play.volume()
        play.attach(volume)
        reset_status(play, volume, status)
        words = message(detach(play, volume), 400)
        assert words.startswith("Invalid volume: ") and words.endswith(self.NOT_IN_USE)
        assert play.volume_status(volume) == status and len(play.attached()) == 1

    def test_the_host_is_up(self, play):
        volume = play.volume()
        play.attach(volume)
        bring_down(play, play.web)
        assert message(detach(play, volume), 409) == "Service is unavailable at this time."
        assert play.volume_status(volume) == "in-use"

    def test_the_host_is_checked_before_the_volume_and_after_the_state(self, play):
        volume = play.volume()
        play.attach(volume)
        reset_status(play, volume, "error")
        bring_down(play, play.web)
        assert message(detach(play, volume), 409) == "Service is unavailable at this time."
        assert message(detach(play, NOWHERE), 404) == f"Volume {NOWHERE} could not be found."
        assert message(detach(play, play.volume()), 404).startswith(f"Instance {play.web} is not attached to volume")


class TestActionsThatNeedVolumes:
    @pytest.mark.parametrize("status", ["error", "maintenance", "available", "reserved"])
    def test_every_volume_is_in_use(self, play, status):
        first, second = play.volume(), play.volume()
        for volume in (first, second):
            play.attach(volume)
        reset_status(play, second, status)
        words = f"Invalid volume: volume '{second}' status must be 'in-use'. Currently in '{status}' status"
        assert message(play.act(play.web, "rescue"), 409) == words
        assert message(play.act(play.web, "rebuild", {"imageRef": play.image}), 400) == words
        assert play.state(play.web) == ("ACTIVE", None)
        reset_status(play, second, "in-use")
        assert play.act(play.web, "rebuild", {"imageRef": play.image}).code == 202
        assert play.act(play.web, "rescue").code == 200


class TestSharedVolume:
    def test_is_in_use_while_a_server_is_connected(self, play):
        shared, second = play.volume(multiattach=True), play.create("web2")
        play.attach(shared)
        play.attach(shared, second)
        statuses = []
        for server, action in ((play.web, "shelve"), (second, "shelve"), (second, "unshelve")):
            assert play.act(server, action).code == 202
            statuses.append(play.volume_status(shared))
        for server in (second, play.web):
            assert play.ask("DELETE", f"/servers/{server}").code == 204
            statuses.append(play.volume_status(shared))
        assert statuses == ["in-use", "reserved", "in-use", "reserved", "available"]


class TestReservedVolume:
    @pytest.mark.parametrize(
        "action",
        [
            {"os-extend": {"new_size": 5}},
            {"os-retype": {"new_type": "standard"}},
            {"os-reserve": {}},
            {"os-begin_detaching": {}},
            {"os-volume_upload_image": {"image_name": "x"}},
        ],
    )
    def test_the_volume_service_refuses_actions(self, play, action):
        volume = play.volume()
        play.attach(volume)
        play.act(play.web, "shelve")
        assert play.volume_status(volume) == "reserved"
        path = f"/v3/{play.project}/volumes/{volume}"
        assert play.ask("POST", path + "/action", action, service="volume").code == 400
        assert play.ask("DELETE", path, service="volume").code == 400
        assert message(play.attach(volume, play.create("web2")), 400).endswith(f"to instances: {play.web}")
