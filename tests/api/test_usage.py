"""Usage, topology, external events, audit log: forms as in Nova's API samples, rules as in its API reference."""

from __future__ import annotations

import pytest

from novasim.records import Host
from tests.play import Play

USAGE = "/os-simple-tenant-usage"


@pytest.fixture
def play():
    return Play("manual")


def hours_of(play: Play, query: str = "", who: str = "demo") -> dict:
    from novasim.api.dispatch import handle
    from novasim.api.request import Request

    pairs = tuple(tuple(part.split("=")) for part in query.split("&") if part)
    caller = play.callers[who]
    path = f"{USAGE}/{play.callers['demo'].project_id}"
    return handle(play.cloud, Request(caller, "GET", path, 1, pairs)).body


class TestUsage:
    def test_hours_count_from_launch_to_end(self, play):
        web1 = play.create()
        play.advance(10)
        launched = play.server(web1).launched_at
        play.advance(3600 * 2)
        play.ask("DELETE", f"/servers/{web1}")
        play.advance(3600 * 5)
        usage = hours_of(play, "start=2025-12-31T00:00:00&end=2026-01-02T00:00:00")["tenant_usage"]
        (server,) = usage["server_usages"]
        assert server["started_at"] == launched.rstrip("Z")
        assert server["state"] == "terminated"
        assert server["ended_at"] is not None
        assert server["hours"] == pytest.approx(2, rel=0.01)
        assert server["uptime"] == pytest.approx(7200, abs=15)
        assert usage["total_memory_mb_usage"] == pytest.approx(server["hours"] * 512)

    def test_only_the_part_within_the_period_counts(self, play):
        play.create()
        play.advance(3600 * 30)
        found = hours_of(play, "start=2026-01-01T10:00:00&end=2026-01-01T11:00:00")["tenant_usage"]
        assert (found["total_hours"], found["total_vcpus_usage"], found["total_local_gb_usage"]) == (1.0, 1.0, 1.0)
        assert (found["start"], found["stop"]) == ("2026-01-01T10:00:00.000000", "2026-01-01T11:00:00.000000")

    def test_no_server_no_usage(self, play):
        assert hours_of(play, "start=2020-01-01T10:00:00&end=2020-01-01T11:00:00") == {"tenant_usage": {}}

    def test_the_list_is_for_administrators(self, play):
        play.create()
        play.advance(60)
        assert play.ask("GET", USAGE).code == 403
        day = "start=2026-01-01T00:00:00&end=2026-01-02T00:00:00"
        (usage,) = ask(play, USAGE, day).body["tenant_usages"]
        assert "server_usages" not in usage
        (usage,) = ask(play, USAGE, "start=2026-01-01T00:00:00&end=2026-01-02T00:00:00&detailed=1").body[
            "tenant_usages"
        ]
        assert set(usage["server_usages"][0]) == set(
            "ended_at flavor hours instance_id local_gb memory_mb name started_at state tenant_id uptime vcpus".split()
        )

    def test_of_others_is_none_of_ones_business(self, play):
        assert "forbidden" in hours_of(play, who="other")

    @pytest.mark.parametrize(
        "query", ["start=yesterday", "end=2026", "start=2026-01-02T00:00:00&end=2026-01-01T00:00:00"]
    )
    def test_nonsense_is_refused(self, play, query):
        assert "badRequest" in hours_of(play, query)

    def test_pages_since_2_40(self, play):
        for name in ("a", "b", "c"):
            play.create(name)
        play.advance(60)
        period = "start=2026-01-01T00:00:00&end=2026-01-02T00:00:00&detailed=1&limit=2"
        first = ask(play, USAGE, period, 40).body
        (link,) = first["tenant_usages_links"]
        marker = link["href"].partition("marker=")[2].partition("&")[0]
        second = ask(play, USAGE, f"{period}&marker={marker}", 40).body
        names = [
            s["name"] for body in (first, second) for usage in body["tenant_usages"] for s in usage["server_usages"]
        ]
        assert sorted(names) == ["a", "b", "c"]
        assert "tenant_usages_links" not in second
        assert ask(play, USAGE, "limit=2&marker=nope", 40).code == 400


def ask(play: Play, path: str, query: str, minor: int = 1):
    from novasim.api.dispatch import handle
    from novasim.api.request import Request

    pairs = tuple(tuple(part.split("=")) for part in query.split("&"))
    return handle(play.cloud, Request(play.callers["admin"], "GET", path, minor, pairs))


class TestTopology:
    def test_none_without_numa(self, play):
        web1 = play.create()
        assert play.ask("GET", f"/servers/{web1}/topology").body == {"nodes": [], "pagesize_kb": None}

    def test_nodes_by_flavor_and_the_host_side_for_administrators(self, play):
        body = {"flavor": {"name": "n", "id": "n", "ram": 2048, "vcpus": 4, "disk": 1}}
        play.ask("POST", "/flavors", body, "admin")
        specs = {"hw:numa_nodes": "2", "hw:cpu_policy": "dedicated", "hw:mem_page_size": "2048"}
        play.ask("POST", "/flavors/n/os-extra_specs", {"extra_specs": specs}, "admin")
        web1 = play.create(flavor="n")
        path = f"/servers/{web1}/topology"
        assert play.ask("GET", path).body == {
            "nodes": [
                {"memory_mb": 1024, "vcpu_set": [0, 1], "siblings": []},
                {"memory_mb": 1024, "vcpu_set": [2, 3], "siblings": []},
            ],
            "pagesize_kb": 2048,
        }
        nodes = play.ask("GET", path, who="admin").body["nodes"]
        assert [(node["host_node"], sorted(node["cpu_pinning"])) for node in nodes] == [
            (0, ["0", "1"]),
            (1, ["2", "3"]),
        ]

    def test_since_2_78(self, play):
        web1 = play.create()
        assert play.ask("GET", f"/servers/{web1}/topology", minor=77).code == 404
        assert play.ask("GET", f"/servers/{web1}/topology", who="other").code == 404


class TestExternalEvents:
    def tell(self, play, *events, who="admin", minor=96):
        return play.ask("POST", "/os-server-external-events", {"events": list(events)}, who, minor)

    def test_each_has_its_code(self, play):
        web1 = play.create()
        play.advance(60)
        unknown = "11111111-1111-4111-8111-111111111111"
        known = {"name": "network-changed", "server_uuid": web1}
        answer = self.tell(play, known, {"name": "network-changed", "server_uuid": unknown})
        assert answer.code == 207
        assert [(each["code"], each["status"]) for each in answer.body["events"]] == [
            (200, "completed"),
            (404, "failed"),
        ]
        assert self.tell(play, known | {"status": "failed"}).body["events"] == [
            known | {"status": "completed", "code": 200}
        ]
        assert self.tell(play, {"name": "network-changed", "server_uuid": unknown}).code == 207

    @pytest.mark.parametrize("name", ["volume-extended", "power-update", "accelerator-request-bound"])
    def test_some_need_a_tag(self, play, name):
        web1 = play.create()
        play.advance(60)
        answer = self.tell(play, {"name": name, "server_uuid": web1})
        assert (answer.code, answer.body["events"][0]["code"]) == (207, 400)

    def test_an_extended_volume_is_in_the_log(self, play):
        web1 = play.create()
        play.advance(60)
        self.tell(play, {"name": "volume-extended", "server_uuid": web1, "tag": "x"})
        path = f"/servers/{web1}/os-instance-actions"
        entry = play.ask("GET", path).body["instanceActions"][0]
        assert (entry["action"], entry["message"]) == ("extend_volume", None)
        events = play.ask("GET", f"{path}/{entry['request_id']}").body["instanceAction"]["events"]
        assert [(event["event"], event["result"]) for event in events] == [("compute_extend_volume", "Success")]

    def test_a_server_on_no_host_takes_none(self, play):
        web1, web2 = play.create(), play.create("web2")
        events = [{"name": "network-changed", "server_uuid": id} for id in (web1, web2)]
        assert [each["code"] for each in self.tell(play, *events).body["events"]] == [422, 422]  # being scheduled
        play.advance(60)
        play.act(web2, "shelve")
        play.advance(60)
        assert [each["code"] for each in self.tell(play, *events).body["events"]] == [200, 422]

    def test_members_do_not_tell(self, play):
        web1 = play.create()
        assert self.tell(play, {"name": "network-changed", "server_uuid": web1}, who="demo").code == 403

    def test_power_updates_fail_on_drivers_that_cannot_follow(self, play):
        web1 = play.create()
        play.advance(60)
        assert self.tell(play, {"name": "power-update", "server_uuid": web1, "tag": "POWER_OFF"}).code == 200
        assert play.state(web1) == ("ACTIVE", None)
        entry = play.ask("GET", f"/servers/{web1}/os-instance-actions").body["instanceActions"][0]
        assert (entry["action"], entry["message"]) == ("stop", "Error")

    def test_power_follows_a_bare_metal_machine(self, play):
        with play.cloud.writing() as world:
            for host in world.tx.query(Host):
                host.hypervisor_type = "ironic"
                world.tx.put(host)
        web1 = play.create()
        play.advance(60)
        event = {"name": "power-update", "server_uuid": web1, "tag": "POWER_OFF"}
        assert self.tell(play, event).code == 200
        play.advance(60)
        assert play.state(web1) == ("SHUTOFF", None)
        self.tell(play, event | {"tag": "POWER_ON"})
        play.advance(60)
        assert play.state(web1) == ("ACTIVE", None)
        assert self.tell(play, event, minor=75).code == 400  # since 2.76

    def test_a_deleted_port_is_gone(self, play):
        web1 = play.create()
        play.advance(60)
        (port,) = play.ask("GET", f"/servers/{web1}/os-interface").body["interfaceAttachments"]
        self.tell(play, {"name": "network-vif-deleted", "server_uuid": web1, "tag": port["port_id"]})
        assert play.ask("GET", f"/servers/{web1}/os-interface").body["interfaceAttachments"] == []


def test_the_audit_log_is_empty(play):
    log = play.ask("GET", "/os-instance_usage_audit_log", who="admin").body["instance_usage_audit_logs"]
    assert (log["num_hosts"], log["num_hosts_not_run"]) == (3, 3)
    path = "/os-instance_usage_audit_log/2026-01-31 00:00:00"
    log = play.ask("GET", path, who="admin").body["instance_usage_audit_log"]
    assert (log["period_beginning"], log["period_ending"]) == ("2026-01-01 00:00:00", "2026-01-31 00:00:00")
    assert play.ask("GET", "/os-instance_usage_audit_log/soon", who="admin").code == 400
    assert play.ask("GET", "/os-instance_usage_audit_log").code == 403
