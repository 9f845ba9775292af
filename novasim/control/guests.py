"""Events inside a guest, which the hypervisor reports to Nova."""

from __future__ import annotations

from novasim.cloud import Cloud
from novasim.errors import ServerNotFound
from novasim.records import Server
from novasim.simulation import guests


def apply_guest_event(cloud: Cloud, server_id: str, event: str) -> None:
    """
    Make a guest shut down, crash or reboot by itself.

    Args:
        event: shutdown, crash or reboot.

    Raises:
        ServerNotFound: No server has this id. Conflict: The guest is not running.
    """
    with cloud.writing(what=f"guest {event}") as world:
        server = world.tx.get(Server, server_id)
        if server is None:
            raise ServerNotFound(server=server_id)
        guests.apply_event(world, server, event)
