"""The list of role assignments. Source: keystone/api/role_assignments.py."""

from __future__ import annotations

import pytest

from tests.api.identity.test_groups import admit, ask, role_id
from tests.play import Play


@pytest.fixture
def play():
    return Play()


def list_assignments(play, **query):
    answer = ask(play, "GET", "role_assignments", **query)
    return answer.body["role_assignments"] if answer.code == 200 else answer.code


def end_of(link):
    return link.rpartition("/v3/")[2]


def test_assignments_of_groups(play):
    project, member = play.callers["demo"].project_id, role_id(play, "member")
    group = admit(play, f"projects/{project}")
    (direct,) = list_assignments(play, **{"group.id": group, "include_names": "1"})
    assert direct["group"] == {"id": group, "name": "staff", "domain": {"id": "default", "name": "Default"}}
    assert end_of(direct["links"]["assignment"]) == f"projects/{project}/groups/{group}/roles/{member}"
    where = {"scope.project.id": project, "user.id": "other"}
    assert list_assignments(play, **where) == []
    assert list_assignments(play, **{"scope.OS-INHERIT:inherited_to": "projects"}) == []
    effective = list_assignments(play, **where, effective="1")
    assert [each["role"]["id"] for each in effective] == [member, role_id(play, "reader")]
    assert {end_of(each["links"]["membership"]) for each in effective} == {f"groups/{group}/users/other"}
    assert {end_of(each["links"]["assignment"]) for each in effective} == {end_of(direct["links"]["assignment"])}
    assert end_of(effective[1]["links"]["prior_role"]).endswith(f"/implies/{member}")
    reader = {"role.id": role_id(play, "reader")}
    assert list_assignments(play, **reader, **where, effective="1") == effective[1:]


def test_assignments_of_projects_below_another(play):
    project = {"name": "low", "parent_id": "other"}
    low = ask(play, "POST", "projects", {"project": project}).body["project"]["id"]
    group = admit(play, f"projects/{low}")
    for query, ids in (({}, ["other"]), ({"include_subtree": "true"}, ["other", group])):
        found = list_assignments(play, **{"scope.project.id": "other"}, **query)
        assert [each.get("user", each.get("group"))["id"] for each in found] == ids
    assert list_assignments(play, include_subtree="1") == 400
    assert list_assignments(play, **{"include_subtree": "1", "scope.project.id": "nowhere"}) == 404


@pytest.mark.parametrize(
    "query",
    [
        {"user.id": "a", "group.id": "b"},
        {"scope.project.id": "a", "scope.domain.id": "b"},
        {"scope.project.id": "a", "scope.system": "all"},
        {"scope.domain.id": "a", "scope.system": "all"},
        {"effective": "true", "group.id": "b"},
    ],
)
def test_filters_that_exclude_each_other_are_refused(play, query):
    assert list_assignments(play, **query) == 400
