"""A state machine: random requests, callers, faults and times, and invariants that hold after each."""

from __future__ import annotations

import json

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.status import STATUSES
from novasim.records import Allocation, Host, Port, Server, Task
from tests import extent
from tests.cli.conftest import User
from tests.scripted_play import ScriptedPlay

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
KEYS = sorted({action.api_key for action in ACTIONS.values() if action.api_key})
MOVING_ACTIONS = [
    "resize",
    "migrate",
    "os-migrateLive",
    "evacuate",
    "shelve",
    "unshelve",
    "confirmResize",
    "revertResize",
]
CALLERS = st.sampled_from(["demo", "demo", "admin", "admin", "other", "reader"])


STUCK = st.sampled_from(
    [
        (name, phase.task_state)
        for name, action in sorted(ACTIONS.items())
        for phase in action.phases
        if phase.task_state
    ]
)


class CloudStateMachine(RuleBasedStateMachine):
    """Up to four servers of one project, on three hosts."""

    play: ScriptedPlay
    checked: object = None  # the revision for which the invariants hold

    @initialize(offload=st.sampled_from([-1, 0, 5]), reclaim=st.sampled_from([0, 20]), timeout=st.sampled_from([0, 9]))
    def begin(self, offload, reclaim, timeout):
        self.play = ScriptedPlay(
            shelved_offload_time=offload,
            reclaim_instance_interval=reclaim,
            instance_build_timeout=timeout,
            reboot_timeout=timeout,
        )
        self.play.create_server()
        self.play.advance_clock(10)

    @rule(who=CALLERS, flavor=st.sampled_from(["1", "2", "nosuch"]), name=st.sampled_from([None, "", "b" * 256]))
    def create(self, who, flavor, name):
        if len(self.play.ids) < 4:
            with self.play.show_script_on_failure():
                self.play.create_server(who, flavor, name)

    @rule(
        index=st.integers(0, 3),
        key=st.sampled_from(KEYS + 2 * MOVING_ACTIONS),
        who=CALLERS,
        choice=st.integers(0, 9),
        minor=st.sampled_from([1, 25, 53, 73, 91, 96, 104]),
    )
    def act(self, index, key, who, choice, minor):
        options = ARGUMENTS.get(key, [None])
        arguments = options[choice % len(options)]
        if arguments == {"imageRef": "IMAGE"}:
            arguments = {"imageRef": self.play.image}
        with self.play.show_script_on_failure():
            self.play.run_action(index, key, arguments, who, minor)

    @rule(index=st.integers(0, 3), who=CALLERS)
    def delete(self, index, who):
        with self.play.show_script_on_failure():
            self.play.delete_server(index, who)

    @rule(index=st.integers(0, 3), who=CALLERS, value=st.sampled_from(["v", "w" * 256]))
    def label_server(self, index, who, value):
        with self.play.show_script_on_failure():
            self.play.set_metadata(index, who, value)

    @rule(number=st.integers(1, 3), down=st.booleans())
    def force_host(self, number, down):
        with self.play.show_script_on_failure():
            self.play.force_host_down(number, down)

    @rule(number=st.integers(1, 3), up=st.booleans())
    def switch_host(self, number, up):
        with self.play.show_script_on_failure():
            self.play.set_host_power(number, up)

    @rule(kind=st.sampled_from(["stuck", "fail", "lose", "slow", "host-crash"]), action_and_task_state=STUCK)
    def inject_fault(self, kind, action_and_task_state):
        more = {"message": "broken"} if kind == "fail" else {"factor": 3.0} if kind == "slow" else {}
        phase = {} if kind == "lose" else {"phase": action_and_task_state[1]}
        with self.play.show_script_on_failure():
            self.play.add_fault(does=kind, action=action_and_task_state[0], **phase, **more)

    @rule()
    def clear_faults(self):
        with self.play.show_script_on_failure():
            self.play.clear_faults()

    @rule(index=st.integers(0, 3), what=st.sampled_from(["shutdown", "crash", "reboot"]))
    def act_in_guest(self, index, what):
        with self.play.show_script_on_failure():
            self.play.apply_guest_event(index, what)

    @rule(seconds=st.floats(0, 30).map(lambda x: round(x, 2)))
    def advance_clock(self, seconds):
        with self.play.show_script_on_failure():
            self.play.advance_clock(seconds)

    @invariant()
    def invariants_hold(self):
        """Check a cloud that has changed since the last check."""
        if hasattr(self, "play") and self.play.store.revision() is not self.checked:
            self.checked = self.play.store.revision()
            with self.play.show_script_on_failure():
                for check in INVARIANTS:
                    check(self.play)


def usage_is_the_sum_of_the_allocations(play: ScriptedPlay) -> None:
    allocations = play.all(Allocation)
    for host in play.all(Host):
        own = [allocation for allocation in allocations if allocation.host == host.name]
        assert host.used_vcpus == sum(allocation.vcpus for allocation in own)
        assert host.used_ram_mb == sum(allocation.ram_mb for allocation in own)
        assert host.used_disk_gb == sum(allocation.disk_gb for allocation in own)


def every_server_on_a_host_has_an_allocation(play: ScriptedPlay) -> None:
    allocations = {allocation.consumer: allocation for allocation in play.all(Allocation)}
    tasks = {task.server_id for task in play.all(Task) if not task.timer}
    for server in play.all(Server):
        if server.deleted:
            assert server.id not in allocations
        elif server.host and server.id not in tasks:  # a move holds the target before the server is there
            assert allocations[server.id].host == server.host


def deleted_servers_have_no_records(play: ScriptedPlay) -> None:
    deleted_ids = {server.id for server in play.all(Server) if server.deleted}
    for id in deleted_ids:
        assert play.ask("GET", f"/servers/{id}", who="admin").code == 404
    assert not [port for port in play.all(Port) if port.device_id in deleted_ids]
    assert not [task for task in play.all(Task) if task.server_id in deleted_ids]


def statuses_are_those_of_nova(play: ScriptedPlay) -> None:
    for id in play.ids:
        answer = play.ask("GET", f"/servers/{id}", who="admin")
        assert answer.code == 404 or answer.body["server"]["status"] in STATUSES


def a_task_state_is_shown_only_while_a_task_runs(play: ScriptedPlay) -> None:
    busy = {task.server_id for task in play.all(Task) if not task.timer}
    for server in play.all(Server):
        assert server.task_state is None or server.id in busy


INVARIANTS = (
    usage_is_the_sum_of_the_allocations,
    every_server_on_a_host_has_an_allocation,
    deleted_servers_have_no_records,
    statuses_are_those_of_nova,
    a_task_state_is_shown_only_while_a_task_runs,
)

TestStateMachine = CloudStateMachine.TestCase
TestStateMachine.settings = settings(max_examples=extent(20, 520), stateful_step_count=50, deadline=None)


def test_a_failure_shows_the_script():
    play = ScriptedPlay()
    play.create_server()
    play.advance_clock(10)
    script = r"novasim create s0 --flavor 1 --image cirros\nnovasim clock advance 10"
    with pytest.raises(AssertionError, match=script), play.show_script_on_failure():
        raise AssertionError("something is wrong")


def test_the_script_has_the_same_result_in_a_shell(tmp_path):
    user = User(tmp_path / "cloud.json")
    play = ScriptedPlay(shelved_offload_time=-1)
    play.create_server()
    play.create_server("admin", "2")
    play.create_server("other")
    play.advance_clock(10)
    play.run_action(0, "reboot", {"type": "HARD"}, "demo", 96)
    play.advance_clock(0.3)
    play.run_action(1, "resize", {"flavorRef": "1"}, "admin", 1)
    play.run_action(2, "lock", {"locked_reason": "mine"}, "other", 73)
    play.run_action(2, "os-stop", None, "other", 96)  # refused, and not in the script
    play.advance_clock(60)
    play.add_fault(does="fail", action="shelve", phase="shelving_image_uploading", message="broken")
    play.run_action(0, "shelve", None, "demo", 96)
    play.set_metadata(0, "demo", "v")
    play.advance_clock(60)
    play.add_fault(does="stuck", action="pause", phase="pausing")
    play.run_action(0, "pause", None, "demo", 96)
    play.set_host_power(3, False)
    play.run_action(2, "evacuate", {}, "admin", 104)
    play.apply_guest_event(1, "shutdown")
    play.advance_clock(60)
    play.delete_server(1, "admin")
    play.advance_clock(60)
    for line in play.script.splitlines()[1:]:
        done = user.run(line.removeprefix("novasim "))
        assert done.exit_code == 0, (line, done.stderr)
    shown = user("--as admin list --all-projects -f json").stdout
    assert {each["name"]: each["status"] for each in json.loads(shown)} == play.list_statuses()
    assert set(play.list_statuses()) == {"s0", "s2"}
