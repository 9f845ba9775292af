"""Response headers and refusals over HTTP. Source: keystoneauth1, and the API references."""

from __future__ import annotations

import re

import pytest

SERVERS = "/compute/v2.1/servers"
NEW = {"server": {"name": "web1", "flavorRef": "1", "networks": "none"}}


@pytest.fixture(scope="module")
def image(served):
    images = served.request("GET", "/image/v2/images").body["images"]
    return next(each["id"] for each in images if each["name"] == "cirros")


@pytest.fixture(scope="module")
def server(served, image):
    body = {"server": {**NEW["server"], "imageRef": image}}
    response = served.request("POST", SERVERS, body, {"OpenStack-API-Version": "compute 2.96"})
    assert response.code == 202, response
    return response.body["server"]["id"]


# --- response headers -------------------------------------------------------------------------------------------------


def test_request_ids_are_unique_and_equal_in_both_headers(served):
    responses = [served.request("GET", path) for path in (SERVERS, SERVERS, SERVERS + "/none")]
    ids = [response.headers["X-OpenStack-Request-ID"] for response in responses]
    assert ids == [response.headers["X-Compute-Request-ID"] for response in responses]
    assert len(set(ids)) == 3
    assert all(re.fullmatch(r"req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", id) for id in ids)


def test_request_id_of_an_action_is_in_the_log(served, server):
    response = served.request("POST", f"{SERVERS}/{server}/action", {"os-stop": None})
    log = served.request("GET", f"{SERVERS}/{server}/os-instance-actions").body["instanceActions"]
    assert response.headers["X-OpenStack-Request-ID"] == log[0]["request_id"]
    assert (response.code, response.content, response.headers["Content-Length"]) == (202, b"", "0")
    assert "Content-Type" not in response.headers


def test_location_header_points_to_the_new_server(served, image):
    body = {"server": {**NEW["server"], "imageRef": image}}
    response = served.request("POST", SERVERS, body, {"OpenStack-API-Version": "compute 2.37"})
    url = f"{served.url}{SERVERS}/{response.body['server']['id']}"
    assert (response.code, response.headers["Location"]) == (202, url)
    assert served.request("GET", url.removeprefix(served.url)).body["server"]["links"][0]["href"] == url
    deleted = served.request("DELETE", url.removeprefix(served.url))
    assert (deleted.code, deleted.content, "Content-Type" in deleted.headers) == (204, b"", False)


def test_head_is_get_without_the_body(served, server):
    got, head = (served.request(method, f"{SERVERS}/{server}") for method in ("GET", "HEAD"))
    assert (head.code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == got.headers["Content-Length"] == str(len(got.content))


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PATCH", "DELETE", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("path", [SERVERS, "/volume/v3/p/types"])
def test_nova_and_cinder_answer_a_wrong_method_with_404(served, path, method):
    response = served.request(method, path)
    assert (response.code, "Allow" in response.headers) == (404, False)
    assert response.body == {
        "code": "404 Not Found",
        "title": "Not Found",
        "message": "The resource could not be found.<br /><br />\n\n\n",
    }


@pytest.mark.parametrize(
    ("path", "allowed"), [("/network/v2.0/networks", {"GET", "POST"}), ("/image/v2/images", {"GET", "POST"})]
)
def test_other_services_list_the_allowed_methods(served, path, allowed):
    response = served.request("PATCH", path)
    assert (response.code, set(response.headers["Allow"].split(", "))) == (405, allowed)


@pytest.mark.parametrize("path", [SERVERS, f"{SERVERS}/nothing", "/compute/v2.1/nothing", "/network/v2.0/networks"])
def test_options_request_needs_no_token(served, path):
    response = served.request("OPTIONS", path, who=None)
    assert (response.code, response.content) == (200, b"")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nonsense",
        b'{"server": NaN}',
        b"\x00",
        b'{"a": "\xff"}',
        b"\xef\xbb\xbf{}",
        b"{}{}",
        b"[" * 100_000,
        b'{"a":' * 20_000,
        b"[" * 500 + b"]" * 500,
    ],
)
def test_malformed_json_is_400(served, body):
    response = served.request("POST", SERVERS, body, {"Content-Type": "application/json"})
    assert (response.code, response.body) == (400, {"badRequest": {"code": 400, "message": "Malformed request body"}})


@pytest.mark.parametrize(
    "body", [b"[]", b"1", b'"server"', b"null", b'{"server": []}', b'{"server": {"name": "\\u0000"}}']
)
def test_json_of_the_wrong_shape_is_400(served, body):
    response = served.request("POST", SERVERS, body, {"Content-Type": "application/json"})
    assert (response.code, list(response.body)) == (400, ["badRequest"])


def test_lone_surrogates_cause_no_internal_error(served, image):
    body = {"server": {**NEW["server"], "imageRef": image, "name": "\ud800"}}
    response = served.request(
        "POST", SERVERS, body, {"Content-Type": "application/json", "OpenStack-API-Version": "compute 2.37"}
    )
    assert response.code in (202, 400)


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "nonsense"])
def test_other_media_types_are_415(served, kind):
    response = served.request("POST", SERVERS, b"{}", {"Content-Type": kind})
    assert (response.code, response.body["badMediaType"]["code"]) == (415, 415)


def test_media_type_can_have_parameters(served):
    assert served.request("POST", SERVERS, b"{}", {"Content-Type": "application/json; charset=UTF-8"}).code == 400


def test_body_over_the_limit_is_413(served):
    response = served.request("POST", SERVERS, b'"' + b"x" * 120_000 + b'"', {"Content-Type": "application/json"})
    assert (response.code, response.body["overLimit"]["code"]) == (413, 413)


def test_chunked_body_over_the_limit_is_413(served):
    head = (
        f"POST {SERVERS} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Auth-Token: {served.token('demo')}\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    response = served.send_raw(head.encode() + (b"4000\r\n" + b" " * 0x4000 + b"\r\n") * 10 + b"0\r\n\r\n")
    assert response.startswith(b"HTTP/1.1 413") and b"overLimit" in response


@pytest.mark.parametrize("query", ["name=%00", "name=a%00b", "limit=%00", "%00=1", "changes-since=%00", "ip=%00"])
def test_nul_bytes_in_a_query_cause_no_internal_error(served, query):
    assert served.request("GET", f"{SERVERS}/detail?{query}").code in (200, 400)


@pytest.mark.parametrize("query", ["name=%ff", "limit=%c3%28"])
def test_query_that_is_not_utf8_is_400(served, query):
    assert served.request("GET", f"{SERVERS}?{query}").code == 400


@pytest.mark.parametrize("path", ["/%00", "/%ff%fe", "/..%2f..%2fetc", "/a%2fb", "/" + "x" * 4000])
def test_invalid_paths_are_400_or_404(served, path):
    assert served.request("GET", SERVERS + path).code in (400, 404)


def test_trailing_slash_is_another_path_for_nova_and_glance(served, server):
    """Recorded: Nova responses 404."""
    assert served.request("GET", f"{SERVERS}/{server}/").code == 404
    assert served.request("GET", "/network/v2.0/networks/").code == 200
    assert served.request("GET", "/image/v2/images/").code == 404


def test_chunked_upload_is_accepted(served):
    new = {"name": "mine", "disk_format": "raw", "container_format": "bare"}
    image = served.request("POST", "/image/v2/images", new).body["id"]
    head = (
        f"PUT /image/v2/images/{image}/file HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"X-Auth-Token: {served.token('demo')}\r\n"
        "Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    response = served.send_raw(head.encode() + b"5\r\n12345\r\n3\r\n678\r\n0\r\n\r\n")
    assert b" 204 " in response.partition(b"\r\n")[0]
    assert served.request("GET", f"/image/v2/images/{image}").body["size"] == 8


@pytest.mark.parametrize("who", ["demo", "admin"])
def test_project_id_in_front_of_a_path_is_that_of_the_caller(served, who):
    projects = served.request("GET", "/identity/v3/projects", who="admin").body["projects"]
    ids = {each["name"]: each["id"] for each in projects}
    own, other = ids.pop(who), ids.popitem()[1]
    for _ in range(2):  # the second response comes from the cache
        assert served.request("GET", f"/compute/v2.1/{own}/servers", who=who).code == 200
        refused = served.request("GET", f"/compute/v2.1/{other}/servers", who=who)
        assert (refused.code, refused.body["badRequest"]["message"]) == (
            400,
            f"Malformed request URL: URL's project_id '{other}' doesn't match Context's project_id '{own}'",
        )


def test_project_id_is_ignored_only_in_front_of_a_path(served):
    project = served.request("GET", "/identity/v3/projects", who="admin").body["projects"][0]["id"]
    quotas = served.request("GET", f"/compute/v2.1/os-quota-sets/{project}", who="admin")
    assert quotas.body["quota_set"]["id"] == project
