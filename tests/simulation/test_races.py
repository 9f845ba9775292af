"""Requests while a task runs are accepted or refused as the table says; a cancelled or failed task is undone."""

from __future__ import annotations

import copy

import pytest

from novasim.control import faults, hosts
from novasim.lifecycle.actions import ACTIONS
from novasim.records import Allocation, Attachment, Image, Migration, Port, Server, Task, Volume
from tests import part
from tests.play import Play
from tests.simulation.hosts.helpers import assert_usage_is_exact
from tests.worlds import copy_store, open_cloud

STOP, RESIZE, SHELVE, PAUSE = ("os-stop", None), ("resize", {"flavorRef": "2"}), ("shelve", None), ("pause", None)
SUSPEND, RESCUE, DELETE = ("suspend", None), ("rescue", None), ("delete", None)
LIVE = ("os-migrateLive", {"host": None, "block_migration": "auto"})
# How an action is asked for, and what has to come before it.
ASKED = {
    "create": ([], None),
    "delete": ([], DELETE),
    "force-delete": ([], ("forceDelete", None)),
    "start": ([STOP], ("os-start", None)),
    "stop": ([], STOP),
    "reboot": ([], ("reboot", {"type": "SOFT"})),
    "hard-reboot": ([], ("reboot", {"type": "HARD"})),
    "pause": ([], PAUSE),
    "unpause": ([PAUSE], ("unpause", None)),
    "suspend": ([], SUSPEND),
    "resume": ([SUSPEND], ("resume", None)),
    "rescue": ([], RESCUE),
    "unrescue": ([RESCUE], ("unrescue", None)),
    "resize": ([], RESIZE),
    "revert-resize": ([RESIZE], ("revertResize", None)),
    "migrate": ([], ("migrate", None)),
    "live-migrate": ([], LIVE),
    "rebuild": ([], ("rebuild", {"imageRef": "IMAGE"})),
    "evacuate": ([("down", None)], ("evacuate", {})),
    "shelve": ([], SHELVE),
    "unshelve": ([SHELVE], ("unshelve", None)),
    "create-image": ([], ("createImage", {"name": "snap"})),
    "create-backup": ([], ("createBackup", {"name": "b", "backup_type": "daily", "rotation": 1})),
    "change-password": ([], ("changePassword", {"adminPass": "x"})),
}
PHASES = [
    (name, phase)
    for name in ASKED
    for phase in dict.fromkeys(each.task_state for each in ACTIONS[name].phases)
    if phase
]
LATER = "migrating, under way"  # the second of two phases with the same task_state
THEN = [
    DELETE,
    ("forceDelete", None),
    ("reboot", {"type": "HARD"}),
    ("reboot", {"type": "SOFT"}),
    ("os-resetState", {"state": "active"}),
    ("os-resetState", {"state": "error"}),
    STOP,
    ("os-start", None),
    PAUSE,
    SUSPEND,
    RESIZE,
    SHELVE,
    RESCUE,
    ("rebuild", {"imageRef": "IMAGE"}),
    ("createImage", {"name": "other"}),
    ("confirmResize", None),
    ("revertResize", None),
    ("migrate", None),
    LIVE,
    ("lock", None),
    ("evacuate", {}),
    ("restart its host", None),
]


def do(play: Play, server: str, asked: tuple) -> bool:
    """Ask for something as an administrator; whether it was accepted."""
    key, arguments = asked
    if key in ("down", "restart its host"):
        host = play.server(server).host
        if host:
            hosts.change_host(play.cloud, host, up=False)
            if key != "down":
                hosts.change_host(play.cloud, host, up=True)
        return True
    if key == "delete":
        return play.ask("DELETE", f"/servers/{server}", who="admin").code < 300
    arguments = {"imageRef": play.image} if arguments == {"imageRef": "IMAGE"} else arguments
    answer = play.act(server, key, arguments, "admin")
    assert answer.code < 500, answer
    return answer.code < 300


def in_phase(name: str, phase: str) -> tuple[Play, str]:
    """A cloud in which a server is stuck in a phase of an action."""
    play = Play("manual", shelved_offload_time=0)
    before, asked = ASKED[name]
    if asked is None:
        faults.add_fault(play.cloud, does="stuck", action=name, phase=phase)
    server = play.create()
    play.advance(60)
    for each in before:
        assert do(play, server, each)
        play.advance(60)
    if asked is not None:
        if phase != LATER:
            faults.add_fault(play.cloud, does="stuck", action=name, phase=phase)
        assert do(play, server, asked)
        play.advance(0.7 if phase == LATER else 60)
    return play, server


def fork(play: Play) -> Play:
    """The same world once more, for another way on."""
    other = copy.copy(play)
    other.store = copy_store(play.store)
    other.cloud = open_cloud(other.store)
    return other


def assert_nothing_is_left(play: Play, id: str) -> None:
    """No claim, port, volume, image or task without somebody whom it belongs to."""
    assert_usage_is_exact(play)
    (server,) = (each for each in play.all(Server) if each.id == id)
    assert not [task for task in play.all(Task) if not task.timer and not task.hold_reason]
    moves = {move.id for move in play.all(Migration) if move.status in ("finished", "done", "pre-migrating", "error")}
    holders = {held.consumer for held in play.all(Allocation)}
    if server.deleted:
        assert not holders - moves
        assert not play.all(Port)
        assert not play.all(Attachment)
        assert not [move for move in play.all(Migration) if move.status in ("running", "migrating", "post-migrating")]
    elif not server.task_state:  # what a restarted host abandoned keeps what it holds until somebody resets it
        assert holders <= {server.id} | moves
        assert (server.id in holders) == (server.host is not None)
        assert {port.device_id for port in play.all(Port)} <= {server.id}
    assert {volume.status for volume in play.all(Volume)} <= {"available", "in-use"}
    half_made = {"queued", "saving"} if server.task_state else set()
    assert {image.status for image in play.all(Image)} <= {"active"} | half_made


@pytest.mark.parametrize(("name", "phase"), part([*PHASES, ("live-migrate", LATER)], 2))
def test_a_cancelled_task_is_undone(name, phase):
    play, server = in_phase(name, phase)
    assert play.server(server).task_state == phase.partition(",")[0]
    for asked in THEN:
        other = fork(play)
        before = other.store.revision()
        accepted = do(other, server, asked)
        assert accepted or other.store.revision() is before
        faults.clear_faults(other.cloud)
        other.advance(1000)
        assert_nothing_is_left(other, server)
        if other.server(server).task_state and not other.server(server).deleted:
            assert do(other, server, ("os-resetState", {"state": "active"}))
            assert_nothing_is_left(other, server)


@pytest.mark.parametrize(("name", "phase"), part(PHASES, 2))
def test_a_failed_task_is_undone(name, phase):
    play, server = in_phase(name, phase)
    faults.clear_faults(play.cloud)
    faults.add_fault(play.cloud, does="fail", message="broken")
    play.advance(1000)
    assert play.server(server).task_state is None
    assert_nothing_is_left(play, server)
