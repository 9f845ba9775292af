"""Projects, users, roles and role assignments. Source: the identity API (v3)."""

from __future__ import annotations

import pytest

from novasim.api.callers import find_caller
from novasim.records import User
from tests.play import Play


def ask(play: Play, method: str, path: str, body=None, who: str = "admin"):
    return play.ask(method, f"/v3/{path}", body, who, service="identity")


def create(play: Play, kind: str, name: str, **fields) -> str:
    answer = ask(play, "POST", f"{kind}s", {kind: {"name": name, **fields}})
    assert answer.code == 201, answer
    return answer.body[kind]["id"]


def role_id(play: Play, name: str) -> str:
    return next(role["id"] for role in ask(play, "GET", "roles").body["roles"] if role["name"] == name)


def resolve_caller(play: Play, text: str):
    with play.store.read() as tx:
        return find_caller(tx, text)


def test_the_roles_of_openstack_exist(play):
    names = {role["name"] for role in ask(play, "GET", "roles").body["roles"]}
    assert {"reader", "member", "manager", "admin", "service"} <= names


@pytest.mark.parametrize("kind", ["project", "user", "role"])
class TestThings:
    def test_are_created_shown_listed_and_deleted(self, play, kind):
        id = create(play, kind, "new")
        assert ask(play, "GET", f"{kind}s/{id}").body[kind]["name"] == "new"
        assert id in [each["id"] for each in ask(play, "GET", f"{kind}s").body[f"{kind}s"]]
        assert ask(play, "DELETE", f"{kind}s/{id}").code == 204
        refused = ask(play, "GET", f"{kind}s/{id}")
        assert refused.code == 404
        assert refused.body == {
            "error": {"code": 404, "message": f"Could not find {kind}: {id}.", "title": "Not Found"}
        }

    def test_a_taken_name_is_refused(self, play, kind):
        create(play, kind, "new")
        assert ask(play, "POST", f"{kind}s", {kind: {"name": "new"}}).code == 409

    @pytest.mark.parametrize("body", [None, {}, [], {"x": 1}, "text"])
    def test_invalid_bodies_are_refused(self, play, kind, body):
        assert ask(play, "POST", f"{kind}s", body).code == 400

    @pytest.mark.parametrize("name", ["", " ", None, 5, "x" * 300])
    def test_invalid_names_are_refused(self, play, kind, name):
        before = play.store.dump()
        assert ask(play, "POST", f"{kind}s", {kind: {"name": name}}).code == 400
        assert play.store.dump() == before

    def test_need_an_administrator(self, play, kind):
        for method, path in (("GET", f"{kind}s"), ("POST", f"{kind}s"), ("DELETE", f"{kind}s/x")):
            refused = ask(play, method, path, {kind: {"name": "n"}} if method == "POST" else None, "demo")
            assert refused.code == 403
            assert f"identity:{ {'GET': 'list', 'POST': 'create', 'DELETE': 'delete'}[method] }_{kind}" in str(
                refused.fault
            )


class TestProjects:
    def test_a_new_project_has_a_default_security_group_and_quota(self, play):
        id = create(play, "project", "class1")
        groups = play.ask("GET", "/v2.0/security-groups", who="admin", service="network").body["security_groups"]
        assert [group["name"] for group in groups if group["project_id"] == id] == ["default"]
        quota = play.ask("GET", f"/os-quota-sets/{id}", who="admin").body["quota_set"]
        assert (quota["instances"], quota["cores"], quota["ram"]) == (10, 20, 51200)

    def test_callers_see_their_own_project(self, play):
        demo = play.callers["demo"].project_id
        assert ask(play, "GET", f"projects/{demo}", who="demo").code == 200
        assert ask(play, "GET", "projects/other", who="demo").code == 403

    def test_name_and_enabled_state_change(self, play):
        id = create(play, "project", "class1")
        answer = ask(play, "PATCH", f"projects/{id}", {"project": {"name": "class2", "enabled": False}})
        assert (answer.body["project"]["name"], answer.body["project"]["enabled"]) == ("class2", False)
        assert ask(play, "PATCH", f"projects/{id}", {"project": {"enabled": "no"}}).code == 400
        assert ask(play, "PATCH", f"projects/{id}", {"project": {"name": "demo"}}).code == 409

    def test_list_contains_all_projects(self, play):
        listed = play.ask("GET", "/v3/projects", who="admin", service="identity").body["projects"]
        assert {each["name"] for each in listed} == {"demo", "admin", "other"}


class TestUsers:
    def test_passwords_are_neither_shown_nor_stored_in_plain_text(self, play):
        id = create(play, "user", "ann", password="hidden-word")
        assert "password" not in ask(play, "GET", f"users/{id}").body["user"]
        assert b"hidden-word" not in play.store.dump()

    def test_users_change_their_password_with_the_present_one(self, play):
        id = create(play, "user", "ann", password="one")
        play.callers["ann"] = play.callers["demo"]._replace(user_id=id)
        path = f"users/{id}/password"
        change = lambda old: {"user": {"original_password": old, "password": "two"}}  # noqa: E731
        assert ask(play, "POST", path, change("wrong"), "ann").code == 401
        assert ask(play, "POST", path, change("one"), "ann").code == 204
        assert ask(play, "POST", path, change("one"), "ann").code == 401
        assert ask(play, "PATCH", f"users/{id}", {"user": {"name": "anne"}}).code == 200
        assert ask(play, "POST", path, change("two"), "ann").code == 204  # a new name changes no password

    def test_a_domain_as_default_project_is_refused(self, play):
        assert ask(play, "POST", "users", {"user": {"name": "a", "default_project_id": "default"}}).code == 400
        assert not [user for user in play.all(User) if user.name == "a"]
        unknown = ask(play, "POST", "users", {"user": {"name": "a", "default_project_id": "nope"}})
        assert unknown.body["user"]["default_project_id"] == "nope"


class TestAssignments:
    def test_a_role_is_granted_checked_and_revoked(self, play):
        project, user = create(play, "project", "class1"), create(play, "user", "ann")
        path = f"projects/{project}/users/{user}/roles/{role_id(play, 'member')}"
        assert ask(play, "HEAD", path).code == 404
        assert ask(play, "PUT", path).code == 204
        assert ask(play, "PUT", path).code == 204
        assert ask(play, "HEAD", path).code == 204
        assert resolve_caller(play, "ann@class1").roles == ("reader", "member")
        listed = ask(play, "GET", f"projects/{project}/users/{user}/roles").body["roles"]
        assert [role["name"] for role in listed] == ["member"]
        assert [each["id"] for each in ask(play, "GET", f"users/{user}/projects").body["projects"]] == [project]
        assert ask(play, "DELETE", path).code == 204
        assert ask(play, "DELETE", path).code == 404

    @pytest.mark.parametrize("missing", ["project", "user", "role"])
    def test_unknown_projects_users_and_roles_are_not_found(self, play, missing):
        ids = {"project": "other", "user": "other", "role": role_id(play, "member")} | {missing: "nope"}
        answer = ask(play, "PUT", f"projects/{ids['project']}/users/{ids['user']}/roles/{ids['role']}")
        assert (answer.code, str(answer.fault)) == (404, f"Could not find {missing}: nope.")

    def test_are_listed_with_names(self, play):
        from novasim.api.dispatch import handle
        from novasim.api.request import Request

        pairs = (("include_names", "True"), ("user.id", "other"))
        answer = handle(
            play.cloud, Request(play.callers["admin"], "GET", "/v3/role_assignments", 1, pairs, None, "identity")
        )
        (one,) = answer.body["role_assignments"]
        assert (one["role"]["name"], one["user"]["name"], one["scope"]["project"]["name"]) == (
            "member",
            "other",
            "other",
        )

    def test_assignments_end_with_their_project_or_role(self, play):
        project, role = create(play, "project", "class1"), create(play, "role", "operator")
        ask(play, "PUT", f"projects/{project}/users/other/roles/{role}")
        ask(play, "PUT", f"projects/{project}/users/other/roles/{role_id(play, 'member')}")
        ask(play, "DELETE", f"roles/{role}")
        user = next(user for user in play.all(User) if user.id == "other")
        assert user.roles[project] == ["member"]
        ask(play, "DELETE", f"projects/{project}")
        assert list(next(user for user in play.all(User) if user.id == "other").roles) == ["other"]


def test_the_default_domain_exists(play):
    (domain,) = ask(play, "GET", "domains").body["domains"]
    assert (domain["id"], domain["name"]) == ("default", "Default")
    assert ask(play, "GET", "domains/default").code == 200
    assert ask(play, "GET", "domains/other").code == 404
