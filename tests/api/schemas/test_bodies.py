"""Errors in request bodies, in Nova's words. Source: Nova's API reference."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from novasim.api import schemas
from novasim.errors import BadRequest
from tests import each_case
from tests.api.schemas.cases import UUID, body_error, error_of_body, new_server

NAME = "An invalid 'name' value was provided. The name must be: printable characters. " + (
    "Can not start or end with whitespace."
)


REFUSED = [
    # the outermost object
    ("servers.create", 96, None, "None is not of type 'object'"),
    ("servers.create", 96, [], "[] is not of type 'object'"),
    ("servers.create", 96, {}, "'server' is a required property"),
    ("servers.create", 96, {**new_server(), "x": 1}, "Additional properties are not allowed ('x' was unexpected)"),
    (
        "servers.create",
        96,
        {**new_server(), "y": 1, "x": 1},
        "Additional properties are not allowed ('x', 'y' were unexpected)",
    ),
    ("servers.create", 96, {"server": None}, body_error("server", None, "None is not of type 'object'")),
    ("server_tags.update", 96, {"x": 1}, "{'x': 1} is not of type 'null'"),
    # types and lengths
    ("servers.create", 96, new_server(name=""), body_error("name", "", "'' should be non-empty")),
    ("servers.create", 96, new_server(name="n" * 256), body_error("name", "n" * 256, f"'{'n' * 256}' is too long")),
    ("servers.create", 96, new_server(name=None), body_error("name", None, "None is not of type 'string'")),
    (
        "servers.create",
        96,
        new_server(flavorRef=None),
        body_error("flavorRef", None, "None is not of type 'string', 'integer'"),
    ),
    (
        "servers.create",
        96,
        new_server(min_count=1.5),
        body_error("min_count", 1.5, "1.5 is not of type 'integer', 'string'"),
    ),
    (
        "servers.create",
        96,
        new_server(min_count=True),
        body_error("min_count", True, "True is not of type 'integer', 'string'"),
    ),
    ("servers.create", 96, new_server(min_count=0), body_error("min_count", 0, "0 is less than the minimum of 1")),
    ("servers.create", 96, new_server(min_count="0"), body_error("min_count", 0, "0 is less than the minimum of 1")),
    ("servers.create", 96, new_server(min_count="x"), body_error("min_count", "x", "'x' does not match '^[0-9]*$'")),
    ("servers.create", 96, new_server(tags=["t"] * 51), body_error("tags", ["t"] * 51, f"{['t'] * 51} is too long")),
    ("servers.create", 96, new_server(tags=["a", "a,b"]), body_error(1, "a,b", "'a,b' does not match '^[^,/]*$'")),
    (
        "servers.create",
        96,
        new_server(trusted_image_certificates=["a", "a"]),
        body_error("trusted_image_certificates", ["a", "a"], "['a', 'a'] has non-unique elements"),
    ),
    (
        "servers.create",
        96,
        new_server(metadata={"k/": "v"}),
        body_error("metadata", {"k/": "v"}, "'k/' does not match any of the regexes: '^[a-zA-Z0-9-_:. ]{1,255}$'"),
    ),
    ("servers.create", 96, new_server(metadata={"k": 1}), body_error("k", 1, "1 is not of type 'string'")),
    ("server_metadata.update", 96, {"meta": {}}, body_error("meta", {}, "{} should be non-empty")),
    (
        "server_metadata.update",
        96,
        {"meta": {"a": "1", "b": "2"}},
        body_error("meta", {"a": "1", "b": "2"}, "{'a': '1', 'b': '2'} has too many properties"),
    ),
    ("external_events.create", 96, {"events": []}, body_error("events", [], "[] should be non-empty")),
    # formats
    ("servers.create", 96, new_server(name=" v"), NAME),
    ("servers.create", 96, new_server(name="v\u2003"), NAME),
    ("servers.create", 96, new_server(name="a\tb"), NAME),
    ("servers.create", 96, new_server(security_groups=[{"name": " "}]), NAME),
    (
        "servers.create",
        96,
        new_server(description="a\tb"),
        body_error("description", "a\tb", "'a\\tb' is not a 'printable'"),
    ),
    (
        "servers.create",
        96,
        new_server(user_data="aGVsbG8"),
        body_error("user_data", "aGVsbG8", "'aGVsbG8' is not a 'base64'"),
    ),
    (
        "servers.create",
        96,
        new_server(accessIPv4="1.2.3"),
        body_error("accessIPv4", "1.2.3", "'1.2.3' is not a 'ipv4'"),
    ),
    (
        "servers.create",
        96,
        new_server(accessIPv6="1.2.3.4"),
        body_error("accessIPv6", "1.2.3.4", "'1.2.3.4' is not a 'ipv6'"),
    ),
    ("action.rebuild", 96, {"rebuild": {"imageRef": "x"}}, body_error("imageRef", "x", "'x' is not a 'uuid'")),
    (
        "servers.create",
        93,
        new_server(hostname="a.b"),
        body_error("hostname", "a.b", "'a.b' does not match '^[a-zA-Z0-9]+[a-zA-Z0-9-]*[a-zA-Z0-9]+$'"),
    ),
    # alternatives
    (
        "servers.create",
        96,
        new_server(networks="AUTO"),
        body_error("networks", "AUTO", "'AUTO' is not valid under any of the given schemas"),
    ),
    (
        "servers.create",
        36,
        new_server(networks="auto"),
        body_error("networks", "auto", "'auto' is not of type 'array'"),
    ),
    (
        "servers.create",
        96,
        new_server(imageRef="x"),
        body_error("imageRef", "x", "'x' is not valid under any of the given schemas"),
    ),
    (
        "servers.create",
        96,
        {**new_server(), "os:scheduler_hints": {"group": "x"}},
        body_error("group", "x", "'x' is not valid under any of the given schemas"),
    ),
    (
        "action.reboot",
        96,
        {"reboot": {"type": "warm"}},
        body_error("type", "warm", "'warm' is not one of ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft']"),
    ),
    (
        "remote_consoles.create",
        7,
        {"remote_console": {"protocol": "mks", "type": "webmks"}},
        body_error("protocol", "mks", "'mks' is not one of ['vnc', 'spice', 'serial', 'rdp']"),
    ),
    (
        "aggregates.update",
        96,
        {"aggregate": {}},
        body_error("aggregate", {}, "{} is not valid under any of the given schemas"),
    ),
    (
        "keypairs.create",
        91,
        {"keypair": {"name": "a@b"}},
        body_error("name", "a@b", r"'a@b' does not match '^[_\\- a-zA-Z0-9]+$'"),
    ),
    (
        "server_groups.create",
        14,
        {"server_group": {"name": "g", "policies": ["soft-affinity"]}},
        body_error(0, "soft-affinity", "'soft-affinity' is not one of ['anti-affinity', 'affinity']"),
    ),
    (
        "flavors.create",
        96,
        {"flavor": {"name": "f", "ram": 1, "vcpus": 1, "disk": 0, "rxtx_factor": 0}},
        body_error("rxtx_factor", 0, "0 is less than or equal to the minimum of 0"),
    ),
    (
        "quota_sets.update",
        96,
        {"quota_set": {"cores": "2147483648"}},
        body_error("cores", 2147483648, "2147483648 is greater than the maximum of 2147483647"),
    ),
    # order: what is inside before what is missing, what is missing before what is unknown
    (
        "action.createBackup",
        96,
        {"createBackup": {"rotation": -1, "x": 1}},
        body_error("rotation", -1, "-1 is less than the minimum of 0"),
    ),
    (
        "action.createBackup",
        96,
        {"createBackup": {"name": "b", "x": 1}},
        body_error("createBackup", {"name": "b", "x": 1}, "'backup_type' is a required property"),
    ),
    (
        "action.unshelve",
        90,
        {"unshelve": {"host": "h"}},
        body_error("unshelve", {"host": "h"}, "'availability_zone' is a required property"),
    ),
    ("action.unshelve", 77, {"unshelve": {}}, body_error("unshelve", {}, "'availability_zone' is a required property")),
    ("action.lock", 73, {"lock": "x"}, body_error("lock", "x", "'x' is not of type 'object', 'null'")),
    (
        "action.trigger_crash_dump",
        96,
        {"trigger_crash_dump": {}},
        body_error("trigger_crash_dump", {}, "{} is not of type 'null'"),
    ),
]


ACCEPTED = [
    ("servers.create", 1, {"server": {"name": "v", "flavorRef": 1}}),
    ("servers.create", 96, new_server(name="näme \u3000 /.:é")),
    ("servers.create", 96, new_server(imageRef="")),
    ("servers.create", 96, new_server(networks="none")),
    ("servers.create", 96, new_server(networks=[{"port": None}])),
    ("servers.create", 96, new_server(min_count="2", max_count=2.0)),
    ("servers.create", 96, new_server(description=None)),
    ("servers.create", 96, new_server(user_data="A" * 65532)),
    ("servers.create", 96, {**new_server(), "os:scheduler_hints": {"anything": {"at": "all"}, "group": [UUID]}}),
    ("servers.create", 94, new_server(hostname="-bad_one.example.com")),
    ("servers.update", 96, {"server": {}}),
    ("interfaces.create", 96, {}),
    ("action.lock", 72, {"lock": "x"}),
    ("action.lock", 73, {"lock": None}),
    ("action.unlock", 96, {"unlock": {"a": 1}}),
    ("action.unshelve", 76, {"unshelve": {"x": 1}}),
    ("action.unshelve", 77, {"unshelve": None}),
    ("action.unshelve", 91, {"unshelve": {}}),
    ("action.unshelve", 91, {"unshelve": {"availability_zone": None, "host": ""}}),
    ("action.migrate", 55, {"migrate": {"x": 1}}),
    ("action.migrate", 56, {"migrate": {"host": None}}),
    ("action.os-getConsoleOutput", 96, {"os-getConsoleOutput": {"length": "-1"}}),
    ("aggregates.update", 96, {"aggregate": {"name": " spaces stay "}}),
    ("aggregates.create", 96, {"aggregate": {"name": "a", "availability_zone": None}}),
    ("keypairs.create", 92, {"keypair": {"name": "me@example.com", "public_key": "k"}}),
    ("flavor_extra_specs.create", 96, {"extra_specs": {"hw:numa_nodes": 1}}),
    ("aggregates.set_metadata", 96, {"set_metadata": {"metadata": {"k": None}}}),
    ("server_tags.update", 96, None),
]


@each_case(("name", "minor", "body", "message"), REFUSED)
def test_invalid_bodies_are_refused_in_novas_words(name, minor, body, message):
    assert error_of_body(name, minor, body) == message


@each_case(("name", "minor", "body"), ACCEPTED)
def test_valid_bodies_are_accepted(name, minor, body):
    assert error_of_body(name, minor, body) == ""


def test_the_body_is_checked_only_for_methods_with_a_body():
    schemas.check("quota_sets.delete", 96, (), {"not": "looked at"}, "DELETE")
    with pytest.raises(BadRequest, match="'quota_set' is a required property"):
        schemas.check("quota_sets.update", 96, (("x", "1"),), {}, "PUT")
    with pytest.raises(BadRequest, match="'x' was unexpected"):
        schemas.check("quota_sets.update", 96, (("x", "1"),), {"quota_set": {}}, "PUT")


@pytest.mark.parametrize("name", ["servers.destroy", "nothing.of_the_kind", "action.fly", "migrations.create"])
def test_an_operation_without_a_schema_raises_key_error(name):
    with pytest.raises(KeyError):
        schemas.check_body(name, 96, {})


def test_too_deeply_nested_bodies_are_refused():
    deep: list[Any] = []
    for _ in range(sys.getrecursionlimit() * 50):
        deep = [deep]
    assert error_of_body("servers.create", 96, new_server(name=deep)) == "The request is nested too deeply."
