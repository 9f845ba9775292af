"""A client of the live page's stream, and commands outside of the server's process."""

from __future__ import annotations

import http.client
import json
from typing import Any, NamedTuple

from click.testing import CliRunner

from novasim.cli.main import cli
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
    """Run a command on the cloud of a server, in the process of the test."""
    runner = CliRunner(env={"NOVASIM_CLOCK": "instant", "NOVASIM_SEED": "1"})
    done = runner.invoke(cli, ["--cloud", str(server.path), *words])
    assert done.exit_code == code, done.stderr
    return done.stdout


def create(server: ServerProcess, *names: str, who: str = "demo") -> None:
    novasim(server, "--as", who, "create", *names, "--flavor", "m1.tiny", "--image", "cirros", "--network", "private")
