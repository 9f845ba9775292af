"""Who may use commands on a cloud behind a server, and which secrets stay there."""

from __future__ import annotations

import json

import pytest

from novasim.errors import CloudFileError
from novasim.filelock import lock_file
from novasim.remote import credentials
from novasim.remote.address import parse_address
from novasim.remote.credentials import Credentials, find_credentials, read_joined, save_joined
from novasim.remote.joining import join_class
from tests.remote.conftest import run_at

WHO = "OS_USERNAME and OS_PASSWORD must be those of an administrator of the cloud."
ADDRESS = parse_address("http://192.0.2.1:8774/ann")


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        ({"OS_USERNAME": "demo", "OS_PASSWORD": "secret"}, "demo may not use commands on the cloud {url}."),
        ({"OS_USERNAME": "admin", "OS_PASSWORD": "wrong"}, "The cloud {url} refused your credentials."),
        ({"OS_TOKEN": "wrong"}, "The cloud {url} refused your credentials."),
        ({"OS_USERNAME": "admin"}, "The cloud {url} needs your credentials."),
    ],
)
def test_only_administrators_use_commands(served, run, variables, problem):
    others = " Other users use the clients of OpenStack." if "may not" in problem else ""
    for line in ("list", "clock show", "stop web1"):
        assert run(line, 5, **variables).stderr == f"novasim: {problem.format(url=served.url)} {WHO}{others}\n"


def test_a_token_is_enough(served, run):
    assert run("clock show -f value -c mode", OS_TOKEN=served.token("admin")).stdout == "instant\n"


def test_a_password_in_the_address_is_not_printed(served, run):
    url = served.url.replace("http://", "http://admin:secret@")
    done = run(f"--cloud {url} stop nothing", 3, OS_USERNAME="demo")
    assert served.url in run(f"--cloud {url} cloud path", OS_USERNAME="demo").stdout
    assert "secret" not in done.output


def test_commands_act_as_the_named_caller(run):
    assert "Policy doesn't allow" in run("flavor create big --vcpus 64 --ram 1024 --disk 1", 5).stderr
    run("--as admin flavor create big --vcpus 64 --ram 1024 --disk 1")


def test_secrets_stay_at_the_server(served):
    content = served.request("GET", "/novasim/remote/documents", who="admin", headers={"Accept-Encoding": ""})
    import gzip

    tables = json.loads(gzip.decompress(content.content))["tables"]
    settings, users = tables["settings"]["1"], tables["users"].values()
    assert (settings["token_key"], settings["revoked"]) == ("", {})
    assert {user["password_hash"] for user in users} == {""}
    key = json.loads(served.path.read_bytes())["settings"]["1"]["token_key"]
    assert key
    assert key not in json.dumps(tables)


@pytest.mark.parametrize("who", [None, "demo"])
@pytest.mark.parametrize("path", ["documents", "requests", "calls", "leases", "commit"])
def test_each_path_needs_the_token_of_an_administrator(served, path, who):
    method = "GET" if path == "documents" else "POST"
    assert served.request(method, f"/novasim/remote/{path}", {}, who=who).code == (403 if who else 401)


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("requests", {"request": {}}),
        ("requests", {"request": 1}),
        ("requests", {"request": {"query": [1], "body": {}}}),
        ("calls", {"name": "states.load_state", "arguments": ["first"], "options": {}}),
        ("calls", {"name": "os.system", "arguments": ["true"], "options": {}}),
        ("states", {"operation": "erase"}),
        ("requests", None),
    ],
)
def test_malformed_commands_are_refused(served, path, more):
    body = [] if more is None else {"as": "demo", "words": [], "step": "1", **more}
    found = served.request("POST", f"/novasim/remote/{path}", body, {"novasim-key": str(more) + path}, "admin")
    assert found.code == 400 or found.body["raised"]["kind"] == "UsageError"


def test_credentials_of_another_cloud_are_not_sent(tmp_path):
    own = {"OS_USERNAME": "ann", "OS_PASSWORD": "x", "OS_AUTH_URL": "http://192.0.2.1:8774/ann/identity/v3"}
    assert find_credentials(ADDRESS, str(tmp_path), own).password == "x"
    for url in ("https://cloud.example.com/identity/v3", "http://192.0.2.1:8774/bob/identity/v3", "nonsense"):
        assert find_credentials(ADDRESS, str(tmp_path), own | {"OS_AUTH_URL": url}) == Credentials()


def test_credentials_of_a_joined_cloud_are_saved_for_their_owner_only(tmp_path):
    path = save_joined(str(tmp_path), "http://192.0.2.1:8774/ann/", Credentials(user="ann", password="x"))
    assert find_credentials(ADDRESS, str(tmp_path), {}) == Credentials(user="ann", password="x")
    assert find_credentials(ADDRESS._replace(path="/bob"), str(tmp_path), {}) == Credentials()
    assert (tmp_path / "joined.json").stat().st_mode & 0o777 == 0o600
    assert path == str(tmp_path / "joined.json")


def test_credentials_are_saved_by_one_command_at_a_time(tmp_path, monkeypatch):
    folder, bob = str(tmp_path), Credentials(user="bob", password="y")
    save_joined(folder, "http://192.0.2.1:8774/ann", Credentials(user="ann", password="x"))
    monkeypatch.setattr(credentials, "LOCK_TIMEOUT", 0.0)
    lock = lock_file(f"{folder}/joined.json.lock", 0.0, bool)
    with lock, pytest.raises(CloudFileError, match="locked by process"):
        save_joined(folder, "http://192.0.2.1:8774/bob", bob)
    save_joined(folder, "http://192.0.2.1:8774/bob", bob)
    assert [each["user"] for each in read_joined(folder).values()] == ["ann", "bob"]


def test_a_join_word_is_not_used_up_if_credentials_cannot_be_saved(tmp_path):
    (tmp_path / "joined.json").write_text("[")
    with pytest.raises(CloudFileError, match="with your credentials cannot be read"):
        join_class("http://127.0.0.1:1", "ann", "word", str(tmp_path))


def test_a_path_without_a_cloud_is_not_one_that_exists(served):
    stderr = run_at(f"{served.url}/nowhere", "cloud init", 9).stderr
    assert "already exists" not in stderr and f"{served.url}/nowhere" in stderr
