"""Usage of projects, and the usage audit log. Source: Nova's API reference and samples."""

from __future__ import annotations

import pytest

from tests.play import Play

USAGE = "/os-simple-tenant-usage"


@pytest.fixture
def play():
    return Play("manual")


def get_usage(play: Play, query: str = "", who: str = "demo") -> dict:
    from novasim.api.dispatch import handle
    from novasim.api.request import Request

    pairs = tuple(tuple(part.split("=")) for part in query.split("&") if part)
    caller = play.callers[who]
    path = f"{USAGE}/{play.callers['demo'].project_id}"
    return handle(play.cloud, Request(caller, "GET", path, 1, pairs)).body


class TestUsage:
    def test_hours_are_counted_from_launch_to_termination(self, play):
        web1 = play.create()
        play.advance(10)
        launched = play.server(web1).launched_at
        play.advance(3600 * 2)
        play.ask("DELETE", f"/servers/{web1}")
        play.advance(3600 * 5)
        usage = get_usage(play, "start=2025-12-31T00:00:00&end=2026-01-02T00:00:00")["tenant_usage"]
        (server,) = usage["server_usages"]
        assert server["started_at"] == launched.rstrip("Z")
        assert server["state"] == "terminated"
        assert server["ended_at"] is not None
        assert server["hours"] == pytest.approx(2, rel=0.01)
        assert server["uptime"] == pytest.approx(7200, abs=15)
        assert usage["total_memory_mb_usage"] == pytest.approx(server["hours"] * 512)

    def test_only_hours_within_the_period_are_counted(self, play):
        play.create()
        play.advance(3600 * 30)
        found = get_usage(play, "start=2026-01-01T10:00:00&end=2026-01-01T11:00:00")["tenant_usage"]
        assert (found["total_hours"], found["total_vcpus_usage"], found["total_local_gb_usage"]) == (1.0, 1.0, 1.0)
        assert (found["start"], found["stop"]) == ("2026-01-01T10:00:00.000000", "2026-01-01T11:00:00.000000")

    def test_a_project_without_servers_has_no_usage(self, play):
        assert get_usage(play, "start=2020-01-01T10:00:00&end=2020-01-01T11:00:00") == {"tenant_usage": {}}

    def test_only_administrators_list_the_usage_of_all_projects(self, play):
        play.create()
        play.advance(60)
        assert play.ask("GET", USAGE).code == 403
        day = "start=2026-01-01T00:00:00&end=2026-01-02T00:00:00"
        (usage,) = get_as_admin(play, USAGE, day).body["tenant_usages"]
        assert "server_usages" not in usage
        (usage,) = get_as_admin(play, USAGE, "start=2026-01-01T00:00:00&end=2026-01-02T00:00:00&detailed=1").body[
            "tenant_usages"
        ]
        assert set(usage["server_usages"][0]) == set(
            "ended_at flavor hours instance_id local_gb memory_mb name started_at state tenant_id uptime vcpus".split()
        )

    def test_usage_of_another_project_is_forbidden(self, play):
        assert "forbidden" in get_usage(play, who="other")

    @pytest.mark.parametrize(
        "query", ["start=yesterday", "end=2026", "start=2026-01-02T00:00:00&end=2026-01-01T00:00:00"]
    )
    def test_invalid_periods_are_refused(self, play, query):
        assert "badRequest" in get_usage(play, query)

    def test_usage_is_paged_from_2_40(self, play):
        for name in ("a", "b", "c"):
            play.create(name)
        play.advance(60)
        period = "start=2026-01-01T00:00:00&end=2026-01-02T00:00:00&detailed=1&limit=2"
        first = get_as_admin(play, USAGE, period, 40).body
        (link,) = first["tenant_usages_links"]
        marker = link["href"].partition("marker=")[2].partition("&")[0]
        second = get_as_admin(play, USAGE, f"{period}&marker={marker}", 40).body
        names = [
            s["name"] for body in (first, second) for usage in body["tenant_usages"] for s in usage["server_usages"]
        ]
        assert sorted(names) == ["a", "b", "c"]
        assert "tenant_usages_links" not in second
        assert get_as_admin(play, USAGE, "limit=2&marker=nope", 40).code == 400


def get_as_admin(play: Play, path: str, query: str, minor: int = 1):
    from novasim.api.dispatch import handle
    from novasim.api.request import Request

    pairs = tuple(tuple(part.split("=")) for part in query.split("&"))
    return handle(play.cloud, Request(play.callers["admin"], "GET", path, minor, pairs))


def test_the_audit_log_is_empty(play):
    log = play.ask("GET", "/os-instance_usage_audit_log", who="admin").body["instance_usage_audit_logs"]
    assert (log["num_hosts"], log["num_hosts_not_run"]) == (3, 3)
    for before, begin, end in (
        ("2026-01-31 00:00:00", "2025-12-01", "2026-01-01"),
        ("2016-12-10 13:59:59.999999", "2016-11-01", "2016-12-01"),
        ("2026-03-01 00:00:00", "2026-01-01", "2026-02-01"),
        ("2026-03-01 00:00:00.1", "2026-02-01", "2026-03-01"),
    ):
        path = f"/os-instance_usage_audit_log/{before}"
        log = play.ask("GET", path, who="admin").body["instance_usage_audit_log"]
        assert (log["period_beginning"], log["period_ending"]) == (f"{begin} 00:00:00", f"{end} 00:00:00")
    for invalid in ("soon", "0001-01-01 00:00:00"):
        assert play.ask("GET", f"/os-instance_usage_audit_log/{invalid}", who="admin").code == 400
    assert play.ask("GET", "/os-instance_usage_audit_log").code == 403
