"""Projects below others, and projects that act as domains. Source: keystone/resource/core.py and api/projects.py."""

from __future__ import annotations

import pytest

from novasim.records import Domain
from tests.play import Play


@pytest.fixture
def play():
    return Play()


def ask(play, method, path, body=None, who="admin", **query):
    return play.ask(method, f"/v3/{path}", body, who, service="identity", **query)


def post(play, name="x", **fields):
    return ask(play, "POST", "projects", {"project": {"name": name, **fields}})


def create(play, name, **fields):
    answer = post(play, name, **fields)
    assert answer.code == 201, answer
    return answer.body["project"]["id"]


def change(play, project, **fields):
    return ask(play, "PATCH", f"projects/{project}", {"project": fields})


@pytest.fixture
def family(play):
    """A project, its two children, and the child of the first one."""
    top = create(play, " top ")
    left, right = (create(play, name, parent_id=top) for name in ("left", "right"))
    return top, left, right, create(play, "low", parent_id=left)


def test_projects_have_parents(play, family):
    top, left, right, low = family
    shown = ask(play, "GET", f"projects/{top}").body["project"]
    assert (shown["name"], shown["parent_id"], shown["is_domain"]) == ("top", "default", False)
    children = ask(play, "GET", "projects", parent_id=top).body["projects"]
    assert [each["id"] for each in children] == [left, right]
    assert ask(play, "GET", f"projects/{low}").body["project"]["parent_id"] == left
    below = ask(play, "GET", "projects", parent_id="default", name__contains="o").body["projects"]
    assert {each["name"] for each in below} == {"demo", "other", "top"}


def test_relatives_are_shown(play, family):
    top, left, right, low = family

    def shown(project, key, **query):
        return ask(play, "GET", f"projects/{project}", **query).body["project"].get(key, "absent")

    assert shown(low, "parents", parents_as_ids="") == {left: {top: {"default": None}}}
    assert shown(top, "subtree", subtree_as_ids="True") == {left: {low: None}, right: None}
    assert shown(low, "subtree", subtree_as_ids="1") is None
    assert shown(low, "subtree", subtree_as_ids="0") == "absent"
    role = ask(play, "GET", "roles", name="reader").body["roles"][0]["id"]
    ask(play, "PUT", f"projects/{left}/users/{play.callers['admin'].user_id}/roles/{role}")
    assert [each["project"]["id"] for each in shown(low, "parents", parents_as_list="1")] == [left]
    assert [each["project"]["name"] for each in shown(top, "subtree", subtree_as_list="1")] == ["left"]
    for name in ("parents", "subtree"):
        query = {f"{name}_as_ids": "1", f"{name}_as_list": "1"}
        assert ask(play, "GET", f"projects/{top}", **query).code == 400


def test_the_place_of_a_new_project_is_checked(play, family):
    *_, low = family
    domain = ask(play, "POST", "domains", {"domain": {"name": "away"}}).body["domain"]["id"]
    assert post(play, parent_id="nowhere").code == post(play, domain_id="nowhere").code == 400
    assert post(play, parent_id=low, domain_id=domain).code == 400
    assert post(play, parent_id="default", domain_id=domain).code == 400
    assert post(play, "in", parent_id=domain).body["project"]["domain_id"] == domain
    fifth = create(play, "fifth", parent_id=create(play, "fourth", parent_id=low))
    assert post(play, parent_id=fifth).code == 403
    change(play, fifth, enabled=False)
    assert post(play, parent_id=fifth).code == 400
    ask(play, "PATCH", f"domains/{domain}", {"domain": {"enabled": False}})
    assert post(play, domain_id=domain).code == 400


def test_the_tree_stays_whole(play, family):
    top, left, right, low = family
    assert change(play, left, parent_id=right).code == 403
    assert change(play, left, parent_id=top).code == change(play, top, parent_id="default").code == 200
    assert change(play, left, is_domain=True).code == 400
    assert change(play, left, enabled=False).code == 403
    assert change(play, low, enabled=False).code == change(play, left, enabled=False).code == 200
    assert change(play, low, enabled=True).code == 403
    assert change(play, left, enabled=True).code == change(play, low, enabled=True).code == 200
    assert ask(play, "DELETE", f"projects/{left}").code == 403
    assert [ask(play, "DELETE", f"projects/{each}").code for each in (low, left, right, top)] == [204] * 4


def test_a_project_can_act_as_a_domain(play):
    made = post(play, "away", is_domain=True, tags=["t"], team="blue").body["project"]
    assert (made["is_domain"], made["domain_id"], made["parent_id"], made["team"]) == (True, None, None, "blue")
    assert ask(play, "GET", f"projects/{made['id']}").body["project"] == made
    domain = ask(play, "GET", f"domains/{made['id']}").body["domain"]
    assert (domain["name"], domain["tags"], domain["team"], "is_domain" in domain) == ("away", ["t"], "blue", False)
    listed = ask(play, "GET", "projects", is_domain="").body["projects"]
    assert [each["name"] for each in listed] == ["Default", "away"]
    assert ask(play, "GET", "projects", is_domain="1", name="away").body["projects"] == [made]
    assert made["id"] not in [each["id"] for each in ask(play, "GET", "projects", is_domain="0").body["projects"]]
    assert post(play, "away", is_domain=True).code == 409
    assert post(play, is_domain=True, domain_id="default").code == 400
    assert post(play, is_domain=True, parent_id="default").code == 400
    assert ask(play, "DELETE", f"projects/{made['id']}").code == 403
    assert change(play, made["id"], enabled=False, team="red").body["project"]["team"] == "red"
    assert ask(play, "DELETE", f"projects/{made['id']}").code == 204
    assert play.all(Domain) == []
