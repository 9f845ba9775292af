"""What a live migration does to the volumes of a server, and what it enters into the server's log."""

from __future__ import annotations

import pytest

from tests.cases.public.world import Cases

LIVE = {"host": None, "block_migration": "auto"}


@pytest.fixture
def play():
    return Cases("manual")


@pytest.fixture
def web(play):
    """A server with a volume."""
    server, volume = play.create(), play.volume()
    play.advance(10)
    assert play.attach(server, volume).code == 200
    play.advance(5)
    return server, volume


def attachment_of(play, server, volume):
    answer = play.ask("GET", f"/servers/{server}/os-volume_attachments/{volume}")
    return answer.body["volumeAttachment"]["attachment_id"]


def connections(play, volume):
    return [each["attachment_id"] for each in play.shown(volume)["attachments"]]


def migrate(play, server, seconds=10):
    assert play.act(server, "os-migrateLive", LIVE, "admin").code == 202
    play.advance(seconds)


def log(play, server):
    actions = play.ask("GET", f"/servers/{server}/os-instance-actions").body["instanceActions"]
    return [action["action"] for action in actions]


def test_a_volume_is_connected_to_both_hosts_and_then_to_the_target(play, web):
    server, volume = web
    old = attachment_of(play, server, volume)
    migrate(play, server, 1)
    new = attachment_of(play, server, volume)
    assert (connections(play, volume), play.status(volume), old != new) == ([old, new], "in-use", True)
    play.advance(10)
    assert (play.server(server).host, connections(play, volume)) == ("host2", [new])
    assert (attachment_of(play, server, volume), play.status(volume)) == (new, "in-use")


def test_an_aborted_migration_leaves_the_connection_to_the_source(play, web):
    server, volume = web
    old = attachment_of(play, server, volume)
    migrate(play, server, 1)
    path = f"/servers/{server}/migrations/1"
    assert play.ask("DELETE", path, who="admin").code == 202
    assert (attachment_of(play, server, volume), connections(play, volume)) == (old, [old])
    assert log(play, server)[:2] == ["live_migration_cancel", "live-migration"]


def test_a_forced_end_is_in_the_log(play, web):
    server, volume = web
    migrate(play, server, 1)
    path = f"/servers/{server}/migrations/1/action"
    assert play.ask("POST", path, {"force_complete": None}, "admin").code == 202
    assert connections(play, volume) == [attachment_of(play, server, volume)]
    play.advance(1)
    assert log(play, server)[:2] == ["live_migration_force_complete", "live-migration"]


@pytest.mark.parametrize(
    ("action", "arguments", "status"), [("os-migrateLive", LIVE, "ACTIVE"), ("migrate", None, "ERROR")]
)
def test_a_volume_that_cannot_be_reserved_stops_a_move(play, web, action, arguments, status):
    server, volume = web
    old = attachment_of(play, server, volume)
    reset = {"os-reset_status": {"status": "maintenance"}}
    assert play.cinder("POST", f"/volumes/{volume}/action", reset, "admin").code == 202
    assert play.act(server, action, arguments, "admin").code == 202
    play.advance(10)
    assert (play.state(server), play.server(server).host) == ((status, None), "host1")
    assert (connections(play, volume), play.status(volume)) == ([old], "maintenance")
    (record,) = play.ask("GET", "/os-migrations", who="admin").body["migrations"]
    assert record["status"] == "error"
