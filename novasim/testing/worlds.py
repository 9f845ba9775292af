"""
Clouds for tests. The first state of each kind of cloud is built once per process, and shared.

Clouds of the same kind also share the key that signs tokens, so a token is valid in all of them.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from novasim.cloud import Cloud
from novasim.control.first_states import UNLIMITED, Quota, build_first_state, read_quota
from novasim.errors import UsageError
from novasim.simulation.time.clock import ALL_MODES
from novasim.store.memory import MemoryStore

if TYPE_CHECKING:
    from novasim.control.worlds import Builder
    from novasim.store.transaction import Snapshot


class WorldOptions(NamedTuple):
    """
    What a cloud for a test begins with.

    Args:
        quota: Limits of each project, by their names; empty for Nova's defaults. unlimited: no limits at all.
        scenario: The path of a YAML file, its time of change and its size; None for the default world.
    """

    clock: str
    hosts: int
    seed: int | None
    unlimited: bool
    quota: tuple[tuple[str, int], ...]
    scenario: tuple[str, int, int] | None


def read_options(
    clock: str | None = None,
    hosts: int = 3,
    seed: int | None = None,
    quota: Quota = None,
    scenario: str | os.PathLike[str] | None = None,
) -> WorldOptions:
    """
    Check the options of a cloud.

    Args:
        clock: real, manual, instant (default) or stepping. A scenario may set another default.
        seed: 0 by default, or that of the scenario.
        quota: "unlimited", or limits of each project such as {"cores": 4}.

    Raises:
        UsageError: an option is invalid, or the scenario cannot be read.
    """
    if clock is not None and clock not in ALL_MODES:
        raise UsageError(f"Unknown clock mode {clock!r}; choose one of: {', '.join(ALL_MODES)}.")
    limits = read_quota(quota)
    mode = clock or ("" if scenario else "instant")
    first_seed = seed if seed is not None or scenario else 0
    return WorldOptions(mode, hosts, first_seed, quota == UNLIMITED, tuple(sorted(limits.items())), _identify(scenario))


def new_cloud(options: WorldOptions) -> Cloud:
    """
    A cloud in memory.

    Raises:
        UsageError: the number of hosts or the scenario is invalid.
    """
    store = MemoryStore()
    store.restore(_first_state(options))
    return Cloud(store)


def _identify(scenario: str | os.PathLike[str] | None) -> tuple[str, int, int] | None:
    if scenario is None:
        return None
    path = os.path.abspath(scenario)
    try:
        found = os.stat(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
    return path, found.st_mtime_ns, found.st_size


@lru_cache(maxsize=64)
def _first_state(options: WorldOptions) -> Snapshot:
    quota = UNLIMITED if options.unlimited else dict(options.quota)
    build = _load_builder(options)
    return build_first_state(options.hosts, options.seed, options.clock or None, quota, build=build)


def _load_builder(options: WorldOptions) -> Builder | None:
    if options.scenario is None:
        return None
    from novasim.scenarios.builder import load_scenario

    return load_scenario(options.scenario[0])
