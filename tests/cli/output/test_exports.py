"""Exports leave secrets out, and clouds imported from them work."""

from __future__ import annotations

import json

import pytest

from novasim.api.callers import find_caller
from novasim.api.dispatch import handle
from novasim.api.request import Request
from novasim.control.worlds import open_cloud
from novasim.records import ConsoleToken, Settings
from novasim.records import User as UserRecord
from tests.cli.conftest import User

SECRETS = ("token_key", "password_hash", "hash")


def log_in(path, name, password, **identity):
    """The code and token of a request for a token."""
    user = {"name": name, "domain": {"id": "default"}, "password": password}
    body = {"auth": {"identity": identity or {"methods": ["password"], "password": {"user": user}}}}
    cloud = open_cloud(path)
    with cloud.store.read() as tx:
        anyone = find_caller(tx, "demo")
    response = handle(cloud, Request(anyone, "POST", "/v3/auth/tokens", body=body, service="identity"))
    return response.code, response.headers.get("X-Subject-Token", "")


@pytest.fixture
def secretive(web1):
    """A cloud with users, an application credential, a token of a console and a revoked token."""
    web1("--as admin user create carol --password hunter2")
    web1("--as admin user create dave --password hunter2 --disable")
    web1("console-url web1")
    with open_cloud(web1.path).store.write() as tx:
        demo = next(user for user in tx.query(UserRecord) if user.name == "demo")
        credential = {"id": "c1", "name": "c", "description": "", "project_id": demo.default_project_id}
        more = {"roles": ["member"], "expires": None, "unrestricted": False, "hash": demo.password_hash}
        demo.credentials = [credential | more]
        tx.put(demo)
        settings = tx.get(Settings, "cloud")
        settings.revoked = {"signature": 9e9}
        tx.put(settings)
        assert tx.count(ConsoleToken) == 1
    return web1


def values_of(content, names):
    """The values of all fields with these names."""
    if isinstance(content, dict):
        for name, value in content.items():
            if name in names:
                yield value
            yield from values_of(value, names)
    elif isinstance(content, list):
        for each in content:
            yield from values_of(each, names)


def test_export_has_no_secrets_unless_requested(secretive, tmp_path):
    secretive(f"cloud export {tmp_path}/plain.json")
    secretive(f"cloud export {tmp_path}/whole.json --with-secrets")
    secretive("cloud save mine")
    plain, whole = (json.loads((tmp_path / f"{name}.json").read_text()) for name in ("plain", "whole"))
    saved = json.loads((tmp_path / "cloud.json.saved-mine").read_text())
    assert (
        not any(values_of(plain, SECRETS)) and "console_tokens" not in plain and not plain["settings"]["1"]["revoked"]
    )
    assert all(values_of(whole, ("token_key", "hash"))) and whole["console_tokens"]
    assert saved == whole
    assert (tmp_path / "cloud.json.saved-mine").stat().st_mode & 0o777 == 0o600
    assert plain["servers"] == whole["servers"] and plain.keys() == whole.keys() - {"console_tokens"}
    text = (tmp_path / "plain.json").read_text()
    assert not [secret for secret in values_of(whole, SECRETS) if secret and secret in text]


def test_imported_cloud_has_a_new_key_and_default_passwords(secretive, tmp_path):
    code, token = log_in(secretive.path, "carol", "hunter2")
    assert (code, bool(token)) == (201, True)
    before = json.loads(secretive.path.read_text())["settings"]["1"]["token_key"]
    secretive(f"cloud export {tmp_path}/plain.json")
    told = secretive(f"cloud import {tmp_path}/plain.json").stderr
    after = json.loads(secretive.path.read_text())["settings"]["1"]["token_key"]
    assert len(after) == 64 and after != before
    assert "These users have no password: carol." in told
    assert [log_in(secretive.path, name, "secret")[0] for name in ("demo", "admin")] == [201, 201]
    assert [log_in(secretive.path, "carol", password)[0] for password in ("hunter2", "secret", "")] == [401] * 3
    secretive("--as admin user set carol --password again")
    assert log_in(secretive.path, "carol", "again")[0] == 201
    assert secretive.status() == "ACTIVE"


def test_credential_of_an_imported_cloud_is_refused(secretive, tmp_path):
    identity = {"methods": ["application_credential"], "application_credential": {"id": "c1", "secret": "secret"}}
    assert log_in(secretive.path, "demo", "", **identity)[0] == 201
    secretive(f"cloud export {tmp_path}/plain.json")
    secretive(f"cloud import {tmp_path}/plain.json")
    assert log_in(secretive.path, "demo", "", **identity)[0] == 401


def test_import_with_secrets_keeps_them(secretive, tmp_path):
    secretive(f"cloud export {tmp_path}/whole.json --with-secrets")
    before = secretive.path.read_bytes()
    assert "no password" not in secretive(f"cloud import {tmp_path}/whole.json").stderr
    assert secretive.path.read_bytes() == before
    assert log_in(secretive.path, "carol", "hunter2")[0] == 201


def test_same_seed_and_commands_give_the_same_export(tmp_path, monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOCK", "manual")
    exports = []
    for name in ("a", "b"):
        user = User(tmp_path / name / "cloud.json")
        user("cloud init --seed 7")
        user.create("web1")
        user("clock advance 10s")
        exports.append(json.loads(user("cloud export -").stdout))
        exports[-1]["settings"]["1"].pop("wall_anchor")  # when the clock was set
    assert exports[0] == exports[1]
