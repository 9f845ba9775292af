"""Metadata definitions, tasks and stores of the image service. Source: its API reference."""

from __future__ import annotations

import pytest

TARGETS = ["OS::Glance::Image", "OS::Cinder::Volume", "OS::Nova::Flavor", "OS::Nova::Aggregate", "OS::Nova::Server"]
TOPOLOGY = "/metadefs/namespaces/OS::Compute::VirtCPUTopology"


@pytest.mark.parametrize("target", TARGETS)
def test_every_kind_of_resource_has_a_namespace(glance, target):
    found = glance.ask("GET", "/metadefs/namespaces", resource_types=target).body["namespaces"]
    assert found
    assert all(target in [each["name"] for each in space["resource_type_associations"]] for space in found)
    assert target in [each["name"] for each in glance.ask("GET", "/metadefs/resource_types").body["resource_types"]]


def test_namespaces_are_filtered_by_several_types(glance):
    everything = glance.ask("GET", "/metadefs/namespaces").body["namespaces"]
    some = glance.ask("GET", "/metadefs/namespaces", resource_types="OS::Nova::Aggregate,OS::Nova::Server")
    assert len(some.body["namespaces"]) == 2 < len(everything)
    assert glance.ask("GET", "/metadefs/namespaces", visibility="private").body["namespaces"] == []
    assert len(glance.ask("GET", "/metadefs/namespaces", limit="1").body["namespaces"]) == 1


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


def test_parts_of_a_namespace(glance):
    assert "cpu_cores" in glance.ask("GET", TOPOLOGY + "/properties").body["properties"]
    assert glance.ask("GET", TOPOLOGY + "/properties/cpu_cores").body["type"] == "integer"
    assert glance.ask("GET", TOPOLOGY + "/objects").body["objects"] == []
    assert glance.ask("GET", TOPOLOGY + "/tags").body["tags"] == []
    assert len(glance.ask("GET", TOPOLOGY + "/resource_types").body["resource_type_associations"]) == 3
    for path in ("/properties/nonsense", "/objects/nonsense", "/tags/nonsense"):
        assert glance.ask("GET", TOPOLOGY + path).code == 404
    for below in ("", "/properties", "/objects", "/tags", "/resource_types"):
        assert glance.ask("GET", "/metadefs/namespaces/nonsense" + below).code == 404


def test_definitions_cannot_be_changed(glance):
    assert glance.ask("POST", "/metadefs/namespaces", {"namespace": "mine"}, "admin").code == 501
    assert glance.ask("DELETE", TOPOLOGY, who="admin").code == 501


@pytest.mark.parametrize("name", ["namespace", "namespaces", "property", "properties", "object", "tags"])
def test_schemas_of_definitions(glance, name):
    schema = glance.ask("GET", f"/schemas/metadefs/{name}").body
    assert schema["name"] == name
    assert glance.ask("GET", "/schemas/metadefs/nonsense").code == 404


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
