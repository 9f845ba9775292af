"""The error body of each service, and the refusal of requests that are not simulated."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest

from novasim.api.coverage import is_simulated
from novasim.api.not_simulated import find_nearest
from novasim.api.refusals import refusal_body
from novasim.api.routes import list_routes
from novasim.errors import Unauthorized
from tests.play import Play

NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def play():
    return Play()


def test_each_service_has_its_own_error_body(play):
    project = play.callers["demo"].project_id
    compute = play.ask("GET", f"/servers/{NOWHERE}").body
    assert compute == {"itemNotFound": {"code": 404, "message": f"Instance {NOWHERE} could not be found."}}
    volume = play.ask("GET", f"/v3/{project}/volumes/{NOWHERE}", service="volume").body
    assert volume == {"itemNotFound": {"code": 404, "message": f"Volume {NOWHERE} could not be found."}}
    network = play.ask("GET", f"/v2.0/networks/{NOWHERE}", service="network").body
    message = f"Network {NOWHERE} could not be found."
    assert network == {"NeutronError": {"type": "NetworkNotFound", "message": message, "detail": ""}}
    provider = play.ask("GET", f"/resource_providers/{NOWHERE}", who="admin", service="placement").body["errors"]
    assert [(error["status"], error["title"]) for error in provider] == [(404, "Not Found")]
    image = play.ask("GET", f"/v2/images/{NOWHERE}", service="image").body
    assert image == {"error": {"code": 404, "title": "Not Found", "message": f"No image found with ID {NOWHERE}"}}


@pytest.mark.parametrize("service", ["compute", "identity", "image", "network", "volume", "placement"])
def test_every_service_answers_401_in_keystones_form(service):
    body = refusal_body(Unauthorized(reason="The request you have made requires authentication."), service)
    assert body == {
        "error": {
            "code": 401,
            "title": "Unauthorized",
            "message": "The request you have made requires authentication.",
        }
    }


@pytest.mark.parametrize(
    ("service", "method", "path", "nearest"),
    [
        ("network", "POST", "/v2.0/trunks", "GET /v2.0/trunks"),
        ("network", "GET", "/v2.0/ports/p/bindings", "GET /v2.0/ports/"),
        ("volume", "POST", "/v3/p/os-volume-manage", "GET /v3/{project}/os-volume-manage"),
        ("image", "POST", "/v2/tasks", "GET /v2/tasks"),
        ("identity", "POST", "/v3/policies", "GET /v3/policies"),
    ],
)
def test_requests_that_are_not_simulated_name_the_nearest_one(play, service, method, path, nearest):
    answer = play.ask(method, path, {}, service=service)
    assert answer.code == 501
    assert f"{method} {path} of the {service} service is not simulated" in str(answer.fault)
    assert f"The most similar request that is: {nearest}" in str(answer.fault)


@pytest.mark.parametrize("path", ["/servers/x/os-volume_attachment", "/os-simple-tenant-usage", "/x", "", "9" * 400])
def test_nearest_request_has_the_most_similar_path(path):
    simulated = [(route.method, route.path) for route in list_routes("compute")]

    def similarity(request: tuple[str, str]) -> float:
        return SequenceMatcher(None, request[1], path).ratio() + (0.1 if request[0] == "PUT" else 0.0)

    assert find_nearest("PUT", path, simulated) == " ".join(sorted(simulated, key=similarity)[-1])


URL_TEXT = (
    "The requested URL was not found on the server. If you entered the URL manually please check your spelling and try "
    "again."
)
TEXT = "The resource could not be found."


@pytest.mark.parametrize(
    ("service", "path", "text"),
    [
        ("compute", "/os-nonsense", TEXT),
        ("volume", "/v3/p/nonsense", TEXT),
        ("image", "/v2/nonsense", TEXT),
        ("placement", "/nonsense", TEXT),
        ("identity", "/v3/nonsense", URL_TEXT),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_paths_that_no_cloud_has_are_not_found(play, service, path, text, method):
    answer = play.ask(method, path, {} if method == "POST" else None, "admin", service=service)
    assert answer.code == 404
    assert text in str(answer.fault)


@pytest.mark.parametrize("service", ["identity", "image", "placement", "volume"])
def test_no_request_is_both_simulated_and_refused(service):
    routes = list_routes(service)
    refused = {(route.method, route.path) for route in routes if not is_simulated(route)}
    assert refused
    assert refused.isdisjoint((route.method, route.path) for route in routes if is_simulated(route))
