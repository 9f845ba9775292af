"""Actions on servers whose state was reset, so that it does not match the guest."""

from __future__ import annotations

import pytest

from tests.play import Play

NO_TARGET = {"host": None, "block_migration": "auto"}


@pytest.fixture
def play():
    return Play()


def reset(play, action, arguments=None):
    """A server that is ACTIVE by a reset after an action."""
    server = play.create()
    assert play.act(server, action, arguments).code == 202
    assert play.act(server, "os-resetState", {"state": "active"}, "admin").code == 202
    return server


def power_state(play, server):
    return play.ask("GET", f"/servers/{server}").body["server"]["OS-EXT-STS:power_state"]


@pytest.mark.parametrize(("action", "power"), [("os-stop", 4), ("pause", 3)])
def test_a_move_keeps_the_power_state(play, action, power):
    server = reset(play, action)
    assert play.act(server, "resize", {"flavorRef": "2"}).code == 202
    assert (play.state(server), power_state(play, server)) == (("VERIFY_RESIZE", None), power)
    assert play.act(server, "revertResize").code == 202
    assert power_state(play, server) == power


@pytest.mark.parametrize("action", ["os-stop", "suspend"])
def test_a_guest_that_does_not_run_is_not_migrated_live(play, action):
    server = reset(play, action)
    host = play.server(server).host
    assert play.act(server, "os-migrateLive", NO_TARGET, "admin").code == 202
    assert (play.state(server), play.server(server).host) == (("ACTIVE", None), host)
    moves = play.ask("GET", "/os-migrations", who="admin").body["migrations"]
    assert [move["status"] for move in moves] == ["error"]


def test_a_paused_guest_is_migrated_live(play):
    server = reset(play, "pause")
    host = play.server(server).host
    assert play.act(server, "os-migrateLive", NO_TARGET, "admin").code == 202
    assert play.server(server).host != host


@pytest.mark.parametrize("action", ["os-stop", "pause"])
def test_the_password_is_set_only_in_a_running_guest(play, action):
    server = reset(play, action)
    response = play.act(server, "changePassword", {"adminPass": "p"})
    message = f"Failed to set admin password on {server} because instance {server} is not running"
    assert (response.code, response.body["conflictingRequest"]["message"]) == (409, message)


@pytest.mark.parametrize(
    ("action", "arguments", "who"), [("resize", {"flavorRef": "2"}, "demo"), ("migrate", None, "admin")]
)
def test_a_server_without_a_host_is_not_moved(play, action, arguments, who):
    server = reset(play, "shelve")
    response = play.act(server, action, arguments, who)
    assert (response.code, response.body["conflictingRequest"]["message"]) == (409, f"Instance {server} is not ready")
    assert play.state(server) == ("ACTIVE", None)


@pytest.mark.parametrize(
    ("action", "arguments", "task_state"),
    [
        ("suspend", None, "suspending"),
        ("rescue", None, "rescuing"),
        ("shelve", None, "shelving"),
        ("pause", None, "pausing"),
        ("reboot", {"type": "SOFT"}, "rebooting"),
        ("reboot", {"type": "HARD"}, "rebooting_hard"),
        ("createImage", {"name": "i"}, "image_snapshot_pending"),
        ("createBackup", {"name": "b", "backup_type": "daily", "rotation": 1}, "image_backup"),
        ("changePassword", {"adminPass": "p"}, "updating_password"),
    ],
)
def test_a_task_on_no_host_never_ends(play, action, arguments, task_state):
    server = reset(play, "shelve")
    assert play.act(server, action, arguments).code in (200, 202)
    assert play.state(server)[1] == task_state
    assert play.act(server, "os-resetState", {"state": "active"}, "admin").code == 202
    assert play.state(server) == ("ACTIVE", None)
