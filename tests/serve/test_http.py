"""HTTP as OpenStack clients expect it: versions, headers, codes. Source: real-clients, sections 1 to 3."""

from __future__ import annotations

import re

import pytest

SERVERS = "/compute/v2.1/servers"
NEW = {"server": {"name": "web1", "flavorRef": "1", "networks": "none"}}


@pytest.fixture(scope="module")
def image(served):
    found = served.ask("GET", "/image/v2/images").body["images"]
    return next(each["id"] for each in found if each["name"] == "cirros")


@pytest.fixture(scope="module")
def server(served, image):
    body = {"server": {**NEW["server"], "imageRef": image}}
    answer = served.ask("POST", SERVERS, body, {"OpenStack-API-Version": "compute 2.96"})
    assert answer.code == 202, answer
    return answer.body["server"]["id"]


# --- versions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "code", "where", "id", "self"),
    [
        ("/identity", 300, ("versions", "values"), "v3.14", "/identity/v3/"),
        ("/identity/v3", 200, ("version",), "v3.14", "/identity/v3/"),
        ("/compute", 200, ("versions",), "v2.1", "/compute/v2.1/"),
        ("/compute/v2.1", 200, ("version",), "v2.1", "/compute/v2.1/"),
        ("/compute/v2", 200, ("version",), "v2.0", "/compute/v2/"),
        ("/image", 300, ("versions",), "v2.16", "/image/v2/"),
        ("/image/versions", 200, ("versions",), "v2.16", "/image/v2/"),
        ("/network", 200, ("versions",), "v2.0", "/network/v2.0/"),
        ("/volume", 300, ("versions",), "v3.0", "/volume/v3/"),
        ("/volume/v3", 200, ("versions",), "v3.0", "/volume/v3/"),
        ("/placement", 200, ("versions",), "v1.0", ""),
    ],
)
@pytest.mark.parametrize("slash", ["", "/"])
def test_every_root_has_its_version_document_without_a_token(served, path, code, where, id, self, slash):
    answer = served.ask("GET", path + slash, headers={"Host": "cloud.example.com:5000"}, who=None)
    found = answer.body
    for key in where:
        found = found[key]
    versions = {each["id"]: each for each in (found if isinstance(found, list) else [found])}
    links = [link["href"] for link in versions[id]["links"] if link["rel"] == "self"]
    assert (answer.code, links) == (code, ["http://cloud.example.com:5000" + self if self else ""])


def test_the_range_of_microversions_is_told(served):
    version = served.ask("GET", "/compute/v2.1/").body["version"]
    assert (version["min_version"], version["version"], version["status"]) == ("2.1", "2.104", "CURRENT")


@pytest.mark.parametrize("host", ["evil host", "a/b", "[::1", "x:999999", "a\\b", "", "é.example.com"])
def test_a_host_that_is_none_is_not_repeated(served, host):
    request = b"GET /compute HTTP/1.1\r\nHost: " + host.encode() + b"\r\nConnection: close\r\n\r\n"
    answer = served.raw(request)
    assert b" 400 " in answer or f"{served.url}/compute/v2.1/".encode() in answer


def test_a_client_may_come_without_a_host(served):
    assert f"{served.url}/compute/v2.1/".encode() in served.raw(b"GET /compute HTTP/1.0\r\n\r\n")


@pytest.mark.parametrize("path", ["/nothing", "/compute/v3/servers", "/compute/servers", "/v2.1"])
def test_an_unknown_path_at_the_root_gives_choices(served, path):
    answer = served.ask("GET", path)
    assert (answer.code, [each["id"] for each in answer.body["choices"]]) == (300, ["v2.0", "v2.1"])


# --- microversions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "version"),
    [
        ({}, "2.1"),
        ({"OpenStack-API-Version": "compute 2.96"}, "2.96"),
        ({"OpenStack-API-Version": "compute latest"}, "2.104"),
        ({"OpenStack-API-Version": "volume 3.60, compute 2.53"}, "2.53"),
        ({"OpenStack-API-Version": "volume 3.60"}, "2.1"),
        ({"X-OpenStack-Nova-API-Version": "2.47"}, "2.47"),
        ({"X-OpenStack-Nova-API-Version": "2.47", "OpenStack-API-Version": "compute 2.48"}, "2.48"),
    ],
)
def test_the_microversion_goes_both_ways(served, asked, version):
    answer = served.ask("GET", SERVERS, headers=asked)
    assert answer.code == 200
    assert answer.headers["OpenStack-API-Version"] == f"compute {version}"
    assert answer.headers["X-OpenStack-Nova-API-Version"] == version
    assert answer.headers.get_all("Vary") == ["OpenStack-API-Version", "X-OpenStack-Nova-API-Version"]


@pytest.mark.parametrize(
    ("asked", "code", "key", "text"),
    [
        (
            "2.999",
            406,
            "computeFault",
            "Version 2.999 is not supported by the API. Minimum is 2.1 and maximum is 2.104.",
        ),
        ("x", 400, "badRequest", "API Version String x is of invalid format. Must be of format MajorNum.MinorNum."),
    ],
)
def test_a_microversion_that_is_none_is_refused(served, asked, code, key, text):
    answer = served.ask("GET", SERVERS, headers={"OpenStack-API-Version": f"compute {asked}"})
    assert (answer.code, answer.body) == (code, {key: {"code": code, "message": text}})


def test_below_v2_there_are_no_microversions(served, server):
    answer = served.ask("GET", f"/compute/v2/servers/{server}", headers={"OpenStack-API-Version": "compute 2.96"})
    assert (answer.code, "OpenStack-API-Version" in answer.headers, "tags" in answer.body["server"]) == (
        200,
        False,
        False,
    )


def test_a_project_in_the_path_is_passed_over(served, server):
    assert served.ask("GET", f"/compute/v2.1/{'0123456789abcdef' * 2}/servers/{server}").code == 200


def test_a_project_at_the_end_of_a_path_is_meant(served):
    project = served.ask("GET", "/identity/v3/auth/projects").body["projects"][0]["id"]
    assert served.ask("GET", f"/compute/v2.1/os-quota-sets/{project}").body["quota_set"]["instances"] == 10


# --- what an answer has beside its body ----------------------------------------------------------------------------


def test_request_ids_are_the_same_under_both_names_and_never_repeat(served):
    answers = [served.ask("GET", path) for path in (SERVERS, SERVERS, SERVERS + "/none")]
    ids = [answer.headers["X-OpenStack-Request-ID"] for answer in answers]
    assert ids == [answer.headers["X-Compute-Request-ID"] for answer in answers]
    assert len(set(ids)) == 3
    assert all(re.fullmatch(r"req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", id) for id in ids)


def test_the_request_id_of_an_action_is_the_one_in_the_log(served, server):
    answer = served.ask("POST", f"{SERVERS}/{server}/action", {"os-stop": None})
    log = served.ask("GET", f"{SERVERS}/{server}/os-instance-actions").body["instanceActions"]
    assert answer.headers["X-OpenStack-Request-ID"] == log[0]["request_id"]
    assert (answer.code, answer.content, answer.headers["Content-Length"]) == (202, b"", "0")
    assert "Content-Type" not in answer.headers


def test_a_new_server_is_where_location_says(served, image):
    body = {"server": {**NEW["server"], "imageRef": image}}
    answer = served.ask("POST", SERVERS, body, {"OpenStack-API-Version": "compute 2.37"})
    where = f"{served.url}{SERVERS}/{answer.body['server']['id']}"
    assert (answer.code, answer.headers["Location"]) == (202, where)
    assert served.ask("GET", where.removeprefix(served.url)).body["server"]["links"][0]["href"] == where
    gone = served.ask("DELETE", where.removeprefix(served.url))
    assert (gone.code, gone.content, "Content-Type" in gone.headers) == (204, b"", False)


def test_head_is_get_without_the_body(served, server):
    got, head = (served.ask(method, f"{SERVERS}/{server}") for method in ("GET", "HEAD"))
    assert (head.code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == got.headers["Content-Length"] == str(len(got.content))


# --- refusals of HTTP's own ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PATCH", "DELETE", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("path", [SERVERS, "/volume/v3/p/types"])
def test_nova_and_cinder_do_not_find_a_path_with_another_method(served, path, method):
    answer = served.ask(method, path)
    assert (answer.code, "Allow" in answer.headers) == (404, False)
    assert answer.body == {
        "code": "404 Not Found",
        "title": "Not Found",
        "message": "The resource could not be found.<br /><br />\n\n\n",
    }


@pytest.mark.parametrize(
    ("path", "allowed"), [("/network/v2.0/networks", {"GET", "POST"}), ("/image/v2/images", {"GET", "POST"})]
)
def test_other_services_name_the_methods_of_a_path(served, path, allowed):
    answer = served.ask("PATCH", path)
    assert (answer.code, set(answer.headers["Allow"].split(", "))) == (405, allowed)


@pytest.mark.parametrize("path", [SERVERS, f"{SERVERS}/nothing", "/compute/v2.1/nothing", "/network/v2.0/networks"])
def test_options_are_answered_with_200_and_without_a_token(served, path):
    answer = served.ask("OPTIONS", path, who=None)
    assert (answer.code, answer.content) == (200, b"")


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
def test_malformed_json(served, body):
    answer = served.ask("POST", SERVERS, body, {"Content-Type": "application/json"})
    assert (answer.code, answer.body) == (400, {"badRequest": {"code": 400, "message": "Malformed request body"}})


@pytest.mark.parametrize(
    "body", [b"[]", b"1", b'"server"', b"null", b'{"server": []}', b'{"server": {"name": "\\u0000"}}']
)
def test_json_of_another_shape(served, body):
    answer = served.ask("POST", SERVERS, body, {"Content-Type": "application/json"})
    assert (answer.code, list(answer.body)) == (400, ["badRequest"])


def test_half_characters_are_no_fault_of_the_server(served, image):
    body = {"server": {**NEW["server"], "imageRef": image, "name": "\ud800"}}
    answer = served.ask(
        "POST", SERVERS, body, {"Content-Type": "application/json", "OpenStack-API-Version": "compute 2.37"}
    )
    assert answer.code in (202, 400)


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "nonsense"])
def test_another_media_type(served, kind):
    answer = served.ask("POST", SERVERS, b"{}", {"Content-Type": kind})
    assert (answer.code, answer.body["badMediaType"]["code"]) == (415, 415)


def test_a_media_type_may_have_parameters(served):
    assert served.ask("POST", SERVERS, b"{}", {"Content-Type": "application/json; charset=UTF-8"}).code == 400


def test_a_body_that_is_too_large(served):
    answer = served.ask("POST", SERVERS, b'"' + b"x" * 120_000 + b'"', {"Content-Type": "application/json"})
    assert (answer.code, answer.body["overLimit"]["code"]) == (413, 413)


def test_a_body_that_turns_out_too_large(served):
    head = (
        f"POST {SERVERS} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Auth-Token: {served.token('demo')}\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    answer = served.raw(head.encode() + (b"4000\r\n" + b" " * 0x4000 + b"\r\n") * 10 + b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413") and b"overLimit" in answer


@pytest.mark.parametrize("query", ["name=%00", "name=a%00b", "limit=%00", "%00=1", "changes-since=%00", "ip=%00"])
def test_nul_bytes_in_a_query(served, query):
    assert served.ask("GET", f"{SERVERS}/detail?{query}").code in (200, 400)


@pytest.mark.parametrize("query", ["name=%ff", "limit=%c3%28"])
def test_a_query_that_is_no_text(served, query):
    assert served.ask("GET", f"{SERVERS}?{query}").code == 400


@pytest.mark.parametrize("path", ["/%00", "/%ff%fe", "/..%2f..%2fetc", "/a%2fb", "/" + "x" * 4000])
def test_paths_that_lead_nowhere(served, path):
    assert served.ask("GET", SERVERS + path).code in (400, 404)


def test_a_slash_at_the_end_is_another_path_for_nova_alone(served, server):
    """Recorded: Nova answers 404."""
    assert served.ask("GET", f"{SERVERS}/{server}/").code == 404
    assert served.ask("GET", "/network/v2.0/networks/").code == served.ask("GET", "/image/v2/images/").code == 200


def test_uploads_may_come_in_chunks(served):
    wanted = {"name": "mine", "disk_format": "raw", "container_format": "bare"}
    image = served.ask("POST", "/image/v2/images", wanted).body["id"]
    head = (
        f"PUT /image/v2/images/{image}/file HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        f"X-Auth-Token: {served.token('demo')}\r\n"
        "Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    answer = served.raw(head.encode() + b"5\r\n12345\r\n3\r\n678\r\n0\r\n\r\n")
    assert b" 204 " in answer.partition(b"\r\n")[0]
    assert served.ask("GET", f"/image/v2/images/{image}").body["size"] == 8


def test_a_projects_id_in_front_of_a_path_is_passed_over_and_elsewhere_is_not(served):
    project = served.ask("GET", "/identity/v3/projects", who="admin").body["projects"][0]["id"]
    assert served.ask("GET", f"/compute/v2.1/{project}/servers").code == 200
    assert served.ask("GET", f"/compute/v2.1/os-quota-sets/{project}", who="admin").body["quota_set"]["id"] == project
