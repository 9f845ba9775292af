"""A machine that plays with the cloud: random requests, callers and times, and what must hold after each."""

from __future__ import annotations

import json

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.status import STATUSES
from novasim.records import Allocation, Host, Port, Server, Task
from tests.cli.conftest import User
from tests.game import Game

ARGUMENTS = {
    "reboot": [{"type": "SOFT"}, {"type": "HARD"}, {"type": "MAYBE"}],
    "resize": [{"flavorRef": "1"}, {"flavorRef": "2"}, {"flavorRef": "5"}, {"flavorRef": "nosuch"}, {}],
    "rebuild": [{"imageRef": "IMAGE"}, {"imageRef": "nosuch"}, None],
    "lock": [None, {"locked_reason": "because"}, {"locked_reason": ""}],
    "changePassword": [{"adminPass": "x"}, {}],
    "createImage": [{"name": "snap"}, {"name": ""}],
    "createBackup": [{"name": "b", "backup_type": "daily", "rotation": 1}, {"name": "b"}],
    "migrate": [None, {"host": "host2"}, {"host": "nosuch"}],
    "os-migrateLive": [{"host": None, "block_migration": "auto"}, {"host": "host1", "block_migration": "auto"}],
    "evacuate": [{}, {"host": "host3"}],
    "os-resetState": [{"state": "active"}, {"state": "error"}, {"state": "paused"}],
    "unshelve": [None, {"host": "host1"}, {"availability_zone": "nova"}],
    "os-getConsoleOutput": [{}],
    "addSecurityGroup": [{"name": "default"}, {"name": "nosuch"}],
    "removeSecurityGroup": [{"name": "default"}],
    "addFloatingIp": [{"address": "198.51.100.7"}],
    "removeFloatingIp": [{"address": "198.51.100.7"}],
}
KEYS = sorted({action.api for action in ACTIONS.values() if action.api})
MOVES = ["resize", "migrate", "os-migrateLive", "evacuate", "shelve", "unshelve", "confirmResize", "revertResize"]
CALLERS = st.sampled_from(["demo", "demo", "admin", "admin", "other", "reader"])


STUCK = st.sampled_from(
    [
        (name, phase.task_state)
        for name, action in sorted(ACTIONS.items())
        for phase in action.phases
        if phase.task_state
    ]
)


class Machine(RuleBasedStateMachine):
    """Up to four servers of one project, on three hosts."""

    play: Game

    @initialize(offload=st.sampled_from([-1, 0, 5]), reclaim=st.sampled_from([0, 20]), timeout=st.sampled_from([0, 9]))
    def begin(self, offload, reclaim, timeout):
        self.play = Game(
            shelved_offload_time=offload,
            reclaim_instance_interval=reclaim,
            instance_build_timeout=timeout,
            reboot_timeout=timeout,
        )
        self.play.make()
        self.play.time_goes_on(10)

    @rule(who=CALLERS, flavor=st.sampled_from(["1", "2", "nosuch"]), name=st.sampled_from([None, "", "b" * 256]))
    def create(self, who, flavor, name):
        if len(self.play.ids) < 4:
            with self.play.reproducible():
                self.play.make(who, flavor, name)

    @rule(
        which=st.integers(0, 3),
        key=st.sampled_from(KEYS + 2 * MOVES),
        who=CALLERS,
        choice=st.integers(0, 9),
        minor=st.sampled_from([1, 25, 53, 73, 91, 96, 104]),
    )
    def act(self, which, key, who, choice, minor):
        options = ARGUMENTS.get(key, [None])
        arguments = options[choice % len(options)]
        if arguments == {"imageRef": "IMAGE"}:
            arguments = {"imageRef": self.play.image}
        with self.play.reproducible():
            self.play.request(which, key, arguments, who, minor)

    @rule(which=st.integers(0, 3), who=CALLERS)
    def delete(self, which, who):
        with self.play.reproducible():
            self.play.remove(which, who)

    @rule(which=st.integers(0, 3), who=CALLERS, value=st.sampled_from(["v", "w" * 256]))
    def set_metadata(self, which, who, value):
        with self.play.reproducible():
            self.play.label(which, who, value)

    @rule(number=st.integers(1, 3), down=st.booleans())
    def host_changes(self, number, down):
        with self.play.reproducible():
            self.play.host_is_forced(number, down)

    @rule(number=st.integers(1, 3), up=st.booleans())
    def host_loses_or_gets_power(self, number, up):
        with self.play.reproducible():
            self.play.host_has_power(number, up)

    @rule(does=st.sampled_from(["stuck", "fail", "lose", "slow", "host-crash"]), where=STUCK)
    def fault(self, does, where):
        more = {"message": "broken"} if does == "fail" else {"factor": 3.0} if does == "slow" else {}
        phase = {} if does == "lose" else {"phase": where[1]}
        with self.play.reproducible():
            self.play.goes_wrong(does=does, action=where[0], **phase, **more)

    @rule()
    def all_is_well(self):
        with self.play.reproducible():
            self.play.all_is_well()

    @rule(which=st.integers(0, 3), what=st.sampled_from(["shutdown", "crash", "reboot"]))
    def guest(self, which, what):
        with self.play.reproducible():
            self.play.guest_acts(which, what)

    @rule(seconds=st.floats(0, 30).map(lambda x: round(x, 2)))
    def time_passes(self, seconds):
        with self.play.reproducible():
            self.play.time_goes_on(seconds)

    @invariant()
    def all_that_must_hold(self):
        if hasattr(self, "play"):
            with self.play.reproducible():
                for check in CHECKS:
                    check(self.play)


def usage_is_the_sum_of_the_claims(play: Game) -> None:
    claims = play.all(Allocation)
    for host in play.all(Host):
        own = [claim for claim in claims if claim.host == host.name]
        assert host.used_vcpus == sum(claim.vcpus for claim in own)
        assert host.used_ram_mb == sum(claim.ram_mb for claim in own)
        assert host.used_disk_gb == sum(claim.disk_gb for claim in own)


def every_placed_server_has_its_claim(play: Game) -> None:
    claims = {claim.consumer: claim for claim in play.all(Allocation)}
    tasks = {task.server_id for task in play.all(Task) if not task.timer}
    for server in play.all(Server):
        if server.deleted:
            assert server.id not in claims
        elif server.host and server.id not in tasks:  # a move holds the target before the server is there
            assert claims[server.id].host == server.host


def what_is_deleted_is_gone(play: Game) -> None:
    gone = {server.id for server in play.all(Server) if server.deleted}
    for id in gone:
        assert play.ask("GET", f"/servers/{id}", who="admin").code == 404
    assert not [port for port in play.all(Port) if port.device_id in gone]
    assert not [task for task in play.all(Task) if task.server_id in gone]


def what_is_shown_is_one_of_novas(play: Game) -> None:
    for id in play.ids:
        answer = play.ask("GET", f"/servers/{id}", who="admin")
        assert answer.code == 404 or answer.body["server"]["status"] in STATUSES


def a_task_state_is_shown_only_while_a_task_runs(play: Game) -> None:
    busy = {task.server_id for task in play.all(Task) if not task.timer}
    for server in play.all(Server):
        assert server.task_state is None or server.id in busy


CHECKS = (
    usage_is_the_sum_of_the_claims,
    every_placed_server_has_its_claim,
    what_is_deleted_is_gone,
    what_is_shown_is_one_of_novas,
    a_task_state_is_shown_only_while_a_task_runs,
)

TestPlay = Machine.TestCase
TestPlay.settings = settings(max_examples=520, stateful_step_count=50, deadline=None)


def test_a_failure_prints_the_script_that_leads_there():
    game = Game()
    game.make()
    game.time_goes_on(10)
    script = r"novasim create s0 --flavor 1 --image cirros\nnovasim clock advance 10"
    with pytest.raises(AssertionError, match=script), game.reproducible():
        raise AssertionError("something is wrong")


def test_the_script_does_the_same_from_a_shell(tmp_path):
    user = User(tmp_path / "cloud.json")
    game = Game(shelved_offload_time=-1)
    game.make()
    game.make("admin", "2")
    game.make("other")
    game.time_goes_on(10)
    game.request(0, "reboot", {"type": "HARD"}, "demo", 96)
    game.time_goes_on(0.3)
    game.request(1, "resize", {"flavorRef": "1"}, "admin", 1)
    game.request(2, "lock", {"locked_reason": "mine"}, "other", 73)
    game.request(2, "os-stop", None, "other", 96)  # refused, and not in the script
    game.time_goes_on(60)
    game.goes_wrong(does="fail", action="shelve", phase="shelving_image_uploading", message="broken")
    game.request(0, "shelve", None, "demo", 96)
    game.label(0, "demo", "v")
    game.time_goes_on(60)
    game.goes_wrong(does="stuck", action="pause", phase="pausing")
    game.request(0, "pause", None, "demo", 96)
    game.host_has_power(3, False)
    game.request(2, "evacuate", {}, "admin", 104)
    game.guest_acts(1, "shutdown")
    game.time_goes_on(60)
    game.remove(1, "admin")
    game.time_goes_on(60)
    for line in game.script.splitlines()[1:]:
        done = user.freely(line.removeprefix("novasim "))
        assert done.exit_code == 0, (line, done.stderr)
    shown = user("--as admin list --all-projects -f json").stdout
    assert {each["name"]: each["status"] for each in json.loads(shown)} == game.statuses()
    assert set(game.statuses()) == {"s0", "s2"}
