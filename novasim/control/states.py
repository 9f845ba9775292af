"""States of a cloud that are kept in memory until the process ends, and new worlds in place of a cloud."""

from __future__ import annotations

from novasim.cloud import Cloud
from novasim.control.clock import require_free_clock
from novasim.control.first_states import Quota, build_first_state
from novasim.errors import NotFound, UsageError
from novasim.records import Settings

FIRST = "first"  # the state in which a server started
MAX_SEED = 2**63 - 1
MAX_STATES = 1000


def save_state(cloud: Cloud, name: str) -> None:
    """
    Save the present state under a name, in place of an earlier one.

    Raises:
        UsageError: there are too many states.
    """
    if name not in cloud.states and len(cloud.states) >= MAX_STATES:
        raise UsageError(f"A server keeps at most {MAX_STATES} states.")
    cloud.states[name] = cloud.snapshot()


def save_first_state(cloud: Cloud) -> None:
    """
    Save the stored state as the first one, for `load_state`, unless there is no cloud yet.

    A database is too large to be read for that.
    """
    if cloud.store.kept is None and cloud.store.exists():
        cloud.states.setdefault(FIRST, cloud.store.revision())


def load_state(cloud: Cloud, name: str) -> None:
    """
    Return to a saved state, with its time.

    Raises:
        NotFound: there is no state of that name. UsageError: the cloud is in a store without snapshots, or its clock is
            held.
    """
    require_free_clock(cloud)
    if name not in cloud.states:
        raise NotFound(reason=f"There is no state {name!r}.")
    cloud.restore(cloud.states[name])


def list_states(cloud: Cloud) -> list[str]:
    """The names of the saved states, in the order in which they were first saved."""
    return list(cloud.states)


def replace_world(
    cloud: Cloud,
    hosts: int = 3,
    seed: int | None = None,
    clock: str | None = None,
    quota: Quota = None,
) -> None:
    """
    Put a new default world in place of the cloud. Tokens of users that it has, too, stay valid.

    Args:
        seed, clock: None for those of the cloud. quota: as for `build_first_state`.

    Raises:
        UsageError: there are too many hosts, or the cloud is in a store without snapshots.
    """
    require_free_clock(cloud)
    with cloud.reading() as world:
        settings = world.settings
    state = build_first_state(
        hosts,
        settings.seed if seed is None else seed,
        settings.clock if clock is None else clock,
        quota,
        token_key=settings.token_key,
    )
    cloud.restore(state)


def set_seed(cloud: Cloud, seed: int) -> None:
    """Set the seed of all further requests. The cloud stays as it is."""
    with cloud.writing(is_request=False, what="seed") as world:
        settings: Settings = world.settings
        settings.seed = seed
        world.tx.put(settings)
