"""Effects of change-password."""

from __future__ import annotations

from novasim.records import Server, Task
from novasim.simulation.effects import Effect
from novasim.simulation.failures import TaskFailed
from novasim.simulation.world import World


def set_password(world: World, server: Server, task: Task) -> None:
    """
    Fail if the guest refuses the password; the server keeps its state. Args: password_refused.

    Source: nova/compute/manager.py, set_admin_password.
    """
    if task.args.get("password_refused"):
        raise TaskFailed(f"Failed to set admin password on {server.id} because error setting admin password")


EFFECTS = {"change-password": Effect(on_phase_end={"updating_password": set_password})}
