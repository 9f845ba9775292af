"""A client that is killed while it holds a cloud leaves nothing, and frees it within seconds."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests import IS_FULL
from tests.remote.conftest import OWNER, run_at
from tests.serve.server_process import ServerProcess

HOLD = """
import os, sys
from novasim.cli.remote.session import RemoteSession
session = RemoteSession(sys.argv[1], "admin", None)
with session.transaction(writes=True):
    body = {"flavor": {"name": "lost", "ram": 64, "vcpus": 1, "disk": 1}}
    session.request("POST", "/flavors", body)
    print(session.get("/flavors")["flavors"][-1]["name"], flush=True)
    sys.stdin.read()
"""


SERVE = """
from novasim.__main__ import main
from novasim.serve.remote.leases import LOST, Leases

Leases.__init__.__defaults__ = (3600.0, 3600.0, LOST)
main()
"""


class Server(ServerProcess):
    """A server that waits for a silent client for longer than a test takes, and not if its connection has ended."""

    command = (sys.executable, "-c", SERVE)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    server = Server(tmp_path_factory.mktemp("served") / "cloud.json")
    yield server
    assert server.stop() == (0, "")


@pytest.mark.skipif(not IS_FULL, reason="it waits a second for each client; make fuzz does")
@pytest.mark.parametrize("time", range(3))
def test_a_killed_client_leaves_nothing(served, time):
    command = [sys.executable, "-c", HOLD, served.url]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env={"PATH": "", **OWNER}) as client:
        assert client.stdout is not None
        assert client.stdout.readline() == "lost\n"
        client.kill()
    run_at(served.url, f"--as admin flavor create kept{time} --vcpus 1 --ram 64 --disk 1")
    assert "lost" not in run_at(served.url, "flavor list -f value -c name").stdout.split()
