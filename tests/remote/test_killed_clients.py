"""A client that is killed while it holds a cloud leaves nothing, and frees it within seconds."""

from __future__ import annotations

import subprocess
import sys

import pytest

from novasim.serve.remote.leases import IDLE
from novasim.simulation.time import clock
from tests import IS_FULL
from tests.remote.conftest import OWNER, run_at

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


@pytest.mark.skipif(not IS_FULL, reason="it waits a second for each client; make fuzz does")
@pytest.mark.parametrize("time", range(3))
def test_a_killed_client_leaves_nothing(served, time):
    command = [sys.executable, "-c", HOLD, served.url]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env={"PATH": "", **OWNER}) as client:
        assert client.stdout is not None
        assert client.stdout.readline() == "lost\n"
        client.kill()
        killed = clock.wall()
    run_at(served.url, f"--as admin flavor create kept{time} --vcpus 1 --ram 64 --disk 1")
    assert clock.wall() - killed < IDLE  # the end of its connection counts, and not its silence
    assert "lost" not in run_at(served.url, "flavor list -f value -c name").stdout.split()
