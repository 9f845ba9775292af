"""Services, endpoints and regions that administrators add. Source: the identity API (v3)."""

from __future__ import annotations

import pytest

from novasim.api.dispatch import handle
from novasim.api.request import Request
from tests.play import Play

URL = "http://192.0.2.7:8004/v1/$(tenant_id)s"


@pytest.fixture
def play():
    return Play()


def ask(play, method, path, body=None, who="admin", **query):
    caller = play.callers[who]
    request = Request(caller, method, f"/v3/{path}", 1, tuple(query.items()), body, "identity", "http://example.com")
    return handle(play.cloud, request)


def add_service(play, kind="orchestration", **fields):
    answer = ask(play, "POST", "services", {"service": {"type": kind, "name": "heat", **fields}})
    assert answer.code == 201, answer
    return answer.body["service"]["id"]


def add_endpoint(play, service, url=URL, interface="public", **fields):
    body = {"service_id": service, "interface": interface, "url": url, "region_id": "RegionOne", **fields}
    return ask(play, "POST", "endpoints", {"endpoint": body})


def catalog_of(play, who="demo"):
    return {each["type"]: each for each in ask(play, "GET", "auth/catalog", who=who).body["catalog"]}


def test_an_added_service_is_in_the_catalog_of_every_token(play):
    service = add_service(play)
    assert catalog_of(play)["orchestration"]["endpoints"] == []
    endpoint = add_endpoint(play, service).body["endpoint"]
    assert (endpoint["url"], endpoint["region"]) == (URL, "RegionOne")
    (shown,) = catalog_of(play)["orchestration"]["endpoints"]
    assert shown["url"] == URL.replace("$(tenant_id)s", play.callers["demo"].project_id)
    assert catalog_of(play, "other")["orchestration"]["endpoints"][0]["url"].endswith("/other")
    assert [each["id"] for each in ask(play, "GET", "services", type="orchestration").body["services"]] == [service]
    assert [each["id"] for each in ask(play, "GET", "endpoints", service_id=service).body["endpoints"]] == [
        endpoint["id"]
    ]


def test_services_and_endpoints_are_changed_and_deleted(play):
    service = add_service(play)
    endpoint = add_endpoint(play, service, "http://192.0.2.7/plain").body["endpoint"]["id"]
    changed = ask(play, "PATCH", f"services/{service}", {"service": {"description": "stacks"}}).body["service"]
    assert (changed["name"], changed["description"]) == ("heat", "stacks")
    body = {"endpoint": {"url": "http://192.0.2.8/"}}
    assert ask(play, "PATCH", f"endpoints/{endpoint}", body).body["endpoint"]["url"] == "http://192.0.2.8/"
    ask(play, "PATCH", f"endpoints/{endpoint}", {"endpoint": {"enabled": False}})
    assert catalog_of(play)["orchestration"]["endpoints"] == []
    ask(play, "PATCH", f"services/{service}", {"service": {"enabled": False}})
    assert "orchestration" not in catalog_of(play)
    assert ask(play, "DELETE", f"services/{service}").code == 204
    assert ask(play, "GET", f"endpoints/{endpoint}").code == 404
    assert ask(play, "DELETE", f"services/{service}").code == 404


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("services", {"service": {"name": "x"}}, 400),
        ("services", {"service": {"type": 5}}, 400),
        ("services", {}, 400),
        ("endpoints", {"endpoint": {"interface": "public", "url": "http://x"}}, 400),
        ("endpoints", {"endpoint": {"interface": "public", "url": "http://x", "service_id": "nowhere"}}, 404),
        ("endpoints", {"endpoint": {"interface": "secret", "url": "http://x", "service_id": "nowhere"}}, 400),
        ("regions", {"region": {"id": "RegionOne"}}, 409),
        ("regions", {"region": {"id": "x", "parent_region_id": "nowhere"}}, 404),
    ],
)
def test_invalid_requests_are_refused(play, path, body, code):
    assert ask(play, "POST", path, body).code == code
    assert ask(play, "POST", path, body, "demo").code == 403


def test_simulated_services_cannot_be_changed(play):
    for path, key in (("services", "services"), ("endpoints", "endpoints"), ("regions", "regions")):
        fixed = ask(play, "GET", path).body[key][0]["id"]
        assert ask(play, "DELETE", f"{path}/{fixed}").code == 501
        assert ask(play, "GET", f"{path}/{fixed}").code == 200


def test_regions(play):
    assert ask(play, "POST", "regions", {"region": {"id": "north"}}).code == 201
    assert ask(play, "POST", "regions", {"region": {"id": "n1", "parent_region_id": "north"}}).code == 201
    assert [each["id"] for each in ask(play, "GET", "regions", parent_region_id="north").body["regions"]] == ["n1"]
    body = {"region": {"description": "cold"}}
    assert ask(play, "PATCH", "regions/north", body).body["region"]["description"] == "cold"
    endpoint = add_endpoint(play, add_service(play), region_id="south").body["endpoint"]["id"]
    assert ask(play, "GET", "regions/south", who="demo").code == 200
    assert ask(play, "DELETE", "regions/south").code == 403
    assert ask(play, "DELETE", f"endpoints/{endpoint}").code == 204
    assert ask(play, "DELETE", "regions/south").code == 204


def test_roles_that_include_others(play):
    rules = ask(play, "GET", "role_inferences").body["role_inferences"]
    pairs = {(each["prior_role"]["name"], each["implies"][0]["name"]) for each in rules}
    assert pairs == {("admin", "manager"), ("manager", "member"), ("member", "reader")}
    member = next(each["prior_role"]["id"] for each in rules if each["prior_role"]["name"] == "member")
    implied = ask(play, "GET", f"roles/{member}/implies").body["role_inference"]["implies"]
    assert [each["name"] for each in implied] == ["reader"]
    assert ask(play, "GET", "role_inferences", who="demo").code == 403
