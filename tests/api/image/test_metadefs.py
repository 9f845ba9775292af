"""Metadata definitions, tasks and stores of the image service. Source: its API reference."""

from __future__ import annotations

import pytest

from novasim.api.compute.extra_specs.validation import check_extra_spec
from novasim.lifecycle.image_properties import find_invalid_property

NAMESPACES = "/metadefs/namespaces"
TOPOLOGY = NAMESPACES + "/OS::Compute::VirtCPUTopology"
TARGETS = [
    ("OS::Glance::Image", None),
    ("OS::Cinder::Volume", "image"),
    ("OS::Cinder::Volume", "user"),
    ("OS::Cinder::Snapshot", None),
    ("OS::Cinder::VolumeType", None),
    ("OS::Nova::Flavor", None),
    ("OS::Nova::Aggregate", None),
    ("OS::Nova::Server", "metadata"),
    ("OS::Nova::Server", "scheduler_hints"),
]


def names(answer) -> list[str]:
    return [each["namespace"] for each in answer.body["namespaces"]]


@pytest.mark.parametrize(("resource_type", "target"), TARGETS)
def test_every_target_of_a_dashboard_has_a_namespace(glance, resource_type, target):
    found = glance.ask("GET", NAMESPACES, resource_types=resource_type, properties_target=target or "").body
    associations = [each for space in found["namespaces"] for each in space["resource_type_associations"]]
    assert target in [each.get("properties_target") for each in associations if each["name"] == resource_type]
    types = glance.ask("GET", "/metadefs/resource_types").body["resource_types"]
    assert resource_type in [each["name"] for each in types]


def test_namespaces_are_filtered_sorted_and_paged(glance):
    everything = names(glance.ask("GET", NAMESPACES, limit="1000", sort_key="namespace", sort_dir="asc"))
    assert everything == sorted(everything)
    assert len(everything) > len(names(glance.ask("GET", NAMESPACES))) == 25  # without a limit
    types = "OS::Nova::Aggregate,OS::Nova::Server"
    assert 2 < len(names(glance.ask("GET", NAMESPACES, resource_types=types))) < len(everything)
    assert names(glance.ask("GET", NAMESPACES, resource_types="OS::Nova::Nonsense")) == []
    assert names(glance.ask("GET", NAMESPACES, visibility="private")) == []
    query = {"limit": "3", "sort_key": "namespace", "sort_dir": "asc"}
    page = glance.ask("GET", NAMESPACES, **query)
    assert page.body["next"].endswith(f"&marker={everything[2].replace(':', '%3A')}")
    assert names(glance.ask("GET", NAMESPACES, **query, marker=everything[2])) == everything[3:6]
    assert "next" not in glance.ask("GET", NAMESPACES, limit="0").body
    for bad in ({"visibility": "x"}, {"sort_dir": "x"}, {"sort_key": "x"}, {"limit": "x"}, {"limit": "-1"}):
        assert glance.ask("GET", NAMESPACES, **bad).code == 400
    assert glance.ask("GET", NAMESPACES, marker="nonsense").code == 404


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({}, "cpu_cores"),
        ({"resource_type": "OS::Glance::Image"}, "hw_cpu_cores"),
        ({"resource_type": "OS::Nova::Flavor"}, "hw:cpu_cores"),
        ({"resource_type": "OS::Nova::Server"}, "cpu_cores"),
    ],
)
def test_properties_have_the_prefix_of_the_resource_type(glance, query, name):
    assert name in glance.ask("GET", TOPOLOGY, **query).body["properties"]
    assert glance.ask("GET", f"{TOPOLOGY}/properties/cpu_cores").body["type"] == "integer"
    assert (glance.ask("GET", f"{TOPOLOGY}/properties/{name}", **query).code == 200) == ("Server" not in str(query))


def test_parts_of_a_namespace(glance):
    assert "cpu_cores" in glance.ask("GET", TOPOLOGY + "/properties").body["properties"]
    assert glance.ask("GET", TOPOLOGY + "/objects").body["objects"] == []
    assert glance.ask("GET", TOPOLOGY + "/tags").body["tags"] == []
    assert len(glance.ask("GET", TOPOLOGY + "/resource_types").body["resource_type_associations"]) == 3
    for path in ("/properties/nonsense", "/objects/nonsense", "/tags/nonsense"):
        assert glance.ask("GET", TOPOLOGY + path).code == 404
    for below in ("", "/properties", "/objects", "/tags", "/resource_types"):
        assert glance.ask("GET", "/metadefs/namespaces/nonsense" + below).code == 404


def _sample(schema: dict) -> str:
    """A value that the schema of a property allows."""
    numbers = {"integer": str(schema.get("minimum", 1) or 1), "number": "1.5", "boolean": "true"}
    return schema["enum"][-1] if "enum" in schema else numbers.get(schema["type"], "small")


def _properties(glance, resource_type: str):
    """The names of all default properties for a type of resource, with a value."""
    for name in names(glance.ask("GET", NAMESPACES, resource_types=resource_type, limit="1000")):
        space = glance.ask("GET", f"{NAMESPACES}/{name}", resource_type=resource_type).body
        for part in (space, *space.get("objects", ())):
            yield from ((key, _sample(schema)) for key, schema in part.get("properties", {}).items())


def test_nova_accepts_the_default_properties(glance):
    flavor = dict(_properties(glance, "OS::Nova::Flavor")) | {"hw:cpu_realtime_mask": "1-3"}
    for name, value in flavor.items():
        check_extra_spec(name, value)
    image = dict(_properties(glance, "OS::Glance::Image")) | {"img_hv_requested_version": ">=6.0"}
    assert {name for name, value in image.items() if find_invalid_property({name: value})} == set()
    assert len(flavor) > 60 < len(image)


def test_glance_writes_default_values_as_text(glance):
    for name in names(glance.ask("GET", NAMESPACES, limit="1000")):
        space = glance.ask("GET", f"{NAMESPACES}/{name}").body
        for part in (space, *space.get("objects", ())):
            assert all(isinstance(each.get("default", ""), str) for each in part.get("properties", {}).values())


@pytest.mark.parametrize("name", ["namespace", "namespaces", "property", "properties", "object", "tags"])
def test_schemas_of_definitions(glance, name):
    schema = glance.ask("GET", f"/schemas/metadefs/{name}").body
    assert schema["name"] == name
    assert glance.ask("GET", "/schemas/metadefs/nonsense").code == 404
    types = glance.ask("GET", "/schemas/metadefs/resource_types").body
    assert types["name"] in types["properties"] and types["name"] == "resource_type_associations"


def test_tasks_are_for_administrators(glance):
    assert glance.ask("GET", "/tasks", who="admin").body["tasks"] == []
    assert glance.ask("GET", "/tasks").code == 403
    assert glance.ask("GET", "/tasks/nonsense", who="admin").code == 404
    assert glance.ask("POST", "/tasks", {}, "admin").code == 501


def test_stores_and_usage(glance):
    answer = glance.ask("GET", "/info/stores")
    message = "Multi backend is not supported at this site."
    assert (answer.code, answer.body["error"]["message"]) == (404, message)
    assert glance.ask("GET", "/info/usage").body == {"usage": {}}
    assert glance.ask("GET", "/cache", who="admin").code == 404
