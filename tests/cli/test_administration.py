"""The administrator's commands: hosts, services, aggregates, migrations, usage, people, policy."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def admin(user):
    return lambda line, code=0: user(f"--as admin {line}", code)


def shown(done) -> dict:
    return json.loads(done.stdout)


class TestHosts:
    def test_the_life_of_a_host(self, user, admin):
        host = shown(admin("host create rack9 --vcpus 64 --ram-mb 262144 --cpu-allocation-ratio 2 -f json"))
        assert (host["vcpus"], host["memory_mb"], host["cpu_allocation_ratio"]) == (64, 262144, 2.0)
        assert "rack9" in admin("host list -f value -c Name").stdout.split()
        assert shown(admin("host set rack9 --vcpus 32 -f json"))["vcpus"] == 32
        assert shown(admin("host set rack9 --disable --disable-reason broken -f json"))["status"] == "disabled"
        assert shown(admin("host show rack9 -f json"))["service"]["disabled_reason"] == "broken"
        admin("host delete rack9")
        assert "rack9" not in admin("host list -f value -c Name").stdout

    def test_a_host_dies_and_comes_back(self, user, admin):
        user.create("web1")
        assert shown(admin("host set host1 --down -f json"))["state"] == "down"
        admin("evacuate web1 --wait")
        assert admin("migration list -f value -c Status").stdout == "done\n"
        assert shown(admin("host set host1 --up -f json"))["vcpus_used"] == 0
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
    def test_bad_input_is_one_line_and_changes_nothing(self, user, admin, line, code):
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

    def test_moves_to_full_and_disabled_hosts_fail_as_in_nova(self, user, admin):
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

    def test_explain_says_why(self, user, admin):
        admin("host set host2 --down")
        rows = json.loads(admin("host explain m1.tiny -f json").stdout)
        assert {row["host"]: row["why"] for row in rows} == {"host1": "", "host2": "it is down", "host3": ""}
        user.create("web1")
        rows = json.loads(admin("host explain web1 -f json").stdout)
        assert {row["host"]: row["why"] for row in rows}["host1"] == "the server is there now"


class TestAggregates:
    def test_make_a_zone(self, user, admin):
        admin("aggregate create rack1 --zone az1 --property ssd=true")
        admin("aggregate add-host rack1 host2")
        assert shown(admin("aggregate show rack1 -f json"))["hosts"] == ["host2"]
        web1 = user.create("web1", "--availability-zone az1")
        assert web1["OS-EXT-AZ:availability_zone"] == "az1"
        assert "ssd" not in admin("aggregate unset rack1 --property ssd -f json").stdout
        admin("aggregate delete rack1", 6)
        assert user("create web2 --flavor m1.tiny --image cirros --availability-zone az9", 6).stderr

    def test_are_renamed(self, admin):
        admin("aggregate create rack1")
        assert shown(admin("aggregate set rack1 --name rack2 --property a=b -f json"))["name"] == "rack2"
        admin("aggregate set rack2", 2)
        admin("aggregate create rack2", 4)
        admin("aggregate delete rack2")


class TestMigrations:
    def test_are_called_off_and_hurried(self, user, admin, monkeypatch):
        user.create("web1")
        monkeypatch.setenv("NOVASIM_CLOCK", "manual")
        admin("live-migrate web1")
        user("clock advance 1s")
        assert shown(admin("migration show web1 -f json"))["status"] == "running"
        admin("migration abort web1")
        assert shown(admin("migration show web1 -f json"))["status"] == "cancelled"
        admin("live-migrate web1")
        user("clock advance 1s")
        admin("migration force-complete web1")
        assert shown(admin("migration show web1 -f json"))["status"] == "completed"
        assert len(json.loads(admin("migration list --server web1 --type live-migration -f json").stdout)) == 2

    def test_of_another_server_are_not_there(self, user, admin):
        user.create("web1")
        assert "has no migrations" in admin("migration show web1", 3).stderr


class TestUsage:
    def test_hours_are_counted(self, user, admin, monkeypatch):
        monkeypatch.setenv("NOVASIM_CLOCK", "manual")
        user("create web1 --flavor m1.tiny --image cirros")
        user("clock advance 2h")
        (row,) = json.loads(admin("usage list -f json").stdout)
        assert row["total_hours"] == pytest.approx(2, rel=0.01)
        assert shown(user("usage show -f json"))["server_usages"][0]["name"] == "web1"
        assert "Server hours" in user("usage show").stdout

    def test_topology(self, user):
        user.create("web1")
        assert shown(user("show web1 --topology -f json")) == {"nodes": [], "pagesize_kb": None}


class TestPeople:
    def test_a_class_of_students(self, user, admin):
        admin("project create class1")
        admin("user create ann --project class1 --password secret2")
        ann = lambda line, code=0: user(f"--as ann@class1 {line}", code)  # noqa: E731
        ann("create web1 --flavor m1.tiny --image cirros")
        assert ann("list -f value -c Name").stdout == "web1\n"
        assert user("list -f value -c Name").stdout == ""
        user("show web1", 3)
        rows = json.loads(admin("role assignments --user ann -f json").stdout)
        assert [row["role"]["name"] for row in rows] == ["member"]
        admin("role remove member --user ann --project class1")
        assert "has no role" in ann("list", 5).stderr
        admin("user delete ann")
        admin("project delete class1")

    def test_a_user_is_made_with_all_or_not_at_all(self, user, admin):
        before = user.path.read_bytes() if user.path.exists() else None
        admin("user create ann --project demo --role wizard", 3)
        assert "ann" not in admin("user list").stdout
        assert before is None or user.path.read_bytes() == before

    @pytest.mark.parametrize(
        ("line", "code"),
        [
            ("project create demo", 4),
            ("project create ' '", 6),
            ("project show nope", 3),
            ("project set demo", 2),
            ("project delete nope", 3),
            ("user create demo", 4),
            ("user show nope", 3),
            ("user set demo", 2),
            ("user create x --project nope", 3),
            ("user delete nope", 3),
            ("role create member", 4),
            ("role delete nope", 3),
            ("role add nope --user demo --project demo", 3),
            ("role add member --user nope --project demo", 3),
            ("role add member --user demo --project nope", 3),
            ("role remove admin --user demo --project demo", 3),
            ("role add member --user demo", 2),
        ],
    )
    def test_bad_input(self, user, admin, line, code):
        user("list")
        before = user.path.read_bytes()
        assert admin(line, code).stderr.startswith("novasim: ")
        assert user.path.read_bytes() == before

    def test_things_change(self, admin):
        assert shown(admin("project set demo --description ours -f json"))["description"] == "ours"
        assert shown(admin("user set demo --email demo@example.com -f json"))["email"] == "demo@example.com"
        assert shown(admin("role create operator -f json"))["name"] == "operator"
        admin("role delete operator")


class TestPolicy:
    def test_is_listed(self, user):
        rows = {row["rule"]: row for row in json.loads(user("policy list -f json").stdout)}
        assert rows["os_compute_api:servers:create"]["check"] == "rule:project_member_or_admin"
        assert rows["os_compute_api:servers:create"]["guards"] == ["POST /servers"]
        assert json.loads(user("policy list --changed -f json").stdout) == []

    def test_a_file_of_ones_own_counts(self, user, tmp_path):
        file = tmp_path / "policy.yaml"
        file.write_text('"os_compute_api:os-migrate-server:migrate": "role:member"\n')
        user.create("web1")
        user("migrate web1", 5)
        user(f"policy load {file}")
        assert user("policy list --changed -f value -c Rule").stdout == "os_compute_api:os-migrate-server:migrate\n"
        user("migrate web1")
        user("policy reset")
        assert user("policy list --changed -f value -c Rule").stdout == ""

    def test_a_bad_file_is_named_and_changes_nothing(self, user, tmp_path):
        file = tmp_path / "policy.yaml"
        file.write_text('# ours\n"os_compute_api:servers:create": "role:member nad role:reader"\n')
        user("list")
        before = user.path.read_bytes()
        done = user(f"policy load {file}", 2)
        assert f"{file}, line 2: os_compute_api:servers:create:" in done.stderr
        assert user.path.read_bytes() == before
        user(f"policy load {tmp_path}/nope.yaml", 2)

    def test_check_says_whether(self, user, admin):
        user.create("web1")
        assert shown(user("policy check resize -f json"))["allowed"] is True
        assert shown(user("policy check migrate -f json", 5))["allowed"] is False
        assert shown(admin("policy check os_compute_api:servers:show --server web1 -f json"))["allowed"] is True
        assert "Did you mean" in user("policy check resise", 2).stderr
        user("policy check resize --server nope", 3)
