"""Further attributes, filters and parents of projects and users. Source: the identity API (v3)."""

from __future__ import annotations

import pytest

from tests.play import Play


@pytest.fixture
def play():
    return Play()


def ask(play, method, path, body=None, who="admin", **query):
    return play.ask(method, f"/v3/{path}", body, who, service="identity", **query)


@pytest.mark.parametrize("kind", ["user", "project", "role"])
def test_further_attributes_are_kept(play, kind):
    body = {kind: {"name": "lab", "phone": "555", "team": {"a": 1}}}
    made = ask(play, "POST", f"{kind}s", body).body[kind]
    assert (made["phone"], made["team"]) == ("555", {"a": 1})
    path = f"{kind}s/{made['id']}"
    changed = ask(play, "PATCH", path, {kind: {"phone": "556"}}).body[kind]
    assert (changed["phone"], changed["team"], changed["id"]) == ("556", {"a": 1}, made["id"])
    assert "password" not in ask(play, "PATCH", path, {kind: {"password": "x"}}).body[kind] or kind != "user"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"name__contains": "a"}, {"alpha", "gamma"}),
        ({"name__contains": "AL"}, set()),
        ({"name__icontains": "AL"}, {"alpha"}),
        ({"name__startswith": "ga"}, {"gamma"}),
        ({"name__iendswith": "HA"}, {"alpha"}),
        ({"name__sounds": "x"}, {"alpha", "gamma", "echo"}),
    ],
)
def test_names_are_compared(play, query, names):
    for name in ("alpha", "gamma", "echo"):
        ask(play, "POST", "projects", {"project": {"name": name}})
    found = {each["name"] for each in ask(play, "GET", "projects", **query).body["projects"]}
    assert found & {"alpha", "gamma", "echo"} == names


def test_a_list_links_to_itself(play):
    demo = play.callers["demo"].user_id
    for path in (f"users/{demo}/projects", "users", "auth/projects"):
        links = ask(play, "GET", path, name="demo", enabled="true").body["links"]
        own = f"http://127.0.0.1:8774/identity/v3/{path}?name=demo&enabled=true"
        assert links == {"next": None, "self": own, "previous": None}
