"""
Processor time of `novasim show web1 -f json`, as a ratio to a Python that imports the libraries and reads the file.

Run with `make bench`. It fails if the command costs more than MAX_RATIO times as much.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import sysconfig
from pathlib import Path

RUNS = 30
WARM_UP = 2  # runs that only write the bytecode caches
MAX_RATIO = 1.6


def processor_time(command: list[str], environment: dict[str, str]) -> float:
    """Processor time of a command in milliseconds."""
    discard_output = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    pid = os.posix_spawn(command[0], command, environment, file_actions=discard_output)
    _, status, usage = os.wait4(pid, 0)
    assert status == 0, command
    return (usage.ru_utime + usage.ru_stime) * 1000


def bench_startup(tmp_path: Path) -> None:
    path = tmp_path / "cloud.json"
    environment = {**os.environ, "NOVASIM_CLOUD": str(path), "NOVASIM_CLOCK": "instant"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    module, script = [sys.executable, "-m", "novasim"], [f"{sysconfig.get_path('scripts')}/novasim"]
    subprocess.run([*module, *"create web1 --flavor m1.tiny --image cirros -q".split()], env=environment, check=True)
    show = "show web1 -f json".split()
    commands = {
        "baseline": [sys.executable, "-c", f"import click, tinydb, json; json.load(open({str(path)!r}))"],
        "python -m novasim": [*module, *show],
        "novasim": [*script, *show],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(WARM_UP + RUNS):
        for name, command in commands.items():
            times[name].append(processor_time(command, environment))
    medians = {name: statistics.median(values[WARM_UP:]) for name, values in times.items()}
    print()
    for name, median in medians.items():
        print(f"{name:<20}{median:>7.1f} ms   {median / medians['baseline']:.2f} x baseline")
    assert max(medians.values()) <= MAX_RATIO * medians["baseline"]
