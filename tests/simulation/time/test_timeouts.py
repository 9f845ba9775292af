"""Nova's timed options, and options that are refused."""

from __future__ import annotations

import pytest

from novasim.control import faults, options
from novasim.errors import UsageError
from tests import each_case
from tests.play import Play


def begun(**options) -> tuple[Play, str]:
    play = Play("manual", **options)
    server = play.create()
    play.advance(60)
    return play, server


class TestTimedOptions:
    def test_a_build_that_times_out_is_in_error(self):
        play = Play("manual", instance_build_timeout=100)
        faults.add_fault(play.cloud, does="stuck", action="create", phase="spawning")
        server = play.create()
        play.advance(99)
        assert play.state(server) == ("BUILD", "spawning")
        play.advance(2)
        assert play.state(server)[0] == "ERROR"
        assert play.ask("DELETE", f"/servers/{server}").code == 204

    def test_a_build_in_time_is_not_changed(self):
        play, server = begun(instance_build_timeout=30)
        play.advance(100)
        assert play.state(server) == ("ACTIVE", None)

    def test_builds_do_not_time_out_by_default(self):
        play = Play("manual")
        faults.add_fault(play.cloud, does="stuck", action="create")
        server = play.create()
        play.advance(10**7)
        assert play.state(server)[0] == "BUILD"

    def test_a_stuck_reboot_becomes_a_hard_reboot(self):
        play, server = begun(reboot_timeout=60)
        faults.add_fault(play.cloud, does="stuck", action="reboot", phase="reboot_started")
        play.act(server, "reboot", {"type": "SOFT"})
        play.advance(50)
        assert play.state(server) == ("REBOOT", "reboot_started")
        play.advance(11)
        assert play.state(server)[0] == "HARD_REBOOT"
        play.advance(60)
        assert play.state(server) == ("ACTIVE", None)

    def test_resize_confirm_window(self):
        play, server = begun(resize_confirm_window=100)
        play.act(server, "resize", {"flavorRef": "2"})
        play.advance(50)
        assert play.state(server) == ("VERIFY_RESIZE", None)
        play.advance(100)
        assert play.state(server) == ("ACTIVE", None)

    def test_reclaim_instance_interval(self):
        play, server = begun(reclaim_instance_interval=100)
        play.ask("DELETE", f"/servers/{server}")
        play.advance(50)
        assert play.state(server) == ("SOFT_DELETED", None)
        play.advance(100)
        assert play.ask("GET", f"/servers/{server}", who="admin").code == 404

    def test_shelved_offload_time(self):
        play, server = begun(shelved_offload_time=100)
        play.act(server, "shelve")
        play.advance(50)
        assert play.state(server) == ("SHELVED", None)
        play.advance(100)
        assert play.state(server) == ("SHELVED_OFFLOADED", None)

    def test_rescue_timeout(self):
        play, server = begun(rescue_timeout=100)
        play.act(server, "rescue")
        play.advance(50)
        assert play.state(server) == ("RESCUE", None)
        play.advance(100)
        assert play.state(server) == ("ACTIVE", None)

    @each_case(
        ("name", "text"),
        [
            ("instance_build_timeout", "-1"),
            ("reboot_timeout", "soon"),
            ("shelved_offload_time", "-2"),
            ("duration_jitter", "1"),
            ("duration_jitter", "nan"),
            ("duration_scaling", "maybe"),
            ("no_such", "1"),
            ("duration.fly", "1s"),
            ("duration.create.flying", "1s"),
            ("duration.create", "-1s"),
            ("duration.create", "inf"),
            ("duration.create", ""),
            ("duration.", "1s"),
        ],
    )
    def test_nonsense_is_refused(self, name, text):
        play = Play()
        before = play.store.dump()
        with pytest.raises(UsageError):
            options.set_option(play.cloud, name, text)
        assert play.store.dump() == before
