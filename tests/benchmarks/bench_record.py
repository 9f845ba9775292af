"""
Processor time of `novasim stop` with a record, as a ratio to one without; and what the record takes on the disk.

Both with 10 and with 10,000 servers in the file. Run with `make bench`. It fails if the record costs more than
MAX_RATIO times as much, or more than MAX_BYTES for each changed server.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from novasim.api.dispatch import handle
from novasim.api.request import Request
from novasim.cloud import Cloud
from novasim.control.record import start_record, stop_record
from novasim.store import open_store
from tests.benchmarks.bench_startup import processor_time
from tests.benchmarks.clouds import MINOR, create_cloud

ROUNDS = {10: 10, 10_000: 4}  # by number of servers
MAX_RATIO = 1.10
MAX_BYTES = 32 * 1024
ACTIONS = {
    "os-stop": None,
    "os-start": None,
    "resize": {"flavorRef": "2"},
    "confirmResize": None,
    "shelve": None,
    "unshelve": None,
    "forceDelete": None,
}


@pytest.mark.parametrize("servers", list(ROUNDS))
def bench_stop(servers: int, tmp_path: Path) -> None:
    path = tmp_path / "cloud.json"
    _, _, server_id = create_cloud(path, servers)
    cloud, environment = Cloud(open_store(path)), {**os.environ, "NOVASIM_CLOUD": str(path)}

    def run(action: str) -> float:
        path.with_name(path.name + ".bak.1").touch()  # so that no save makes a backup
        return processor_time([sys.executable, "-m", "novasim", action, server_id], environment)

    times: dict[bool, list[float]] = {False: [], True: []}
    for _ in range(ROUNDS[servers]):
        for is_recorded, switch in ((False, stop_record), (True, start_record)):
            switch(cloud)
            times[is_recorded].append(run("stop"))
            run("start")
    off, on = min(times[False]), min(times[True])
    print(f"\n{servers:>6} servers: stop takes {off:.0f} ms, with a record {on:.0f} ms: {on / off:.3f} x")
    assert on <= MAX_RATIO * off


@pytest.mark.parametrize("servers", list(ROUNDS))
def bench_bytes(servers: int, tmp_path: Path) -> None:
    path = tmp_path / "cloud.json"
    caller, _, server_id = create_cloud(path, servers)
    cloud = Cloud(open_store(path, resident=True))
    start_record(cloud)
    record = Path(cloud.store.record.name)
    print(f"\n{servers:>6} servers, bytes of record:")
    for key, arguments in ACTIONS.items():
        before = record.stat().st_size
        request = Request(caller, "POST", f"/servers/{server_id}/action", MINOR, (), {key: arguments})
        assert handle(cloud, request).code in (202, 204)
        size = record.stat().st_size - before
        print(f"       {key:<14}{size:>7}")
        assert size <= MAX_BYTES
