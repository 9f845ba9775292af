"""The error body of each service, and the refusal of requests that are not simulated."""

from __future__ import annotations

import pytest

from novasim.api.refusals import refusal_body
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
        ("network", "GET", "/v2.0/qos/policies", "GET /v2.0/"),
        ("network", "GET", "/v2.0/router", "GET /v2.0/routers"),
        ("volume", "POST", "/v3/p/backups", "POST /v3/{project}/"),
        ("image", "GET", "/v2/metadefs/namespaces", "GET /v2/"),
    ],
)
def test_requests_that_are_not_simulated_name_the_nearest_one(play, service, method, path, nearest):
    answer = play.ask(method, path, {}, service=service)
    assert answer.code == 501
    assert f"{method} {path} of the {service} service is not simulated" in str(answer.fault)
    assert f"The most similar request that is: {nearest}" in str(answer.fault)


def test_unknown_paths_of_nova_answer_404(play):
    assert play.ask("GET", "/os-nonsense").code == 404
