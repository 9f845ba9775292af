"""Resizes whose source has no power: it refuses the confirmation, and does its work when it is back."""

from __future__ import annotations

import pytest

from tests.cases.public.world import Cases, refusal


@pytest.fixture
def moved():
    """A server on host2, whose migration from host1 is to be confirmed."""
    play = Cases("manual")
    server = play.create()
    play.advance(10)
    assert play.act(server, "migrate", {"host": "host2"}, "admin").code == 202
    play.advance(10)
    return play, server


def record(play):
    return play.ask("GET", "/os-migrations", who="admin").body["migrations"][0]["status"]


def test_it_is_not_confirmed_without_its_source(moved):
    """Source: nova/compute/api.py, confirm_resize."""
    play, server = moved
    play.set_hosts("host1", up=False)
    assert refusal(play.act(server, "confirmResize"), 409) == "Service is unavailable at this time."
    assert record(play) == "finished"
    play.set_hosts("host1", up=True)
    assert play.act(server, "confirmResize").code == 204


def test_it_is_confirmed_when_the_source_is_back(moved):
    """Source: nova/compute/rpcapi.py, confirm_resize."""
    play, server = moved
    assert play.act(server, "confirmResize").code == 204
    play.set_hosts("host1", "host2", up=False)
    play.advance(10)
    assert (play.state(server), record(play)) == (("VERIFY_RESIZE", None), "confirming")
    play.set_hosts("host1", up=True)
    play.advance(10)
    assert (play.state(server), record(play)) == (("ACTIVE", None), "confirmed")


def test_it_is_reverted_when_the_source_is_back(moved):
    """Source: nova/compute/rpcapi.py, finish_revert_resize."""
    play, server = moved
    play.set_hosts("host1", up=False)
    assert play.act(server, "revertResize").code == 202
    play.advance(10)
    assert (play.state(server), record(play)) == (("REVERT_RESIZE", "resize_reverting"), "reverting")
    play.set_hosts("host1", up=True)
    play.advance(10)
    assert (play.state(server), play.server(server).host) == (("ACTIVE", None), "host1")


def test_it_can_be_deleted_meanwhile(moved):
    play, server = moved
    assert play.act(server, "confirmResize").code == 204
    play.set_hosts("host1", up=False)
    play.advance(10)
    assert play.ask("DELETE", f"/servers/{server}").code == 204
    play.advance(10)
    assert play.ask("GET", f"/servers/{server}").code == 404
    assert record(play) == "confirmed"
