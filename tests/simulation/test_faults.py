"""Injected faults: kinds, criteria, and the states after failures."""

from __future__ import annotations

import pytest

from novasim.control import faults
from novasim.errors import NotFound, UsageError
from novasim.records import Allocation, Attachment, Image, Migration, Port, Volume
from tests import each_case
from tests.play import Play
from tests.simulation.hosts.helpers import assert_usage_is_exact, usage


def add(play: Play, name: str | None = None, **fields) -> dict:
    return faults.add_fault(play.cloud, name=name, **fields)


class TestKinds:
    def test_refuse_with_a_code_a_number_of_times(self, play, web1):
        add(play, does="refuse", action="stop", code=503, message="Try again later.", times=2)
        for _ in range(2):
            refused = play.act(web1, "os-stop")
            assert (refused.code, str(refused.fault)) == (503, "Try again later.")
        assert play.act(web1, "os-stop").code == 202

    def test_requests_that_nova_refuses_do_not_count(self, play, web1):
        add(play, does="refuse", action="start", code=503, times=1)
        assert play.act(web1, "os-start").code == 409
        assert faults.list_faults(play.cloud)[0]["times"] == 1

    def test_stuck_phases_continue_when_the_fault_is_removed(self, play):
        fault = add(play, does="stuck", action="create", phase="networking")
        server = play.create()
        play.advance(10_000)
        assert play.state(server) == ("BUILD", "networking")
        faults.remove_faults(play.cloud, fault["id"])
        play.advance(0.1)
        assert play.state(server) == ("BUILD", "networking")  # the phase still takes its time
        play.advance(60)
        assert play.state(server) == ("ACTIVE", None)

    def test_stuck_with_an_instant_clock(self):
        play = Play("instant")
        add(play, does="stuck", action="create", phase="spawning")
        assert play.state(play.create()) == ("BUILD", "spawning")

    def test_slow_phases(self, play):
        add(play, does="slow", action="create", factor=100)
        server = play.create()
        play.advance(60)
        assert play.state(server)[0] == "BUILD"
        play.advance(600)
        assert play.state(server) == ("ACTIVE", None)

    def test_lost_messages(self, play, web1):
        add(play, does="lose", action="stop", times=1)
        assert play.act(web1, "os-stop").code == 202
        play.advance(10_000)
        assert play.state(web1) == ("ACTIVE", "powering-off")
        assert play.act(web1, "os-resetState", {"state": "active"}, "admin").code == 202
        assert play.act(web1, "os-stop").code == 202
        play.advance(60)
        assert play.state(web1) == ("SHUTOFF", None)

    def test_host_crash(self, play, web1):
        add(play, "host-crash", action="reboot", times=1)
        play.act(web1, "reboot", {"type": "SOFT"})
        play.advance(60)
        host = play.server(web1).host
        services = play.ask("GET", "/os-services", who="admin").body["services"]
        assert {each["host"]: each["state"] for each in services}[host] == "down"
        assert play.state(web1)[1] is not None

    def test_fail_with_a_message_in_server_and_log(self, play, web1):
        add(play, action="suspend", does="fail", message="The guest does not answer.")
        play.act(web1, "suspend")
        play.advance(60)
        assert play.state(web1) == ("ERROR", None)
        fault = play.ask("GET", f"/servers/{web1}", who="admin").body["server"]["fault"]
        assert fault["code"] == 500
        assert fault["message"] == "The guest does not answer."
        assert fault["details"]
        entry = play.ask("GET", f"/servers/{web1}/os-instance-actions").body["instanceActions"][0]
        path = f"/servers/{web1}/os-instance-actions/{entry['request_id']}"
        event = play.ask("GET", path, who="admin").body["instanceAction"]["events"][-1]
        assert event["result"] == "Error"
        assert "Traceback" in event["traceback"]


class TestCriteria:
    @pytest.mark.parametrize(
        ("criteria", "is_triggered"),
        [
            ({"server": "web*"}, True),
            ({"server": "db*"}, False),
            ({"flavor": "m1.tiny"}, True),
            ({"flavor": "2"}, False),
            ({"image": "cirros"}, True),
            ({"image": "debian-12"}, False),
            ({"project": "demo"}, True),
            ({"project": "admin"}, False),
            ({"host": "host1"}, True),
            ({"host": "host2"}, False),
            ({"action": "stop"}, True),
            ({"action": "start"}, False),
            ({"phase": "powering-off"}, True),
            ({"phase": "powering-on"}, False),
            ({"since": 0.0}, True),
            ({"since": 9e9}, False),
            ({"until": 9e9}, True),
            ({"until": 1.0}, False),
            ({"probability": 1e-12}, False),
        ],
    )
    def test_only_matching_servers_trigger_a_fault(self, play, web1, criteria, is_triggered):
        add(play, does="fail", message="broken", **criteria)
        play.act(web1, "os-stop")
        play.advance(60)
        assert play.state(web1) == (("ACTIVE", None) if is_triggered else ("SHUTOFF", None))
        assert faults.list_faults(play.cloud)[0]["triggered"] == int(is_triggered)

    def test_probability_is_seeded(self):
        def game(seed: int) -> list[str]:
            play = Play("instant", seed=seed, max_attempts=1)
            add(play, "spawn", probability=0.5)
            return [play.state(play.create(f"s{number}", who="admin"))[0] for number in range(9)]

        assert game(3) == game(3)
        assert {"ACTIVE", "ERROR"} == set(game(3)) | set(game(4))

    def test_only_the_first_matching_fault_is_triggered(self, play, web1):
        add(play, does="fail", message="one", times=1)
        add(play, does="fail", message="two", times=1)
        play.act(web1, "os-stop")
        play.advance(60)
        assert play.server(web1).fault["message"] == "one"
        assert [each["triggered"] for each in faults.list_faults(play.cloud)] == [1, 0]

    def test_reading_triggers_no_fault(self):
        play = Play("manual", max_attempts=1)
        add(play, "spawn", times=1)
        server = play.create()
        with play.cloud.writing(is_request=False) as world:
            world.settings.sim_anchor += 60  # time passes, and nobody has written yet
            world.tx.put(world.settings)
        for _ in range(3):
            assert play.state(server) == ("ERROR", None)
        assert play.server(server).fault


RESIZE = ("resize", {"flavorRef": "2"})
AFTERWARDS = [
    # fault, action, its end: status; the host is another; migration's status. Source: nova/compute/manager.py.
    ({"action": "resize", "phase": "resize_prep"}, RESIZE, "ACTIVE", False, None),
    ({"action": "resize", "phase": "resize_migrating"}, RESIZE, "ERROR", False, "error"),
    ({"name": "resize-disk-full"}, RESIZE, "ERROR", True, "error"),
    (
        {"name": "live-migration-abort"},
        ("os-migrateLive", {"host": None, "block_migration": "auto"}),
        "ACTIVE",
        False,
        None,
    ),
    ({"name": "shelve-upload"}, ("shelve", None), "ACTIVE", False, None),
    ({"action": "stop"}, ("os-stop", None), "ACTIVE", False, None),
    ({"action": "reboot"}, ("reboot", {"type": "SOFT"}), "ERROR", False, None),
    ({"action": "hard-reboot"}, ("reboot", {"type": "HARD"}), "ERROR", False, None),
    ({"action": "pause"}, ("pause", None), "ACTIVE", False, None),
    ({"action": "suspend"}, ("suspend", None), "ERROR", False, None),
    ({"action": "rescue"}, ("rescue", None), "ERROR", False, None),
    ({"action": "create-image"}, ("createImage", {"name": "snap"}), "ACTIVE", False, None),
    ({"action": "rebuild", "phase": "rebuild_spawning"}, ("rebuild", {"imageRef": None}), "ERROR", False, None),
]


@pytest.mark.parametrize(("fault", "action", "status", "moved", "migration"), AFTERWARDS)
def test_state_after_a_failure(play, web1, fault, action, status, moved, migration):
    images, before = len(play.all(Image)), play.server(web1).host
    wanted = {"does": "fail", "message": "broken"} if "name" not in fault else {}
    add(play, **{"name": None, **fault}, **wanted)
    key, arguments = action
    if key == "rebuild":
        arguments = {"imageRef": play.image}
    who = "admin" if key == "os-migrateLive" else "demo"
    assert play.act(web1, key, arguments, who).code < 300
    play.advance(120)
    assert play.state(web1) == (status, None)
    assert (play.server(web1).host != before) is moved
    assert play.server(web1).flavor["id"] == "1"
    assert len(play.all(Image)) == images
    assert_usage_is_exact(play)
    assert [held.consumer for held in play.all(Allocation)] == [web1]
    if migration:
        assert [move.status for move in play.all(Migration)] == [migration]


class TestPredefined:
    def test_no_valid_host(self, play):
        add(play, "no-valid-host", times=1)
        server = play.create()
        play.advance(60)
        assert play.state(server) == ("ERROR", None)
        assert play.server(server).fault["message"].startswith("No valid host was found.")
        assert not play.all(Allocation)
        assert not play.all(Port)

    def test_a_volume_that_failed_to_attach_is_available(self, play, web1):
        project = play.callers["demo"].project_id
        made = play.ask("POST", f"/v3/{project}/volumes", {"volume": {"size": 1}}, service="volume").body["volume"]
        add(play, "volume-attach", times=1)
        attach = {"volumeAttachment": {"volumeId": made["id"]}}
        assert play.ask("POST", f"/servers/{web1}/os-volume_attachments", attach).code == 200
        play.advance(60)
        assert [volume.status for volume in play.all(Volume)] == ["available"]
        assert not play.all(Attachment)
        assert play.state(web1) == ("ACTIVE", None)
        assert play.ask("POST", f"/servers/{web1}/os-volume_attachments", attach).code == 200
        play.advance(60)
        assert [volume.status for volume in play.all(Volume)] == ["in-use"]

    @pytest.mark.parametrize("name", sorted(faults.PREDEFINED))
    def test_each_predefined_fault_is_added_listed_and_removed(self, play, name):
        add(play, name)
        assert [each["name"] for each in faults.list_faults(play.cloud)] == [name]
        faults.remove_faults(play.cloud, name)
        assert faults.list_faults(play.cloud) == []

    def test_clear_removes_all_faults(self, play, web1):
        add(play, does="stuck", action="stop")
        add(play, "spawn")
        play.act(web1, "os-stop")
        faults.clear_faults(play.cloud)
        play.advance(60)
        assert play.state(web1) == ("SHUTOFF", None)
        with pytest.raises(NotFound):
            faults.remove_faults(play.cloud, "1")


@each_case(
    ("fields", "error"),
    [
        ({}, UsageError),
        ({"does": "explode"}, UsageError),
        ({"does": "stuck", "action": "fly"}, UsageError),
        ({"does": "stuck", "phase": "flying"}, UsageError),
        ({"does": "stuck", "action": "stop", "phase": "spawning"}, UsageError),
        ({"does": "refuse"}, UsageError),
        ({"does": "refuse", "code": 200}, UsageError),
        ({"does": "stuck", "probability": 0.0}, UsageError),
        ({"does": "stuck", "probability": 1.5}, UsageError),
        ({"does": "stuck", "probability": float("nan")}, UsageError),
        ({"does": "stuck", "times": 0}, UsageError),
        ({"does": "stuck", "times": -3}, UsageError),
        ({"does": "slow"}, UsageError),
        ({"does": "slow", "factor": -1.0}, UsageError),
        ({"does": "slow", "factor": float("inf")}, UsageError),
        ({"does": "stuck", "since": 2.0, "until": 1.0}, UsageError),
        ({"does": "stuck", "host": "nope"}, NotFound),
        ({"does": "stuck", "image": "nope"}, NotFound),
        ({"does": "stuck", "flavor": "nope"}, NotFound),
        ({"does": "stuck", "project": "nope"}, NotFound),
        ({"does": "fail", "message": "x" * 300}, UsageError),
    ],
)
def test_invalid_faults_are_refused(play, fields, error):
    before = play.store.dump()
    with pytest.raises(error):
        faults.add_fault(play.cloud, **fields)
    assert play.store.dump() == before


def test_usage_matches_the_claims(play, web1):
    assert sum(used[0] for used in usage(play).values()) == 1
