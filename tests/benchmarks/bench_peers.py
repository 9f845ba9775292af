"""
Processor time of `novasim serve` for creating and listing servers, beside mimic and moto in the same run.

Run with `make bench`, which installs them into an environment of their own. It fails if a list in detail of 10,000
servers right after a change costs more than a third of mimic's. Only novasim saves its servers.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.clouds import create_cloud
from tests.benchmarks.peers.simulators import FOLDER, Mimic, Moto, Novasim, measure

IS_INSTALLED = (FOLDER / "twistd").exists()
pytestmark = pytest.mark.skipif(not IS_INSTALLED, reason="mimic and moto are not installed; see the Makefile")

SIZES = (10, 1_000, 10_000)
MOST_OF_MOTO = 1_000  # it takes more than a minute to create more
FIRST_CREATES = 32  # they import what creates need
CREATES = 64
LISTS = 5
MAX_LIST = 1 / 3

Figures = dict[str, dict[int, float]]


def best_list(simulator: Any, list_all: Callable[[], object]) -> float:
    """The least processor time of a list, in milliseconds; novasim's cloud changes before each list."""
    times = []
    for _ in range(LISTS):
        if isinstance(simulator, Novasim):
            simulator.change()
        times.append(measure(simulator.process.pid, list_all))
    return min(times)


def measure_create(simulator: Any, create: Callable[[int], object]) -> float:
    """Processor time of a create after the first ones, in milliseconds."""
    create(FIRST_CREATES)
    return measure(simulator.process.pid, lambda: create(CREATES)) / CREATES


def measure_mimic(figures: Figures) -> None:
    with closing(Mimic()) as mimic:
        for size in SIZES:
            mimic.create(size - mimic.size)
            figures["list: mimic"][size] = best_list(mimic, mimic.list_all)
            figures["create: mimic"][size] = measure_create(mimic, mimic.create)


def measure_moto(figures: Figures) -> None:
    with closing(Moto()) as moto:
        for size in SIZES:
            if size <= MOST_OF_MOTO:
                moto.fill(size - moto.size)
                figures["list: moto"][size] = best_list(moto, moto.list_all)
                figures["create: moto"][size] = measure_create(moto, moto.create)


def measure_novasim(figures: Figures, folder: Path, size: int) -> None:
    for name, address in (("a JSON file", f"{folder}/{size}.json"), ("SQLite", f"sqlite:{folder}/{size}.db")):
        _, server, _ = create_cloud(address, size, max_limit=10**6)
        with closing(Novasim(address, server)) as novasim:
            for words, path in (("", "/detail"), (" (summary)", ""), (" (first 1,000)", "/detail?limit=1000")):
                novasim.list_all(path)
                list_all = functools.partial(novasim.list_all, path)
                figures.setdefault(f"list: novasim, {name}{words}", {})[size] = best_list(novasim, list_all)
            for words, create in (("", novasim.create), (", one after the other", novasim.create_in_turn)):
                figures.setdefault(f"create: novasim, {name}{words}", {})[size] = measure_create(novasim, create)


def write_table(figures: Figures, of: str) -> str:
    """The figures of one kind as a table in Markdown, with ratios to mimic."""
    rows = [[of, *(f"{size:,} servers" for size in SIZES)], ["---"] * (len(SIZES) + 1)]
    base = figures[f"{of}: mimic"]
    for name, times in figures.items():
        kind, _, words = name.partition(": ")
        if kind == of:
            cells = (f"{times[size]:.1f} ms, {times[size] / base[size]:.2f}" if size in times else "" for size in SIZES)
            rows.append([words, *cells])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def bench_beside_mimic_and_moto(tmp_path: Path) -> None:
    figures: Figures = {f"{of}: {name}": {} for of in ("list", "create") for name in ("mimic", "moto")}
    measure_mimic(figures)
    measure_moto(figures)
    for size in SIZES:
        measure_novasim(figures, tmp_path, size)
    print("\nProcessor time of the server per request, and its ratio to that of mimic:")
    for of in ("list", "create"):
        print("\n" + write_table(figures, of))
    for name in ("a JSON file", "SQLite"):
        assert figures[f"list: novasim, {name}"][SIZES[-1]] <= MAX_LIST * figures["list: mimic"][SIZES[-1]]
