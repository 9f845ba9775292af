"""`novasim serve` in a process of its own, and a plain HTTP client for it."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.processes import PLAIN, forked_python, novasim_command

TIMEOUT = 120  # seconds; nothing takes more than one, but the machine can be busy

PATIENT = """
from novasim.__main__ import main
from novasim.serve import deadline, http_limits

deadline.SHUTDOWN_TIMEOUT = deadline.EXIT_TIMEOUT = http_limits.CLOSE_TIMEOUT = 3600
main()
"""


class HttpResponse(NamedTuple):
    code: int
    headers: http.client.HTTPMessage
    content: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.content)


class ServerProcess:
    """`novasim serve` on a free port; a cloud with the instant clock unless the environment says otherwise."""

    command: tuple[str, ...] = PLAIN

    def __init__(self, path: Path | str, *options: str, **environment: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NOVASIM")}
        one_cloud = () if {"--clouds", "--classroom"} & {*options} else ("--cloud", str(path))
        words = [*self.command, *one_cloud, "serve", "--port", "0", *options]
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
        address = re.search(r"http://(\S+?):(\d+) ", line)
        if not address:
            raise AssertionError(f"no address in {line!r}: {self.stop()[1]}")
        self.host, self.port = address[1], int(address[2])
        self.url = f"http://{self.host}:{self.port}"

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        who: str | None = "demo",
    ) -> HttpResponse:
        """Send a request on a new connection, with a token of *who*. A body other than bytes is sent as JSON."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=TIMEOUT)
        all_headers = {**({"X-Auth-Token": self.token(who)} if who else {}), **(headers or {})}
        if body is not None and not isinstance(body, bytes):
            body, all_headers = json.dumps(body).encode(), {"Content-Type": "application/json", **all_headers}
        try:
            connection.request(method, path, body, all_headers)
            response = connection.getresponse()
            return HttpResponse(response.status, response.headers, response.read())
        finally:
            connection.close()

    def token(self, who: str) -> str:
        """A token of a default user."""
        if who not in self._tokens:
            user = {"name": who, "password": "secret", "domain": {"id": "default"}}
            auth = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}}}
            response = self.request("POST", "/identity/v3/auth/tokens", auth, who=None)
            assert response.code == 201, response
            self._tokens[who] = response.headers["X-Subject-Token"]
        return self._tokens[who]

    def send_raw(self, data: bytes) -> bytes:
        """Send bytes unchanged; return everything until the server closes the connection."""
        with self.connect() as connection:
            connection.sendall(data)
            return read_all(connection)

    def connect(self) -> socket.socket:
        return socket.create_connection((self.host, self.port), timeout=TIMEOUT)

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """End the process with a signal; return its exit code and stderr, without the note about a new cloud."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        _, err = self.process.communicate(timeout=TIMEOUT)
        return self.process.returncode, err.removeprefix(f"novasim: created a new cloud: {self.path}\n")


class ForkedServer(ServerProcess):
    """A server that starts faster, in a child of the fork server. `process` is its client, which passes signals on."""

    def __init__(self, path: Path | str, *options: str, **environment: str) -> None:
        self.command = novasim_command()
        super().__init__(path, *options, **environment)


class PatientServer(ServerProcess):
    """A server that waits for connections and requests after SIGTERM for longer than a test takes."""

    def __init__(self, path: Path | str, *options: str, **environment: str) -> None:
        self.command = (*forked_python(), "-c", PATIENT)
        super().__init__(path, *options, **environment)


def read_all(connection: socket.socket) -> bytes:
    """Read until the other side closes the connection."""
    parts = []
    while True:
        try:
            part = connection.recv(65536)
        except ConnectionResetError:
            part = b""
        if not part:
            return b"".join(parts)
        parts.append(part)


def server_body(served: ServerProcess) -> dict[str, object]:
    """The body of a request for a new server."""
    images = served.request("GET", "/image/v2/images").body["images"]
    image = next(each["id"] for each in images if each["name"] == "cirros")
    return {"server": {"name": "s", "flavorRef": "1", "imageRef": image, "networks": "none"}}


def becomes_true(check: Callable[[], bool]) -> bool:
    """Whether *check* becomes true within TIMEOUT."""
    ends = time.monotonic() + TIMEOUT
    while time.monotonic() < ends:
        if check():
            return True
        time.sleep(0.02)
    return False
