"""Tags of projects. Source: the identity API, 'Project tags'; keystone/api/projects.py."""

from __future__ import annotations

import pytest

from tests.play import Play


@pytest.fixture
def play():
    return Play()


def ask(play, method, path, body=None, who="admin", **query):
    return play.ask(method, f"/v3/{path}", body, who, service="identity", **query)


def create(play, name, tags):
    return ask(play, "POST", "projects", {"project": {"name": name, "tags": tags}}).body["project"]


def test_a_project_keeps_its_tags(play):
    project = create(play, "east", ["web", "prod"])
    path = f"projects/{project['id']}"
    assert project["tags"] == ["web", "prod"]
    assert ask(play, "PATCH", path, {"project": {"tags": ["db"]}}).body["project"]["tags"] == ["db"]
    assert ask(play, "PATCH", path, {"project": {"description": "x"}}).body["project"]["tags"] == ["db"]
    assert ask(play, "PUT", f"{path}/tags", {"tags": ["a", "b"]}).body["tags"] == ["a", "b"]
    assert ask(play, "GET", f"{path}/tags").body["tags"] == ["a", "b"]
    assert ask(play, "DELETE", f"{path}/tags").code == 204
    assert ask(play, "GET", path).body["project"]["tags"] == []


def test_one_tag_is_added_checked_and_removed(play):
    path = f"projects/{create(play, 'east', [])['id']}/tags/web"
    assert ask(play, "GET", path).code == 404
    answer = ask(play, "PUT", path)
    assert answer.code == 201 and answer.headers["Location"].endswith(path)
    assert ask(play, "PUT", path).code == 400  # tags are unique
    assert [ask(play, method, path).code for method in ("GET", "HEAD", "DELETE", "DELETE")] == [204, 204, 204, 404]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("tags", "web,prod", {"both"}),
        ("tags", "web", {"both", "one"}),
        ("tags-any", "prod,db", {"both"}),
        ("not-tags", "web,prod", {"one", "no"}),
        ("not-tags-any", "web,prod", {"no"}),
    ],
)
def test_projects_are_filtered_by_tags(play, name, value, expected):
    for project, tags in (("both", ["web", "prod"]), ("one", ["web"]), ("no", [])):
        create(play, project, tags)
    listed = ask(play, "GET", "projects", **{name: value}).body["projects"]
    assert {each["name"] for each in listed} - {"admin", "demo", "other"} == expected


@pytest.mark.parametrize(
    "tags", ["web", None, [5], [""], ["a,b"], ["a/b"], ["x" * 256], ["a", "a"], [str(n) for n in range(81)]]
)
def test_invalid_tags_are_refused(play, tags):
    project = create(play, "east", ["web"])
    before = play.store.dump()
    assert ask(play, "PUT", f"projects/{project['id']}/tags", {"tags": tags}).code == 400
    assert ask(play, "PATCH", f"projects/{project['id']}", {"project": {"tags": tags}}).code == 400
    assert ask(play, "POST", "projects", {"project": {"name": "new", "tags": tags}}).code == 400
    assert play.store.dump() == before


def test_members_only_read_the_tags_of_their_project(play):
    own, other = play.callers["demo"].project_id, create(play, "east", ["web"])["id"]
    ask(play, "PUT", f"projects/{own}/tags", {"tags": ["web"]})
    assert [ask(play, "GET", f"projects/{own}/{path}", who="demo").code for path in ("tags", "tags/web")] == [200, 204]
    assert ask(play, "GET", f"projects/{other}/tags", who="demo").code == 403
    for method, path in (("PUT", "tags"), ("DELETE", "tags"), ("PUT", "tags/a"), ("DELETE", "tags/web")):
        assert ask(play, method, f"projects/{own}/{path}", {"tags": []}, who="demo").code == 403
