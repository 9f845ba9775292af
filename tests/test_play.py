"""A machine that plays with the cloud: random requests, callers and times, and what must hold after each."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.status import STATUSES
from novasim.records import Allocation, Host, Port, Server, Task
from tests.play import Play

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
CALLERS = st.sampled_from(["demo", "demo", "demo", "admin", "other", "reader"])


class Machine(RuleBasedStateMachine):
    """Up to four servers of one project, on three hosts."""

    def __init__(self) -> None:
        super().__init__()
        self.servers: list[str] = []

    @initialize(offload=st.sampled_from([-1, 0, 5]), reclaim=st.sampled_from([0, 20]))
    def begin(self, offload, reclaim):
        self.play = Play("manual", shelved_offload_time=offload, reclaim_instance_interval=reclaim)
        self.servers = [self.play.create("first")]
        self.play.advance(10)

    def ask(self, *request):
        """Send a request: never a 5xx, and a refusal changes nothing at all."""
        before = self.play.store.dump()
        answer = self.play.ask(*request)
        assert answer.code < 500, answer
        if answer.code >= 400:
            assert self.play.store.dump() == before
            (name,) = answer.body
            assert answer.body[name]["message"]
        return answer

    @rule(who=CALLERS, flavor=st.sampled_from(["1", "2", "nosuch"]), name=st.sampled_from(["a", "", "b" * 256]))
    def create(self, who, flavor, name):
        if len(self.servers) < 4:
            body = {"name": name, "flavorRef": flavor, "imageRef": self.play.image, "networks": "auto"}
            answer = self.ask("POST", "/servers", {"server": body}, who)
            if answer.code == 202:
                self.servers.append(answer.body["server"]["id"])

    @rule(which=st.integers(0, 3), key=st.sampled_from(KEYS), who=CALLERS, choice=st.integers(0, 9),
          minor=st.sampled_from([1, 25, 53, 73, 91, 96, 104]))  # fmt: skip
    def act(self, which, key, who, choice, minor):
        server = self.servers[which % len(self.servers)]
        options = ARGUMENTS.get(key, [None])
        arguments = options[choice % len(options)]
        if arguments == {"imageRef": "IMAGE"}:
            arguments = {"imageRef": self.play.image}
        self.ask("POST", f"/servers/{server}/action", {key: arguments}, who, minor)

    @rule(which=st.integers(0, 3), who=CALLERS)
    def delete(self, which, who):
        self.ask("DELETE", f"/servers/{self.servers[which % len(self.servers)]}", None, who)

    @rule(which=st.integers(0, 3), who=CALLERS, value=st.sampled_from(["v", "w" * 256]))
    def set_metadata(self, which, who, value):
        server = self.servers[which % len(self.servers)]
        self.ask("POST", f"/servers/{server}/metadata", {"metadata": {"k": value}}, who)

    @rule(number=st.integers(1, 3), down=st.booleans())
    def host_changes(self, number, down):
        host = self.play.all(Host)[number - 1]
        self.ask("PUT", f"/os-services/{host.service_id}", {"forced_down": down}, "admin")

    @rule(seconds=st.floats(0, 30).map(lambda x: round(x, 2)))
    def time_passes(self, seconds):
        self.play.advance(seconds)

    @invariant()
    def usage_is_the_sum_of_the_claims(self):
        if self.servers:
            claims = self.play.all(Allocation)
            for host in self.play.all(Host):
                own = [claim for claim in claims if claim.host == host.name]
                assert host.used_vcpus == sum(claim.vcpus for claim in own)
                assert host.used_ram_mb == sum(claim.ram_mb for claim in own)
                assert host.used_disk_gb == sum(claim.disk_gb for claim in own)

    @invariant()
    def every_placed_server_has_its_claim(self):
        claims = {claim.consumer: claim for claim in self.play.all(Allocation)} if self.servers else {}
        tasks = {task.server_id for task in self.play.all(Task) if not task.timer} if self.servers else set()
        for server in self.play.all(Server) if self.servers else ():
            if server.deleted:
                assert server.id not in claims
            elif server.host and server.id not in tasks:  # a move holds the target before the server is there
                assert claims[server.id].host == server.host

    @invariant()
    def what_is_deleted_is_gone(self):
        gone = {server.id for server in self.play.all(Server) if server.deleted} if self.servers else set()
        for id in gone:
            assert self.play.ask("GET", f"/servers/{id}", who="admin").code == 404
        if self.servers:
            assert not [port for port in self.play.all(Port) if port.device_id in gone]
            assert not [task for task in self.play.all(Task) if task.server_id in gone]

    @invariant()
    def what_is_shown_is_one_of_novas(self):
        for id in self.servers:
            answer = self.play.ask("GET", f"/servers/{id}", who="admin")
            assert answer.code == 404 or answer.body["server"]["status"] in STATUSES

    @invariant()
    def a_task_state_is_shown_only_while_a_task_runs(self):
        if self.servers:
            busy = {task.server_id for task in self.play.all(Task) if not task.timer}
            for server in self.play.all(Server):
                assert server.task_state is None or server.id in busy


TestPlay = Machine.TestCase
TestPlay.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
