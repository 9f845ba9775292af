"""Simulators as processes, to each of which the same questions can be put."""

from __future__ import annotations

import http.client
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.load import ClientPool, encode_request
from tests.serve.server_process import ServerProcess

FOLDER = Path(sys.prefix, "peers", "bin")  # the environment that `make bench` creates
SERVERS = "/compute/v2.1/servers"
CLIENTS = 32


def processor_time(pid: int) -> float:
    """Processor time of all threads of a process, also of those that have ended, in seconds."""
    return time.clock_gettime(~pid << 3 | 2)  # the clock that clock_getcpuclockid(3) returns


def measure(pid: int, step: Callable[[], object]) -> float:
    """Processor time that a process spends on a step, in milliseconds."""
    start = processor_time(pid)
    step()
    return (processor_time(pid) - start) * 1000


class Mimic:
    """mimic's Nova. It answers a list with all servers, whatever their number."""

    def __init__(self) -> None:
        port = find_free_port()
        command = [FOLDER / "twistd", "--nodaemon", "--pidfile=", "mimic", f"--listen=tcp:{port}", "--realtime"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for_port(port)
        self.size, self._connection = 0, http.client.HTTPConnection("127.0.0.1", port)
        self._headers = {"Content-Type": "application/json"}
        credentials = {"auth": {"passwordCredentials": {"username": "ann", "password": "secret"}}}
        access = json.loads(self._send("POST", "/identity/v2.0/tokens", credentials))["access"]
        nova = next(each for each in access["serviceCatalog"] if each["name"] == "cloudServersOpenStack")
        self._path = re.sub(r"^http://[^/]+", "", nova["endpoints"][0]["publicURL"]) + "/servers"
        self._headers["X-Auth-Token"] = access["token"]["id"]

    def _send(self, method: str, path: str, body: Any = None) -> bytes:
        self._connection.request(method, path, body and json.dumps(body), self._headers)
        response = self._connection.getresponse()
        content = response.read()
        assert response.status < 300, content
        return content

    def create(self, count: int) -> None:
        """Create servers, one after the other."""
        for _ in range(count):
            self._send("POST", self._path, {"server": {"name": "s", "flavorRef": "2", "imageRef": "image"}})
        self.size += count

    def list_all(self) -> None:
        """List all servers in detail."""
        assert self._send("GET", self._path + "/detail").count(b'"OS-DCF:diskConfig"') == self.size

    def close(self) -> None:
        self._connection.close()
        self.process.terminate()
        self.process.wait()


class Moto:
    """moto's EC2, which closes each connection."""

    def __init__(self) -> None:
        self._port = find_free_port()
        command = [FOLDER / "moto_server", "-H", "127.0.0.1", "-p", str(self._port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for_port(self._port)
        self.size = 0
        found = re.search(rb"<imageId>(ami-\w+)", self._send("DescribeImages"))
        assert found
        self._image = found[1].decode()

    def _send(self, action: str, **more: object) -> bytes:
        words = {"Action": action, "Version": "2016-11-15", **more}
        scope = "Credential=x/20260101/us-east-1/ec2/aws4_request"
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self._port)
        connection.request("POST", "/", "&".join(f"{name}={value}" for name, value in words.items()), headers)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        assert response.status == 200, content
        return content

    def fill(self, count: int) -> None:
        """Create instances by one request."""
        self._send("RunInstances", ImageId=self._image, InstanceType="t2.micro", MinCount=count, MaxCount=count)
        self.size += count

    def create(self, count: int) -> None:
        """Create instances, one after the other."""
        for _ in range(count):
            self.fill(1)

    def list_all(self) -> None:
        """List all instances."""
        assert self._send("DescribeInstances").count(b"<instanceId>") == self.size

    def close(self) -> None:
        self.process.terminate()
        self.process.wait()


class Novasim:
    """`novasim serve` over a cloud with the instant clock: each change is on the disk before it is answered."""

    def __init__(self, address: str, server: dict[str, str]) -> None:
        self._served = ServerProcess(address)
        self.process, self._server = self._served.process, server
        self._headers = {"OpenStack-API-Version": "compute 2.96", "X-Auth-Token": self._served.token("demo")}
        self._clients = ClientPool((self._served.host, self._served.port), CLIENTS)
        self.id = json.loads(self._get(f"{SERVERS}?limit=1"))["servers"][0]["id"]
        self._changes = 0

    def _get(self, path: str) -> bytes:
        return next(self._clients.responses([encode_request("GET", path, self._headers)]))

    def create(self, count: int) -> None:
        """Create servers, CLIENTS at the same time."""
        request = encode_request("POST", SERVERS, self._headers, {"server": self._server})
        self._clients.rate([request] * count)

    def create_in_turn(self, count: int) -> None:
        """Create servers, one after the other."""
        request = encode_request("POST", SERVERS, self._headers, {"server": self._server})
        for _ in range(count):
            self._clients.rate([request])

    def change(self) -> None:
        """Rename a server."""
        self._changes += 1
        body = {"server": {"name": f"s{self._changes}"}}
        request = encode_request("PUT", f"{SERVERS}/{self.id}", self._headers, body)
        next(self._clients.responses([request]))

    def list_all(self, path: str = "/detail") -> None:
        """List all servers, or what another path or query asks for."""
        self._get(f"{SERVERS}{path}")

    def close(self) -> None:
        self._clients.close()
        assert self._served.stop()[0] == 0


def find_free_port() -> int:
    """A port of the loopback interface that is free now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def wait_for_port(port: int) -> None:
    """Wait until a server of this machine accepts connections."""
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"no server at port {port}")
