"""The commands for projects, users, roles and policy."""

from __future__ import annotations

import json

import pytest

from novasim.control.worlds import open_cloud
from novasim.records import Group
from tests import each_case


def parse_json(done) -> dict:
    return json.loads(done.stdout)


class TestPeople:
    def test_projects_users_and_roles_for_a_class(self, user, admin):
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

    def test_assignments_of_groups(self, user, admin):
        admin("role assignments")  # creates the cloud
        with open_cloud(user.path).writing(is_request=False) as world:
            world.tx.put(Group(id="g", name="staff", roles={"system:all": ["reader"]}))
        assert admin("role assignments -f value -c Role -c User").stdout.endswith("reader group staff\n")

    @pytest.mark.parametrize("caller", ["ann", "ann@demo"])
    def test_advice_gives_a_caller_without_role_one(self, user, admin, caller):
        admin("user create ann")
        for command in ("list", "start web1"):
            *_, advice = user(f"--as {caller} {command}", 5).stderr.splitlines()
            assert advice == "  As administrator: novasim --as admin role add member --user ann --project demo"
        admin("role add member --user ann --project demo")
        user(f"--as {caller} list")

    def test_missing_password_is_reported_with_the_command_that_sets_it(self, admin):
        note = admin("user create ann -q").stderr
        assert note == (
            "novasim: ann has no password, so a token request over HTTP gets 401. "
            "To set one: novasim --as admin user set ann --password PASSWORD\n"
        )
        assert admin("user create bob --password secret2").stderr == ""

    def test_user_is_created_with_its_role_or_not_at_all(self, user, admin):
        before = user.path.read_bytes() if user.path.exists() else None
        admin("user create ann --project demo --role wizard", 3)
        assert "ann" not in admin("user list").stdout
        assert before is None or user.path.read_bytes() == before

    @each_case(
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
            ("user create x --role reader", 2),
        ],
    )
    def test_bad_input(self, user, admin, line, code):
        user("list")
        before = user.path.read_bytes()
        assert admin(line, code).stderr.startswith("novasim: ")
        assert user.path.read_bytes() == before

    def test_attributes_are_changed(self, admin):
        assert parse_json(admin("project set demo --description ours -f json"))["description"] == "ours"
        assert parse_json(admin("user set demo --email demo@example.com -f json"))["email"] == "demo@example.com"
        assert parse_json(admin("role create operator -f json"))["name"] == "operator"
        admin("role delete operator")


class TestPolicy:
    def test_rules_are_listed(self, user):
        rows = {row["rule"]: row for row in json.loads(user("policy list -f json").stdout)}
        assert rows["os_compute_api:servers:create"]["check"] == "rule:project_member_or_admin"
        assert rows["os_compute_api:servers:create"]["guards"] == ["POST /servers"]
        assert json.loads(user("policy list --changed -f json").stdout) == []

    def test_policy_file_is_applied(self, user, tmp_path):
        file = tmp_path / "policy.yaml"
        file.write_text('"os_compute_api:os-migrate-server:migrate": "role:member"\n')
        user.create("web1")
        user("migrate web1", 5)
        user(f"policy load {file}")
        assert user("policy list --changed -f value -c Rule").stdout == "os_compute_api:os-migrate-server:migrate\n"
        user("migrate web1")
        user("policy reset")
        assert user("policy list --changed -f value -c Rule").stdout == ""

    def test_invalid_policy_file_is_refused(self, user, tmp_path):
        file = tmp_path / "policy.yaml"
        file.write_text('# ours\n"os_compute_api:servers:create": "role:member nad role:reader"\n')
        user("list")
        before = user.path.read_bytes()
        done = user(f"policy load {file}", 2)
        assert f"{file}, line 2: os_compute_api:servers:create:" in done.stderr
        assert user.path.read_bytes() == before
        user(f"policy load {tmp_path}/nope.yaml", 2)

    def test_check_tells_whether_a_caller_is_allowed(self, user, admin):
        user.create("web1")
        assert parse_json(user("policy check resize -f json"))["allowed"] is True
        assert parse_json(user("policy check migrate -f json", 5))["allowed"] is False
        assert parse_json(admin("policy check os_compute_api:servers:show --server web1 -f json"))["allowed"] is True
        assert "Did you mean" in user("policy check resise", 2).stderr
        user("policy check resize --server nope", 3)
