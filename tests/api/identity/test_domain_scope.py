"""What a token with domain scope covers in the identity service. Source: keystone/api."""

from __future__ import annotations

import pytest

from novasim.records import Caller
from tests.play import Play


@pytest.fixture
def play():
    """A cloud with an administrator of another domain, who has a token with its scope."""
    play = Play()
    domain = ask(play, "POST", "domains", {"domain": {"name": "away"}}, "admin").body["domain"]["id"]
    admin = play.callers["admin"].user_id
    role = ask(play, "GET", "roles", None, "admin", name="admin").body["roles"][0]["id"]
    ask(play, "PUT", f"domains/{domain}/users/{admin}/roles/{role}", None, "admin")
    play.callers["away"] = Caller(admin, "", ("admin",), scope=f"domain:{domain}")
    return play


def ask(play, method, path, body=None, who="away", **query):
    return play.ask(method, f"/v3/{path}", body, who, service="identity", **query)


def names(play, path):
    return [each["name"] for each in ask(play, "GET", path).body[path.rpartition("/")[2]]]


@pytest.mark.parametrize("kind", ["user", "group", "project"])
def test_resources_of_the_domain_are_created_and_listed(play, kind):
    assert names(play, f"{kind}s") == []
    made = ask(play, "POST", f"{kind}s", {kind: {"name": "new"}}).body[kind]
    assert f"domain:{made['domain_id']}" == play.callers["away"].scope
    assert names(play, f"{kind}s") == ["new"]
    assert {"new"} < {each["name"] for each in ask(play, "GET", "users", None, "admin").body["users"]} or kind != "user"


def test_only_the_own_domain_is_listed(play):
    assert names(play, "domains") == ["away"]
    assert ask(play, "GET", "projects", is_domain="true").body["projects"] == []


def test_members_of_the_domain_are_listed(play):
    group = ask(play, "POST", "groups", {"group": {"name": "staff"}}).body["group"]["id"]
    user = ask(play, "POST", "users", {"user": {"name": "eve"}}).body["user"]["id"]
    elsewhere = ask(play, "POST", "groups", {"group": {"name": "guests"}}, "admin").body["group"]["id"]
    for path in (f"{group}/users/{user}", f"{group}/users/other", f"{elsewhere}/users/{user}"):
        assert ask(play, "PUT", f"groups/{path}").code == 204
    assert names(play, f"groups/{group}/users") == ["eve"]
    assert names(play, f"users/{user}/groups") == ["staff"]


def test_assignments_in_the_domain_and_its_projects_are_listed(play):
    project = ask(play, "POST", "projects", {"project": {"name": "new"}}).body["project"]["id"]
    role = ask(play, "GET", "roles", name="member").body["roles"][0]["id"]
    ask(play, "PUT", f"projects/{project}/users/other/roles/{role}")
    scopes = [each["scope"] for each in ask(play, "GET", "role_assignments").body["role_assignments"]]
    domain = play.callers["away"].scope.removeprefix("domain:")
    assert sorted(scopes, key=str) == [{"domain": {"id": domain}}, {"project": {"id": project}}]
