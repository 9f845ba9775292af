"""Tokens with system and domain scope, and domains. Source: the identity API (v3)."""

from __future__ import annotations

import pytest

from novasim.api.dispatch import handle
from novasim.api.identity import tokens
from novasim.api.request import Request
from novasim.records import Caller

NOBODY = Caller("", "", ())


SYSTEM, DEFAULT = {"system": {"all": True}}, {"domain": {"id": "default"}}


def ask(play, method, path, body=None, who="admin", query=()):
    caller = play.callers[who] if isinstance(who, str) else who
    return handle(play.cloud, Request(caller, method, f"/v3/{path}", 1, query, body, "identity", "http://example.com"))


def login(play, scope, name="admin", domain=None, password="secret"):
    user = {"name": name, "password": password, "domain": domain or {"id": "default"}}
    auth = {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}
    return ask(play, "POST", "auth/tokens", {"auth": auth}, NOBODY)


def caller(play, answer):
    assert answer.code == 201, answer
    with play.cloud.reading() as world:
        return tokens.find_caller(world, tokens.verify(world, answer.headers["X-Subject-Token"]))


def create(play, kind, name, **fields):
    answer = ask(play, "POST", f"{kind}s", {kind: {"name": name, **fields}})
    assert answer.code == 201, answer
    return answer.body[kind]["id"]


def role(play, name):
    return next(each["id"] for each in ask(play, "GET", "roles").body["roles"] if each["name"] == name)


def user_id(play, name):
    return next(each["id"] for each in ask(play, "GET", "users").body["users"] if each["name"] == name)


def test_a_system_token_works_only_in_the_identity_service(play):
    answer = login(play, SYSTEM)
    token = answer.body["token"]
    assert token["system"] == {"all": True} and not {"project", "domain", "is_domain"} & set(token)
    assert {each["name"] for each in token["roles"]} == {"admin", "manager", "member", "reader"}
    assert {each["type"] for each in token["catalog"]} == {"identity", "compute", "image", "network", "placement"}
    admin = caller(play, answer)
    assert ask(play, "GET", "projects", who=admin).code == 200
    for service, path in (
        ("compute", "/servers"),
        ("compute", "/os-hypervisors"),
        ("placement", "/resource_providers"),
    ):
        assert handle(play.cloud, Request(admin, "GET", path, 96, (), None, service)).code == 403, path


def test_a_scope_without_a_role_is_refused(play):
    assert login(play, SYSTEM, "demo").code == 401
    assert login(play, DEFAULT, "admin").code == 401
    assert login(play, {"domain": {"id": "nope"}}).code == 401
    assert login(play, {"domain": {}}).code == 401


def test_a_token_without_scope_is_that_of_the_default_project_if_the_user_has_a_role_there(play):
    eve = create(play, "user", "eve", password="pw", default_project_id="other")
    assert "project" not in login(play, None, "eve", password="pw").body["token"]
    grant = f"projects/other/users/{eve}/roles/{role(play, 'reader')}"
    assert ask(play, "PUT", grant).code == 204
    assert login(play, None, "eve", password="pw").body["token"]["project"]["id"] == "other"
    ask(play, "PATCH", "projects/other", {"project": {"enabled": False}})
    assert "project" not in login(play, None, "eve", password="pw").body["token"]


@pytest.mark.parametrize(
    ("place", "scope", "shown"),
    [
        ("system", SYSTEM, {"system": {"all": True}}),
        ("domains/default", {"domain": {"name": "Default"}}, {"domain": {"id": "default", "name": "Default"}}),
    ],
)
def test_a_role_in_a_scope_allows_a_token_until_it_is_revoked(play, place, scope, shown):
    path = f"{place}/users/{user_id(play, 'demo')}/roles/{role(play, 'reader')}"
    assert ask(play, "HEAD", path).code == 404
    assert ask(play, "PUT", path).code == ask(play, "PUT", path).code == ask(play, "HEAD", path).code == 204
    answer = login(play, scope, "demo")
    assert answer.body["token"].items() >= shown.items()
    demo = caller(play, answer)
    assert (demo.project_id, demo.roles) == ("", ("reader",))
    assert [each["name"] for each in ask(play, "GET", path.rpartition("/")[0]).body["roles"]] == ["reader"]
    assert ask(play, "DELETE", path).code == 204
    assert login(play, scope, "demo").code == 401
    with pytest.raises(tokens.Unauthorized):
        caller(play, answer)


def test_assignments_show_their_scope(play):
    demo = user_id(play, "demo")
    for place in ("system", "domains/default"):
        ask(play, "PUT", f"{place}/users/{demo}/roles/{role(play, 'reader')}")

    def list_scopes(*query):
        answer = ask(play, "GET", "role_assignments", query=(("user.id", demo), *query))
        return [next(iter(each["scope"].items())) for each in answer.body["role_assignments"]]

    project = play.callers["demo"].project_id
    assert list_scopes() == [("project", {"id": project}), ("system", {"all": True}), ("domain", {"id": "default"})]
    assert list_scopes(("scope.system", "all")) == [("system", {"all": True})]
    assert list_scopes(("scope.domain.id", "default"), ("include_names", "1")) == [
        ("domain", {"id": "default", "name": "Default"})
    ]
    assert list_scopes(("scope.project.id", project)) == [("project", {"id": project})]


def test_callers_list_the_scopes_that_they_can_get(play):
    assert ask(play, "GET", "auth/system").body["system"] == [{"all": True}]
    assert ask(play, "GET", "auth/system", who="demo").body["system"] == []
    assert ask(play, "GET", "auth/domains").body["domains"] == []
    ask(play, "PUT", f"domains/default/users/{user_id(play, 'admin')}/roles/{role(play, 'admin')}")
    assert [each["id"] for each in ask(play, "GET", "auth/domains").body["domains"]] == ["default"]


def test_names_are_unique_within_a_domain(play):
    domain = create(play, "domain", "east", description="d")
    assert ask(play, "GET", f"domains/{domain}").body["domain"]["description"] == "d"
    project, user = (
        create(play, "project", "demo", domain_id=domain),
        create(play, "user", "demo", domain_id=domain, password="pw"),
    )
    for kind, code in (("project", 400), ("user", 404)):
        assert ask(play, "POST", f"{kind}s", {kind: {"name": "demo", "domain_id": domain}}).code == 409
        assert ask(play, "POST", f"{kind}s", {kind: {"name": "new", "domain_id": "nope"}}).code == code
    ask(play, "PUT", f"projects/{project}/users/{user}/roles/{role(play, 'member')}")
    token = login(play, {"project": {"name": "demo", "domain": {"name": "east"}}}, "demo", {"name": "east"}, "pw")
    east = {"id": domain, "name": "east"}
    assert token.body["token"]["user"]["domain"] == token.body["token"]["project"]["domain"] == east
    assert caller(play, token).project_id == project
    assert login(play, "unscoped", "demo", None, "pw").code == 401
    assert ask(play, "PATCH", f"users/{user}", {"user": {"domain_id": "default"}}).code == 400
    assert len(ask(play, "GET", "users", query=(("domain_id", domain),)).body["users"]) == 1


def test_disabling_a_domain_blocks_logins_and_invalidates_tokens(play):
    domain = create(play, "domain", "east")
    create(play, "user", "ann", domain_id=domain, password="pw")
    token = login(play, "unscoped", "ann", {"id": domain}, "pw")
    assert caller(play, token).user_name == "ann"
    ask(play, "PATCH", f"domains/{domain}", {"domain": {"enabled": False}})
    assert login(play, "unscoped", "ann", {"id": domain}, "pw").code == 401
    with pytest.raises(tokens.Unauthorized):
        caller(play, token)


def test_deleting_a_disabled_domain_deletes_its_contents(play):
    domain = create(play, "domain", "east")
    project, user = create(play, "project", "p", domain_id=domain), create(play, "user", "u", domain_id=domain)
    ask(play, "PUT", f"domains/{domain}/users/other/roles/{role(play, 'member')}")
    ask(play, "PUT", f"projects/{project}/users/other/roles/{role(play, 'member')}")
    assert ask(play, "DELETE", f"domains/{domain}").code == 403
    ask(play, "PATCH", f"domains/{domain}", {"domain": {"enabled": False}})
    assert ask(play, "DELETE", f"domains/{domain}").code == 204
    for path in (f"domains/{domain}", f"projects/{project}", f"users/{user}"):
        assert ask(play, "GET", path).code == 404
    other = ask(play, "GET", "role_assignments", query=(("user.id", "other"),)).body["role_assignments"]
    assert [each["scope"] for each in other] == [{"project": {"id": "other"}}]


def test_the_default_domain_changes_but_cannot_be_deleted(play):
    body = {"domain": {"name": "Home", "description": "x"}}
    assert ask(play, "PATCH", "domains/default", body).body["domain"]["name"] == "Home"
    assert [each["name"] for each in ask(play, "GET", "domains").body["domains"]] == ["Home"]
    assert login(play, "unscoped", "demo", {"name": "Home"}).code == 201
    assert ask(play, "DELETE", "domains/default").code == 403
    ask(play, "PATCH", "domains/default", {"domain": {"enabled": False}})
    assert ask(play, "DELETE", "domains/default").code == 403


@pytest.mark.parametrize("name", ["", " ", "x" * 65, "Default", 5])
def test_invalid_domain_names_are_refused(play, name):
    assert ask(play, "POST", "domains", {"domain": {"name": name}}).code in (400, 409)


def test_domains_need_an_administrator(play):
    for method, path in (
        ("GET", "domains"),
        ("POST", "domains"),
        ("PATCH", "domains/default"),
        ("DELETE", "domains/default"),
        ("GET", "system/users/other/roles"),
    ):
        assert ask(play, method, path, {"domain": {"name": "x"}}, "demo").code == 403


def test_renaming_a_role_renames_it_in_assignments(play):
    id = create(play, "role", "operator", description="runs it")
    ask(play, "PUT", f"projects/other/users/other/roles/{id}")
    assert ask(play, "PATCH", f"roles/{id}", {"role": {"name": "member"}}).code == 409
    assert ask(play, "PATCH", f"roles/{id}", {"role": {"name": "keeper"}}).body["role"]["description"] == "runs it"
    names = [each["name"] for each in ask(play, "GET", "projects/other/users/other/roles").body["roles"]]
    assert sorted(names) == ["keeper", "member"]


def test_roles_of_a_domain_are_listed_only_with_it(play):
    domain = create(play, "domain", "east")
    operator = create(play, "role", "operator", domain_id=domain)
    assert ask(play, "GET", f"roles/{operator}").body["role"]["domain_id"] == domain

    def list_names(*query):
        return {each["name"] for each in ask(play, "GET", "roles", query=query).body["roles"]}

    assert list_names(("domain_id", domain)) == {"operator"}
    assert list_names(("domain_id", "default")) == set()
    assert "admin" in list_names() and "operator" not in list_names()
    for name in ("operator", "admin"):
        assert ask(play, "POST", "roles", {"role": {"name": name, "domain_id": domain}}).code == 409
        assert ask(play, "POST", "roles", {"role": {"name": name}}).code == 409
    assert ask(play, "POST", "roles", {"role": {"name": "x", "domain_id": "nope"}}).code == 404
