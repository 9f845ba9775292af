"""Shutdown, changes and damage of the cloud file, and usage errors of the command."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

import pytest

pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")

from novasim.records import Server
from novasim.store import open_store
from tests.processes import forked_python, novasim_command
from tests.serve.server_process import TIMEOUT, ForkedServer, PatientServer, becomes_true, server_body

SERVERS = "/compute/v2.1/servers"
LATEST = {"OpenStack-API-Version": "compute latest"}
ALIVE = b"GET /compute HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def novasim(path: Path, *words: str, clock: str = "instant") -> str:
    """What a command prints."""
    done = subprocess.run(
        [*novasim_command(), "--cloud", str(path), *words],
        capture_output=True,
        text=True,
        check=False,
        env={"NOVASIM_CLOCK": clock, "PATH": ""},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# --- shutdown ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 0), (signal.SIGKILL, -9)])
def test_answered_requests_survive_a_shutdown_under_load(own, number, code):
    body, created, many = server_body(own), [], threading.Event()

    def load() -> None:
        with suppress(OSError, http.client.HTTPException):
            while (response := own.request("POST", SERVERS, body, LATEST)).code == 202:
                created.append(response.body["server"]["id"])
                if len(created) > 40:
                    many.set()

    # the quota of ten would end the load at once
    novasim(own.path, "--as", "admin", "quota", "set", "demo", "--instances", "-1", "--cores", "-1", "--ram", "-1")
    threads = [threading.Thread(target=load) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert many.wait(TIMEOUT)
    ended, err = own.stop(number)
    for thread in threads:
        thread.join(TIMEOUT)
    assert (ended, err) == (code, "")
    with open_store(own.path).read() as tx:
        kept = {server.id for server in tx.query(Server)}
    assert len(created) > 40 and set(created) <= kept
    assert "no problems found" in novasim(own.path, "cloud", "check")


def test_idle_connections_do_not_delay_shutdown(tmp_path):
    server = PatientServer(tmp_path / "cloud.json")
    with server.connect() as connection:
        connection.sendall(b"GET /compute HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.recv(65536)
        assert server.stop() == (0, "")


# --- the cloud file ---------------------------------------------------------------------------------------------------


def test_commands_and_server_see_each_others_changes(own):
    id = own.request("POST", SERVERS, server_body(own), LATEST).body["server"]["id"]
    assert json.loads(novasim(own.path, "show", "s", "-f", "json"))["id"] == id
    for _ in range(3):
        novasim(own.path, "stop", id)
        assert own.request("GET", f"{SERVERS}/{id}").body["server"]["status"] == "SHUTOFF"
        assert own.request("POST", f"{SERVERS}/{id}/action", {"os-start": None}).code == 202
        assert json.loads(novasim(own.path, "show", id, "-f", "json"))["status"] == "ACTIVE"
    novasim(own.path, "delete", id)
    assert own.request("GET", f"{SERVERS}/{id}").code == 404


def test_time_passes_without_requests(tmp_path):
    """The clock is real, and a thousand times as fast: a build takes a few milliseconds."""
    path = tmp_path / "cloud.json"
    novasim(path, "clock", "set", "real", "--speed", "1000", clock="real")
    server = ForkedServer(path, NOVASIM_CLOCK="real")
    try:
        id = server.request("POST", SERVERS, server_body(server), LATEST).body["server"]["id"]
        assert becomes_true(lambda: server.request("GET", f"{SERVERS}/{id}").body["server"]["status"] == "ACTIVE")
        assert server.request("POST", f"{SERVERS}/{id}/action", {"os-stop": None}).code == 202
        assert becomes_true(lambda: server.request("GET", f"{SERVERS}/{id}").body["server"]["status"] == "SHUTOFF")
    finally:
        assert server.stop() == (0, "")


def test_damaged_file_is_503_until_it_is_repaired(own):
    body, sound = server_body(own), own.path.read_bytes()
    own.path.write_bytes(sound[:100])
    for response in (own.request("GET", SERVERS), own.request("POST", SERVERS, body, LATEST)):
        assert (response.code, list(response.body)) == (503, ["serviceUnavailable"])
        assert str(own.path) in response.body["serviceUnavailable"]["message"]
    own.path.write_bytes(sound)
    assert own.request("POST", SERVERS, body, LATEST).code == 202


def test_missing_file_is_503_until_it_is_back(own):
    body, sound = server_body(own), own.path.read_bytes()
    own.path.unlink()
    for response in (own.request("GET", SERVERS), own.request("POST", SERVERS, body, LATEST)):
        assert response.code == 503
        message = response.body["serviceUnavailable"]["message"]
        assert f"{own.path} does not exist" in message and "damaged" not in message
    own.path.write_bytes(sound)
    assert own.request("POST", SERVERS, body, LATEST).code == 202


# --- the command ---------------------------------------------------------------------------------------------------


def run_serve(*words: str, code: str = "from novasim.__main__ import main; main()") -> tuple[int, str]:
    command = [*forked_python(), "-c", code, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUT)
    return done.returncode, done.stderr


def test_port_in_use_is_a_usage_error(served, tmp_path):
    code, err = run_serve("--cloud", str(tmp_path / "c.json"), "serve", "--port", str(served.port))
    assert code == 2 and len(err.splitlines()) == 1 and str(served.port) in err


@pytest.mark.parametrize("host", ["no.such.host.invalid", "300.1.1.1", "x" * 300, "192.0.2.1"])
def test_invalid_host_is_a_usage_error(tmp_path, host):
    code, err = run_serve("--cloud", str(tmp_path / "c.json"), "serve", "--port", "0", "--host", host)
    assert code == 2 and len(err.splitlines()) == 1


def test_missing_http_stack_names_the_package(tmp_path):
    without = "import sys; sys.modules['uvicorn'] = None; from novasim.__main__ import main; main()"
    code, err = run_serve("--cloud", str(tmp_path / "c.json"), "serve", code=without)
    assert code == 2 and " -m pip install 'uvicorn>=" in err and len(err.splitlines()) == 1


def test_public_address_prints_a_warning(tmp_path):
    server = ForkedServer(tmp_path / "cloud.json", "--host", "0.0.0.0")
    code, err = server.stop()
    assert code == 0 and err.startswith("novasim: warning: ") and len(err.splitlines()) == 1
    assert "the password of demo and admin is public" in err


def test_warning_names_no_users_whose_passwords_have_changed(tmp_path):
    path = tmp_path / "cloud.json"
    for user in ("demo", "admin"):
        novasim(path, "--as", "admin", "user", "set", user, "--password", "changed")
    code, err = ForkedServer(path, "--host", "0.0.0.0").stop()
    assert code == 0 and "connections are not encrypted" in err and "password" not in err
