"""Tasks advance with time, no matter when or how often the world is settled."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from novasim.records import Allocation, Host, Image, Port, Server, Settings, Task
from novasim.simulation.time import clock
from novasim.simulation.time.settle import NEVER, settle
from tests import extent
from tests.play import Play


def test_a_build_goes_through_its_phases():
    play = Play("manual")
    server = play.create()
    seen = []
    for _ in range(80):
        if not seen or seen[-1] != play.state(server):
            seen.append(play.state(server))
        play.advance(0.05)
    assert seen == [
        ("BUILD", "scheduling"),
        ("BUILD", "block_device_mapping"),
        ("BUILD", "networking"),
        ("BUILD", "spawning"),
        ("ACTIVE", None),
    ]


def test_a_resize_goes_through_its_phases():
    play = Play("manual")
    server = play.create()
    play.advance(10)
    play.act(server, "resize", {"flavorRef": "2"})
    seen = []
    for _ in range(120):
        if not seen or seen[-1] != play.state(server):
            seen.append(play.state(server))
        play.advance(0.05)
    assert [task for _, task in seen] == ["resize_prep", "resize_migrating", "resize_migrated", "resize_finish", None]
    assert {status for status, _ in seen[:-1]} == {"RESIZE"}
    assert seen[-1] == ("VERIFY_RESIZE", None)


def test_reading_changes_nothing():
    play = Play("manual")
    server = play.create()
    with play.cloud.writing(is_request=False) as world:
        clock.set_anchor(world.settings, world.now + 100, 0.0)
        world.tx.put(world.settings)
    before = play.store.dump()
    assert play.state(server) == ("ACTIVE", None)
    assert play.state(server) == ("ACTIVE", None)
    assert play.store.dump() == before


STEPS = st.lists(
    st.sampled_from(
        ["create", "stop", "start", "resize", "confirmResize", "shelve", "unshelve", "delete", "reboot", "createImage"]
    ),
    max_size=8,
)
PAUSES = st.lists(st.integers(0, 20).map(lambda quarters: quarters / 4), min_size=1, max_size=6)  # exact when added
EXAMPLES = extent(20, 100)


def played(steps: list[str], pauses: list[float]) -> bytes:
    """A world in which the steps were requested one second apart and then the pauses went by."""
    play = Play("manual", reclaim_instance_interval=3, shelved_offload_time=2)
    server = play.create()
    play.advance(10)
    arguments = {"resize": {"flavorRef": "2"}, "reboot": {"type": "HARD"}, "createImage": {"name": "x"}}
    for number, step in enumerate(steps):
        if step == "create":
            play.create(f"more{number}")
        elif step == "delete":
            play.ask("DELETE", f"/servers/{server}")
        else:
            play.act(server, "os-" + step if step in ("stop", "start") else step, arguments.get(step))
        play.advance(1)
    for pause in pauses:
        play.advance(pause)
    return play.store.dump()


@settings(max_examples=EXAMPLES)
@given(STEPS, PAUSES)
def test_the_result_does_not_depend_on_when_the_world_is_settled(steps, pauses):
    assert records_in(played(steps, pauses)) == records_in(played(steps, [sum(pauses)]))


@settings(max_examples=EXAMPLES)
@given(STEPS, PAUSES)
def test_no_task_is_due_before_the_stored_due_time(steps, pauses):
    play = Play("manual", reclaim_instance_interval=3, shelved_offload_time=2)
    server = play.create()
    for step, pause in zip(steps, [*pauses, 1.0], strict=False):
        play.act(server, "os-" + step if step in ("stop", "start") else step)
        play.advance(pause)
        next_due_at = play.all(Settings)[0].next_due_at
        assert all(task.ends[task.position] >= next_due_at for task in play.all(Task))


def test_tasks_are_not_read_before_one_is_due():
    play = Play("manual")
    for number in range(3):
        play.create(f"web{number}")
    ends = [task.ends[task.position] for task in play.all(Task)]
    assert play.all(Settings)[0].next_due_at == min(ends)
    looked = []
    with play.cloud.writing() as world:
        tx, world.tx = world.tx, Watched(world.tx, looked)
        settle(world)
        world.tx = tx
    assert looked == []
    play.advance(30)
    assert play.all(Task) == [] and play.all(Settings)[0].next_due_at == NEVER


class Watched:
    """A transaction that notes which kinds are read as a whole."""

    def __init__(self, tx: Any, looked: list[type]) -> None:
        self._tx, self._looked = tx, looked

    def query(self, kind: type, *args: Any) -> list[Any]:
        self._looked.append(kind)
        return self._tx.query(kind, *args)

    def due_before(self, time: float) -> list[Any]:
        self._looked.append(Task)
        return self._tx.due_before(time)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)


def records_in(dump: bytes) -> list[bytes]:
    """The lines of a dump without TinyDB's own numbers, which count how often a table was written."""
    return [line.partition(b": ")[2].rstrip(b",") for line in dump.splitlines() if b'{"id"' in line]


@settings(max_examples=EXAMPLES)
@given(STEPS)
def test_the_same_seed_and_requests_give_the_same_bytes(steps):
    assert played(steps, [7.0]) == played(steps, [7.0])


def test_another_seed_gives_other_ids():
    assert Play(seed=1).create() != Play(seed=2).create()


@pytest.mark.parametrize("seconds", [0.1, 0.5, 1.0, 2.0])
def test_deleting_during_a_build_leaves_nothing(seconds):
    play = Play("manual")
    server = play.create()
    play.advance(seconds)
    assert play.ask("DELETE", f"/servers/{server}").code == 204
    play.advance(10)
    assert play.all(Port) == play.all(Allocation) == play.all(Task) == []
    assert {host.used_vcpus for host in play.all(Host)} == {0}


@pytest.mark.parametrize("seconds", [0.2, 1.0, 2.7, 3.2])
def test_deleting_during_a_resize_leaves_nothing(seconds):
    play = Play("manual")
    server = play.create()
    play.advance(10)
    play.act(server, "resize", {"flavorRef": "2"})
    play.advance(seconds)
    play.ask("DELETE", f"/servers/{server}")
    play.advance(10)
    assert play.all(Allocation) == []
    assert {host.used_ram_mb for host in play.all(Host)} == {0}


def test_deleting_during_a_snapshot_removes_the_half_made_image():
    play = Play("manual")
    server = play.create()
    play.advance(10)
    images = len(play.all(Image))
    play.act(server, "createImage", {"name": "half"})
    assert len(play.all(Image)) == images + 1
    play.advance(0.5)
    play.ask("DELETE", f"/servers/{server}")
    play.advance(10)
    assert len(play.all(Image)) == images


def test_a_hard_reboot_takes_the_place_of_a_soft_one():
    play = Play("manual")
    server = play.create()
    play.advance(10)
    play.act(server, "reboot", {"type": "SOFT"})
    play.advance(0.4)
    assert play.state(server)[0] == "REBOOT"
    assert play.act(server, "reboot", {"type": "HARD"}).code == 202
    assert play.state(server) == ("HARD_REBOOT", "rebooting_hard")
    play.advance(10)
    assert play.state(server) == ("ACTIVE", None)


def test_locking_a_server_that_is_being_built_does_not_stop_the_build():
    play = Play("manual")
    server = play.create()
    play.advance(0.5)
    assert play.act(server, "lock").code == 202
    assert play.state(server)[0] == "BUILD"
    play.advance(10)
    assert play.state(server) == ("ACTIVE", None)


def test_without_a_host_a_build_goes_to_error_with_a_fault():
    play = Play()
    for host in play.all(Host):
        play.ask("PUT", f"/os-services/{host.service_id}", {"forced_down": True}, who="admin")
    server = play.create()
    view = play.ask("GET", f"/servers/{server}").body["server"]
    assert view["status"] == "ERROR"
    assert view["fault"]["message"].startswith("No valid host was found.")
    assert play.server(server).host is None


class Wall:
    """A wall clock that a test moves."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_real_clock_follows_the_wall_at_its_speed():
    play = Play("real")
    play.cloud.wall = wall = Wall()
    server = play.create()
    assert play.state(server) == ("BUILD", "scheduling")
    wall.now += 10
    assert play.state(server) == ("ACTIVE", None)
    play.act(server, "os-stop")
    with play.cloud.writing(is_request=False) as world:
        clock.set_anchor(world.settings, world.now, wall.now)
        world.settings.speed = 0.01
        world.tx.put(world.settings)
    wall.now += 10
    assert play.state(server) == ("ACTIVE", "powering-off")


def test_the_environment_overrides_the_clock(monkeypatch):
    play = Play("manual")
    monkeypatch.setenv("NOVASIM_CLOCK", "instant")
    server = play.create()
    assert play.state(server) == ("ACTIVE", None)
    assert play.server(server).launched_at > play.server(server).created_at


def test_settling_keeps_the_order_of_time_over_all_servers():
    play = Play("manual")
    first, second = play.create("a"), play.create("b")
    play.advance(100)
    assert play.server(first).launched_at != play.server(second).launched_at
    assert [s.vm_state for s in play.all(Server)] == ["active", "active"]
