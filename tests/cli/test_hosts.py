"""The commands for hosts, services, aggregates, migrations and usage."""

from __future__ import annotations

import json

import pytest


def parse_json(done) -> dict:
    return json.loads(done.stdout)


class TestHosts:
    def test_host_is_created_changed_and_deleted(self, user, admin):
        host = parse_json(admin("host create rack9 --vcpus 64 --ram-mb 262144 --cpu-allocation-ratio 2 -f json"))
        assert (host["vcpus"], host["memory_mb"], host["cpu_allocation_ratio"]) == (64, 262144, 2.0)
        assert "rack9" in admin("host list -f value -c Name").stdout.split()
        assert parse_json(admin("host set rack9 --vcpus 32 -f json"))["vcpus"] == 32
        assert parse_json(admin("host set rack9 --disable --disable-reason broken -f json"))["status"] == "disabled"
        assert parse_json(admin("host show rack9 -f json"))["service"]["disabled_reason"] == "broken"
        admin("host delete rack9")
        assert "rack9" not in admin("host list -f value -c Name").stdout

    def test_servers_of_a_failed_host_are_evacuated(self, user, admin):
        user.create("web1")
        assert parse_json(admin("host set host1 --down -f json"))["state"] == "down"
        admin("evacuate web1 --wait")
        assert admin("migration list -f value -c Status").stdout == "done\n"
        assert parse_json(admin("host set host1 --up -f json"))["vcpus_used"] == 0
        assert admin("migration list -f value -c Status").stdout == "completed\n"

    @pytest.mark.parametrize(
        ("line", "code"),
        [
            ("host create host1", 4),
            ("host create 'a b'", 2),
            ("host create x --vcpus 0", 2),
            ("host create x --ram-mb -5", 2),
            ("host create x --cpu-allocation-ratio nan", 2),
            ("host set nope --down", 3),
            ("host set host1", 2),
            ("host set host1 --disable-reason why", 6),
            ("host show nope", 3),
            ("host delete nope", 3),
            ("host delete host1", 4),
            ("host explain nope", 3),
            ("service set nope --down", 3),
            ("service set host1", 2),
            ("service delete host1", 4),
            ("aggregate show nope", 3),
            ("aggregate set nope --zone z", 3),
            ("aggregate add-host nope host1", 3),
            ("aggregate remove-host nope host1", 3),
            ("aggregate delete nope", 3),
            ("migration show web1", 3),
            ("migration abort web1", 3),
            ("migration force-complete web1 77", 4),
            ("migration list --type sideways", 2),
            ("migrate web1 --host nope", 6),
            ("migrate web1 --host host1", 6),
            ("live-migrate web1 --host nope", 6),
            ("evacuate web1", 6),
            ("usage list --start soon", 6),
        ],
    )
    def test_bad_input_is_refused_in_one_line(self, user, admin, line, code):
        user.create("web1")
        before = user.path.read_bytes()
        done = admin(line, code)
        assert done.stderr.startswith("novasim: ")
        assert "Traceback" not in done.stderr
        assert user.path.read_bytes() == before

    @pytest.mark.parametrize(
        "line",
        [
            "host list",
            "host show host1",
            "host create x",
            "host set host1 --down",
            "host delete host1",
            "host explain m1.tiny",
            "service list",
            "service set host1 --down",
            "aggregate list",
            "aggregate create a",
            "usage list",
            "project list",
            "user list",
            "role list",
            "role assignments",
            "project create x",
            "migrate web1",
            "live-migrate web1",
            "evacuate web1",
            "reset-state web1 --state active",
            "inject-network-info web1",
        ],
    )
    def test_members_are_refused(self, user, line):
        user.create("web1")
        before = user.path.read_bytes()
        user(line, 5)
        assert user.path.read_bytes() == before

    def test_migrations_to_full_and_disabled_hosts_fail_as_in_nova(self, user, admin):
        user.create("web1")
        admin("host set host2 --disable")
        admin("host set host3 --ram-mb 513")
        refused = admin("migrate web1 --host host2 --wait", 8)
        assert "left it as it was" in refused.stderr
        assert (
            user("show web1 -f value -c status").stdout.split() == ["status", "ACTIVE"]
            or "ACTIVE" in user("show web1").stdout
        )
        assert "host3" not in admin("show web1 -f json").stdout

    def test_explain_gives_the_reason_for_each_host(self, user, admin):
        admin("host set host2 --down")
        rows = json.loads(admin("host explain m1.tiny -f json").stdout)
        assert {row["host"]: row["why"] for row in rows} == {"host1": "", "host2": "it is down", "host3": ""}
        user.create("web1")
        rows = json.loads(admin("host explain web1 -f json").stdout)
        assert {row["host"]: row["why"] for row in rows}["host1"] == "the server is already on this host"


class TestAggregates:
    def test_aggregate_creates_an_availability_zone(self, user, admin):
        admin("aggregate create rack1 --zone az1 --property ssd=true")
        admin("aggregate add-host rack1 host2")
        assert parse_json(admin("aggregate show rack1 -f json"))["hosts"] == ["host2"]
        web1 = user.create("web1", "--availability-zone az1")
        assert web1["OS-EXT-AZ:availability_zone"] == "az1"
        assert "ssd" not in admin("aggregate unset rack1 --property ssd -f json").stdout
        admin("aggregate delete rack1", 6)
        assert user("create web2 --flavor m1.tiny --image cirros --availability-zone az9", 6).stderr

    def test_aggregate_is_renamed(self, admin):
        admin("aggregate create rack1")
        assert parse_json(admin("aggregate set rack1 --name rack2 --property a=b -f json"))["name"] == "rack2"
        admin("aggregate set rack2", 2)
        admin("aggregate create rack2", 4)
        admin("aggregate delete rack2")


class TestMigrations:
    def test_live_migration_is_aborted_or_forced_to_complete(self, user, admin, monkeypatch):
        user.create("web1")
        monkeypatch.setenv("NOVASIM_CLOCK", "manual")
        admin("live-migrate web1")
        user("clock advance 1s")
        assert parse_json(admin("migration show web1 -f json"))["status"] == "running"
        admin("migration abort web1")
        assert parse_json(admin("migration show web1 -f json"))["status"] == "cancelled"
        admin("live-migrate web1")
        user("clock advance 1s")
        admin("migration force-complete web1")
        assert parse_json(admin("migration show web1 -f json"))["status"] == "completed"
        assert len(json.loads(admin("migration list --server web1 --type live-migration -f json").stdout)) == 2

    def test_migration_of_another_server_is_not_found(self, user, admin):
        user.create("web1")
        assert "has no migrations" in admin("migration show web1", 3).stderr


class TestUsage:
    def test_usage_counts_hours(self, user, admin, monkeypatch):
        monkeypatch.setenv("NOVASIM_CLOCK", "manual")
        user("create web1 --flavor m1.tiny --image cirros")
        user("clock advance 2h")
        (row,) = json.loads(admin("usage list -f json").stdout)
        assert row["total_hours"] == pytest.approx(2, rel=0.01)
        assert parse_json(user("usage show -f json"))["server_usages"][0]["name"] == "web1"
        assert "Server hours" in user("usage show").stdout

    def test_topology_is_shown(self, user):
        user.create("web1")
        assert parse_json(user("show web1 --topology -f json")) == {"nodes": [], "pagesize_kb": None}


class TestControlServices:
    def test_list(self, admin):
        assert admin("service list --binary nova-scheduler -f value -c Host -c Zone").stdout == "controller internal\n"

    def test_set_is_refused_as_in_nova(self, admin):
        refusal = admin("service set controller --binary nova-scheduler --disable", 6)
        assert "Only nova-compute services can be updated" in refusal.stderr

    def test_delete(self, admin):
        admin("service delete controller --binary nova-scheduler")
        assert admin("service list --host controller -f value -c Binary").stdout == "nova-conductor\n"
        assert (
            "There is no service 'nova-scheduler' on host"
            in admin("service delete controller --binary nova-scheduler", 3).stderr
        )

    def test_the_default_is_the_compute_service(self, admin):
        assert "There is no host 'controller'" in admin("service set controller --disable", 3).stderr
