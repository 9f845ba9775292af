"""Services, endpoints and regions that administrators add. Source: the identity API (v3)."""

from __future__ import annotations

import pytest

from novasim.api.dispatch import handle
from novasim.api.request import Request
from tests import each_case
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


@each_case(
    ("path", "body", "code"),
    [
        ("services", {"service": {"name": "x"}}, 400),
        ("services", {"service": {"type": 5}}, 400),
        ("services", {}, 400),
        ("endpoints", {"endpoint": {"interface": "public", "url": "http://x"}}, 400),
        ("endpoints", {"endpoint": {"interface": "public", "url": "http://x", "service_id": "nowhere"}}, 400),
        ("endpoints", {"endpoint": {"interface": "secret", "url": "http://x", "service_id": "nowhere"}}, 400),
        ("services", {"service": {"type": "x", "name": ""}}, 400),
        ("services", {"service": {"type": "x", "enabled": "yes"}}, 400),
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
    for parent in ("north", "n1", "nowhere"):
        body = {"region": {"parent_region_id": parent}}
        assert ask(play, "PATCH", "regions/north", body).code == (404 if parent == "nowhere" else 400)
    service = add_service(play)
    assert add_endpoint(play, service, region_id="n2").code == 400
    endpoint = add_endpoint(play, service, region_id=None, region="n2").body["endpoint"]
    assert (endpoint["region"], endpoint["region_id"]) == ("n2", "n2")
    assert ask(play, "PATCH", "regions/n2", {"region": {"parent_region_id": "n1"}}).code == 200
    assert ask(play, "GET", "regions/n2", who="demo").code == 200
    assert ask(play, "DELETE", "regions/north").code == 403
    assert ask(play, "DELETE", f"endpoints/{endpoint['id']}").code == 204
    assert ask(play, "DELETE", "regions/north").code == 204
    assert [each["id"] for each in ask(play, "GET", "regions").body["regions"]] == ["RegionOne"]
    assert ask(play, "PUT", "regions/south", {"region": {"id": "north"}}).code == 400
    assert ask(play, "PUT", "regions/south", {"region": {}}).body["region"]["id"] == "south"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://192.0.2.7/$(user_id)s/%(project_id)s", 201),
        ("http://192.0.2.7/%(admin_token)s", 400),
        ("http://192.0.2.7/%(tenant_id)", 400),
        ("http://192.0.2.7/%", 400),
        ("192.0.2.7", 400),
        ("http://192.0.2.7/" + "x" * 300, 400),
    ],
)
def test_the_placeholders_of_an_address_are_checked(play, url, code):
    service = add_service(play)
    assert add_endpoint(play, service, url).code == code
    demo = play.callers["demo"]
    shown = [each["url"] for each in catalog_of(play)["orchestration"]["endpoints"]]
    assert shown == ([f"http://192.0.2.7/{demo.user_id}/{demo.project_id}"] if code == 201 else [])


def test_further_attributes_are_kept(play):
    service = ask(play, "POST", "services", {"service": {"type": "dns", "team": "blue"}}).body["service"]
    assert (service["team"], service["name"], "description" in service) == ("blue", "", False)
    endpoint = add_endpoint(play, service["id"], name="first", description=None).body["endpoint"]
    assert (endpoint["name"], endpoint["description"]) == ("first", None)
    region = ask(play, "POST", "regions", {"region": {"url": "x"}}).body["region"]
    assert (region["url"], region["description"]) == ("x", "")
    for path in (f"services/{service['id']}", f"endpoints/{endpoint['id']}", f"regions/{region['id']}"):
        (kind,) = ask(play, "GET", path).body
        assert ask(play, "PATCH", path, {kind: {"team": "red"}}).body[kind]["team"] == "red"
        assert ask(play, "PATCH", path, {kind: {}}).code == 400
        assert ask(play, "PATCH", path, {kind: {"id": "another"}}).code == 400


@pytest.mark.parametrize(
    ("path", "query", "count"),
    [
        ("services", {"type": "compute"}, 1),
        ("services", {"name__icontains": "CINDER"}, 2),
        ("services", {"type__startswith": "vol"}, 1),
        ("services", {"enabled": "false"}, 7),
        ("endpoints", {"interface": "public"}, 7),
        ("endpoints", {"region_id": "nowhere"}, 0),
        ("regions", {"parent_region_id": "x"}, 0),
    ],
)
def test_lists_have_filters(play, path, query, count):
    assert len(ask(play, "GET", path, **query).body[path]) == count


def test_roles_that_include_others(play):
    rules = ask(play, "GET", "role_inferences").body["role_inferences"]
    pairs = {(each["prior_role"]["name"], each["implies"][0]["name"]) for each in rules}
    assert pairs == {("admin", "manager"), ("manager", "member"), ("member", "reader")}
    member = next(each["prior_role"]["id"] for each in rules if each["prior_role"]["name"] == "member")
    implied = ask(play, "GET", f"roles/{member}/implies").body["role_inference"]["implies"]
    assert [each["name"] for each in implied] == ["reader"]
    assert ask(play, "GET", "role_inferences", who="demo").code == 403
    reader = ask(play, "GET", "roles", name="reader").body["roles"][0]["id"]
    rule = ask(play, "GET", f"roles/{member}/implies/{reader}").body["role_inference"]
    assert (rule["prior_role"]["name"], rule["implies"]["name"]) == ("member", "reader")
    assert ask(play, "GET", f"roles/{reader}/implies/{member}").code == 404
    assert ask(play, "PUT", f"roles/{reader}/implies/{member}").code == 501
