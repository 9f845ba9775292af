"""Measures the memory of a server while clients upload images at the same time: python -m tests.attack.memory."""

from __future__ import annotations

import http.client
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.serve.server_process import ServerProcess

MIB = 2**20


def upload(server: ServerProcess, size: int) -> int:
    """Upload an image of *size* bytes as the administrator; return the code of the response."""
    fields = {"name": "big", "disk_format": "raw", "container_format": "bare"}
    image = server.request("POST", "/image/v2/images", fields, who="admin").body["id"]
    connection = http.client.HTTPConnection(server.host, server.port, timeout=300)
    headers = {"X-Auth-Token": server.token("admin"), "Content-Type": "application/octet-stream"}
    parts = (bytes(MIB) for _ in range(size // MIB))
    connection.request("PUT", f"/image/v2/images/{image}/file", parts, {**headers, "Content-Length": str(size)})
    code = connection.getresponse().status
    connection.close()
    return code


def peak_memory(server: ServerProcess) -> int:
    """The largest resident memory that the server has had, in bytes."""
    lines = Path(f"/proc/{server.process.pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def measure(count: int, size: int) -> tuple[list[int], int]:
    """Upload images at the same time. Returns the codes of the responses, and by how many bytes memory grew."""
    with tempfile.TemporaryDirectory() as folder:
        server = ServerProcess(Path(folder) / "cloud.json")
        try:
            server.request("GET", "/image/v2/images", who="admin")
            before = peak_memory(server)
            with ThreadPoolExecutor(count) as pool:
                codes = list(pool.map(lambda _: upload(server, size), range(count)))
            return codes, peak_memory(server) - before
        finally:
            server.stop()


if __name__ == "__main__":
    codes, growth = measure(6, 200 * MIB)
    print(f"6 uploads of 200 MiB: {codes}, memory grew by {growth / MIB:.0f} MiB")
