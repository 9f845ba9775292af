"""`novasim cloud check`: everything that is wrong with a file; and the rules for values of fields behind it."""

from __future__ import annotations

import json

import pytest

from novasim.control.file_check import check
from novasim.control.worlds import create_world
from novasim.errors import CloudFileError
from novasim.records import TABLES, Host, MetadefNamespace, Record, SecurityGroup, Server, Settings, Volume
from novasim.records.base import fields_of
from novasim.simulation.validation.documents import find_problems, rules_of
from novasim.simulation.validation.references import REFERENCES
from novasim.store import open_store
from novasim.store.documents import check_records, parse
from tests import each_case
from tests.store.worlds import NOW, id_number, server, settings


def test_check_has_nothing_to_say_of_a_good_file(tmp_path):
    path = str(tmp_path / "cloud.json")
    create_world(open_store(path), 3, False, 1)
    assert check(path) == []


def test_check_names_each_problem(tmp_path):
    path = tmp_path / "cloud.json"
    good = vars(server(1))
    content = {
        "settings": {"1": vars(settings())},
        "servers": {
            "1": good,
            "2": {**good, "id": "b", "vm_state": 5, "deleted": "no", "flavor": [], "progress": True},
            "3": {"id": "c", "name": "three"},
            "4": good,
            "5": "text",
        },
        "extra": {},
    }
    path.write_text(json.dumps(content).replace('"name": "three"', '"name": "three", "name": "three"'))
    assert check(str(path)) == [
        "'name' is repeated in one object; only the last one is used.",
        "Table 'servers', document 2: 'vm_state' should be text.",
        "Table 'servers', document 2: 'flavor' should be an object.",
        "Table 'servers', document 2: 'deleted' should be true or false.",
        "Table 'servers', document 2: 'progress' should be a whole number.",
        "Table 'servers', document 3: 'created_at' is missing.",
        "Table 'servers', document 3: 'project_id' is missing.",
        "Table 'servers', document 3: 'updated_at' is missing.",
        "Table 'servers', document 3: 'user_id' is missing.",
        "Table 'servers', document 3: 'flavor' is missing.",
        f"Table 'servers', document 4: has the same id as document 1, '{id_number(1)}'.",
        "Table 'servers', document 5: not an object.",
        "Unknown table 'extra'. It is kept; another program or a newer novasim may need it.",
    ]


def test_check_of_no_file(tmp_path):
    with pytest.raises(CloudFileError, match="does not exist"):
        check(str(tmp_path / "x.json"))


SCALARS = [None, True, False, 0, -1, 10**30, 10**400, 0.5, 1e308, "", "banana", "\ud800", NOW]
LISTS = [[], [[]], [{}], *([each] for each in SCALARS), ["banana", None]]
KEYS = ("banana", "code", "event", "id", "min_disk", "extra_specs", "start", "subnet_id", "server_id", "attached_at")
OBJECTS = [{}, *({key: value} for key in KEYS for value in (*SCALARS, [], {}, [None]))]
VALUES = [*SCALARS, *LISTS, *OBJECTS, *([each] for each in OBJECTS)]


@each_case("kind", TABLES.values())
def test_every_rule_judges_every_json_value(kind: type[Record]):
    for field, rules in rules_of(kind).items():
        for rule in rules:
            for value in VALUES:
                assert rule.check(value) in (True, False), (field, rule.words, value)


ATTACHED = {"server_id": "a", "attachment_id": "b", "device": "/dev/vdb", "attached_at": NOW}
FAULT = {"code": 500, "created": "2026-01-01T00:00:00Z", "message": "No valid host was found."}
WRONG_NESTED: list[tuple[type[Record], str, object, object]] = [
    (SecurityGroup, "rules", [], [None]),
    (Server, "requested_networks", [{"uuid": "a"}], [None]),
    (Settings, "down_cells", ["host1"], [[]]),
    (Settings, "counters", {"ports": 1}, {"ports": 10**400}),
    (Host, "used_vcpus", 2**63, 10**400),
    (Host, "used_vcpus", 0, -(10**400)),
    (Volume, "attachments", [ATTACHED], [ATTACHED | {"attached_at": -1}]),
    (Volume, "attachments", [ATTACHED | {"device": None}], [{"server_id": "a", "attachment_id": "b"}]),
    (Volume, "reserved", [], [{"server_id": "a", "attachment_id": "b", "device": ""}]),
    (MetadefNamespace, "objects", [{"name": "a", "required": [], "properties": {}}], [{"name": "a", "required": []}]),
    (MetadefNamespace, "tags", [{"name": "a"}], [{}]),
    (MetadefNamespace, "resource_types", [{"name": "a"}], [{"prefix": "a"}]),
    (Server, "fault", FAULT | {"details": ""}, {"code": 500, "created": FAULT["created"]}),
    (Server, "fault", FAULT, {"message": "No", "created": FAULT["created"]}),
]


@each_case(("kind", "field", "right", "wrong"), WRONG_NESTED)
def test_wrong_nested_value_is_a_problem(kind, field, right, wrong):
    def about_field(value: object) -> list[str]:
        return [problem for problem in find_problems(kind, {field: value}) if problem.startswith(f"'{field}' should")]

    assert about_field(right) == []
    assert about_field(wrong) != []


@pytest.mark.parametrize("wrong", [None, 1e308, [], "banana"])
def test_damage_inside_a_list_is_found_beside_sound_documents(wrong):
    event = {"event": "a", "start_time": NOW, "finish_time": None, "result": None}
    fields = dict.fromkeys(("server_id", "request_id", "action", "user_id", "project_id"), "x")
    sound = {"id": "1", **fields, "start_time": NOW, "updated_at": NOW, "events": [event]}
    tables = {"instance_actions": {"1": sound, "2": {**sound, "id": "2", "events": [wrong]}}}
    with pytest.raises(CloudFileError, match="in table 'instance_actions', record '2': 'events' should be"):
        check_records(tables, "cloud.json")


def test_search_for_damage_raises_only_cloud_file_errors():
    rows = {"1": vars(server(1)), "2": []}  # never passes `parse`
    with pytest.raises(CloudFileError, match="in table 'servers', a record cannot be checked"):
        check_records({"servers": rows}, "cloud.json")


@pytest.mark.parametrize("number", ["first", "01", "-1", "1.0", "\u0663", "9" * 5000])
def test_wrong_number_of_a_document_is_named(number):
    with pytest.raises(CloudFileError, match=f"in table 'servers', '{number}' is not the number of a document"):
        parse(b'{"settings": {}, "servers": {"%b": {"id": "a"}}}' % number.encode(), "cloud.json")


def test_check_names_documents_that_refer_to_nothing(tmp_path):
    path = tmp_path / "cloud.json"
    create_world(open_store(str(path)), 3, False, 1)
    tables = json.loads(path.read_text())
    (number, port_subnet) = next(iter(tables["subnets"].items()))
    port_subnet["network_id"] = "gone"
    ip = {"subnet_id": "s", "ip_address": "192.0.2.7"}
    tables["ports"] = {"7": {"id": "p", "network_id": "gone", "project_id": "x", "fixed_ips": [ip]}}
    tables["aggregates"] = {
        "1": {"id": "1", "number": 1, "uuid": "u", "name": "a", "created_at": NOW, "hosts": ["host1", "host9"]}
    }
    tables["ports"]["7"] |= {"mac_address": "fa:16:3e:00:00:01", "created_at": NOW, "updated_at": NOW, "name": ""}
    path.write_text(json.dumps(tables))
    assert check(str(path)) == [
        "Table 'aggregates', document 1: 'hosts' names 'host9', which is not in the table of hosts.",
        "Table 'ports', document 7: 'fixed_ips' names 's', which is not in the table of subnets.",
        "Table 'ports', document 7: 'network_id' names 'gone', which is not in the table of networks.",
        f"Table 'subnets', document {number}: 'network_id' names 'gone', which is not in the table of networks.",
    ]


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda each: f"{each.kind.__name__}.{each.field}")
def test_references_are_fields_of_records(reference):
    assert reference.field in fields_of(reference.kind) and reference.name in fields_of(reference.target)
