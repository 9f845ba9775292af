"""Effects of lock, unlock and reset-state, which change only the record."""

from __future__ import annotations

from typing import Any

from novasim.records import Server
from novasim.simulation.effects import Effect
from novasim.simulation.world import World


def lock(world: World, server: Server, args: dict[str, Any]) -> str:
    """Lock the server. Args: side ("owner" or "admin"), reason."""
    server.locked_by = args["side"]
    server.locked_reason = args.get("reason") or server.locked_reason
    return ""


def unlock(world: World, server: Server, args: dict[str, Any]) -> str:
    """Remove the lock, whichever side holds it."""
    server.locked_by = server.locked_reason = None
    return ""


def reset_state(world: World, server: Server, args: dict[str, Any]) -> str:
    """Clear the task_state. Args: state (a vm_state). Power state, host and fault stay as they are."""
    server.task_state = None
    return str(args["state"])


EFFECTS = {
    "lock": Effect(on_accept=lock),
    "unlock": Effect(on_accept=unlock),
    "reset-state": Effect(on_accept=reset_state),
}
