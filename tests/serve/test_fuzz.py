"""
Requests that a fuzzer generates from the server's OpenAPI document.

No request causes an internal fault, every refusal has the form of its service, and no body that violates the schema is
accepted. Every run has the same examples, a few for each operation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from novasim.api.openapi import ALL_MOUNTS, ERRORS, document

schemathesis = pytest.importorskip("schemathesis", reason="the extra novasim[fuzz] is not installed")
jsonschema = pytest.importorskip("jsonschema")
from hypothesis import HealthCheck, Phase, given, settings  # noqa: E402
from hypothesis.errors import Unsatisfiable  # noqa: E402
from schemathesis import GenerationMode  # noqa: E402

EXAMPLES = 2  # valid requests, and as many invalid ones, for each operation
REFUSALS = {*range(400, 500), 501}
SERVICES = sorted(ALL_MOUNTS.keys() - {"control"})
error_validators = {
    service: jsonschema.Draft202012Validator(ERRORS.get(service, ERRORS["compute"])) for service in SERVICES
}
pytestmark = pytest.mark.filterwarnings("ignore")  # the fuzzer's own warnings


@pytest.fixture(scope="module")
def resource_ids(served) -> dict[str, list[str]]:
    """IDs of existing resources by the name of the path parameter, so that requests go beyond "not found"."""

    def first(path: str, key: str, query: str = "") -> Any:
        return served.request("GET", path + query, who="admin").body[key][0]["id"]

    image = first("/image/v2/images", "images", "?name=cirros")
    network = first("/network/v2.0/networks", "networks", "?name=private")
    project = first("/identity/v3/projects", "projects", "?name=admin")
    new = {"name": "a", "flavorRef": "1", "imageRef": image, "networks": [{"uuid": network}]}
    server = served.request("POST", "/compute/v2.1/servers", {"server": new}, who="admin").body["server"]["id"]
    volumes = f"/volume/v3/{project}/volumes"
    volume = served.request("POST", volumes, {"volume": {"size": 1}}, who="admin").body["volume"]
    provider = served.request("GET", "/placement/resource_providers", who="admin").body["resource_providers"][0]["uuid"]
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
        "namespace": ["OS::Compute::CPUPinning"],
        "key": ["k"],
        "tag": ["t"],
    }


def operations(service: str, resource_ids: dict[str, list[str]]) -> Iterator[tuple[Any, dict[str, str]]]:
    """The operations of a service, and the headers of each."""
    description = document()
    description["paths"] = {
        path: item for path, item in description["paths"].items() if path.startswith(ALL_MOUNTS[service])
    }
    del description["security"], description["components"]["securitySchemes"]
    headers = {}
    for path, item in description["paths"].items():
        for method, operation in item.items():
            versions = [p for p in operation["parameters"] if p["in"] == "header"]
            headers[path, method] = {p["name"]: p["schema"]["enum"][0] for p in versions}
            operation["parameters"] = [
                _with_ids(p, resource_ids) for p in operation["parameters"] if p["in"] != "header"
            ]
    for result in schemathesis.openapi.from_dict(description).get_all_operations():
        operation = result.ok()
        yield operation, headers[operation.path, operation.method.lower()]


def _with_ids(parameter: dict[str, Any], resource_ids: dict[str, list[str]]) -> dict[str, Any]:
    if parameter["in"] == "path" and parameter["name"] in resource_ids:
        return {**parameter, "schema": {"enum": [*resource_ids[parameter["name"]], "nonsense"]}}
    return parameter


def test_openapi_document_is_valid(served):
    described = served.request("GET", "/openapi.json").body
    assert described.pop("servers") == [{"url": served.url}]
    assert described == document()
    assert described["openapi"] == "3.1.0"
    for item in described["paths"].values():
        for operation in item.values():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            jsonschema.Draft202012Validator.check_schema(content.get("schema", {}))


@pytest.mark.parametrize("service", SERVICES)
def test_no_request_breaks_a_service(served, resource_ids, service):
    count = 0
    known = {} if service == "identity" else resource_ids  # otherwise the fuzzer could delete its own user
    for operation, headers in operations(service, known):
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            count += _send(served, service, operation, headers, mode)
    assert count > 10


def _send(served, service: str, operation, headers: dict[str, str], mode) -> int:
    """Send some requests of an operation; return their number. Some operations have no invalid requests."""
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
        response = case.call(base_url=served.url)
        sent.append(case)
        report = f"{case.method} {case.formatted_path} {case.body!r}: {response.status_code} {response.text[:300]}"
        assert response.status_code < 500 or response.status_code == 501, report
        if response.status_code >= 400 and response.text:
            assert error_validators[service].is_valid(json.loads(response.text)), report
        if schema and _is_json(case) and not jsonschema.Draft202012Validator(schema).is_valid(case.body):
            assert response.status_code in REFUSALS, report

    with suppress(Unsatisfiable):
        send()
    return len(sent)


def _is_json(case) -> bool:
    return case.media_type == "application/json" and isinstance(case.body, (dict, list, str, int, float, type(None)))
