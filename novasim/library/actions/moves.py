"""Moves to other hosts, and what administrators correct."""

from __future__ import annotations

from novasim.library.actions.base import ServerRequests, without_none


class MoveActions(ServerRequests):
    """Methods that raise a NovaFault if the action is refused, which most of them are unless the caller is admin."""

    def migrate(self, host: str | None = None) -> None:
        """Move it to another host while it is off. `confirm_resize` or `revert_resize` follows."""
        self.act("migrate", without_none(host=host) or None)

    def live_migrate(self, host: str | None = None, block_migration: bool | str = "auto") -> None:
        """Move it to another host while it runs. *block_migration*: whether to copy its disks."""
        self.act("live-migrate", {"host": host, "block_migration": block_migration})

    def evacuate(self, host: str | None = None, password: str | None = None) -> None:
        """Rebuild it on another host, because its own is down."""
        self.act("evacuate", without_none(host=host, adminPass=password))

    def reset_state(self, state: str = "error") -> None:
        """Set its recorded state: active or error."""
        self.act("reset-state", {"state": state})

    def inject_network_info(self) -> None:
        """Inject network information into its guest."""
        self.act("inject-network-info")

    def reset_network(self) -> None:
        """Raise Gone (410): Nova has removed this action."""
        self.act("reset-network")
