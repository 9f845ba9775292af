"""Nova's timed rules, guests that act by themselves, and how long things take."""

from __future__ import annotations

import pytest

from novasim.control import clock, faults, guests, hosts, options
from novasim.errors import Conflict, UsageError
from novasim.records import Image, Task
from tests.play import Play


def begun(**options) -> tuple[Play, str]:
    play = Play("manual", **options)
    server = play.create()
    play.advance(60)
    return play, server


class TestTimedOptions:
    def test_a_build_that_takes_too_long_is_in_error(self):
        play = Play("manual", instance_build_timeout=100)
        faults.add_fault(play.cloud, does="stuck", action="create", phase="spawning")
        server = play.create()
        play.advance(99)
        assert play.state(server) == ("BUILD", "spawning")
        play.advance(2)
        assert play.state(server)[0] == "ERROR"
        assert play.ask("DELETE", f"/servers/{server}").code == 204

    def test_a_build_in_time_is_left_alone(self):
        play, server = begun(instance_build_timeout=30)
        play.advance(100)
        assert play.state(server) == ("ACTIVE", None)

    def test_without_it_a_build_may_take_for_ever(self):
        play = Play("manual")
        faults.add_fault(play.cloud, does="stuck", action="create")
        server = play.create()
        play.advance(10**7)
        assert play.state(server)[0] == "BUILD"

    def test_a_stuck_reboot_becomes_a_hard_one(self):
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

    @pytest.mark.parametrize(
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


class TestGuests:
    @pytest.mark.parametrize("what", ["shutdown", "crash"])
    def test_a_guest_that_is_off_is_a_stopped_server(self, what):
        play, server = begun()
        guests.apply_guest_event(play.cloud, server, what)
        play.advance(10)
        assert play.state(server) == ("SHUTOFF", None)
        actions = play.ask("GET", f"/servers/{server}/os-instance-actions").body["instanceActions"]
        assert [each["action"] for each in actions] == ["stop", "create"]
        assert play.act(server, "os-start").code == 202

    def test_a_guest_that_reboots_changes_nothing(self):
        play, server = begun()
        guests.apply_guest_event(play.cloud, server, "reboot")
        assert play.state(server) == ("ACTIVE", None)

    def test_only_one_that_runs_can_do_anything(self):
        play, server = begun()
        play.act(server, "os-stop")
        play.advance(10)
        with pytest.raises(Conflict, match="is not running"):
            guests.apply_guest_event(play.cloud, server, "shutdown")

    def test_what_the_server_is_busy_with_goes_first(self):
        play, server = begun()
        play.act(server, "reboot", {"type": "HARD"})
        guests.apply_guest_event(play.cloud, server, "shutdown")
        play.advance(60)
        assert play.state(server) == ("ACTIVE", None)


class TestDurations:
    def seconds(self, play: Play, act) -> float:
        act()
        (task,) = play.all(Task)
        return task.ends[-1] - task.started

    def test_ones_own_count(self):
        play, server = begun(duration_jitter=0.0, duration_scaling=False)
        options.set_option(play.cloud, "duration.stop.powering-off", "1m")
        assert self.seconds(play, lambda: play.act(server, "os-stop")) == pytest.approx(60)
        assert options.list_options(play.cloud)["duration.stop.powering-off"] == 60
        options.unset_option(play.cloud, "duration.stop.powering-off")
        assert "duration.stop.powering-off" not in options.list_options(play.cloud)

    def test_they_grow_with_the_image(self):
        times = []
        for size in (0, 8 * 1024**3):
            play = Play("manual", duration_jitter=0.0)
            with play.store.write() as tx:
                image = tx.get(Image, play.image)
                image.size, image.min_disk = size, 0
                tx.put(image)
            times.append(self.seconds(play, lambda play=play: play.create(flavor="5")))
        assert times[1] - times[0] == pytest.approx(1.5 * 8 / 4)  # spawning takes 1.5 s, and 4 GiB double it

    def test_they_grow_with_flavor_and_load(self):
        play, server = begun(duration_jitter=0.0)
        plain = self.seconds(play, lambda: play.act(server, "suspend"))
        assert plain == pytest.approx((1 + 0.5 / 8) * (1 + 1 / 64))  # 512 MiB; 1 of 16 x 4 vCPUs
        host = play.server(server).host
        play.advance(60)
        hosts.change_host(play.cloud, host, vcpus=1, cpu_allocation_ratio=1.0)
        full = self.seconds(play, lambda: play.act(server, "resume"))
        assert full == pytest.approx((1 + 0.5 / 8) * 2)

    def test_all_of_that_can_be_turned_off(self):
        play, server = begun(duration_jitter=0.0, duration_scaling=False)
        assert self.seconds(play, lambda: play.act(server, "suspend")) == pytest.approx(1.0)

    def test_jitter_stays_within_its_bounds(self):
        play, server = begun(duration_scaling=False)
        assert 0.9 <= self.seconds(play, lambda: play.act(server, "suspend")) <= 1.1


class TestClock:
    def test_a_change_of_speed_makes_no_jump(self):
        play = Play("real")
        wall = [0.0]
        play.cloud.wall = lambda: wall[0]
        play.create()
        wall[0] = 100.0
        before = clock.describe_clock(play.cloud)["now"]
        clock.set_clock(play.cloud, "real", 60.0)
        assert clock.describe_clock(play.cloud)["now"] == before
        wall[0] = 101.0
        clock.set_clock(play.cloud, "manual")
        assert clock.describe_clock(play.cloud)["now"] > before
        frozen = clock.describe_clock(play.cloud)["now"]
        wall[0] = 5000.0
        assert clock.describe_clock(play.cloud)["now"] == frozen
        clock.set_clock(play.cloud, "real", 1.0)
        assert clock.describe_clock(play.cloud)["now"] == frozen

    def test_what_is_held_does_not_come_next(self):
        play = Play("manual")
        faults.add_fault(play.cloud, does="stuck", action="create", phase="scheduling")
        play.create()
        assert clock.describe_clock(play.cloud)["next"] is None

    @pytest.mark.parametrize("speed", [0.0, -1.0, float("nan"), float("inf"), 1e7])
    def test_impossible_speeds(self, speed):
        with pytest.raises(UsageError):
            clock.set_clock(Play().cloud, "real", speed)

    @pytest.mark.parametrize("text", ["", "-5", "-5s", "5x", "nan", "inf", "1e300", "five", "5 5", "s", "٣s", "1e13"])
    def test_impossible_durations(self, text):
        if text == "٣s":  # a digit all the same, to Python and to readers of Arabic
            assert clock.parse_duration(text) == 3.0
            return
        with pytest.raises(UsageError):
            clock.parse_duration(text)

    def test_a_real_clock_is_not_advanced(self):
        with pytest.raises(UsageError, match="clock set manual"):
            clock.advance_clock(Play("real").cloud, 5)
