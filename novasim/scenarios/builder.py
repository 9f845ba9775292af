"""Creates the world of a scenario."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from novasim.records import Settings
from novasim.records.cloud import FORMAT
from novasim.scenarios.checks import Scenario
from novasim.scenarios.creation import AT_ONCE, CLOCK, Creation
from novasim.scenarios.faults import add_faults
from novasim.scenarios.identities import create_projects, create_users, set_quotas
from novasim.scenarios.reader import read_scenario
from novasim.scenarios.resources import (
    create_flavors,
    create_hosts,
    create_images,
    create_keypairs,
    create_networks,
    create_security_groups,
    create_volumes,
    finish_resources,
)
from novasim.scenarios.servers import create_servers
from novasim.simulation.default_world import create_roles
from novasim.simulation.seeded import generate_secret_key, generate_seed
from novasim.simulation.time.clock import SEEDED_EPOCH
from novasim.simulation.world import World

if TYPE_CHECKING:
    from novasim.store.base import Transaction

# In this order, since later records refer to earlier ones.
CREATORS = (
    create_projects,
    create_users,
    create_hosts,
    create_flavors,
    create_images,
    create_networks,
    create_security_groups,
    create_keypairs,
    create_volumes,
)
NOT_DURING_CREATION = ("password_pattern",)
"""Options under which a server might not reach its status."""


def load_scenario(path: str) -> Callable[[Transaction, float, int | None], World]:
    """
    Read and check a scenario file; return a function that creates its world, as `create_world` needs it.

    Raises:
        UsageError: The file cannot be read or is invalid; the message names the line.
    """
    return make_builder(read_scenario(path))


def make_builder(scenario: Scenario) -> Callable[[Transaction, float, int | None], World]:
    """A function that creates the world of a scenario, as `create_world` needs it."""
    return lambda tx, wall_now, seed: build_world(tx, scenario, wall_now, seed)


def build_world(tx: Transaction, scenario: Scenario, wall_now: float, seed: int | None) -> World:
    """
    Create the world of a scenario in an empty store.

    Args:
        wall_now: Real time in seconds since the epoch, at which the clock of a world without a seed starts.
        seed: Replaces the scenario's seed. A world with a seed starts at a fixed time.

    Raises:
        UsageError: An entry refers to something that the scenario does not have, or a server cannot reach its status;
            the message names the line.
    """
    settings = _build_settings(scenario, wall_now, seed)
    wall_anchor = settings.wall_anchor
    tx.put(settings)
    world = World(tx, settings, settings.sim_anchor, "scenario")
    create_roles(world)
    for create in CREATORS:
        create(world, scenario)
    creation = Creation(tx, wall_now)
    create_servers(creation, scenario)
    add_faults(creation, scenario)
    settings.wall_anchor = wall_anchor  # a seeded clock starts with the first request of a user
    return _finish(tx, scenario, settings)


def _build_settings(scenario: Scenario, wall_now: float, seed: int | None) -> Settings:
    """The settings while the world is created: all actions take no time."""
    data = scenario.data
    seed = seed if seed is not None else data.get("seed")
    options = data.get("options") or {}
    return Settings(
        id="cloud",
        format=FORMAT,
        seed=generate_seed() if seed is None else seed,
        clock=CLOCK,
        sim_anchor=round(wall_now, 6) if seed is None else SEEDED_EPOCH,  # as the ends of tasks are rounded
        wall_anchor=wall_now if seed is None else None,
        options={name: value for name, value in options.items() if name not in NOT_DURING_CREATION},
        durations=dict(AT_ONCE),
        token_key=generate_secret_key(),
    )


def _finish(tx: Transaction, scenario: Scenario, settings: Settings) -> World:
    """Set what would have prevented the creation of servers: quotas, options, disabled flavors, unusable images."""
    settings.clock = scenario.data.get("clock") or "real"
    settings.options = dict(scenario.data.get("options") or {})
    settings.durations = {}
    tx.put(settings)
    world = World(tx, settings, settings.sim_anchor, "scenario")
    finish_resources(world, scenario)
    set_quotas(world, scenario)
    return world
