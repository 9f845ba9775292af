"""Groups, their members and their roles. Source: the identity API (v3), and keystone/api/groups.py."""

from __future__ import annotations

import pytest

from novasim.api.callers import find_caller
from novasim.api.dispatch import handle
from novasim.api.identity import tokens
from novasim.api.request import Request
from novasim.errors import Unauthorized
from novasim.records import Caller, Group, User
from novasim.simulation.keys.passwords import hash_password
from tests.play import Play

NOBODY = Caller("", "", ())
NOWHERE = "0" * 32


@pytest.fixture
def play():
    return Play()


def ask(play, method, path, body=None, who="admin", **query):
    return play.ask(method, f"/v3/{path}", body, who, service="identity", **query)


def create_group(play, name="staff", **fields):
    answer = ask(play, "POST", "groups", {"group": {"name": name, **fields}})
    assert answer.code == 201, answer
    return answer.body["group"]["id"]


def role_id(play, name):
    return next(each["id"] for each in ask(play, "GET", "roles").body["roles"] if each["name"] == name)


def admit(play, scope, role="member"):
    """A new group with a role in a scope, and the user other as its member."""
    group = create_group(play)
    assert ask(play, "PUT", f"{scope}/groups/{group}/roles/{role_id(play, role)}").code == 204
    assert ask(play, "PUT", f"groups/{group}/users/other").code == 204
    return group


def login(play, scope):
    with play.cloud.writing(is_request=False) as world:
        user = world.tx.get(User, "other")
        user.password_hash = hash_password("secret", "key", "other")
        world.tx.put(user)
    identity = {"methods": ["password"], "password": {"user": {"id": "other", "password": "secret"}}}
    body = {"auth": {"identity": identity, "scope": scope}}
    return handle(play.cloud, Request(NOBODY, "POST", "/v3/auth/tokens", 1, (), body, "identity"))


def caller(play, answer):
    with play.cloud.reading() as world:
        return tokens.find_caller(world, tokens.verify(world, answer.headers["X-Subject-Token"]))


def test_groups_are_created_changed_and_deleted(play):
    group = create_group(play, " staff ", team="blue")
    shown = ask(play, "GET", f"groups/{group}").body["group"]
    assert shown.pop("links") == {"self": f"http://127.0.0.1:8774/identity/v3/groups/{group}"}
    assert shown == {"id": group, "name": "staff", "domain_id": "default", "description": "", "team": "blue"}
    changed = ask(play, "PATCH", f"groups/{group}", {"group": {"description": None, "team": "red"}}).body["group"]
    assert (changed["description"], changed["team"], changed["name"]) == (None, "red", "staff")
    other = create_group(play, "guests")
    assert [each["name"] for each in ask(play, "GET", "groups", name__startswith="gue").body["groups"]] == ["guests"]
    assert ask(play, "GET", "groups", domain_id="x").body["groups"] == []
    assert ask(play, "DELETE", f"groups/{group}").code == 204
    assert [each["id"] for each in ask(play, "GET", "groups").body["groups"]] == [other]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": ""}, 400),
        ({"name": " "}, 400),
        ({"name": 5}, 400),
        ({"name": "x" * 256}, 400),
        ({"name": "x" * 255}, 201),
        ({"name": "taken "}, 409),
        ({"name": "x", "domain_id": "nowhere"}, 404),
        ({"name": "x", "description": 5}, 400),
    ],
)
def test_new_groups_are_checked(play, fields, code):
    create_group(play, "taken")
    assert ask(play, "POST", "groups", {"group": fields}).code == code


def test_updates_are_checked(play):
    group = create_group(play)
    create_group(play, "taken")
    for fields in ({}, {"id": "another"}, {"name": ""}, {"name": None}, {"description": 5}):
        assert ask(play, "PATCH", f"groups/{group}", {"group": fields}).code == 400
    assert ask(play, "PATCH", f"groups/{group}", {"group": {"name": "taken"}}).code == 409
    domain = ask(play, "POST", "domains", {"domain": {"name": "away"}}).body["domain"]["id"]
    assert ask(play, "PATCH", f"groups/{group}", {"group": {"domain_id": domain}}).code == 400
    assert ask(play, "POST", "groups", {"group": {"name": "staff", "domain_id": domain}}).code == 201


def test_only_administrators_see_and_change_groups(play):
    group = create_group(play)
    requests = ["GET groups", "POST groups", f"GET groups/{group}", f"PATCH groups/{group}", f"DELETE groups/{group}"]
    requests += [f"{method} groups/{group}/users/other" for method in ("GET", "PUT", "DELETE")]
    for request in (*requests, f"GET groups/{group}/users"):
        method, path = request.split()
        assert ask(play, method, path, {"group": {"name": "x"}}, "demo").code == 403, request
    assert ask(play, "GET", "users/other/groups", who="demo").code == 403
    assert ask(play, "GET", "users/other/groups", who="other").body["groups"] == []


def test_members(play):
    group = create_group(play)
    path = f"groups/{group}/users/other"
    assert ask(play, "GET", path).code == ask(play, "DELETE", path).code == 404
    assert [ask(play, "PUT", path).code for _ in "ab"] == [204, 204]
    assert ask(play, "GET", path).code == 204
    users = ask(play, "GET", f"groups/{group}/users").body["users"]
    assert [each["id"] for each in users] == ["other"]
    assert ask(play, "GET", f"groups/{group}/users", name="x").body["users"] == []
    assert [each["id"] for each in ask(play, "GET", "users/other/groups").body["groups"]] == [group]
    assert ask(play, "GET", "users/other/groups", name="x").body["groups"] == []
    assert ask(play, "DELETE", path).code == 204
    assert ask(play, "GET", "users/other/groups").body["groups"] == []
    for path in (f"groups/{NOWHERE}/users/other", f"groups/{group}/users/{NOWHERE}", f"groups/{NOWHERE}/users"):
        assert ask(play, "GET", path).code == 404


@pytest.mark.parametrize("kind", ["project", "domain", "system"])
def test_members_have_the_roles_of_their_group(play, kind):
    project = play.callers["demo"].project_id
    path, value = {
        "project": (f"projects/{project}", {"id": project}),
        "domain": ("domains/default", {"id": "default"}),
        "system": ("system", {"all": True}),
    }[kind]
    assert login(play, {kind: value}).code == 401
    group = admit(play, path)
    answer = login(play, {kind: value})
    assert {each["name"] for each in answer.body["token"]["roles"]} == {"member", "reader"}
    assert caller(play, answer).roles == ("reader", "member")
    listed = ask(play, "GET", f"{path}/groups/{group}/roles").body["roles"]
    assert [each["name"] for each in listed] == ["member"]
    grant = f"{path}/groups/{group}/roles/{role_id(play, 'member')}"
    assert ask(play, "HEAD", grant).code == ask(play, "DELETE", grant).code == 204
    assert ask(play, "HEAD", grant).code == ask(play, "DELETE", grant).code == 404
    with pytest.raises(Unauthorized):
        caller(play, answer)


def test_scopes_of_a_member_are_listed(play):
    project = play.callers["demo"].project_id
    admit(play, f"projects/{project}", "reader")
    for path in ("auth/projects", "users/other/projects"):
        assert {each["id"] for each in ask(play, "GET", path, who="other").body["projects"]} == {"other", project}
    with play.cloud.reading() as world:
        assert find_caller(world.tx, "other@demo").roles == ("reader",)


@pytest.mark.parametrize("path", ["groups/{group}/users/other", "groups/{group}"])
def test_tokens_end_when_a_member_leaves_or_the_group_is_deleted(play, path):
    group = admit(play, f"projects/{play.callers['demo'].project_id}")
    answer = login(play, {"project": {"id": "other"}})
    assert ask(play, "DELETE", path.format(group=group)).code == 204
    with pytest.raises(Unauthorized):
        caller(play, answer)
    assert login(play, {"project": {"id": "other"}}).code == 201


def test_tokens_stay_valid_when_a_group_without_roles_is_deleted(play):
    group = create_group(play)
    ask(play, "PUT", f"groups/{group}/users/other")
    answer = login(play, {"project": {"id": "other"}})
    assert ask(play, "DELETE", f"groups/{group}").code == 204
    assert caller(play, answer).user_id == "other"


def test_roles_of_deleted_roles_projects_and_domains_are_removed(play):
    domain = ask(play, "POST", "domains", {"domain": {"name": "away"}}).body["domain"]["id"]
    group = admit(play, f"domains/{domain}")
    for path, role in (("projects/other", "member"), ("system", "reader")):
        ask(play, "PUT", f"{path}/groups/{group}/roles/{role_id(play, role)}")
    create_group(play, "guests", domain_id=domain)
    ask(play, "PATCH", f"roles/{role_id(play, 'member')}", {"role": {"name": "worker"}})
    assert play.all(Group)[0].roles == {f"domain:{domain}": ["worker"], "other": ["worker"], "system:all": ["reader"]}
    ask(play, "DELETE", "projects/other")
    ask(play, "PATCH", f"domains/{domain}", {"domain": {"enabled": False}})
    assert ask(play, "DELETE", f"domains/{domain}").code == 204
    assert [each.roles for each in play.all(Group)] == [{"system:all": ["reader"]}]
    ask(play, "DELETE", f"roles/{role_id(play, 'reader')}")
    assert [each.roles for each in play.all(Group)] == [{}]
