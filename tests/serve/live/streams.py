"""A client of the live page's stream, and commands in processes of their own."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from typing import Any, NamedTuple

from tests.serve.server_process import TIMEOUT, ServerProcess


class Message(NamedTuple):
    event: str
    data: dict[str, Any]
    size: int


class Stream:
    """An open stream. Without *who*, it sends no token."""

    def __init__(self, server: ServerProcess, who: str | None = None) -> None:
        self._connection = http.client.HTTPConnection(server.host, server.port, timeout=TIMEOUT)
        headers = {"X-Auth-Token": server.token(who)} if who else {}
        self._connection.request("GET", "/live/events", headers=headers)
        self.response = self._connection.getresponse()

    def read(self) -> Message | None:
        """The next message; None at the end of the stream."""
        lines: list[bytes] = []
        while line := self.response.readline():
            if line == b"\n" and any(each.startswith(b"data") for each in lines):
                fields = dict(each.decode().rstrip("\n").split(": ", 1) for each in lines if not each.startswith(b":"))
                return Message(fields["event"], json.loads(fields["data"]), sum(map(len, lines)))
            lines = [] if line == b"\n" else [*lines, line]
        return None

    def read_until(self, key: str) -> Message:
        """The next message with a key."""
        while message := self.read():
            if message.data.get(key):
                return message
        raise AssertionError(f"the stream ended without {key}")

    def close(self) -> None:
        self._connection.close()
        self.response.close()


def novasim(server: ServerProcess, *words: str, code: int = 0) -> str:
    """Run a command on the cloud of a server in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NOVASIM")}
    command = [sys.executable, "-m", "novasim", "--cloud", str(server.path), *words]
    environment = {**kept, "NOVASIM_CLOCK": "instant", "NOVASIM_SEED": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == code, done.stderr
    return done.stdout


def create(server: ServerProcess, *names: str, who: str = "demo") -> None:
    novasim(server, "--as", who, "create", *names, "--flavor", "m1.tiny", "--image", "cirros", "--network", "private")
