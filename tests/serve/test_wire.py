"""HTTP conventions: microversion headers, paths, bodies and tokens. Expectations from real clients."""

from __future__ import annotations

import pytest

from novasim.api.dispatch import handle
from novasim.api.identity import tokens
from novasim.api.image.uploads import Upload
from novasim.api.request import Request
from novasim.errors import BadRequest, NotAcceptable, TooLarge, Unauthorized, UnsupportedMediaType
from novasim.serve.wire.bodies import MAX_BODY_BYTES, MAX_DEPTH, check_size, decode_body
from novasim.serve.wire.callers import ANONYMOUS, authenticate, needs_token, token_of
from novasim.serve.wire.paths import split_path
from novasim.serve.wire.requests import HttpRequest, request_id_headers, response_headers, to_api_request
from novasim.serve.wire.versions import read_minor, version_headers
from tests import each_case
from tests.play import Play

SERVERS, VOLUMES, PLACEMENT = (
    split_path(path) for path in ("/compute/v2.1/servers", "/volume/v3/p/volumes", "/placement/traits")
)


def http_request(
    method: str = "GET", path: str = "/compute/v2.1/servers", query: bytes = b"", **headers: str
) -> HttpRequest:
    return HttpRequest(method, split_path(path), query, headers, "http://example.com")


@each_case(
    ("target", "header", "minor"),
    [
        (SERVERS, None, 1),
        (SERVERS, "compute 2.47", 47),
        (SERVERS, "compute latest", 104),
        (SERVERS, "volume 3.5, compute 2.9", 9),
        (SERVERS, "volume 3.5", 1),
        (VOLUMES, None, 0),
        (VOLUMES, "volume 3.60", 60),
        (VOLUMES, "volume latest", 71),
        (VOLUMES, "compute 2.9", 0),
        (PLACEMENT, "placement 1.39", 39),
        (PLACEMENT, None, 0),
        (split_path("/network/v2.0/ports"), "network 2.5", 1),
        (split_path("/compute/v2/servers"), "compute 2.47", 1),
    ],
)
def test_each_service_reads_its_own_part_of_the_header(target, header, minor):
    assert read_minor(target, {"openstack-api-version": header} if header else {}) == minor


def test_only_compute_reads_the_older_header():
    assert read_minor(SERVERS, {"x-openstack-nova-api-version": "2.5"}) == 5
    assert read_minor(VOLUMES, {"x-openstack-nova-api-version": "2.5"}) == 0


@pytest.mark.parametrize(
    ("header", "error"),
    [
        ("volume 3.72", NotAcceptable),
        ("volume 2.1", NotAcceptable),
        ("volume x", BadRequest),
        ("volume 3.9999999999", BadRequest),
        ("volume 3", BadRequest),
    ],
)
def test_invalid_or_unsupported_version_is_refused(header, error):
    with pytest.raises(error):
        read_minor(VOLUMES, {"openstack-api-version": header})
    assert version_headers(VOLUMES, {"openstack-api-version": header}) == []


def test_response_headers_name_the_version():
    assert version_headers(VOLUMES, {"openstack-api-version": "volume 3.60"}) == [
        ("OpenStack-API-Version", "volume 3.60"),
        ("Vary", "OpenStack-API-Version"),
    ]
    assert ("OpenStack-API-Version", "compute 2.1") in version_headers(SERVERS, {})
    assert (
        version_headers(split_path("/compute/v2/servers"), {})
        == version_headers(split_path("/network/v2.0/ports"), {})
        == []
    )
    assert request_id_headers(SERVERS) == ("X-OpenStack-Request-ID", "X-Compute-Request-ID")
    assert request_id_headers(VOLUMES) == ("X-OpenStack-Request-ID",)


def test_refusals_set_allow_and_www_authenticate():
    play = Play()
    wrong = handle(play.cloud, Request(ANONYMOUS, "PATCH", "/v2.0/networks", service="network"))
    assert (wrong.code, ("Allow", "GET, POST") in response_headers(http_request(), wrong)) == (405, True)
    user = {"name": "x", "domain": {"name": "Default"}, "password": "x"}
    auth = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}}}
    unknown = handle(play.cloud, Request(ANONYMOUS, "POST", "/v3/auth/tokens", 1, (), auth, "identity"))
    assert unknown.code == 401
    assert ("WWW-Authenticate", 'Keystone uri="http://example.com/identity"') in response_headers(
        http_request(), unknown
    )


def test_request_is_converted():
    caller = Play().callers["demo"]
    request = to_api_request(
        http_request("POST", query=b"a=1&a=&b=%C3%A4", **{"content-type": "application/json"}), b"{}", caller
    )
    assert (request.method, request.path, request.body) == ("POST", "/servers", {})
    assert request.query == (("a", "1"), ("a", ""), ("b", "ä"))
    assert to_api_request(http_request("BREW"), b"", caller).method == "BREW"
    with pytest.raises(BadRequest):
        to_api_request(http_request(query=b"a=%FF"), b"", caller)


@pytest.mark.parametrize(
    ("content_type", "content", "body"),
    [
        ("application/json", b'{"a": 1}', {"a": 1}),
        ("", b"[]", []),
        ("application/json; charset=UTF-8", b"1", 1),
        ("application/openstack-images-v2.1-json-patch", b"[]", []),
        ("text/plain", b"", None),
    ],
)
def test_body_is_decoded(content_type, content, body):
    assert decode_body(SERVERS, content_type, content) == body


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"\xff",
        b"NaN",
        b'{"a": Infinity}',
        b"[" * (MAX_DEPTH + 2) + b"]" * (MAX_DEPTH + 2),
        b'{"a":' * 100 + b"1" + b"}" * 100,
    ],
)
def test_malformed_body_is_400(content):
    with pytest.raises(BadRequest, match="Malformed request body"):
        decode_body(SERVERS, "application/json", content)


def test_many_shallow_values_are_not_too_deep():
    assert len(decode_body(SERVERS, "", b"[" + b",".join([b"[]"] * 500) + b"]")) == 500


def test_image_data_is_not_json():
    target = split_path("/image/v2/images/x/file")
    upload = Upload(b"{")
    assert decode_body(target, "application/octet-stream", upload) is upload
    with pytest.raises(UnsupportedMediaType):
        decode_body(target, "application/json", Upload(b"{}"))
    with pytest.raises(UnsupportedMediaType):
        decode_body(SERVERS, "text/plain", b"{}")
    check_size(target, MAX_BODY_BYTES + 1)
    with pytest.raises(TooLarge):
        check_size(SERVERS, MAX_BODY_BYTES + 1)


def test_every_request_needs_a_token_except_versions_and_token_requests():
    assert needs_token(http_request())
    assert needs_token(http_request("GET", "/identity/v3/auth/tokens"))
    for path, method in (("/", "GET"), ("/compute", "GET"), ("/identity/v3/auth/tokens", "POST")):
        assert not needs_token(http_request(method, path))


def test_token_identifies_the_caller():
    play = Play()
    assert (token_of(http_request()), token_of(http_request(**{"x-auth-token": "t"}))) == ("", "t")
    for text in ("", "nonsense"):
        with pytest.raises(Unauthorized):
            authenticate(play.cloud, text)
    with play.cloud.reading() as world:
        demo = play.callers["demo"]
        token = tokens.Token(demo.user_id, demo.project_id, ("password",), 0.0, 3600.0)
        text = tokens.sign(world, token)
    authenticated = authenticate(play.cloud, text)
    assert (authenticated.caller.user_id, authenticated.expires) == (demo.user_id, 3600.0)


@pytest.mark.parametrize(
    ("path", "code", "plural", "ids"),
    [
        ("/", 300, "choices", {"identity", "compute/v2.1", "image", "network", "volume/v3", "placement"}),
        ("/compute", 200, "versions", {"v2.0", "v2.1"}),
        ("/image", 300, "versions", {f"v2.{minor}" for minor in (*range(10), 16)}),
        ("/network", 200, "versions", {"v2.0"}),
        ("/volume", 300, "versions", {"v3.0"}),
        ("/placement", 200, "versions", {"v1.0"}),
    ],
)
def test_roots_list_their_versions(path, code, plural, ids):
    response = handle(Play().cloud, Request(ANONYMOUS, "GET", path, 1, (), None, "versions", "http://example.com"))
    assert (response.code, {version["id"] for version in response.body[plural]}) == (code, ids)


@pytest.mark.parametrize(
    ("path", "version"), [("/compute/v2.1", "v2.1"), ("/compute/v2", "v2.0"), ("/identity/v3", "v3.14")]
)
def test_version_document(path, version):
    response = handle(Play().cloud, Request(ANONYMOUS, "GET", path, 1, (), None, "versions", "http://example.com"))
    assert (response.code, response.body["version"]["id"]) == (200, version)
    assert response.body["version"]["media-types"]


def test_network_lists_its_resources_and_openapi_describes_requests():
    def body(path):
        return handle(Play().cloud, Request(ANONYMOUS, "GET", path, 1, (), None, "versions", "http://example.com")).body

    names = {resource["collection"] for resource in body("/network/v2.0")["resources"]}
    assert {"networks", "subnets", "ports", "routers", "floatingips"} <= names
    described = body("/openapi.json")
    assert described["servers"] == [{"url": "http://example.com"}]
    assert "/compute/v2.1/servers" in described["paths"]
