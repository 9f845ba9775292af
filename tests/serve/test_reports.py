"""What `novasim serve` reports: a log of requests, and a file while it accepts requests."""

from __future__ import annotations

import signal
import subprocess

import pytest

from novasim.errors import UsageError
from novasim.serve.ready_file import ReadyFile
from novasim.serve.request_log import find_reason, open_log
from tests.processes import novasim_command
from tests.serve.server_process import ForkedServer, becomes_true


def test_log_has_a_line_for_each_request_and_the_reason_of_refusals(tmp_path):
    server = ForkedServer(tmp_path / "cloud.json", "--log", str(tmp_path / "log.txt"))
    try:
        assert server.request("GET", "/compute/v2.1/servers?name=a%20b").code == 200
        assert server.request("GET", "/compute/v2.1/servers?name=a%20b").code == 200  # from the cache
        assert server.request("GET", "/compute/v2.1/servers/nope").code == 404
        assert server.request("GET", "/network/v2.0/ports/nope").code == 404
        assert server.request("POST", "/compute/v2.1/servers", {"server": {}}).code == 400
        assert server.request("DELETE", "/compute/v2.1/servers/nope?adminPass=4711&x=1&auth%5Ftoken=47").code == 404
    finally:
        server.stop()
    token, *lines = (tmp_path / "log.txt").read_text().splitlines()
    assert token == "POST /identity/v3/auth/tokens 201"
    assert lines[:3] == [
        "GET /compute/v2.1/servers?name=a%20b 200",
        "GET /compute/v2.1/servers?name=a%20b 200",
        "GET /compute/v2.1/servers/nope 404 refused: Instance nope could not be found.",
    ]
    assert lines[3].startswith("GET /network/v2.0/ports/nope 404 refused: Port nope could not be found")
    assert lines[4].startswith("POST /compute/v2.1/servers 400 refused: Invalid input for field/attribute server.")
    path = "/compute/v2.1/servers/nope?adminPass=***&x=1&auth%5Ftoken=***"
    assert lines[5:] == [f"DELETE {path} 404 refused: Instance nope could not be found."]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"itemNotFound": {"code": 404, "message": "not\\n here"}}', "not here"),
        (b'{"errors": [{"status": 404, "detail": "no provider"}]}', "no provider"),
        (
            b'{"badRequest": {"message": "Invalid input for field/attribute adminPass. Value: 4711. 4711 is not..."}}',
            "Invalid input for field/attribute adminPass. Value: ***",
        ),
        (
            b'{"badRequest": {"message": "Invalid input for query parameters password. Value: 4711. 4711 is not..."}}',
            "Invalid input for query parameters password. Value: ***",
        ),
        (b'{"error": "x"}', ""),
        (b"[]", ""),
        (b"<html>", ""),
        (b"", ""),
    ],
)
def test_reason_of_each_service(body, reason):
    assert find_reason(body) == reason


def test_log_that_cannot_be_written(tmp_path):
    with pytest.raises(UsageError, match="cannot be written"):
        open_log(str(tmp_path / "no" / "log.txt"))


def test_ready_file_exists_while_the_server_runs(tmp_path):
    path = tmp_path / "ready"
    path.write_text("http://192.0.2.1:1\n")  # of a server that was killed
    server = ForkedServer(tmp_path / "cloud.json", "--ready-file", str(path))
    server.request("GET", "/compute/v2.1/servers")  # a signal too early would end the process before the server runs
    assert path.read_text() == f"{server.url}\n"
    assert server.stop()[0] == 0
    assert not path.exists()


def test_ready_file_disappears_with_a_server_that_is_killed(tmp_path):
    path, other = tmp_path / "ready", tmp_path / "other"
    servers = [ForkedServer(tmp_path / "cloud.json", "--ready-file", str(each)) for each in (path, other)]
    assert becomes_true(lambda: path.exists() and other.exists())
    other.write_text("http://192.0.2.1:1\n")  # of a later server
    for server in servers:
        server.stop(signal.SIGKILL)
    assert becomes_true(lambda: not path.exists())
    assert other.exists()


def test_ready_file_of_a_later_server_stays(tmp_path):
    path = tmp_path / "ready"
    earlier, later = ReadyFile(str(path)), ReadyFile(str(path))
    earlier.write("http://192.0.2.1:1")
    path.unlink()
    later.write("http://192.0.2.1:2")
    earlier.remove()
    assert path.read_text() == "http://192.0.2.1:2\n"
    later.remove()
    assert not path.exists()


def test_ready_file_replaces_no_other_file(tmp_path):
    path = tmp_path / "notes"
    path.write_text("mine")
    with pytest.raises(UsageError, match="was not written by novasim serve"):
        ReadyFile(str(path))
    assert path.read_text() == "mine"
    (tmp_path / "link").symlink_to(path)
    with pytest.raises(UsageError):
        ReadyFile(str(tmp_path / "link"))


def test_environment_of_a_cloud_that_does_not_exist_has_no_token(tmp_path):
    words = [*novasim_command(), "--cloud", str(tmp_path / "c.json"), "serve", "--print-env"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert "OS_COMPUTE_URL=http://127.0.0.1:8774/compute/v2.1\n" in done.stdout
    assert " TOKEN=" not in done.stdout
    assert not (tmp_path / "c.json").exists()
