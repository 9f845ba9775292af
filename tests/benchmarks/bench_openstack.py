"""
Costs of OpenStack's grammar and of tests with openstacksdk, as ratios.

The grammar: processor time, to `novasim list` and to the real client. A test: elapsed time, to a new server for each.

Run with `make bench`. What needs the clients of the extra `clients` is skipped without them.
"""

from __future__ import annotations

import importlib.util
import os
import statistics
import sys
import sysconfig
import time
from pathlib import Path

import pytest

from novasim.remote.clients import client_variables
from tests.benchmarks.bench_startup import RUNS, WARM_UP, processor_time
from tests.serve.server_process import ServerProcess

SERVERS = 10
MAX_TO_LIST = 1.3
MAX_TO_REAL_CLIENT = 1 / 6
REAL_CLIENT_RUNS = 5
MAX_TO_NEW_SERVER = 1 / 10


def bench_server_list(tmp_path: Path) -> None:
    path = tmp_path / "cloud.json"
    environment = {**os.environ, "NOVASIM_CLOUD": str(path), "NOVASIM_CLOCK": "instant"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    novasim = [sys.executable, "-m", "novasim"]
    names = [f"web{number}" for number in range(SERVERS)]
    processor_time([*novasim, "create", *names, *"--flavor m1.tiny --image cirros -q".split()], environment)
    ours = _median([*novasim, "openstack", "server", "list"], environment, RUNS)
    plain = _median([*novasim, "list", "-f", "json"], environment, RUNS)
    print(f"\nnovasim openstack server list {ours:.1f} ms, {ours / plain:.2f} x novasim list -f json ({plain:.1f} ms)")
    if importlib.util.find_spec("openstackclient"):
        served = ServerProcess(path)
        settings = {**environment, **client_variables(served.url, "demo", "demo")}
        real = _median([f"{sysconfig.get_path('scripts')}/openstack", "server", "list"], settings, REAL_CLIENT_RUNS)
        served.stop()
        print(f"the real client {real:.0f} ms, {real / ours:.1f} x ours")
        assert ours <= MAX_TO_REAL_CLIENT * real
    assert ours <= MAX_TO_LIST * plain


def _median(command: list[str], environment: dict[str, str], runs: int) -> float:
    times = [processor_time(command, environment) for _ in range(WARM_UP + runs)]
    return statistics.median(times[WARM_UP:])


@pytest.mark.filterwarnings("ignore")  # deprecations inside openstacksdk
def bench_sdk_test() -> None:
    pytest.importorskip("openstack", reason="the extra novasim[clients] is not installed")
    from tests.clients.test_cost import measure_end, measure_test

    for kind, clock in (("processor time", time.process_time), ("elapsed", time.perf_counter)):
        before, fixture, _ = measure_test(clock)
        print(
            f"\na test with openstacksdk: {fixture:.1f} ms, with a new server and connection {before:.1f} ms ({kind})"
        )
    uvicorn, end = measure_end()
    print(f"the end of a server: {end:.1f} ms, with uvicorn {uvicorn:.1f} ms (elapsed)")
    assert fixture <= MAX_TO_NEW_SERVER * before
    assert end <= MAX_TO_NEW_SERVER * uvicorn
