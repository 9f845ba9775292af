"""What requests may hold at which microversion, from Nova's API reference; the words are those Nova answers with."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from typing import Any

import pytest

from novasim.api import schemas
from novasim.errors import BadRequest
from novasim.lifecycle.actions import ACTIONS

UUID = "11111111-1111-4111-8111-111111111111"
NEWEST = 104


def said(name: str, minor: int, body: Any) -> str:
    """The refusal of a body, or nothing."""
    try:
        schemas.check_body(name, minor, body)
    except BadRequest as fault:
        return str(fault)
    return ""


def said_of_query(name: str, minor: int, *query: tuple[str, str]) -> str:
    try:
        schemas.check_query(name, minor, query)
    except BadRequest as fault:
        return str(fault)
    return ""


def new_server(**more: Any) -> dict[str, Any]:
    return {"server": {"name": "v", "flavorRef": "1", "imageRef": UUID, "networks": [{"uuid": UUID}], **more}}


def of(field: str, value: object, message: str) -> str:
    return f"Invalid input for field/attribute {field}. Value: {value}. {message}"


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
    ("servers.create", 96, {"server": None}, of("server", None, "None is not of type 'object'")),
    ("server_tags.update", 96, {"x": 1}, "{'x': 1} is not of type 'null'"),
    # types and lengths
    ("servers.create", 96, new_server(name=""), of("name", "", "'' should be non-empty")),
    ("servers.create", 96, new_server(name="n" * 256), of("name", "n" * 256, f"'{'n' * 256}' is too long")),
    ("servers.create", 96, new_server(name=None), of("name", None, "None is not of type 'string'")),
    (
        "servers.create",
        96,
        new_server(flavorRef=None),
        of("flavorRef", None, "None is not of type 'string', 'integer'"),
    ),
    ("servers.create", 96, new_server(min_count=1.5), of("min_count", 1.5, "1.5 is not of type 'integer', 'string'")),
    (
        "servers.create",
        96,
        new_server(min_count=True),
        of("min_count", True, "True is not of type 'integer', 'string'"),
    ),
    ("servers.create", 96, new_server(min_count=0), of("min_count", 0, "0 is less than the minimum of 1")),
    ("servers.create", 96, new_server(min_count="0"), of("min_count", 0, "0 is less than the minimum of 1")),
    ("servers.create", 96, new_server(min_count="x"), of("min_count", "x", "'x' does not match '^[0-9]*$'")),
    ("servers.create", 96, new_server(tags=["t"] * 51), of("tags", ["t"] * 51, f"{['t'] * 51} is too long")),
    ("servers.create", 96, new_server(tags=["a", "a,b"]), of(1, "a,b", "'a,b' does not match '^[^,/]*$'")),
    (
        "servers.create",
        96,
        new_server(trusted_image_certificates=["a", "a"]),
        of("trusted_image_certificates", ["a", "a"], "['a', 'a'] has non-unique elements"),
    ),
    (
        "servers.create",
        96,
        new_server(metadata={"k/": "v"}),
        of("metadata", {"k/": "v"}, "'k/' does not match any of the regexes: '^[a-zA-Z0-9-_:. ]{1,255}$'"),
    ),
    ("servers.create", 96, new_server(metadata={"k": 1}), of("k", 1, "1 is not of type 'string'")),
    ("server_metadata.update", 96, {"meta": {}}, of("meta", {}, "{} should be non-empty")),
    (
        "server_metadata.update",
        96,
        {"meta": {"a": "1", "b": "2"}},
        of("meta", {"a": "1", "b": "2"}, "{'a': '1', 'b': '2'} has too many properties"),
    ),
    ("external_events.create", 96, {"events": []}, of("events", [], "[] should be non-empty")),
    # formats
    ("servers.create", 96, new_server(name=" v"), NAME),
    ("servers.create", 96, new_server(name="v\u2003"), NAME),
    ("servers.create", 96, new_server(name="a\tb"), NAME),
    ("servers.create", 96, new_server(security_groups=[{"name": " "}]), NAME),
    ("servers.create", 96, new_server(description="a\tb"), of("description", "a\tb", "'a\\tb' is not a 'printable'")),
    ("servers.create", 96, new_server(user_data="aGVsbG8"), of("user_data", "aGVsbG8", "'aGVsbG8' is not a 'base64'")),
    ("servers.create", 96, new_server(accessIPv4="1.2.3"), of("accessIPv4", "1.2.3", "'1.2.3' is not a 'ipv4'")),
    ("servers.create", 96, new_server(accessIPv6="1.2.3.4"), of("accessIPv6", "1.2.3.4", "'1.2.3.4' is not a 'ipv6'")),
    ("action.rebuild", 96, {"rebuild": {"imageRef": "x"}}, of("imageRef", "x", "'x' is not a 'uuid'")),
    (
        "servers.create",
        93,
        new_server(hostname="a.b"),
        of("hostname", "a.b", "'a.b' does not match '^[a-zA-Z0-9]+[a-zA-Z0-9-]*[a-zA-Z0-9]+$'"),
    ),
    # alternatives
    (
        "servers.create",
        96,
        new_server(networks="AUTO"),
        of("networks", "AUTO", "'AUTO' is not valid under any of the given schemas"),
    ),
    ("servers.create", 36, new_server(networks="auto"), of("networks", "auto", "'auto' is not of type 'array'")),
    (
        "servers.create",
        96,
        new_server(imageRef="x"),
        of("imageRef", "x", "'x' is not valid under any of the given schemas"),
    ),
    (
        "servers.create",
        96,
        {**new_server(), "os:scheduler_hints": {"group": "x"}},
        of("group", "x", "'x' is not valid under any of the given schemas"),
    ),
    (
        "action.reboot",
        96,
        {"reboot": {"type": "warm"}},
        of("type", "warm", "'warm' is not one of ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft']"),
    ),
    (
        "remote_consoles.create",
        7,
        {"remote_console": {"protocol": "mks", "type": "webmks"}},
        of("protocol", "mks", "'mks' is not one of ['vnc', 'spice', 'serial', 'rdp']"),
    ),
    ("aggregates.update", 96, {"aggregate": {}}, of("aggregate", {}, "{} is not valid under any of the given schemas")),
    (
        "keypairs.create",
        91,
        {"keypair": {"name": "a@b"}},
        of("name", "a@b", r"'a@b' does not match '^[_\\- a-zA-Z0-9]+$'"),
    ),
    (
        "server_groups.create",
        14,
        {"server_group": {"name": "g", "policies": ["soft-affinity"]}},
        of(0, "soft-affinity", "'soft-affinity' is not one of ['anti-affinity', 'affinity']"),
    ),
    (
        "flavors.create",
        96,
        {"flavor": {"name": "f", "ram": 1, "vcpus": 1, "disk": 0, "rxtx_factor": 0}},
        of("rxtx_factor", 0, "0 is less than or equal to the minimum of 0"),
    ),
    (
        "quota_sets.update",
        96,
        {"quota_set": {"cores": "2147483648"}},
        of("cores", 2147483648, "2147483648 is greater than the maximum of 2147483647"),
    ),
    # order: what is inside before what is missing, what is missing before what is unknown
    (
        "action.createBackup",
        96,
        {"createBackup": {"rotation": -1, "x": 1}},
        of("rotation", -1, "-1 is less than the minimum of 0"),
    ),
    (
        "action.createBackup",
        96,
        {"createBackup": {"name": "b", "x": 1}},
        of("createBackup", {"name": "b", "x": 1}, "'backup_type' is a required property"),
    ),
    (
        "action.unshelve",
        90,
        {"unshelve": {"host": "h"}},
        of("unshelve", {"host": "h"}, "'availability_zone' is a required property"),
    ),
    ("action.unshelve", 77, {"unshelve": {}}, of("unshelve", {}, "'availability_zone' is a required property")),
    ("action.lock", 73, {"lock": "x"}, of("lock", "x", "'x' is not of type 'object', 'null'")),
    (
        "action.trigger_crash_dump",
        96,
        {"trigger_crash_dump": {}},
        of("trigger_crash_dump", {}, "{} is not of type 'null'"),
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


@pytest.mark.parametrize(("name", "minor", "body", "message"), REFUSED)
def test_a_body_is_refused_in_novas_words(name, minor, body, message):
    assert said(name, minor, body) == message


@pytest.mark.parametrize(("name", "minor", "body"), ACCEPTED)
def test_a_body_is_accepted(name, minor, body):
    assert said(name, minor, body) == ""


def rebuild(**more: Any) -> dict[str, Any]:
    return {"rebuild": {"imageRef": UUID, **more}}


def attach(**more: Any) -> dict[str, Any]:
    return {"volumeAttachment": {"volumeId": UUID, **more}}


# Where a property exists, by the microversion history: first and last minor of each range.
EXISTS = [
    ("servers.create", new_server(description="d"), [(19, 104)]),
    ("servers.create", new_server(personality=[]), [(1, 56)]),
    ("servers.create", new_server(tags=["t"]), [(52, 104)]),
    ("servers.create", new_server(trusted_image_certificates=["c"]), [(63, 104)]),
    ("servers.create", new_server(host="h", hypervisor_hostname="h"), [(74, 104)]),
    ("servers.create", new_server(hostname="host"), [(90, 104)]),
    ("servers.create", new_server(hostname="host.example.com"), [(94, 104)]),
    ("servers.create", new_server(networks="auto"), [(37, 104)]),
    ("servers.create", new_server(networks=[{"uuid": "any text"}]), [(1, 36)]),
    ("servers.create", new_server(networks=[{"uuid": UUID, "tag": "t"}]), [(32, 36), (42, 104)]),
    ("servers.create", new_server(block_device_mapping_v2=[{"tag": "t"}]), [(32, 32), (42, 104)]),
    ("servers.create", new_server(block_device_mapping_v2=[{"volume_type": "fast"}]), [(67, 104)]),
    ("servers.create", {"server": {"name": "v", "flavorRef": "1"}}, [(1, 36)]),
    ("servers.update", {"server": {"description": "d"}}, [(19, 104)]),
    ("servers.update", {"server": {"hostname": "host"}}, [(90, 104)]),
    ("servers.update", {"server": {"pinned_availability_zone": None}}, [(104, 104)]),
    ("action.rebuild", rebuild(personality=[]), [(1, 56)]),
    ("action.rebuild", rebuild(description=None), [(19, 104)]),
    ("action.rebuild", rebuild(key_name=None), [(54, 104)]),
    ("action.rebuild", rebuild(user_data=None), [(57, 104)]),
    ("action.rebuild", rebuild(trusted_image_certificates=None), [(63, 104)]),
    ("action.rebuild", rebuild(hostname="host"), [(90, 104)]),
    ("action.evacuate", {"evacuate": {"onSharedStorage": "False"}}, [(1, 13)]),
    ("action.evacuate", {"evacuate": {}}, [(14, 104)]),
    ("action.evacuate", {"evacuate": {"force": True}}, [(29, 67)]),
    (
        "action.os-migrateLive",
        {"os-migrateLive": {"host": None, "block_migration": False, "disk_over_commit": False}},
        [(1, 24)],
    ),
    ("action.os-migrateLive", {"os-migrateLive": {"host": None, "block_migration": "auto"}}, [(25, 104)]),
    ("action.os-migrateLive", {"os-migrateLive": {"host": "h", "block_migration": False, "force": True}}, [(30, 67)]),
    ("action.unshelve", {"unshelve": {"host": "h"}}, [(1, 76), (91, 104)]),
    ("action.migrate", {"migrate": {"x": 1}}, [(1, 55)]),
    ("action.lock", {"lock": "x"}, [(1, 72)]),
    ("volume_attachments.create", attach(tag="t"), [(49, 104)]),
    ("volume_attachments.create", attach(delete_on_termination=True), [(79, 104)]),
    ("volume_attachments.update", attach(delete_on_termination=True), [(85, 104)]),
    ("interfaces.create", {"interfaceAttachment": {"tag": "t"}}, [(49, 104)]),
    ("remote_consoles.create", {"remote_console": {"protocol": "mks", "type": "webmks"}}, [(8, 104)]),
    ("remote_consoles.create", {"remote_console": {"protocol": "spice", "type": "spice-direct"}}, [(99, 104)]),
    ("keypairs.create", {"keypair": {"name": "k"}}, [(1, 91)]),
    ("keypairs.create", {"keypair": {"name": "k", "type": "x509", "public_key": "p"}}, [(2, 104)]),
    ("keypairs.create", {"keypair": {"name": "k", "user_id": "u", "public_key": "p"}}, [(10, 104)]),
    ("server_groups.create", {"server_group": {"name": "g", "policies": ["affinity"]}}, [(1, 63)]),
    ("server_groups.create", {"server_group": {"name": "g", "policies": ["soft-affinity"]}}, [(15, 63)]),
    (
        "server_groups.create",
        {"server_group": {"name": "g", "policy": "affinity", "rules": {"max_server_per_host": 1}}},
        [(64, 104)],
    ),
    ("flavors.create", {"flavor": {"name": "f", "ram": 1, "vcpus": 1, "disk": 0, "description": "d"}}, [(55, 104)]),
    ("flavors.create", {"flavor": {"name": "f", "ram": 1, "vcpus": 1, "disk": 0, "rxtx_factor": 1}}, [(1, 101)]),
    ("quota_sets.update", {"quota_set": {"fixed_ips": 1}}, [(1, 35)]),
    ("quota_sets.update", {"quota_set": {"injected_files": 1}}, [(1, 56)]),
    ("quota_class_sets.update", {"quota_class_set": {"security_groups": 1}}, [(1, 49)]),
    ("services.update", {"host": "h", "binary": "nova-compute"}, [(1, 52)]),
    ("services.update", {"host": "h", "binary": "nova-compute", "forced_down": True}, [(11, 52)]),
    ("services.update", {"status": "disabled", "disabled_reason": "r", "forced_down": False}, [(53, 104)]),
    ("external_events.create", {"events": [{"name": "power-update", "server_uuid": UUID}]}, [(76, 104)]),
    ("external_events.create", {"events": [{"name": "volume-reimaged", "server_uuid": UUID}]}, [(93, 104)]),
]


@pytest.mark.parametrize(("name", "body", "ranges"), EXISTS)
def test_a_property_exists_in_exactly_its_microversions(name, body, ranges):
    accepted = [minor for minor in range(1, NEWEST + 1) if not said(name, minor, body)]
    assert accepted == [minor for first, last in ranges for minor in range(first, last + 1)]


def of_query(key: str, value: str, message: str) -> str:
    return f"Invalid input for query parameters {key}. Value: {value}. {message}"


@pytest.mark.parametrize(
    ("name", "minor", "query", "message"),
    [
        ("servers.list", 96, [("limit", "-1")], of_query("limit", "-1", "'-1' does not match '^[0-9]*$'")),
        ("servers.list", 1, [("limit", "-1")], of_query("limit", "-1", "'-1' does not match '^[0-9]*$'")),
        ("servers.list", 96, [("limit", "5"), ("limit", "x")], of_query("limit", "x", "'x' does not match '^[0-9]*$'")),
        ("servers.detail", 96, [("name", "(")], of_query("name", "(", "'(' is not a 'regex'")),
        ("servers.list", 96, [("name", "")], of_query("name", "", "'' is not a 'regex'")),
        (
            "servers.list",
            96,
            [("changes-since", "bad")],
            of_query("changes-since", "bad", "'bad' is not a 'date-time'"),
        ),
        ("servers.list", 75, [("x", "1")], "'x' does not match any of the regexes: '^_'"),
        ("servers.list", 75, [("x", "1"), ("a", "1")], "'a', 'x' do not match any of the regexes: '^_'"),
        ("servers.list", 74, [("x", "1")], ""),
        ("servers.list", 96, [("_x", "1")], ""),
        ("servers.list", 25, [("tags", "")], ""),
        ("servers.list", 26, [("tags", "")], of_query("tags", "", "'' is not a 'regex'")),
        ("servers.list", 74, [("sort_key", "vcpus")], ""),
        ("servers.list", 96, [("sort_key", "locked"), ("sort_key", "uuid")], ""),
        ("servers.show", 101, [("x", "1")], ""),
        ("servers.show", 102, [("x", "1")], "Additional properties are not allowed ('x' was unexpected)"),
        ("flavors.list", 96, [("sort_dir", "up")], of_query("sort_dir", "up", "'up' is not one of ['asc', 'desc']")),
        ("flavors.list", 101, [("name", "m1")], "Additional properties are not allowed ('name' was unexpected)"),
        ("flavors.list", 102, [("name", "m1")], ""),
        ("keypairs.list", 9, [("limit", "x")], ""),
        ("keypairs.list", 35, [("limit", "x")], of_query("limit", "x", "'x' does not match '^[0-9]*$'")),
        (
            "hypervisors.list",
            53,
            [("with_servers", "maybe")],
            of_query(
                "with_servers",
                "maybe",
                "'maybe' is not one of [True, 'True', 'TRUE', 'true', '1', 'ON', 'On', 'on', 'YES', 'Yes', 'yes', "
                "False, 'False', 'FALSE', 'false', '0', 'OFF', 'Off', 'off', 'NO', 'No', 'no']",
            ),
        ),
        (
            "migrations.list",
            59,
            [("limit", "1"), ("limit", "2")],
            of_query("limit", "['1', '2']", "['1', '2'] is too long"),
        ),
        ("migrations.list", 58, [("limit", "1"), ("limit", "2")], ""),
        ("instance_actions.list", 58, [("x", "")], "Additional properties are not allowed ('x' was unexpected)"),
        ("volume_attachments.list", 75, [("x", "")], "Additional properties are not allowed ('x' was unexpected)"),
        ("nothing.of_the_kind", 96, [("x", "")], ""),
        ("servers.delete", 96, [("x", "")], ""),
    ],
)
def test_a_query_is_judged_at_its_microversion(name, minor, query, message):
    assert said_of_query(name, minor, *query) == message


@pytest.mark.parametrize("value", ["vcpus", "name", ""])
def test_a_sort_key_is_refused_with_the_list_of_those_there_are(value):
    message = said_of_query("servers.list", 75, ("sort_key", value))
    assert message.startswith(of_query("sort_key", value, f"{value!r} is not one of ['access_ip_v4', "))
    assert "'locked'" in message


def test_known_query_drops_what_nova_does_not_look_at_yet():
    query = (("tags", "a"), ("name", "n"), ("_x", "1"), ("other", "1"), ("name", "m"))
    assert schemas.drop_unknown_parameters("servers.list", 25, query) == (("name", "n"), ("_x", "1"), ("name", "m"))
    assert schemas.drop_unknown_parameters("servers.list", 26, query) == query[:3] + query[4:]
    assert schemas.drop_unknown_parameters("servers.delete", 26, query) == query


def test_check_judges_the_body_only_where_the_method_has_one():
    schemas.check("quota_sets.delete", 96, (), {"not": "looked at"}, "DELETE")
    with pytest.raises(BadRequest, match="'quota_set' is a required property"):
        schemas.check("quota_sets.update", 96, (("x", "1"),), {}, "PUT")
    with pytest.raises(BadRequest, match="'x' was unexpected"):
        schemas.check("quota_sets.update", 96, (("x", "1"),), {"quota_set": {}}, "PUT")


@pytest.mark.parametrize("name", ["servers.destroy", "nothing.of_the_kind", "action.fly", "migrations.create"])
def test_a_body_without_a_schema_is_a_mistake_of_the_programmer(name):
    with pytest.raises(KeyError):
        schemas.check_body(name, 96, {})


def test_a_body_too_deep_to_be_read_is_refused():
    deep: list[Any] = []
    for _ in range(sys.getrecursionlimit() * 50):
        deep = [deep]
    assert said("servers.create", 96, new_server(name=deep)) == "The request is nested too deeply."


def test_every_action_that_has_a_key_has_a_schema():
    keys = {action.api for action in ACTIONS.values() if action.api}
    assert len(keys) > 30
    assert not {key for key in keys if f"action.{key}" not in import_module("novasim.api.schemas.actions").BODIES}


def every_name() -> list[tuple[str, str]]:
    modules = {module: import_module(f"novasim.api.schemas.{module}") for module in schemas.SUBJECTS}
    return [
        (which, name)
        for module in modules.values()
        for which in ("BODIES", "QUERIES")
        for name in getattr(module, which, ())
    ]


def test_every_schema_can_be_written_out_at_every_microversion():
    for which, name in every_name():
        for minor in (1, 36, 60, 75, NEWEST):
            schema = (schemas.body_schema if which == "BODIES" else schemas.query_schema)(name, minor)
            assert isinstance(schema, dict), name


def test_every_name_is_found_where_its_subject_points():
    assert len(every_name()) > 130
    assert {name.partition(".")[0] for _, name in every_name()} == set(schemas.MODULES)


def test_checking_one_operation_reads_the_module_of_its_subject_alone():
    code = (
        "import sys; from novasim.api import schemas; schemas.check_query('limits.show', 96, ());"
        "print(*sorted(m.rpartition('.')[2] for m in sys.modules if m.startswith('novasim.api.schemas.')),"
        "*{'jsonschema', 'dataclasses', 'ipaddress', 'datetime', 'uuid'} & set(sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert loaded == ["formats", "projects", "types", "validator", "versioned"]
