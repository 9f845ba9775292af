"""Guests that shut down, crash or reboot by themselves."""

from __future__ import annotations

import pytest

from novasim.control import guests
from novasim.errors import Conflict
from tests.play import Play


def begun(**options) -> tuple[Play, str]:
    play = Play("manual", **options)
    server = play.create()
    play.advance(60)
    return play, server


class TestGuests:
    @pytest.mark.parametrize("what", ["shutdown", "crash"])
    def test_a_guest_that_is_off_stops_its_server(self, what):
        play, server = begun()
        guests.apply_guest_event(play.cloud, server, what)
        play.advance(10)
        assert play.state(server) == ("SHUTOFF", None)
        actions = play.ask("GET", f"/servers/{server}/os-instance-actions").body["instanceActions"]
        assert [each["action"] for each in actions] == ["stop", "create"]
        assert play.act(server, "os-start").code == 202

    def test_a_reboot_of_the_guest_changes_nothing(self):
        play, server = begun()
        guests.apply_guest_event(play.cloud, server, "reboot")
        assert play.state(server) == ("ACTIVE", None)

    def test_only_running_guests_have_events(self):
        play, server = begun()
        play.act(server, "os-stop")
        play.advance(10)
        with pytest.raises(Conflict, match="is not running"):
            guests.apply_guest_event(play.cloud, server, "shutdown")

    def test_a_running_task_is_not_cancelled(self):
        play, server = begun()
        play.act(server, "reboot", {"type": "HARD"})
        guests.apply_guest_event(play.cloud, server, "shutdown")
        play.advance(60)
        assert play.state(server) == ("ACTIVE", None)
