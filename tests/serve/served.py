"""A server started as a user starts it, in a process of its own, and plain HTTP to talk to it."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

START = 30  # seconds; it takes less than one, but machines can be busy


class Answer(NamedTuple):
    code: int
    headers: http.client.HTTPMessage
    content: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.content)


class Served:
    """`novasim serve` on a free port; a cloud with the instant clock unless the environment says otherwise."""

    def __init__(self, path: Path, *options: str, **environment: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NOVASIM")}
        words = [sys.executable, "-m", "novasim", "--cloud", str(path), "serve", "--port", "0", *options]
        self.path = path
        self._tokens: dict[str, str] = {}
        self.process = subprocess.Popen(
            words,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**kept, "NOVASIM_CLOCK": "instant", "NOVASIM_SEED": "1", **environment},
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.search(r"http://(\S+?):(\d+) ", line)
        if not found:
            raise AssertionError(f"no address in {line!r}: {self.stop()[1]}")
        self.host, self.port = found[1], int(found[2])
        self.url = f"http://{self.host}:{self.port}"

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        who: str | None = "demo",
    ) -> Answer:
        """Send a request on a connection of its own, with a token of *who*; a body but bytes is sent as JSON."""
        link = http.client.HTTPConnection(self.host, self.port, timeout=START)
        sent = {**({"X-Auth-Token": self.token(who)} if who else {}), **(headers or {})}
        if body is not None and not isinstance(body, bytes):
            body, sent = json.dumps(body).encode(), {"Content-Type": "application/json", **sent}
        try:
            link.request(method, path, body, sent)
            answer = link.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            link.close()

    def token(self, who: str) -> str:
        """A token of a default user."""
        if who not in self._tokens:
            user = {"name": who, "password": "secret", "domain": {"id": "default"}}
            auth = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}}}
            answer = self.ask("POST", "/identity/v3/auth/tokens", auth, who=None)
            assert answer.code == 201, answer
            self._tokens[who] = answer.headers["X-Subject-Token"]
        return self._tokens[who]

    def raw(self, data: bytes) -> bytes:
        """Send bytes as they are; what comes back until the server ends the connection."""
        with self.connection() as link:
            link.sendall(data)
            return drained(link)

    def connection(self) -> socket.socket:
        return socket.create_connection((self.host, self.port), timeout=START)

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """End it; its exit code, and what it said on stderr."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        _, err = self.process.communicate(timeout=START)
        return self.process.returncode, err


def drained(link: socket.socket) -> bytes:
    """All that comes until the other side ends the connection."""
    pieces = []
    while True:
        try:
            piece = link.recv(65536)
        except ConnectionResetError:
            piece = b""
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
