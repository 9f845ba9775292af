"""The services of the volume service: which ones administrators have disabled, and what that means for new volumes."""

from __future__ import annotations

from typing import Any

from novasim.simulation.world import World

VOLUME, BACKUP = "cinder-volume", "cinder-backup"


def find_settings(world: World, binary: str) -> dict[str, Any]:
    """What administrators have set for a service: "disabled" and "disabled_reason"."""
    return world.settings.volume_services.get(binary, {})


def is_enabled(world: World, binary: str) -> bool:
    """Whether a service takes new work."""
    return not find_settings(world, binary).get("disabled", False)


def set_enabled(world: World, binary: str, enabled: bool, reason: str | None = None) -> None:
    """
    Enable or disable a service. Without a new reason, the old one stays, also when the service is enabled.

    Source: cinder/api/contrib/services.py, update.
    """
    changes = {"disabled": not enabled} | ({"disabled_reason": reason} if reason else {})
    services = world.settings.volume_services
    world.settings.volume_services = {**services, binary: {**find_settings(world, binary), **changes}}
    world.tx.put(world.settings)


def choose_status(world: World) -> str:
    """
    The status of a new volume: "error" if the scheduler finds no backend for it.

    Source: cinder/scheduler/host_manager.py, which leaves disabled services out.
    """
    return "available" if is_enabled(world, VOLUME) else "error"


def describe_new_snapshot(world: World) -> dict[str, Any]:
    """
    The status and progress of a new snapshot of a volume.

    Source: cinder/scheduler/manager.py, create_snapshot.
    """
    return {} if is_enabled(world, VOLUME) else {"status": "error", "progress": "0%"}
