"""What an HTTP request means before it comes to the door: versions, places, bodies, callers. From real clients."""

from __future__ import annotations

import pytest

from novasim.api.door import handle
from novasim.api.identity import tokens
from novasim.api.request import Request
from novasim.errors import BadRequest, MethodNotAllowed, NotAcceptable, TooLarge, Unauthorized, UnsupportedMediaType
from novasim.serve.wire.bodies import DEEPEST, LARGEST, body_of, check_size
from novasim.serve.wire.callers import NOBODY, needs_token, owner_of, shown_in
from novasim.serve.wire.places import place_of
from novasim.serve.wire.requests import Arrival, headers_of, id_headers, request_of
from novasim.serve.wire.versions import minor_of, told
from tests.play import Play

SERVERS, VOLUMES, PLACEMENT = (
    place_of(path) for path in ("/compute/v2.1/servers", "/volume/v3/p/volumes", "/placement/traits")
)


def arrival(method: str = "GET", path: str = "/compute/v2.1/servers", query: bytes = b"", **headers: str) -> Arrival:
    return Arrival(method, place_of(path), query, headers, "http://example.com")


@pytest.mark.parametrize(
    ("place", "asked", "minor"),
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
        (place_of("/network/v2.0/ports"), "network 2.5", 1),
        (place_of("/compute/v2/servers"), "compute 2.47", 1),
    ],
)
def test_each_service_reads_its_own_part_of_the_header(place, asked, minor):
    assert minor_of(place, {"openstack-api-version": asked} if asked else {}) == minor


def test_the_older_header_is_for_compute_alone():
    assert minor_of(SERVERS, {"x-openstack-nova-api-version": "2.5"}) == 5
    assert minor_of(VOLUMES, {"x-openstack-nova-api-version": "2.5"}) == 0


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("volume 3.72", NotAcceptable),
        ("volume 2.1", NotAcceptable),
        ("volume x", BadRequest),
        ("volume 3.9999999999", BadRequest),
        ("volume 3", BadRequest),
    ],
)
def test_a_version_that_is_none_or_out_of_range(asked, kind):
    with pytest.raises(kind):
        minor_of(VOLUMES, {"openstack-api-version": asked})
    assert told(VOLUMES, {"openstack-api-version": asked}) == []


def test_the_version_is_told_in_the_answer():
    assert told(VOLUMES, {"openstack-api-version": "volume 3.60"}) == [
        ("OpenStack-API-Version", "volume 3.60"),
        ("Vary", "OpenStack-API-Version"),
    ]
    assert ("OpenStack-API-Version", "compute 2.1") in told(SERVERS, {})
    assert told(place_of("/compute/v2/servers"), {}) == told(place_of("/network/v2.0/ports"), {}) == []
    assert id_headers(SERVERS) == ("X-OpenStack-Request-ID", "X-Compute-Request-ID")
    assert id_headers(VOLUMES) == ("X-OpenStack-Request-ID",)


def test_what_a_refusal_tells_in_its_headers():
    play = Play()
    wrong = play.ask("PATCH", "/servers", {})
    assert (wrong.code, ("Allow", "GET, POST") in headers_of(arrival(), wrong)) == (405, True)
    user = {"name": "x", "domain": {"name": "Default"}, "password": "x"}
    auth = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}}}
    nobody = handle(play.cloud, Request(NOBODY, "POST", "/v3/auth/tokens", 1, (), auth, "identity"))
    assert nobody.code == 401
    assert ("WWW-Authenticate", 'Keystone uri="http://example.com/identity"') in headers_of(arrival(), nobody)


def test_a_request():
    caller = Play().callers["demo"]
    asked = request_of(arrival("POST", query=b"a=1&a=&b=%C3%A4", **{"content-type": "application/json"}), b"{}", caller)
    assert (asked.method, asked.path, asked.body) == ("POST", "/servers", {})
    assert asked.query == (("a", "1"), ("a", ""), ("b", "ä"))
    with pytest.raises(MethodNotAllowed):
        request_of(arrival("BREW"), b"", caller)
    with pytest.raises(BadRequest):
        request_of(arrival(query=b"a=%FF"), b"", caller)


@pytest.mark.parametrize(
    ("kind", "sent", "body"),
    [
        ("application/json", b'{"a": 1}', {"a": 1}),
        ("", b"[]", []),
        ("application/json; charset=UTF-8", b"1", 1),
        ("application/openstack-images-v2.1-json-patch", b"[]", []),
        ("text/plain", b"", None),
    ],
)
def test_a_body(kind, sent, body):
    assert body_of(SERVERS, kind, sent) == body


@pytest.mark.parametrize(
    "sent",
    [
        b"{",
        b"\xff",
        b"NaN",
        b'{"a": Infinity}',
        b"[" * (DEEPEST + 2) + b"]" * (DEEPEST + 2),
        b'{"a":' * 100 + b"1" + b"}" * 100,
    ],
)
def test_a_body_that_is_none(sent):
    with pytest.raises(BadRequest, match="Malformed request body"):
        body_of(SERVERS, "application/json", sent)


def test_many_shallow_things_are_no_depth():
    assert len(body_of(SERVERS, "", b"[" + b",".join([b"[]"] * 500) + b"]")) == 500


def test_the_data_of_an_image_is_no_json():
    place = place_of("/image/v2/images/x/file")
    assert body_of(place, "application/octet-stream", b"{") == b"{"
    with pytest.raises(UnsupportedMediaType):
        body_of(place, "application/json", b"{}")
    with pytest.raises(UnsupportedMediaType):
        body_of(SERVERS, "text/plain", b"{}")
    check_size(place, LARGEST + 1)
    with pytest.raises(TooLarge):
        check_size(SERVERS, LARGEST + 1)


def test_a_token_is_needed_but_for_versions_and_for_getting_one():
    assert needs_token(arrival())
    assert needs_token(arrival("GET", "/identity/v3/auth/tokens"))
    for path, method in (("/", "GET"), ("/compute", "GET"), ("/identity/v3/auth/tokens", "POST")):
        assert not needs_token(arrival(method, path))


def test_who_shows_a_token():
    play = Play()
    assert (shown_in(arrival()), shown_in(arrival(**{"x-auth-token": "t"}))) == ("", "t")
    for text in ("", "nonsense"):
        with pytest.raises(Unauthorized):
            owner_of(play.cloud, text)
    with play.cloud.reading() as world:
        demo = play.callers["demo"]
        token = tokens.Token(demo.user_id, demo.project_id, ("password",), 0.0, 3600.0)
        text = tokens.sealed(world, token)
    known = owner_of(play.cloud, text)
    assert (known.caller.user_id, known.until) == (demo.user_id, 3600.0)


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
def test_the_roots_name_their_versions(path, code, plural, ids):
    answer = handle(Play().cloud, Request(NOBODY, "GET", path, 1, (), None, "versions", "http://example.com"))
    assert (answer.code, {version["id"] for version in answer.body[plural]}) == (code, ids)


@pytest.mark.parametrize(
    ("path", "about"), [("/compute/v2.1", "v2.1"), ("/compute/v2", "v2.0"), ("/identity/v3", "v3.14")]
)
def test_one_version(path, about):
    answer = handle(Play().cloud, Request(NOBODY, "GET", path, 1, (), None, "versions", "http://example.com"))
    assert (answer.code, answer.body["version"]["id"]) == (200, about)
    assert answer.body["version"]["media-types"]


def test_the_network_service_names_its_resources_and_all_services_their_requests():
    def body(path):
        return handle(Play().cloud, Request(NOBODY, "GET", path, 1, (), None, "versions", "http://example.com")).body

    names = {resource["collection"] for resource in body("/network/v2.0")["resources"]}
    assert {"networks", "subnets", "ports", "routers", "floatingips"} <= names
    described = body("/openapi.json")
    assert described["servers"] == [{"url": "http://example.com"}]
    assert "/compute/v2.1/servers" in described["paths"]
