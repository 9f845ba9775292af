"""
Processor time of `novasim lesson prove --all`, against that of `novasim demo`.

Run with `make bench`. It fails if a proof of all lessons costs more than MAX_DEMOS demonstrations.
"""

from __future__ import annotations

import os
import statistics
import sys

from tests.benchmarks.bench_startup import WARM_UP, processor_time

RUNS = 5
MAX_DEMOS = 20


def bench_proofs() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NOVASIM_")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    commands = {"lesson prove --all": ["lesson", "prove", "--all"], "demo": ["demo"]}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(WARM_UP + RUNS):
        for name, words in commands.items():
            times[name].append(processor_time([sys.executable, "-m", "novasim", *words], environment))
    medians = {name: statistics.median(values[WARM_UP:]) for name, values in times.items()}
    ratio = medians["lesson prove --all"] / medians["demo"]
    print()
    for name, median in medians.items():
        print(f"{name:<20}{median:>8.0f} ms")
    print(f"a proof of all lessons costs {ratio:.1f} demonstrations, at most {MAX_DEMOS}")
    assert ratio <= MAX_DEMOS
