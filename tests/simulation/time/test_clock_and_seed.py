"""The clock, its modes and speeds, and the seed from the environment."""

from __future__ import annotations

import math

import pytest

from novasim.control import clock, faults
from novasim.errors import UsageError
from novasim.records import Settings
from novasim.simulation.time.clock import format_time, get_mode, get_wall_time, parse_time, read_seed_from_environment
from tests import each_case
from tests.play import Play


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "1970-01-01T00:00:00.000000Z"),
        (1.5, "1970-01-01T00:00:01.500000Z"),
        (0.9999999, "1970-01-01T00:00:01.000000Z"),
        (-0.25, "1969-12-31T23:59:59.750000Z"),
    ],
)
def test_times_as_text(seconds, text):
    assert format_time(seconds) == text
    assert parse_time(text) == pytest.approx(seconds, abs=1e-6)


@pytest.mark.parametrize("text", ["x", "--1", "²", "1.5", "1 2"])
def test_invalid_seed(monkeypatch, text):
    monkeypatch.setenv("NOVASIM_SEED", text)
    with pytest.raises(UsageError, match="it must be a whole number"):
        read_seed_from_environment()


@pytest.mark.parametrize(("text", "seed"), [("7", 7), ("-7", -7), ("", None)])
def test_seed(monkeypatch, text, seed):
    monkeypatch.setenv("NOVASIM_SEED", text)
    assert read_seed_from_environment() == seed


def settings(**fields: object) -> Settings:
    return Settings(id="cloud", **{"clock": "real", "speed": 2.0, "sim_anchor": 100.0, "wall_anchor": 10.0, **fields})


def test_invalid_clock_mode(monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOCK", "sundial")
    with pytest.raises(UsageError, match="NOVASIM_CLOCK is 'sundial'; it must be one of"):
        get_mode(settings())


def test_wall_time_of_a_simulated_time():
    assert get_wall_time(settings(), 104.0, "real") == 12.0
    assert get_wall_time(settings(), 104.0, "manual") == math.inf
    assert (
        get_wall_time(settings(speed=0.0), 104.0, "real")
        == get_wall_time(settings(wall_anchor=None), 104.0, "real")
        == math.inf
    )


class TestClock:
    def test_changing_the_speed_does_not_move_the_time(self):
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

    def test_held_tasks_have_no_due_time(self):
        play = Play("manual")
        faults.add_fault(play.cloud, does="stuck", action="create", phase="scheduling")
        play.create()
        assert clock.describe_clock(play.cloud)["next"] is None

    @pytest.mark.parametrize("speed", [0.0, -1.0, float("nan"), float("inf"), 1e7])
    def test_invalid_speeds(self, speed):
        with pytest.raises(UsageError):
            clock.set_clock(Play().cloud, "real", speed)

    @each_case("text", ["", "-5", "-5s", "5x", "nan", "inf", "1e300", "five", "5 5", "s", "٣s", "1e13"])
    def test_invalid_durations(self, text):
        if text == "٣s":  # a digit all the same, to Python and to readers of Arabic
            assert clock.parse_duration(text) == 3.0
            return
        with pytest.raises(UsageError):
            clock.parse_duration(text)

    def test_a_real_clock_cannot_be_advanced(self):
        with pytest.raises(UsageError, match="clock set manual"):
            clock.advance_clock(Play("real").cloud, 5)


def test_the_texts_about_the_environment(monkeypatch):
    monkeypatch.setenv("NOVASIM_SEED", "x")
    with pytest.raises(UsageError, match=r"^NOVASIM_SEED is 'x'; it must be a whole number\.$"):
        read_seed_from_environment()
    with pytest.raises(ValueError, match=r"^Unknown clock mode 'sundial'$"):
        get_mode(settings(clock="sundial"))
