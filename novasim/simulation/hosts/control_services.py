"""The services that run no servers: the conductor and the scheduler. They share one host and are always up."""

from __future__ import annotations

from typing import NamedTuple

from novasim.simulation.seeded import Generator
from novasim.simulation.world import World

CONTROL_HOST = "controller"
CONTROL_ZONE = "internal"  # Nova's option internal_service_availability_zone
FIRST_NUMBER = 1_000_001  # so that no host gets the same number as a service


class ControlService(NamedTuple):
    """
    A service on the control host.

    Args:
        number: Its id before microversion 2.53. service_id: its id since then.
        topic: What /os-hosts calls it.
    """

    binary: str
    number: int
    service_id: str
    topic: str


def list_control_services(world: World) -> list[ControlService]:
    """The control services that were not deleted, by binary."""
    return [
        ControlService(binary, number, _service_id(world, binary), binary.removeprefix("nova-"))
        for number, binary in enumerate(("nova-conductor", "nova-scheduler"), FIRST_NUMBER)
        if binary not in world.settings.deleted_services
    ]


def _service_id(world: World, binary: str) -> str:
    return Generator(world.settings.seed, f"service {binary}").uuid()


def delete_control_service(world: World, service: ControlService) -> None:
    """Delete the record of a service, which Nova writes again only when the service starts."""
    world.settings.deleted_services.append(service.binary)
    world.tx.put(world.settings)
