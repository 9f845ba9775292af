"""Durations: of the cloud, by size, by load, and their jitter."""

from __future__ import annotations

import pytest

from novasim.control import hosts, options
from novasim.records import Image, Task
from tests.play import Play


def begun(**options) -> tuple[Play, str]:
    play = Play("manual", **options)
    server = play.create()
    play.advance(60)
    return play, server


class TestDurations:
    def seconds(self, play: Play, act) -> float:
        act()
        (task,) = play.all(Task)
        return task.ends[-1] - task.started

    def test_durations_of_the_cloud_replace_the_defaults(self):
        play, server = begun(duration_jitter=0.0, duration_scaling=False)
        options.set_option(play.cloud, "duration.stop.powering-off", "1m")
        assert self.seconds(play, lambda: play.act(server, "os-stop")) == pytest.approx(60)
        assert options.list_options(play.cloud)["duration.stop.powering-off"] == 60
        options.unset_option(play.cloud, "duration.stop.powering-off")
        assert "duration.stop.powering-off" not in options.list_options(play.cloud)

    def test_durations_grow_with_the_image(self):
        times = []
        for size in (0, 8 * 1024**3):
            play = Play("manual", duration_jitter=0.0)
            with play.store.write() as tx:
                image = tx.get(Image, play.image)
                image.size, image.min_disk = size, 0
                tx.put(image)
            times.append(self.seconds(play, lambda play=play: play.create(flavor="5")))
        assert times[1] - times[0] == pytest.approx(1.5 * 8 / 4)  # spawning takes 1.5 s, and 4 GiB double it

    def test_durations_grow_with_flavor_and_load(self):
        play, server = begun(duration_jitter=0.0)
        plain = self.seconds(play, lambda: play.act(server, "suspend"))
        assert plain == pytest.approx((1 + 0.5 / 8) * (1 + 1 / 64))  # 512 MiB; 1 of 16 x 4 vCPUs
        host = play.server(server).host
        play.advance(60)
        hosts.change_host(play.cloud, host, vcpus=1, cpu_allocation_ratio=1.0)
        full = self.seconds(play, lambda: play.act(server, "resume"))
        assert full == pytest.approx((1 + 0.5 / 8) * 2)

    @pytest.mark.parametrize(("flavor", "disk"), [("2", 20), ("3", 40)])
    def test_durations_grow_with_the_disk(self, flavor, disk):
        play = Play("manual", duration_jitter=0.0)
        server = play.create(flavor=flavor)
        play.advance(60)
        load = 1 + play.server(server).flavor["vcpus"] / 64
        create_image = self.seconds(play, lambda: play.act(server, "createImage", {"name": "i"}))
        ends = play.all(Task)[0].ends
        upload = ends[-1] - ends[-2]
        assert upload == pytest.approx((1 + disk / 40) * load)
        assert create_image > upload

    def test_scaling_and_jitter_can_be_turned_off(self):
        play, server = begun(duration_jitter=0.0, duration_scaling=False)
        assert self.seconds(play, lambda: play.act(server, "suspend")) == pytest.approx(1.0)

    def test_jitter_is_at_most_ten_percent(self):
        play, server = begun(duration_scaling=False)
        assert 0.9 <= self.seconds(play, lambda: play.act(server, "suspend")) <= 1.1
