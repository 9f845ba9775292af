"""Registered limits, and the limits of projects and domains. Source: keystone/limit/core.py and backends/sql.py."""

from __future__ import annotations

from typing import Any

import pytest

from novasim.api.dispatch import handle
from novasim.api.request import Request
from tests import each_case
from tests.play import Play

NOWHERE = "0" * 32


class LimitClient:
    def __init__(self) -> None:
        self.play = Play()
        self.service = self.ask("GET", "services", type="compute").body["services"][0]["id"]
        self.demo = self.play.callers["demo"].project_id

    def ask(self, method: str, path: str, body: Any = None, who: str = "admin", **query: str):
        caller = self.play.callers[who]
        request = Request(caller, method, f"/v3/{path}", 1, tuple(query.items()), body, "identity", "http://x")
        return handle(self.play.cloud, request)

    def register(self, name: str = "servers", **more: Any):
        body = {"service_id": self.service, "resource_name": name, "default_limit": 10, **more}
        return self.ask("POST", "registered_limits", {"registered_limits": [body]})

    def limit(self, name: str = "servers", **more: Any):
        owner = {} if "domain_id" in more else {"project_id": self.demo}
        body = {"service_id": self.service, "resource_name": name, "resource_limit": 5, **owner, **more}
        return self.ask("POST", "limits", {"limits": [body]})


@pytest.fixture
def limits():
    return LimitClient()


def message(answer) -> str:
    return answer.body["error"]["message"]


def test_a_registered_limit_is_changed_and_deleted(limits):
    made = limits.register(description="how many").body["registered_limits"][0]
    assert made == {
        "id": made["id"],
        "service_id": limits.service,
        "region_id": None,
        "resource_name": "servers",
        "default_limit": 10,
        "description": "how many",
        "links": {"self": f"http://x/identity/v3/registered_limits/{made['id']}"},
    }
    path = f"registered_limits/{made['id']}"
    changed = limits.ask("PATCH", path, {"registered_limit": {"default_limit": -1, "region_id": "RegionOne"}})
    assert changed.body["registered_limit"] == made | {"default_limit": -1, "region_id": "RegionOne"}
    assert limits.ask("GET", path, who="demo").body == changed.body
    assert limits.ask("GET", "registered_limits", region_id="elsewhere").body["registered_limits"] == []
    assert limits.ask("DELETE", path).code == 204
    assert message(limits.ask("GET", path)) == f"Could not find registered limit for {made['id']}."


def test_limits_are_registered_together_or_not_at_all(limits):
    bodies = [{"service_id": limits.service, "resource_name": name, "default_limit": 1} for name in "aab"]
    refused = limits.ask("POST", "registered_limits", {"registered_limits": bodies})
    assert refused.code == 409
    assert message(refused) == "Conflict occurred attempting to store registered_limit - Duplicate entry."
    assert limits.ask("GET", "registered_limits").body["registered_limits"] == []
    assert limits.ask("POST", "registered_limits", {"registered_limits": bodies[1:]}).code == 201
    assert limits.register("a", region_id="RegionOne").code == 201


@each_case(
    ("kind", "change"),
    [
        ("registered_limits", {"service_id": NOWHERE}),
        ("registered_limits", {"region_id": "elsewhere"}),
        ("registered_limits", {"default_limit": -2}),
        ("registered_limits", {"default_limit": "10"}),
        ("registered_limits", {"resource_name": ""}),
        ("registered_limits", {"nonsense": 1}),
        ("limits", {"project_id": NOWHERE}),
        ("limits", {"domain_id": "default", "project_id": "x"}),
        ("limits", {"resource_limit": 2**31}),
        ("limits", {"service_id": NOWHERE}),
    ],
)
def test_invalid_limits_are_refused(limits, kind, change):
    limits.register()  # for the first case; then it is there
    add = limits.register if kind == "registered_limits" else limits.limit
    assert add(**{"name": change["resource_name"]} if "resource_name" in change else change).code == 400


def test_a_limit_needs_a_registered_one_and_keeps_it(limits):
    refused = limits.limit()
    assert (refused.code, message(refused)) == (
        403,
        "Unable to create a limit that has no corresponding registered limit.",
    )
    registered = limits.register().body["registered_limits"][0]["id"]
    limit = limits.limit().body["limits"][0]
    assert (limit["resource_name"], limit["resource_limit"], limit["project_id"]) == ("servers", 5, limits.demo)
    assert limits.limit().code == 409
    for method, body in (("PATCH", {"registered_limit": {"default_limit": 1}}), ("DELETE", None)):
        refused = limits.ask(method, f"registered_limits/{registered}", body)
        assert refused.code == 403
        assert "because there are project limits associated with it" in message(refused)
    changed = limits.ask("PATCH", f"limits/{limit['id']}", {"limit": {"resource_limit": 7}})
    assert changed.body["limit"] == limit | {"resource_limit": 7}
    assert limits.ask("DELETE", f"limits/{limit['id']}").code == 204
    assert message(limits.ask("GET", f"limits/{limit['id']}")) == f"Could not find limit for {limit['id']}."
    assert limits.ask("DELETE", f"registered_limits/{registered}").code == 204


def test_members_see_the_limits_of_their_project(limits):
    limits.register()
    own, other = limits.limit().body["limits"][0]["id"], limits.limit(domain_id="default").body["limits"][0]["id"]
    assert [each["id"] for each in limits.ask("GET", "limits", who="demo").body["limits"]] == [own]
    assert [each["id"] for each in limits.ask("GET", "limits", domain_id="default").body["limits"]] == [other]
    assert limits.ask("GET", f"limits/{own}", who="demo").code == 200
    assert limits.ask("GET", f"limits/{other}", who="demo").code == 403
    for method, path, body in (
        ("POST", "limits", {"limits": [{"service_id": "x", "resource_name": "x", "resource_limit": 1}]}),
        ("PATCH", f"limits/{own}", {"limit": {}}),
        ("DELETE", f"limits/{own}", None),
    ):
        assert limits.ask(method, path, body, who="demo").code == 403


def test_the_limits_of_a_project_go_with_it(limits):
    registered = limits.register().body["registered_limits"][0]["id"]
    project = limits.ask("POST", "projects", {"project": {"name": "p"}}).body["project"]["id"]
    assert limits.limit(project_id=project).code == 201
    assert limits.ask("DELETE", f"projects/{project}").code == 204
    assert limits.ask("GET", "limits").body["limits"] == []
    assert limits.ask("DELETE", f"registered_limits/{registered}").code == 204
