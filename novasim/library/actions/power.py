"""Power, pause, suspend, lock and deletion."""

from __future__ import annotations

from novasim.library.actions.base import ServerRequests


class PowerActions(ServerRequests):
    """Methods that raise a NovaFault if the action is refused."""

    def start(self) -> None:
        """Start it."""
        self.act("start")

    def stop(self) -> None:
        """Stop it."""
        self.act("stop")

    def reboot(self, hard: bool = False) -> None:
        """Reboot it, softly or (*hard*) by a power cycle."""
        self.act("hard-reboot" if hard else "reboot", {"type": "HARD" if hard else "SOFT"})

    def pause(self) -> None:
        """Pause it in memory."""
        self.act("pause")

    def unpause(self) -> None:
        """Let it run again after `pause`."""
        self.act("unpause")

    def suspend(self) -> None:
        """Suspend it to disk."""
        self.act("suspend")

    def resume(self) -> None:
        """Let it run again after `suspend`."""
        self.act("resume")

    def crash_dump(self) -> None:
        """Trigger a crash dump in its guest."""
        self.act("crash-dump")

    def lock(self, reason: str | None = None) -> None:
        """Lock it against changes."""
        self.act("lock", None if reason is None else {"locked_reason": reason})

    def unlock(self) -> None:
        """Unlock it."""
        self.act("unlock")

    def delete(self) -> None:
        """Delete it. With the option reclaim_instance_interval it can be restored for that time."""
        self._send("delete")

    def force_delete(self) -> None:
        """Delete it at once, even if it is soft-deleted."""
        self.act("force-delete")

    def restore(self) -> None:
        """Restore it after a soft deletion."""
        self.act("restore")
