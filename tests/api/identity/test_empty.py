"""Lists of what no simulated cloud has. Source: the routers and policies of the identity service."""

from __future__ import annotations

import pytest

from tests.play import Play

LISTS = """
    policies                          policies           admin
    OS-EP-FILTER/endpoint_groups      endpoint_groups    admin
    OS-FEDERATION/identity_providers  identity_providers admin
    OS-FEDERATION/mappings            mappings           admin
    OS-OAUTH1/consumers               consumers          admin
    OS-REVOKE/events                  events             admin
"""
CASES = [line.split() for line in LISTS.strip().splitlines()]
NOWHERE = "0" * 32


@pytest.fixture(scope="module")
def play():
    return Play()


def ask(play: Play, method: str, path: str, who: str = "admin", body: object = None):
    return play.ask(method, f"/v3/{path}", body, who, service="identity")


@pytest.mark.parametrize(("path", "key", "role"), CASES)
def test_a_list_is_empty(play, path, key, role):
    answer = ask(play, "GET", path).body
    assert (set(answer), answer[key]) == ({key, "links"}, [])
    assert ask(play, "GET", path, "demo").code == (200 if role == "member" else 403)


@pytest.mark.parametrize(("path", "noun"), [("policies", "policy"), ("OS-REVOKE/events", "event")])
def test_none_is_found_by_id(play, path, noun):
    for method in ("GET", "PATCH", "DELETE"):
        answer = ask(play, method, f"{path}/{NOWHERE}")
        assert (answer.code, answer.body["error"]["message"]) == (404, f"Could not find {noun}: {NOWHERE}.")


@pytest.mark.parametrize("path", ["policies", "OS-OAUTH1/consumers", "ec2tokens"])
def test_none_is_created(play, path):
    assert ask(play, "POST", path, body={}).code == 501


@pytest.mark.parametrize("below", ["access_rules", "OS-OAUTH1/access_tokens"])
def test_lists_of_a_user(play, below):
    demo, admin = play.callers["demo"].user_id, play.callers["admin"].user_id
    (key,) = set(ask(play, "GET", f"users/{demo}/{below}", "demo").body) - {"links"}
    assert ask(play, "GET", f"users/{demo}/{below}").body[key] == []
    assert ask(play, "GET", f"users/{admin}/{below}", "demo").code == 403
    assert ask(play, "GET", f"users/{NOWHERE}/{below}").code == 404


@pytest.mark.parametrize("path", ["access_rules", "OS-OAUTH1/access_tokens"])
def test_nothing_of_a_user_is_found_by_id(play, path):
    demo = play.callers["demo"].user_id
    for method in ("GET", "DELETE"):
        assert ask(play, method, f"users/{demo}/{path}/x", "demo").body["error"]["message"].endswith(": x.")
        assert ask(play, method, f"users/{demo}/{path}/x", "other").code == 403
    for role in ("y", "xy", "x"):
        assert ask(play, "GET", f"users/{demo}/OS-OAUTH1/access_tokens/x/roles/{role}", "demo").code == 404


@pytest.mark.parametrize("scope", ["projects", "domains"])
@pytest.mark.parametrize("actor", ["users", "groups"])
def test_inherited_roles_are_refused_by_name(play, scope, actor):
    path = f"OS-INHERIT/{scope}/a/{actor}/b/roles"
    assert ask(play, "GET", f"{path}/inherited_to_projects").code == (501 if scope == "domains" else 404)
    for method in ("HEAD", "GET", "PUT", "DELETE"):
        assert ask(play, method, f"{path}/c/inherited_to_projects").code == 501


@pytest.mark.parametrize("kind", ["projects", "domains"])
def test_projects_and_domains_have_their_federated_paths(play, kind):
    federated, own = (ask(play, "GET", f"{start}/{kind}", "demo").body[kind] for start in ("OS-FEDERATION", "auth"))
    assert federated == own


def test_the_limit_model(play):
    assert ask(play, "GET", "limits/model", "demo").body["model"]["name"] == "flat"
