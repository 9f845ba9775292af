"""The fork server: its commands behave as processes of their own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from array import array
from pathlib import Path

import pytest

from tests.processes import PLAIN, forked_python, novasim_command
from tests.serve.server_process import ForkedServer, becomes_true

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def test_a_command_has_the_streams_folder_environment_and_exit_code_of_a_process(tmp_path):
    settings = {**os.environ, "NOVASIM_CLOUD": "lab.json", "NOVASIM_CLOCK": "instant", "NOVASIM_SEED": "1"}
    lines = ["cloud init --scenario /dev/stdin", "flavor list -f csv", "show nope", "list -f json", "shwo"]
    results = []
    for name, command in (("plain", PLAIN), ("forked", novasim_command())):
        (tmp_path / name).mkdir()
        for line in lines:
            done = subprocess.run(
                [*command, *line.split()],
                cwd=tmp_path / name,
                env=settings,
                input=b'{"servers": [{"name": "web1"}]}' if "stdin" in line else b"",
                capture_output=True,
                check=False,
            )
            results.append((done.returncode, done.stdout, done.stderr.replace(name.encode(), b"")))
    plain, forked = results[: len(lines)], results[len(lines) :]
    assert plain == forked
    assert [code for code, _, _ in plain] == [0, 0, 3, 0, 2]


def test_signals_reach_the_command(tmp_path):
    assert ForkedServer(tmp_path / "cloud.json").stop(signal.SIGTERM) == (0, "")


def test_a_command_ends_with_its_client(tmp_path: Path):
    server = ForkedServer(tmp_path / "cloud.json")
    server.stop(signal.SIGKILL)

    def has_ended() -> bool:
        try:
            server.connect().close()
        except ConnectionRefusedError:
            return True
        return False

    assert becomes_true(has_ended)


@pytest.mark.parametrize("part", [b"", b"\0\0\0\7abc"])
def test_a_client_that_ends_before_its_request_is_complete_ends_nothing(part: bytes):
    *_, path = forked_python()
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(path)
        if part:
            client.sendmsg([part[:4]], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", [0, 1, 2]))])
            client.sendall(part[4:])
    done = subprocess.run([*novasim_command(), "--version"], capture_output=True, text=True, check=True)
    assert "novasim" in done.stdout
