"""What shall go wrong in a cloud, for programs."""

from __future__ import annotations

from typing import Any

from novasim.cloud import Cloud
from novasim.control import faults


class Faults:
    """The faults of a cloud; of several that fit, the first one strikes."""

    def __init__(self, world: Cloud) -> None:
        self._world = world

    def add(self, name: str | None = None, does: str | None = None, **where: Any) -> str:
        """
        Let something go wrong from now on.

        Args:
            name: A predefined fault (no-valid-host, image-download, spawn, resize-disk-full, live-migration-abort,
                shelve-upload, volume-attach, host-crash), or any name for one that *does* something.
            does: refuse, stuck, slow, fail, lose or host-crash.
            where: What it hits (action, phase, server, image, flavor, host, project), when (times, probability; since
                and until in simulated seconds since the epoch) and how (code, factor, message).

        Returns:
            The fault's id.

        Raises:
            UsageError: a field makes no sense. NotFound: it names what is not there.
        """
        return str(faults.add_fault(self._world, name=name, does=does, **where)["id"])

    def list(self) -> list[dict[str, Any]]:
        """All faults, each with how often it has struck."""
        return faults.list_faults(self._world)

    def remove(self, fault: str) -> None:
        """Take faults away by id or name; what they held goes on. NotFound if there is none."""
        faults.remove_faults(self._world, fault)

    def clear(self) -> None:
        """Take all faults away."""
        faults.clear_faults(self._world)
