"""Wrong values inside valid JSON: no command fails with an internal error or a traceback, and no request with 500."""

from __future__ import annotations

import json
import random

import pytest

from novasim.api.request import Request
from novasim.cloud import Cloud
from novasim.errors import CellDown, CloudFileError, InternalFault
from novasim.records import TABLES, Caller, Record
from novasim.serve.writer import handle_safely
from novasim.store import open_store
from novasim.store.documents import check_records
from novasim.store.migrate import load
from tests.attack import extent
from tests.attack.damage.mutations import Mutation, sample_mutations
from tests.attack.sample import build_sample, list_commands, run

MUTATIONS = extent(12, 200)
COMMANDS = 10  # per mutation
ADMIN = Caller("admin", "admin", ("admin", "member", "reader"), "admin", "admin")
PATHS = {
    "compute": ("/servers/detail", "/flavors/detail", "/os-hypervisors/detail", "/os-migrations", "/os-keypairs"),
    "image": ("/v2/images",),
    "network": ("/v2.0/networks", "/v2.0/ports", "/v2.0/subnets", "/v2.0/security-groups", "/v2.0/floatingips"),
    "volume": ("/volumes/detail", "/snapshots/detail", "/types"),
    "identity": ("/v3/users", "/v3/projects", "/v3/domains", "/v3/services", "/v3/endpoints", "/v3/regions"),
}


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A cloud file with a document in every table."""
    path = tmp_path_factory.mktemp("sample") / "cloud.json"
    build_sample(path)
    return path.read_bytes()


def test_a_sound_file_has_no_damage(content, tmp_path):
    check_records(load(content, "sample")[0], "sample")
    path = tmp_path / "cloud.json"
    path.write_bytes(content)
    assert run(path, "volume create vol9 --size 1").exit_code == 0
    assert (tmp_path / "cloud.json.bak.1").read_bytes() == content


def test_no_command_ends_with_an_internal_error(content, tmp_path):
    chance, path = random.Random(1), tmp_path / "cloud.json"
    for mutation in sample_mutations(content, MUTATIONS, seed=1):
        damaged = mutation.apply(content)
        for line in chance.sample(list_commands(), COMMANDS):
            if not path.exists() or path.read_bytes() != damaged:
                path.write_bytes(damaged)
            done = run(path, line)
            assert done.exit_code != 1, (mutation, line, done.stderr)
            assert isinstance(done.exception, SystemExit | None), (mutation, line, done.exception)


def test_no_request_ends_with_an_internal_error(content, tmp_path, capsys):
    path = tmp_path / "cloud.json"
    for mutation in sample_mutations(content, MUTATIONS, seed=2):
        path.write_bytes(mutation.apply(content))
        cloud = Cloud(open_store(path))
        for service, paths in PATHS.items():
            for where in paths:
                response = handle_safely(cloud, Request(ADMIN, "GET", where, 96, service=service))
                is_bug = isinstance(response.fault, InternalFault) and not isinstance(response.fault, CellDown)
                assert not is_bug, (mutation, where, capsys.readouterr().err)


@pytest.mark.parametrize("kind", TABLES.values(), ids=TABLES)
def test_wrong_type_is_named_with_table_id_and_field(content, tmp_path, kind: type[Record]):
    path, field = tmp_path / "cloud.json", next(name for name in kind.__annotations__ if name != "table")
    if field == "format":
        field = "speed"
    path.write_bytes(Mutation(kind.table, (field,), "nested").apply(content))
    problem = f"in table '{kind.table}', record '.*': '{field}' should be "
    with open_store(path).read() as tx, pytest.raises(CloudFileError, match=problem):
        tx.query(kind)


VALUES = [
    ("servers", "vm_state", "banana", "a known value"),
    ("settings", "clock", "banana", "a known value"),
    ("subnets", "cidr", "banana", "a network"),
    ("migrations", "new_flavor", {"id": "1"}, "a flavor"),
    ("tasks", "action", "banana", "the name of an action or of a timer"),
    ("servers", "created_at", "yesterday", "a time such as"),
    ("instance_actions", "events", [{}], "a list of objects with valid event"),
]


@pytest.mark.parametrize(("table", "field", "value", "words"), VALUES)
def test_wrong_value_of_the_right_type_is_named(content, tmp_path, table, field, value, words):
    path, tables = tmp_path / "cloud.json", json.loads(content)
    for document in tables[table].values():
        document[field] = value
    path.write_text(json.dumps(tables))
    problem = f"in table '{table}', record '.*': '{field}' should be {words}"
    with pytest.raises(CloudFileError, match=problem), Cloud(open_store(path)).reading():
        raise ValueError("as if the value had caused it")


@pytest.mark.parametrize("hashed", ["pbkdf2:many:salt:00", f"pbkdf2:99999999:salt:{'0' * 64}", "banana"])
def test_damaged_password_hash_is_named(content, tmp_path, hashed):
    path, tables = tmp_path / "cloud.json", json.loads(content)
    for user in tables["users"].values():
        user["password_hash"] = hashed
    path.write_text(json.dumps(tables))
    user = {"name": "demo", "domain": {"id": "default"}, "password": "secret"}
    identity = {"methods": ["password"], "password": {"user": user}}
    request = Request(ADMIN, "POST", "/v3/auth/tokens", body={"auth": {"identity": identity}}, service="identity")
    response = handle_safely(Cloud(open_store(path)), request)
    assert response.code == 503
    assert "in table 'users', record " in str(response.fault)
    assert "'password_hash' should be the hash of a password" in str(response.fault)
