"""First states of clouds in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from novasim.control.worlds import check_host_count
from novasim.errors import UsageError
from novasim.records import Project, Settings
from novasim.simulation import default_world
from novasim.simulation.options import QUOTAS
from novasim.simulation.time import clock
from novasim.store.memory import MemoryStore
from novasim.suggestions import suggest_names

if TYPE_CHECKING:
    from novasim.control.worlds import Builder
    from novasim.store.transaction import Snapshot

UNLIMITED = "unlimited"
Quota = str | Mapping[str, int] | None


def build_first_state(
    hosts: int,
    seed: int | None,
    mode: str | None,
    quota: Quota = None,
    token_key: str | None = None,
    build: Builder | None = None,
) -> Snapshot:
    """
    Create the first state of a cloud, for `Cloud.restore`.

    Args:
        hosts: How many compute hosts the default world has.
        mode: The mode of the clock; None for real, or that of *build*.
        quota: "unlimited", or limits of each project such as {"cores": 4}; None for Nova's defaults.
        token_key: The secret key that tokens are signed with. None for a random one.
        build: Creates the records of another world, from a transaction, the wall time and the seed.

    Raises:
        UsageError: there are too many hosts, or the quota is invalid.
    """
    check_host_count(hosts)
    limits, store = read_quota(quota), MemoryStore()
    with store.write() as tx:
        if build:
            build(tx, clock.wall(), seed)
        else:
            default_world.build_default_world(
                tx, clock.wall(), seed, hosts, quota == UNLIMITED, mode or "real", token_key
            )
        if (settings := tx.get(Settings, "cloud")) and mode:
            settings.clock = mode
            tx.put(settings)
        for project in tx.query(Project) if limits else ():
            project.quotas = {**project.quotas, **limits}
            tx.put(project)
    return store.revision()


def read_quota(quota: Quota) -> dict[str, int]:
    """
    The limits in a quota; none in "unlimited".

    Raises:
        UsageError: it is another text, or there is no such quota.
    """
    if isinstance(quota, str) and quota != UNLIMITED:
        raise UsageError(f'The quota is "unlimited" or a dict of limits, not {quota!r}.')
    limits = {} if quota is None or isinstance(quota, str) else dict(quota)
    if unknown := [name for name in limits if name not in QUOTAS]:
        raise UsageError(f"There is no quota {unknown[0]!r}.{suggest_names(unknown[0], QUOTAS)}")
    return limits
