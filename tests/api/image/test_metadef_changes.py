"""Administrators create, change and delete metadata definitions. Source: the image service's API reference."""

from __future__ import annotations

import pytest

from novasim.api.dispatch import handle
from novasim.records import MetadefNamespace, MetadefResourceType
from novasim.simulation.validation.documents import find_problems

ROOT = "/metadefs/namespaces"
PINNING = f"{ROOT}/OS::Compute::CPUPinning"
PROPERTY = {"title": "Color", "type": "string", "enum": ["red", "blue"], "default": "red"}
BODY = {
    "namespace": "My::Space",
    "display_name": "Mine",
    "properties": {"color": PROPERTY},
    "objects": [{"name": "Paint", "required": ["color"], "properties": {"color": PROPERTY}}],
    "tags": [{"name": "t1"}],
    "resource_type_associations": [{"name": "My::Type", "prefix": "my_"}, {"name": "OS::Nova::Flavor"}],
}
SPACE = f"{ROOT}/My::Space"


@pytest.fixture
def space(glance):
    """A client of the image service that has a namespace with all parts."""
    answer = glance.ask("POST", ROOT, BODY, "admin")
    assert answer.code == 201, answer.body
    assert answer.headers["Location"].endswith("/image/v2/metadefs/namespaces/My%3A%3ASpace")
    return glance


def test_a_new_namespace_has_its_parts(space):
    body = space.ask("GET", SPACE, who="admin", resource_type="My::Type").body
    assert body["properties"] == {"my_color": PROPERTY}
    assert (body["visibility"], body["protected"], body["tags"]) == ("private", False, [{"name": "t1"}])
    assert (body["objects"][0]["required"], list(body["objects"][0]["properties"])) == (["my_color"], ["my_color"])
    assert body["self"] == "/v2/metadefs/namespaces/My::Space"
    assert "description" not in body
    types = [each["name"] for each in space.ask("GET", "/metadefs/resource_types").body["resource_types"]]
    assert types.count("My::Type") == types.count("OS::Nova::Flavor") == 1
    assert space.ask("POST", ROOT, BODY, "admin").code == 409


def test_records_are_valid(space):
    space.ask("DELETE", f"{PINNING}/properties", who="admin")
    assert space.ask("PUT", PINNING, {"namespace": "OS::Compute::CPUPinning"}, "admin").code == 200
    assert space.ask("PUT", PINNING, {"namespace": "Other"}, "admin").code == 200
    for kind in (MetadefNamespace, MetadefResourceType):
        records = space.play.all(kind)
        assert records and [problem for each in records for problem in find_problems(kind, vars(each))] == []
    view = space.ask("GET", SPACE, who="admin").body
    for times in (view, view["objects"][0], view["resource_type_associations"][0]):
        assert times["created_at"] == "2026-01-01T00:00:00Z"


def test_a_private_namespace_is_hidden_from_other_projects(space):
    listed = space.ask("GET", ROOT, visibility="private")
    assert listed.body["namespaces"] == []
    for path in ("", "/properties", "/properties/color", "/objects", "/objects/Paint", "/tags", "/tags/t1"):
        assert space.ask("GET", SPACE + path).code == 404
        assert space.ask("DELETE", SPACE + path).code == 404
    owner = space.play.callers["demo"].project_id
    assert space.ask("PUT", SPACE, {"namespace": "My::Space", "owner": owner}, "admin").code == 200
    assert space.ask("GET", SPACE).code == 200
    assert space.ask("GET", SPACE, who="other").code == 404


CHANGES = [  # method, path, body, policy
    ("POST", ROOT, {"namespace": "new"}, "add_metadef_namespace"),
    ("PUT", PINNING, {"namespace": "OS::Compute::CPUPinning"}, "modify_metadef_namespace"),
    ("DELETE", PINNING, None, "delete_metadef_namespace"),
    ("POST", PINNING + "/properties", {"name": "a", **PROPERTY}, "add_metadef_property"),
    ("PUT", PINNING + "/properties/cpu_policy", {"name": "a", **PROPERTY}, "modify_metadef_property"),
    ("DELETE", PINNING + "/properties/cpu_policy", None, "remove_metadef_property"),
    ("POST", PINNING + "/objects", {"name": "a"}, "add_metadef_object"),
    ("POST", PINNING + "/tags", {"tags": [{"name": "a"}]}, "add_metadef_tags"),
    ("POST", PINNING + "/tags/a", None, "add_metadef_tag"),
    ("POST", PINNING + "/resource_types", {"name": "a"}, "add_metadef_resource_type_association"),
    ("DELETE", PINNING + "/resource_types/OS::Nova::Flavor", None, "remove_metadef_resource_type_association"),
]


@pytest.mark.parametrize(("method", "path", "body", "action"), CHANGES)
def test_only_administrators_change_definitions(glance, method, path, body, action):
    answer = glance.ask(method, path, body)
    assert (answer.code, str(answer.fault)) == (403, f"You are not authorized to complete {action} action.")
    code = glance.ask(method, path, body, "admin").code
    assert code == (403 if method == "DELETE" else {"POST": 201, "PUT": 200}[method])  # default ones are protected


def test_an_update_replaces_all_fields_and_keeps_the_parts(space):
    answer = space.ask("PUT", SPACE, {"namespace": "Other", "visibility": "public"}, "admin")
    assert (answer.body["namespace"], answer.body.get("display_name")) == ("Other", None)
    assert space.ask("GET", SPACE, who="admin").code == 404
    assert space.ask("GET", f"{ROOT}/Other").body["properties"] == {"color": PROPERTY}
    taken = space.ask("PUT", f"{ROOT}/Other", {"namespace": "OS::OperatingSystem"}, "admin")
    assert taken.code == 409
    assert space.ask("PUT", f"{ROOT}/Other", {"namespace": "Other", "created_at": "x"}, "admin").code == 403


def test_only_changed_default_namespaces_are_stored(glance):
    assert glance.play.all(MetadefNamespace) == []
    assert glance.ask("PUT", PINNING, {"namespace": "OS::Compute::CPUPinning"}, "admin").code == 200
    assert "cpu_policy" in glance.ask("GET", PINNING + "/properties", who="admin").body["properties"]
    assert glance.ask("DELETE", PINNING, who="admin").code == 204
    assert glance.ask("GET", PINNING, who="admin").code == glance.ask("DELETE", PINNING, who="admin").code == 404
    listed = glance.ask("GET", ROOT, who="admin", limit="1000").body["namespaces"]
    assert "OS::Compute::CPUPinning" not in [each["namespace"] for each in listed]
    assert [each.id for each in glance.play.all(MetadefNamespace)] == ["OS::Compute::CPUPinning"]
    assert glance.ask("POST", ROOT, {"namespace": "OS::Compute::CPUPinning"}, "admin").code == 201
    assert "properties" not in glance.ask("GET", PINNING, who="admin").body


@pytest.mark.parametrize(
    ("kind", "name", "body"),
    [("properties", "color", PROPERTY), ("objects", "Paint", {"description": "D"}), ("tags", "t1", {})],
)
def test_parts_are_added_renamed_and_removed(space, kind, name, body):
    path = f"{SPACE}/{kind}"
    if kind == "tags":
        assert space.ask("POST", f"{path}/new", None, "admin").code == 201
        assert space.ask("POST", f"{path}/new", None, "admin").code == 409
    else:
        assert space.ask("POST", path, {"name": "new", **body}, "admin").code == 201
        assert space.ask("POST", path, {"name": "new", **body}, "admin").code == 409
    assert space.ask("PUT", f"{path}/new", {"name": name, **body}, "admin").code == 409
    assert space.ask("PUT", f"{path}/new", {"name": "newer", **body}, "admin").body["name"] == "newer"
    assert space.ask("GET", f"{path}/newer", who="admin").code == 200
    assert space.ask("GET", f"{path}/new", who="admin").code == 404
    assert space.ask("DELETE", f"{path}/newer", who="admin").code == 204
    assert space.ask("DELETE", f"{path}/newer", who="admin").code == 404
    assert space.ask("PUT", SPACE, {"namespace": "My::Space", "protected": True}, "admin").code == 200
    assert space.ask("DELETE", f"{path}/{name}", who="admin").code == 403
    assert space.ask("DELETE", path, who="admin").code == 403
    assert space.ask("PUT", SPACE, {"namespace": "My::Space"}, "admin").code == 200
    assert space.ask("DELETE", path, who="admin").code == 204
    assert not space.ask("GET", path, who="admin").body[kind]


@pytest.mark.parametrize(("default", "text"), [(8, "8"), (1.5, "1.5"), (True, "True"), ("x", "x")])
def test_default_values_become_text(space, default, text):
    body = {"name": "p", "title": "P", "type": "integer", "default": default, "operators": ["<or>"], "minimum": 0}
    assert space.ask("POST", f"{SPACE}/properties", body, "admin").body == body | {"default": text}


def test_tags_are_replaced_or_appended(space):
    path, more = f"{SPACE}/tags", {"tags": [{"name": "t2"}, {"name": "t3"}]}
    request = space.request(path, (), "POST", more, "admin")._replace(headers={"x-openstack-append": "true"})
    assert handle(space.play.cloud, request).body == more
    assert [tag["name"] for tag in space.ask("GET", path, who="admin").body["tags"]] == ["t3", "t2", "t1"]
    assert space.ask("GET", path, who="admin", limit="1", marker="t2").body == {"tags": [{"name": "t1"}]}
    assert space.ask("POST", path, {"tags": []}, "admin").code == 201
    assert len(space.ask("GET", path, who="admin").body["tags"]) == 3
    assert space.ask("POST", path, {"tags": [{"name": "x"}, {"name": "x"}]}, "admin").code == 409
    assert space.ask("POST", path, {"tags": [{"name": "x"}]}, "admin").code == 201
    assert space.ask("GET", path, who="admin").body == {"tags": [{"name": "x"}]}


def test_associations_are_added_and_removed(space):
    path, body = f"{SPACE}/resource_types", {"name": "OS::Glance::Image", "properties_target": "image"}
    assert space.ask("POST", path, body, "admin").code == 201
    assert space.ask("POST", path, body, "admin").code == 409
    assert "My::Space" in str(space.ask("GET", ROOT, who="admin", resource_types="OS::Glance::Image").body)
    assert space.ask("DELETE", f"{path}/OS::Glance::Image", who="admin").code == 204
    gone = space.ask("DELETE", f"{path}/OS::Glance::Image", who="admin")
    assert (gone.code, str(gone.fault)) == (404, "Failed to find resource type OS::Glance::Image to delete")


INVALID = [
    {"namespace": ""},
    {"namespace": "x" * 81},
    {"namespace": "x", "nonsense": 1},
    {"namespace": "x", "visibility": "shared"},
    {"namespace": "x", "properties": {"p": {"title": "without a type"}}},
    {"namespace": "x", "properties": {"": PROPERTY}},
    {"namespace": "x", "properties": {"p": {**PROPERTY, "enum": [1]}}},
    {"namespace": "x", "objects": [{"description": "without a name"}]},
]


@pytest.mark.parametrize("body", INVALID)
def test_invalid_namespaces(glance, body):
    assert glance.ask("POST", ROOT, body, "admin").code == 400
