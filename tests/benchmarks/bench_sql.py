"""
Processor time of commands on a cloud in a SQLite database with many servers, as a ratio to one with 10.

Run with `make bench`. It fails if a command costs more than MAX_RATIO times as much with MANY servers as with 10, or if
`create --count` of CREATED servers costs more than MAX_CREATE times what it costs with a cloud file.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.benchmarks.bench_startup import processor_time
from tests.benchmarks.clouds import create_cloud

MANY, CREATED, ROUNDS = 100_000, 10_000, 5
MAX_RATIO = 1.3
MAX_CREATE = 2.0
COMMANDS = ("show {id} -f json", "list --limit 50 -f json", "stop {id}", "start {id}")


def run(address: str, line: str) -> float:
    environment = {**os.environ, "NOVASIM_CLOUD": address, "NOVASIM_CLOCK": "instant"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return processor_time([sys.executable, "-m", "novasim", *line.split()], environment)


def bench_commands(tmp_path: Path) -> None:
    clouds = {}
    for servers in (10, MANY):
        address = f"sqlite:{tmp_path / f'{servers}.db'}"
        clouds[address] = create_cloud(address, servers)[2]
    print()
    times: dict[str, list[list[float]]] = {command: [[] for _ in clouds] for command in COMMANDS}
    for _ in range(ROUNDS):
        for command in COMMANDS:
            for found, (address, id) in zip(times[command], clouds.items(), strict=True):
                found.append(run(address, command.format(id=id)))
    for command in COMMANDS:
        few, many = map(min, times[command])
        print(f"{command:25} 10 servers {few:.0f} ms, {MANY:,} servers {many:.0f} ms: {many / few:.2f} x")
        assert many <= MAX_RATIO * few


def bench_create(tmp_path: Path) -> None:
    times = []
    for address in (str(tmp_path / "cloud.json"), f"sqlite:{tmp_path / 'cloud.db'}"):
        run(address, "--as admin cloud init --hosts 500 --quota unlimited --seed 1")
        times.append(run(address, f"create web --flavor m1.tiny --image cirros --count {CREATED} -q"))
    file, database = times
    print(f"\ncreate --count {CREATED}: file {file:.0f} ms, SQLite {database:.0f} ms: {database / file:.2f} x")
    assert database <= MAX_CREATE * file
