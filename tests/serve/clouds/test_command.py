"""The options of `novasim serve` for many clouds."""

from __future__ import annotations

import http.client
import json
import re
import urllib.request
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")

from novasim.cli.main import cli
from novasim.control.worlds import create_default_world
from novasim.store import open_store
from tests.serve.server_process import TIMEOUT, ForkedServer

USER = {"name": "demo", "password": "secret", "domain": {"id": "default"}}
AUTH = {"auth": {"identity": {"methods": ["password"], "password": {"user": USER}}}}


def serve(*words: str) -> Result:
    return CliRunner(env={"NOVASIM_RECORD": ""}).invoke(cli, ["serve", *words])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("ann", "bob"):
        create_default_world(open_store(tmp_path / f"{name}.json"), seed=1)
    return tmp_path


def test_the_server_creates_clouds_and_logs_their_paths(tmp_path):
    log, ready = tmp_path / "log.txt", tmp_path / "ready"
    clouds = ("--clouds", str(tmp_path / "lab"), "--create", "ann,bob", "--create", "cy", "--control", "open")
    process = ForkedServer(tmp_path / "cloud.json", *clouds, "--log", str(log), "--ready-file", str(ready))
    try:
        with urllib.request.urlopen(f"{process.url}/", timeout=TIMEOUT) as response:
            assert [each["name"] for each in json.load(response)["clouds"]] == ["ann", "bob", "cy"]
        assert process.request("GET", "/dora/identity/v3", who=None).code == 404
        assert process.request("GET", "/ann/compute/v2.1/servers", who=None).code == 401
        assert ready.read_text() == f"{process.url}\n"
        assert process.request("POST", "/ann/novasim/fault", {"does": "drop"}, who=None).code == 201
        with pytest.raises(http.client.RemoteDisconnected):
            process.request("GET", "/ann/identity/v3", who=None)
        assert process.request("GET", "/bob/identity/v3", who=None).code == 200
    finally:
        code, err = process.stop()
    assert (code, err.count("created a new cloud"), ready.exists()) == (0, 3, False)
    assert log.read_text().splitlines()[1:] == [
        "GET /dora/identity/v3 404 refused: There is no cloud 'dora' at this address.",
        "GET /ann/compute/v2.1/servers 401 refused: The request you have made requires authentication.",
        "POST /ann/novasim/fault 201",
        "GET /ann/identity/v3 -",
        "GET /bob/identity/v3 200",
    ]


def test_workers_serve_all_clouds_of_a_database(tmp_path):
    words = ("--clouds", f"sqlite:{tmp_path}/lab.db", "--create", "ann,bob", "--workers", "2")
    process = ForkedServer(tmp_path / "cloud.json", *words)
    try:
        for name in ("ann", "bob"):
            created = [
                process.request("POST", f"/{name}/identity/v3/auth/tokens", AUTH, who=None).headers["X-Subject-Token"]
                for _ in range(6)
            ]
            for token in created:
                path, headers = f"/{name}/compute/v2.1/os-server-groups", {"X-Auth-Token": token}
                body = {"server_group": {"name": f"group{created.index(token)}", "policies": ["affinity"]}}
                assert process.request("POST", path, body, headers, None).code == 200
                listed = process.request("GET", path, headers=headers, who=None).body["server_groups"]
                assert len(listed) == created.index(token) + 1
    finally:
        code, err = process.stop()
    assert (code, err.count("\n")) == (0, 2), err


def test_clouds_yaml_has_an_entry_for_each_cloud(folder):
    done = serve("--clouds", str(folder), "--create", "cy", "--write-clouds-yaml", str(folder / "clouds.yaml"))
    assert done.exit_code == 0, done.stderr
    clouds = yaml.safe_load((folder / "clouds.yaml").read_text())["clouds"]
    assert {name: cloud["auth"]["auth_url"] for name, cloud in clouds.items()} == {
        name: f"http://127.0.0.1:8774/{name}/identity/v3" for name in ("ann", "bob", "cy")
    }
    assert not (folder / "cy.json").exists()


def test_variables_are_those_of_one_cloud(folder):
    done = serve("--clouds", str(folder), "--create", "ann", "--print-env")
    assert "OS_AUTH_URL=http://127.0.0.1:8774/ann/identity/v3\n" in done.stdout
    assert re.search("export TOKEN=.+", done.stdout)
    refused = serve("--clouds", str(folder), "--print-env")
    assert (refused.exit_code, "has 2. Use --write-clouds-yaml" in refused.stderr) == (2, True)


def test_a_classroom_has_one_process(folder):
    done = CliRunner().invoke(cli, ["serve", "--classroom", str(folder), "--workers", "2", "--port", "0"])
    assert (done.exit_code, "--workers" in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("option", ["--clouds", "--classroom"])
def test_a_cloud_named_before_the_command_is_refused(folder, option):
    done = CliRunner().invoke(cli, ["--cloud", str(folder / "ann.json"), "serve", option, str(folder), "--port", "0"])
    assert (done.exit_code, "--cloud" in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--clouds", "ann.json"), "is a file. --clouds needs a folder"),
        (("--clouds", "missing"), "There is no folder missing. --create NAME creates it"),
        (("--clouds", ".", "--create", "../x"), "'../x' is not a name of a cloud"),
        (("--clouds", ".", "--create", "Ann"), "'Ann' is not a name of a cloud"),
        (("--clouds", ".", "--create", "ann,"), "'' is not a name of a cloud"),
        (("--clouds", ".", "--create", "identity"), "it is that of a service or a page"),
        (("--clouds", ".", "--cloud", "ann.json"), "--cloud is for one cloud"),
        (("--clouds", "sqlite:lab.db?cloud=ann"), "without ?cloud=ann"),
        (("--clouds", ".", "--record", "all.record"), "--record and NOVASIM_RECORD are for one cloud"),
        (("--create", "ann"), "need --clouds"),
    ],
)
def test_misuse_is_a_clear_line(folder, monkeypatch, words, message):
    monkeypatch.chdir(folder)
    done = serve(*words, "--port", "0")
    assert (done.exit_code, message in done.stderr) == (2, True), done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert sorted(path.name for path in folder.iterdir() if path.suffix == ".json") == ["ann.json", "bob.json"]
