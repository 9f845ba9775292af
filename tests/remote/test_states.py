"""Saved states, backups, copies and the past of a cloud behind a server."""

from __future__ import annotations

import json

import pytest

from tests.remote.conftest import run_at

CREATE = "create {} --flavor m1.tiny --image cirros -q"


@pytest.fixture
def run(own):
    return lambda line, code=0: run_at(own.url, line, code)


def list_names(run, options=""):
    return run(f"{options} list -f value -c name --sort name:asc").stdout.split()


def test_states_are_saved_loaded_and_restored_at_the_server(run, own):
    run(CREATE.format("web1"))
    assert run("cloud save one").stdout == f"{own.path}.saved-one\n"
    run(CREATE.format("web2"))
    assert run("cloud load one").stderr == "The replaced state is kept as cloud.json.bak.1.\n"
    assert list_names(run) == ["web1"]
    assert run("cloud restore 1").stdout.startswith("Restored from cloud.json.bak.1, made at ")
    assert list_names(run) == ["web1", "web2"]
    assert "web2: created" in run("cloud diff one").stdout
    assert {each["kind"] for each in json.loads(run("cloud saves -f json").stdout)} == {"backup", "saved"}
    for name in ("../one", "a/b"):
        assert "is not a valid name" in run(f"cloud save {name}", 2).stderr
    assert run(f"cloud diff {own.path}", 2).stderr == (
        f"novasim: '{own.path}' is neither the number of an entry nor a saved state.\n"
    )


def test_a_new_cloud_keeps_the_passwords_and_an_export_has_none(run, own, tmp_path):
    run("--as admin user set admin --password other")
    new = {"OS_USERNAME": "admin", "OS_PASSWORD": "other"}
    run_at(own.url, "cloud export copy.json".replace("copy", f"{tmp_path}/copy"), **new)
    assert "pbkdf2" not in (tmp_path / "copy.json").read_text()
    for line in ("cloud reset --yes", "cloud init --force --hosts 1", f"cloud import {tmp_path}/copy.json"):
        run_at(own.url, line, **new)
        assert run_at(own.url, "list", 5).stderr.startswith(f"novasim: The cloud {own.url} refused")
    run_at(own.url, "cloud export - --with-secrets", 2, **new)


def test_the_record_and_the_past_are_those_of_the_server(run):
    run("record start")
    run(CREATE.format("web1"))
    run("stop web1")
    entries = json.loads(run("log -f json").stdout)
    assert [entry["command"] for entry in entries if entry["kind"] == "request"] == [CREATE.format("web1"), "stop web1"]
    assert {entry["interface"] for entry in entries if entry["kind"] == "request"} == {"cli"}
    stop = next(entry["number"] for entry in entries if entry["command"] == "stop web1")
    assert json.loads(run(f"--at {stop - 1} show web1 -f json").stdout)["status"] == "ACTIVE"
    assert run("undo").stdout == "Undone: stop web1\n"
    assert json.loads(run("show web1 -f json").stdout)["status"] == "ACTIVE"
    assert run("record check").stdout.endswith(": complete.\n")
    assert run("redo").stdout == "Redone: stop web1\n"
    assert "stop" in run("history web1 --refusals").stdout
