"""Timers of servers: deferred delete, offloading, automatic confirmation and the end of a rescue."""

from __future__ import annotations

import pytest

from novasim.records import Allocation, Migration, Port, Task
from tests.play import Play


def test_deferred_delete():
    play = Play("manual", reclaim_instance_interval=60)
    server = play.create()
    play.advance(10)
    play.ask("DELETE", f"/servers/{server}")
    play.advance(59)
    assert play.state(server) == ("SOFT_DELETED", None)
    play.advance(5)
    assert play.ask("GET", f"/servers/{server}", who="admin").code == 404
    assert play.all(Port) == play.all(Allocation) == play.all(Task) == []


def test_a_restored_server_is_not_reclaimed():
    play = Play("manual", reclaim_instance_interval=60)
    server = play.create()
    play.advance(10)
    play.ask("DELETE", f"/servers/{server}")
    play.advance(30)
    assert play.act(server, "restore").code == 202
    play.advance(1000)
    assert play.state(server) == ("ACTIVE", None)


@pytest.mark.parametrize(("after", "status"), [(-1, "SHELVED"), (0, "SHELVED_OFFLOADED"), (30, "SHELVED")])
def test_shelved_offload_time(after, status):
    play = Play("manual", shelved_offload_time=after)
    server = play.create()
    play.advance(10)
    play.act(server, "shelve")
    play.advance(10)
    assert play.state(server)[0] == status
    play.advance(60)
    assert play.state(server)[0] == ("SHELVED" if after == -1 else "SHELVED_OFFLOADED")


def test_resize_confirm_window():
    play = Play("manual", resize_confirm_window=30)
    server = play.create()
    play.advance(10)
    play.act(server, "resize", {"flavorRef": "2"})
    play.advance(10)
    assert play.state(server)[0] == "VERIFY_RESIZE"
    play.advance(30)
    assert play.state(server) == ("ACTIVE", None)
    assert [migration.status for migration in play.all(Migration)] == ["confirmed"]


def test_rescue_timeout():
    play = Play("manual", rescue_timeout=30)
    server = play.create()
    play.advance(10)
    play.act(server, "rescue")
    play.advance(10)
    assert play.state(server)[0] == "RESCUE"
    play.advance(40)
    assert play.state(server) == ("ACTIVE", None)


@pytest.mark.parametrize(
    ("option", "action", "arguments"),
    [
        ("rescue_timeout", "rescue", None),
        ("resize_confirm_window", "resize", {"flavorRef": "2"}),
        ("shelved_offload_time", "shelve", None),
        ("reboot_timeout", "reboot", {"type": "SOFT"}),
    ],
)
def test_timers_are_deleted_with_the_server(option, action, arguments):
    play = Play("manual", **{option: 3600})
    server = play.create()
    play.advance(10)
    play.act(server, action, arguments)
    play.advance(30)
    assert [task.timer for task in play.all(Task)] == [True]
    play.ask("DELETE", f"/servers/{server}")
    play.advance(30)
    assert play.server(server).deleted
    assert play.all(Task) == []
