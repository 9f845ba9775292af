"""Attach, detach and update of volumes: what Nova refuses, and what the volume service shows meanwhile."""

from __future__ import annotations

import pytest

from tests.api.compute.servers.client import NOWHERE, ServerWithVolumes


@pytest.fixture
def play():
    return ServerWithVolumes()


def message(answer, code):
    assert answer.code == code, answer
    return next(iter(answer.body.values()))["message"]


class TestUpdate:
    @pytest.mark.parametrize(
        ("name", "value"), [("device", "/dev/vdz"), ("tag", "x"), ("id", NOWHERE), ("serverId", NOWHERE)]
    )
    def test_fixed_properties_do_not_change(self, play, name, value):
        volume = play.volume()
        play.attach(volume)
        answer = play.replace(volume, volume, delete_on_termination=True, **{name: value})
        assert message(answer, 400) == f"The {name} property is not mutable"
        assert play.attached()[0]["delete_on_termination"] is False

    def test_fixed_properties_may_be_named(self, play):
        volume = play.volume()
        play.attach(volume, tag="data")
        own = {"device": "/dev/vdb", "tag": "data", "id": volume, "serverId": play.web}
        assert play.replace(volume, volume, delete_on_termination="on", **own).code == 202
        assert play.attached()[0]["delete_on_termination"] is True

    def test_a_volume_that_is_not_attached_is_not_found(self, play):
        volume = play.volume()
        assert message(play.replace(volume, volume), 404) == f"No volume Block Device Mapping with id {volume}."

    @pytest.mark.parametrize(("action", "arguments"), [("lock", None), ("suspend", None), ("rescue", None)])
    def test_lock_and_state_do_not_matter(self, play, action, arguments):
        volume = play.volume()
        play.attach(volume)
        assert play.act(play.web, action, arguments).code in (200, 202)
        assert play.replace(volume, volume, delete_on_termination=True).code == 202


class TestSwap:
    NOT_MIGRATING = "volume {} is not migrating; this API should only be called by Cinder"

    @pytest.mark.parametrize("minor", [1, 84, 85, 96])
    def test_a_volume_that_does_not_migrate_is_not_replaced(self, play, minor):
        old, new = play.volume(), play.volume()
        play.attach(old)
        assert message(play.replace(old, new, "admin", minor), 409) == self.NOT_MIGRATING.format(old)
        assert [one["volumeId"] for one in play.attached()] == [old]
        assert (play.volume_status(old), play.volume_status(new)) == ("in-use", "available")

    def test_the_old_volume_is_looked_up_first(self, play):
        free = play.volume()
        assert message(play.replace(free, NOWHERE, "admin", 84), 409) == self.NOT_MIGRATING.format(free)
        assert message(play.replace(NOWHERE, free, "admin", 84), 404) == f"Volume {NOWHERE} could not be found."
        assert "No volume Block Device Mapping" in message(play.replace(free, NOWHERE, "admin", 85), 404)

    def test_the_lock_does_not_matter(self, play):
        volume = play.volume()
        play.attach(volume)
        play.act(play.web, "lock")
        assert message(play.replace(volume, volume, "admin", 84), 409) == self.NOT_MIGRATING.format(volume)
