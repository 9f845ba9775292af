"""Version documents and microversions over HTTP. Source: keystoneauth1/discover.py."""

from __future__ import annotations

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


# --- versions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "code", "keys", "id", "self"),
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
def test_root_has_a_version_document_without_a_token(served, path, code, keys, id, self, slash):
    response = served.request("GET", path + slash, headers={"Host": "cloud.localhost:5000"}, who=None)
    document = response.body
    for key in keys:
        document = document[key]
    versions = {each["id"]: each for each in (document if isinstance(document, list) else [document])}
    links = [link["href"] for link in versions[id]["links"] if link["rel"] == "self"]
    assert (response.code, links) == (code, ["http://cloud.localhost:5000" + self if self else ""])


def test_version_document_states_the_range_of_microversions(served):
    version = served.request("GET", "/compute/v2.1/").body["version"]
    assert (version["min_version"], version["version"], version["status"]) == ("2.1", "2.104", "CURRENT")


@pytest.mark.parametrize("host", ["evil host", "a/b", "[::1", "x:999999", "a\\b", "", "é.example.com"])
def test_invalid_host_header_is_not_repeated_in_links(served, host):
    request = b"GET /compute HTTP/1.1\r\nHost: " + host.encode() + b"\r\nConnection: close\r\n\r\n"
    response = served.send_raw(request)
    assert (
        response.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 421 ")) or f"{served.url}/compute/v2.1/".encode() in response
    )


def test_request_without_a_host_header_is_accepted(served):
    assert f"{served.url}/compute/v2.1/".encode() in served.send_raw(b"GET /compute HTTP/1.0\r\n\r\n")


@pytest.mark.parametrize("path", ["/nothing", "/compute/v3/servers", "/compute/servers", "/v2.1"])
def test_unknown_path_at_the_root_lists_versions(served, path):
    response = served.request("GET", path)
    assert (response.code, [each["id"] for each in response.body["choices"]]) == (300, ["v2.0", "v2.1"])


# --- microversions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "version"),
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
def test_microversion_is_repeated_in_the_response(served, headers, version):
    response = served.request("GET", SERVERS, headers=headers)
    assert response.code == 200
    assert response.headers["OpenStack-API-Version"] == f"compute {version}"
    assert response.headers["X-OpenStack-Nova-API-Version"] == version
    assert response.headers.get_all("Vary") == ["OpenStack-API-Version", "X-OpenStack-Nova-API-Version"]


@pytest.mark.parametrize(
    ("version", "code", "key", "text"),
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
def test_invalid_microversion_is_refused(served, version, code, key, text):
    response = served.request("GET", SERVERS, headers={"OpenStack-API-Version": f"compute {version}"})
    assert (response.code, response.body) == (code, {key: {"code": code, "message": text}})


def test_legacy_api_has_no_microversions(served, server):
    response = served.request("GET", f"/compute/v2/servers/{server}", headers={"OpenStack-API-Version": "compute 2.96"})
    assert (response.code, "OpenStack-API-Version" in response.headers, "tags" in response.body["server"]) == (
        200,
        False,
        False,
    )


def test_project_in_the_path_is_that_of_the_caller(served, server):
    own = served.request("GET", "/identity/v3/auth/projects").body["projects"][0]["id"]
    for version in ("v2.1", "v2"):
        assert served.request("GET", f"/compute/{version}/{own}/servers/{server}").code == 200
        assert served.request("GET", f"/compute/{version}/{'0123456789abcdef' * 2}/servers/{server}").code == 400


def test_project_at_the_end_of_a_path_is_an_argument(served):
    project = served.request("GET", "/identity/v3/auth/projects").body["projects"][0]["id"]
    assert served.request("GET", f"/compute/v2.1/os-quota-sets/{project}").body["quota_set"]["instances"] == 10


@pytest.mark.parametrize("version", ["v2.0", "v2.9", "v2.17"])
def test_minor_versions_of_the_image_service_are_one_api(served, version):
    plain = served.request("GET", "/image/v2/images")
    assert served.request("GET", f"/image/{version}/images").body == plain.body


@pytest.mark.parametrize("path", ["v2.18/images", "v3", "v1/images", "images"])
def test_an_unknown_version_of_the_image_service_is_answered_with_its_versions(served, path):
    for method in ("GET", "POST"):
        response = served.request(method, f"/image/{path}", {} if method == "POST" else None)
        assert (response.code, response.body["versions"][0]["status"]) == (300, "CURRENT")


def test_paths_of_cinder_and_neutron_may_end_in_json(served):
    project = served.request("GET", "/identity/v3/auth/projects").body["projects"][0]["id"]
    for path in (f"/volume/v3/{project}/backups", "/network/v2.0/networks", "/network/v2.0/agents"):
        plain = served.request("GET", path)
        assert plain.code == 200
        assert served.request("GET", f"{path}.json").body == plain.body


def test_repeated_slashes_are_merged(served, server):
    assert served.request("GET", f"/compute//v2.1//servers/{server}").body["server"]["id"] == server
    assert served.request("GET", "//network/v2.0//networks").code == 200
