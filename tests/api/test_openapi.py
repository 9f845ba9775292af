"""The OpenAPI description is complete, and uses only standard JSON Schema."""

from __future__ import annotations

import re

import pytest

from novasim.api.coverage import is_simulated
from novasim.api.openapi import ALL_MOUNTS, document
from novasim.api.routes import list_routes
from tests import each_case
from tests.play import Play

DESCRIBED = document()
BODIES = [
    (f"{method} {path}", content["schema"])
    for path, item in DESCRIBED["paths"].items()
    for method, operation in item.items()
    if (content := operation.get("requestBody", {}).get("content", {}).get("application/json"))
]


@pytest.mark.parametrize(("service", "mount"), sorted(ALL_MOUNTS.items()))
def test_every_route_is_described(service, mount):
    for route in filter(is_simulated, list_routes(service)):
        operation = DESCRIBED["paths"][mount + route.path][route.method.lower()]
        named = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"}
        assert named == set(re.findall(r"\{(\w+)\}", route.path))


@each_case(("name", "schema"), BODIES)
def test_bodies_are_described_in_json_schema(name, schema):
    import jsonschema

    jsonschema.Draft202012Validator.check_schema(schema)


def test_required_properties_of_a_server_are_described():
    import jsonschema

    schema = dict(BODIES)["post /compute/v2.1/servers"]
    good = {"server": {"name": "web1", "flavorRef": "1", "networks": "none", "imageRef": ""}}
    jsonschema.validate(good, schema)
    for bad in (
        {},
        {"server": {}},
        {"server": {**good["server"], "nonsense": 1}},
        {"server": {**good["server"], "name": " "}},
    ):
        assert not jsonschema.Draft202012Validator(schema).is_valid(bad)


def test_an_action_is_described_as_one_of_all_actions():
    import jsonschema

    validator = jsonschema.Draft202012Validator(dict(BODIES)["post /compute/v2.1/servers/{server_id}/action"])
    assert validator.is_valid({"os-stop": None})
    assert validator.is_valid({"resize": {"flavorRef": "2"}})
    assert not validator.is_valid({"resize": {}})
    assert not validator.is_valid({"os-stop": None, "os-start": None})


def test_errors_have_the_described_form():
    import jsonschema

    play = Play()
    paths = {
        "compute": "/nonsense",
        "identity": "/v3/nonsense",
        "image": "/v2/images/x",
        "network": "/v2.0/ports/x",
        "placement": "/resource_providers/x",
        "volume": f"/v3/{play.callers['admin'].project_id}/volumes/x",
    }
    for service, path in paths.items():
        answer = play.ask("GET", path, who="admin", service=service)
        assert answer.code in (404, 501)
        jsonschema.validate(answer.body, DESCRIBED["components"]["schemas"][f"{service}_error"])


def test_the_oldest_microversions_have_schemas_too():
    play = Play()
    base = f"/v3/{play.callers['demo'].project_id}"
    for minor in (0, 1):
        assert play.ask("POST", base + "/volumes", {}, minor=minor, service="volume").code == 400
