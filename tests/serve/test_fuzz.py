"""
The server against a fuzzer that reads its own description.

Whatever is sent: no internal fault, no refusal in another form than the service's own, and no body accepted that breaks
the schema. The examples are the same in every run, a few for each operation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from novasim.api.openapi import ERRORS, document
from novasim.api.routes import MOUNTS

schemathesis = pytest.importorskip("schemathesis", reason="the extra novasim[fuzz] is not installed")
jsonschema = pytest.importorskip("jsonschema")
from hypothesis import HealthCheck, Phase, given, settings  # noqa: E402
from hypothesis.errors import Unsatisfiable  # noqa: E402
from schemathesis import GenerationMode  # noqa: E402

EXAMPLES = 2  # of valid and of invalid requests, for each operation
REFUSALS = {*range(400, 500), 501}
form_of = {service: jsonschema.Draft202012Validator(ERRORS.get(service, ERRORS["compute"])) for service in MOUNTS}
pytestmark = pytest.mark.filterwarnings("ignore")  # of the fuzzer


@pytest.fixture(scope="module")
def things(served) -> dict[str, list[str]]:
    """Ids of what is there, by the name of the path parameter, so that requests go beyond "not found"."""

    def first(path: str, key: str, number: int = 0) -> Any:
        return served.ask("GET", path, who="admin").body[key][number]["id"]

    image, network = first("/image/v2/images", "images"), first("/network/v2.0/networks", "networks")
    project = first("/identity/v3/projects", "projects")
    wish = {"name": "a", "flavorRef": "1", "imageRef": image, "networks": [{"uuid": network}]}
    server = served.ask("POST", "/compute/v2.1/servers", {"server": wish}, who="admin").body["server"]["id"]
    volume = served.ask("POST", f"/volume/v3/{project}/volumes", {"volume": {"size": 1}}, who="admin").body["volume"]
    provider = served.ask("GET", "/placement/resource_providers", who="admin").body["resource_providers"][0]["uuid"]
    port = first("/network/v2.0/ports", "ports")
    return {
        "server_id": [server],
        "image_id": [image],
        "volume_id": [volume["id"]],
        "uuid": [provider],
        "consumer": [server],
        "id": [
            network,
            port,
            first("/network/v2.0/routers", "routers"),
            first("/network/v2.0/subnets", "subnets"),
            first("/network/v2.0/security-groups", "security_groups"),
            "1",
        ],
        "port_id": [port],
        "flavor_id": ["1"],
        "project_id": [project],
        "project": [project],
        "target": [project],
        "name": ["host1", "image", "VCPU"],
        "label": ["private"],
        "key": ["k"],
        "tag": ["t"],
    }


def operations(service: str, things: dict[str, list[str]]) -> Iterator[tuple[Any, dict[str, str]]]:
    """What can be asked of a service, and the headers that belong to it."""
    described = document()
    described["paths"] = {path: item for path, item in described["paths"].items() if path.startswith(MOUNTS[service])}
    del described["security"], described["components"]["securitySchemes"]
    headers = {}
    for path, item in described["paths"].items():
        for method, operation in item.items():
            versions = [p for p in operation["parameters"] if p["in"] == "header"]
            headers[path, method] = {p["name"]: p["schema"]["enum"][0] for p in versions}
            operation["parameters"] = [_known(p, things) for p in operation["parameters"] if p["in"] != "header"]
    for found in schemathesis.openapi.from_dict(described).get_all_operations():
        operation = found.ok()
        yield operation, headers[operation.path, operation.method.lower()]


def _known(parameter: dict[str, Any], things: dict[str, list[str]]) -> dict[str, Any]:
    if parameter["in"] == "path" and parameter["name"] in things:
        return {**parameter, "schema": {"enum": [*things[parameter["name"]], "nonsense"]}}
    return parameter


def test_the_description_is_a_description(served):
    described = served.ask("GET", "/openapi.json").body
    assert described.pop("servers") == [{"url": served.url}]
    assert described == document()
    assert described["openapi"] == "3.1.0"
    for item in described["paths"].values():
        for operation in item.values():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            jsonschema.Draft202012Validator.check_schema(content.get("schema", {}))


@pytest.mark.parametrize("service", sorted(MOUNTS))
def test_nothing_that_is_sent_breaks_a_service(served, things, service):
    count = 0
    known = {} if service == "identity" else things  # the fuzzer shall not remove itself
    for operation, headers in operations(service, known):
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            count += _send(served, service, operation, headers, mode)
    assert count > 10


def _send(served, service: str, operation, headers: dict[str, str], mode) -> int:
    """Send some requests of an operation; how many there were, since some cannot be made wrong."""
    schema = next((body.definition["schema"] for body in operation.body if "schema" in body.definition), None)
    sent = []

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case) -> None:
        case.headers = {**headers, "X-Auth-Token": served.token("admin")}
        answer = case.call(base_url=served.url)
        sent.append(case)
        said = f"{case.method} {case.formatted_path} {case.body!r}: {answer.status_code} {answer.text[:300]}"
        assert answer.status_code < 500 or answer.status_code == 501, said
        if answer.status_code >= 400 and answer.text:
            assert form_of[service].is_valid(json.loads(answer.text)), said
        if schema and _is_json(case) and not jsonschema.Draft202012Validator(schema).is_valid(case.body):
            assert answer.status_code in REFUSALS, said

    with suppress(Unsatisfiable):
        send()
    return len(sent)


def _is_json(case) -> bool:
    return case.media_type == "application/json" and isinstance(case.body, (dict, list, str, int, float, type(None)))
