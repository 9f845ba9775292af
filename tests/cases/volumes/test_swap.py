"""
Swapping volumes: PUT os-volume_attachments with another volume, and volume migrations of the volume service.

Source: nova/api/openstack/compute/volume_attachments.py, _update_volume_swap; nova/compute/api.py, swap_volume;
nova/compute/manager.py, _swap_volume; Cinder, api/contrib/admin_actions.py and volume/api.py.
"""

from __future__ import annotations

import pytest

from novasim.control import faults
from novasim.records import Attachment, Volume
from tests.play import Play

NOT_MIGRATING = "volume {} is not migrating; this API should only be called by Cinder"


class SwapPlay(Play):
    """A server with a volume of 1 GiB whose last migration has failed, and a free one of 2 GiB."""

    def __init__(self, clock: str = "instant", migration_status: str | None = "error") -> None:
        super().__init__(clock)
        self.web1 = self.create()
        self.advance(60)
        self.old, self.new = self.volume(1), self.volume(2)
        body = {"volumeAttachment": {"volumeId": self.old, "device": "/dev/vdb", "delete_on_termination": True}}
        assert self.ask("POST", f"/servers/{self.web1}/os-volume_attachments", body).code == 200
        self.advance(60)
        if migration_status:
            self.reset(self.old, migration_status=migration_status)

    def volume(self, size=1, who="demo", **fields):
        answer = self.ask(
            "POST",
            f"/v3/{self.callers[who].project_id}/volumes",
            {"volume": {"size": size, **fields}},
            who,
            service="volume",
        )
        assert answer.code == 202, answer.body
        self.advance(60)
        return answer.body["volume"]["id"]

    def act_on(self, volume, key, arguments, who="admin", minor=60):
        path = f"/v3/{self.callers[who].project_id}/volumes/{volume}/action"
        return self.ask("POST", path, {key: arguments}, who, minor, service="volume")

    def reset(self, volume, **status):
        assert self.act_on(volume, "os-reset_status", status).code == 202

    def swap(self, old=None, new=None, who="admin", minor=84, **more):
        body = {"volumeAttachment": {"volumeId": new or self.new, **more}}
        return self.ask("PUT", f"/servers/{self.web1}/os-volume_attachments/{old or self.old}", body, who, minor)

    def refusal(self, **arguments):
        answer = self.swap(**arguments)
        return answer.code, next(iter(answer.body.values()))["message"]

    def shown(self, volume):
        view = self.ask(
            "GET", f"/v3/{self.callers['admin'].project_id}/volumes/{volume}", who="admin", service="volume"
        ).body["volume"]
        return view["status"], [entry["server_id"] for entry in view["attachments"]], view["migration_status"]

    def attached(self):
        found = self.ask("GET", f"/servers/{self.web1}/os-volume_attachments", minor=79).body["volumeAttachments"]
        return [(each["volumeId"], each["device"], each["delete_on_termination"]) for each in found]

    def log(self):
        path = f"/servers/{self.web1}/os-instance-actions"
        newest = self.ask("GET", path).body["instanceActions"][0]
        shown = self.ask("GET", f"{path}/{newest['request_id']}", who="admin").body["instanceAction"]
        return newest["action"], [(each["event"], each["result"]) for each in shown["events"]]


@pytest.fixture
def play():
    return SwapPlay()


class TestSwap:
    @pytest.mark.parametrize(("minor", "more"), [(1, {}), (84, {}), (85, {"delete_on_termination": True})])
    def test_the_new_volume_takes_the_place_of_the_old_one(self, play, minor, more):
        assert play.swap(minor=minor, **more).code == 202
        assert play.attached() == [(play.new, "/dev/vdb", True)]
        assert play.shown(play.new) == ("in-use", [play.web1], None)
        assert play.shown(play.old) == ("available", [], "error")
        assert play.log() == ("swap_volume", [("compute_swap_volume", "Success")])
        assert play.ask("DELETE", f"/servers/{play.web1}/os-volume_attachments/{play.new}").code == 202
        assert play.shown(play.new)[0] == "available"

    def test_it_takes_time(self):
        play = SwapPlay("manual")
        assert play.swap().code == 202
        assert (play.shown(play.old)[0], play.shown(play.new)[0]) == ("detaching", "reserved")
        assert play.attached()[0][0] == play.old
        assert play.log() == ("swap_volume", [("compute_swap_volume", None)])
        play.advance(60)
        assert (play.shown(play.old)[0], play.shown(play.new)[0]) == ("available", "in-use")

    def test_a_failure_on_the_host_leaves_the_old_volume(self, play):
        faults.add_fault(play.cloud, does="fail", action="swap-volume")
        assert play.swap().code == 202
        assert (play.shown(play.old)[0], play.shown(play.new)[0]) == ("in-use", "available")
        assert play.attached()[0][0] == play.old
        assert play.log() == ("swap_volume", [("compute_swap_volume", "Error")])

    def test_a_server_that_is_deleted_meanwhile_keeps_nothing(self):
        play = SwapPlay("manual")
        assert play.swap().code == 202
        assert play.ask("DELETE", f"/servers/{play.web1}").code == 204
        play.advance(60)
        assert play.shown(play.new) == ("available", [], None)
        assert play.all(Attachment) == []

    def test_a_migration_that_cinder_does_not_know(self):
        """Nova has swapped the volumes when Cinder refuses, and keeps its record of the old one."""
        play = SwapPlay(migration_status="migrating")
        assert play.swap().code == 202
        assert (play.shown(play.old)[0], play.shown(play.new)[0]) == ("available", "in-use")
        assert play.attached()[0][0] == play.old
        assert play.log() == ("swap_volume", [("compute_swap_volume", "Error")])
        assert "Destination volume not mid-migration." in play.server(play.web1).fault["message"]
        assert play.state(play.web1) == ("ACTIVE", None)

    @pytest.mark.parametrize("state", ["os-start", "pause", "resize"])
    def test_a_paused_or_resized_server(self, play, state):
        if state != "os-start":
            play.act(play.web1, state, {"flavorRef": "2"} if state == "resize" else None)
        assert play.swap().code == 202
        assert play.attached()[0][0] == play.new


class TestRefusals:
    def test_a_member_may_not(self, play):
        code, text = play.refusal(who="demo")
        assert (code, "os_compute_api:os-volumes-attachments:swap" in text) == (403, True)

    @pytest.mark.parametrize("status", ["none"])
    def test_a_volume_that_is_not_migrating(self, play, status):
        play.reset(play.old, migration_status=status)
        assert play.refusal() == (409, NOT_MIGRATING.format(play.old))

    def test_unknown_volumes(self, play):
        unknown = "11111111-1111-4111-8111-111111111111"
        assert play.refusal(old=unknown) == (404, f"Volume {unknown} could not be found.")
        assert play.refusal(new=unknown) == (400, f"Volume {unknown} could not be found.")
        assert play.refusal(old=unknown, minor=85)[0] == 404

    def test_a_locked_server(self, play):
        assert play.act(play.web1, "lock").code == 202
        assert play.swap().code == 202  # an administrator passes every lock

    @pytest.mark.parametrize("action", ["os-stop", "suspend", "shelve"])
    def test_states(self, play, action):
        assert play.act(play.web1, action).code == 202
        state = play.server(play.web1).vm_state
        text = f"Cannot 'swap_volume' instance {play.web1} while it is in vm_state {state}"
        assert play.refusal() == (409, text)
        assert play.shown(play.new)[0] == "available"

    def test_a_volume_of_another_server(self, play):
        foreign = play.volume()
        play.reset(foreign, migration_status="error")
        assert play.refusal(old=foreign) == (400, "Invalid volume: Old volume is attached to a different instance.")

    def test_a_new_volume_that_is_attached(self, play):
        body = {"volumeAttachment": {"volumeId": play.new}}
        assert play.ask("POST", f"/servers/{play.web1}/os-volume_attachments", body).code == 200
        assert play.refusal() == (400, "Invalid volume: New volume must be detached in order to swap.")
        assert play.refusal(new=play.old) == (400, "Invalid volume: New volume must be detached in order to swap.")

    def test_a_smaller_volume(self, play):
        small = play.volume(1)
        assert play.swap().code == 202
        play.reset(play.new, migration_status="success")
        text = "Invalid volume: New volume must be the same size or larger."
        assert play.refusal(old=play.new, new=small) == (400, text)

    def test_a_volume_that_is_not_in_use(self, play):
        play.reset(play.old, status="error")
        code, text = play.refusal()
        assert (code, "Volume status must be 'in-use'" in text) == (400, True)
        play.reset(play.old, migration_status="migrating")  # then Cinder begins to detach it in any status
        assert play.swap().code == 202

    def test_a_new_volume_that_is_not_available(self, play):
        play.reset(play.new, status="error")
        assert play.refusal()[0] == 400
        assert play.shown(play.old)[0] == "in-use"

    def test_a_new_volume_that_another_server_has_reserved(self, play):
        device = {"uuid": play.new, "source_type": "volume", "destination_type": "volume", "boot_index": -1}
        image = {"uuid": play.image, "source_type": "image", "destination_type": "local", "boot_index": 0}
        play.disable_host("host1")
        for name in ("host2", "host3"):
            play.disable_host(name)
        other = play.create("other", block_device_mapping_v2=[image, device])
        text = f"Invalid volume: volume {play.new} is already attached to instances: {other}"
        assert play.refusal() == (400, text)

    def test_a_multiattach_volume_of_two_servers(self, play):
        body = {"volume": {"size": 1, "multiattach": True}}
        shared = play.ask("POST", f"/v3/{play.callers['demo'].project_id}/volumes", body, service="volume").body[
            "volume"
        ]["id"]
        for server in (play.web1, play.create("web2")):
            attach = {"volumeAttachment": {"volumeId": shared}}
            assert play.ask("POST", f"/servers/{server}/os-volume_attachments", attach).code == 200
        play.reset(shared, migration_status="success")
        text = "Swapping multi-attach volumes with more than one read/write attachment is not supported."
        assert play.refusal(old=shared) == (400, text)


class TestVolumeService:
    def test_a_migration_status_is_shown_and_reset(self, play):
        assert play.shown(play.old)[2] == "error"
        play.reset(play.old, migration_status="None")
        assert play.shown(play.old)[2] is None
        assert play.act_on(play.old, "os-reset_status", {"migration_status": "x"}).code == 400

    @pytest.mark.parametrize(
        ("host", "text"),
        [
            ("elsewhere@lvm#pool", "Invalid host: No available service named 'elsewhere@lvm#pool'"),
            ("volumes@simulated#pool", "destination host/cluster must be different than the current one"),
        ],
    )
    def test_a_migration_needs_another_backend(self, play, host, text):
        answer = play.act_on(play.new, "os-migrate_volume", {"host": host})
        assert answer.code == 400 and text in answer.body["badRequest"]["message"]
        assert play.act_on(play.new, "os-migrate_volume", {"host": host}, "demo").code == 403

    def test_no_other_pool_is_found(self, play):
        assert play.act_on(play.new, "os-migrate_volume", {"host": "volumes@simulated#other"}).code == 202
        assert play.shown(play.new) == ("available", [], "error")

    def test_a_volume_that_is_migrating(self, play):
        play.reset(play.new, migration_status="migrating")
        assert play.act_on(play.new, "os-migrate_volume", {"host": "volumes@simulated#other"}).code == 400
        snapshot = {"snapshot": {"volume_id": play.new}}
        assert (
            play.ask("POST", f"/v3/{play.callers['demo'].project_id}/snapshots", snapshot, service="volume").code == 400
        )
        assert (
            play.ask("DELETE", f"/v3/{play.callers['demo'].project_id}/volumes/{play.new}", service="volume").code
            == 400
        )
        assert play.act_on(play.new, "os-force_delete", {}).code == 400
        play.reset(play.new, migration_status="success")
        assert (
            play.ask("DELETE", f"/v3/{play.callers['demo'].project_id}/volumes/{play.new}", service="volume").code
            == 202
        )

    @pytest.mark.parametrize(
        ("source", "target", "code", "text"),
        [
            ("none", "none", 200, ""),
            ("none", "error", 400, "Source volume not mid-migration."),
            ("migrating", "none", 400, "Destination volume not mid-migration."),
            ("migrating", "error", 400, "Destination has migration_status error, expected target:"),
        ],
    )
    def test_no_migration_can_be_completed(self, play, source, target, code, text):
        one, two = play.volume(), play.volume()
        for volume, status in ((one, source), (two, target)):
            play.reset(volume, migration_status=status)
        answer = play.act_on(one, "os-migrate_volume_completion", {"new_volume": two})
        assert answer.code == code
        assert answer.body == {"save_volume_id": two} if code == 200 else text in answer.body["badRequest"]["message"]
        assert len(play.all(Volume)) == 4
