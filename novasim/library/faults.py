"""Injected faults of a cloud."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from novasim.cloud import Cloud
from novasim.control import faults


class Faults:
    """The faults of a cloud. If several match, the first in the list is triggered."""

    def __init__(self, world: Cloud) -> None:
        self._world = world

    def add(self, name: str | None = None, does: str | None = None, **fields: Any) -> str:
        """
        Add a fault.

        Args:
            name: A predefined fault (no-valid-host, image-download, spawn, resize-disk-full, live-migration-abort,
                shelve-upload, volume-attach, image-service, host-crash; of the network: rate-limit, bad-gateway,
                gateway-timeout, slow-answer, dropped-connection, lost-answer, expired-token), or any name for one that
                *does* something.
            does: refuse, stuck, slow, fail, lose or host-crash; of the network: answer, delay, drop, drop-answer or
                expire-token, which affect requests over HTTP and through a transport of `novasim.testing`.
            fields: What it matches (action, phase, server, image, flavor, host, project; of the network: service,
                method, path), when (times, probability; since and until in simulated seconds since the epoch) and its
                effect (code, factor, message; of the network: code, seconds).

        Returns:
            The fault's id.

        Raises:
            UsageError: a field is not valid. NotFound: a resource that it names does not exist.
        """
        return str(faults.add_fault(self._world, name=name, does=does, **fields)["id"])

    @contextmanager
    def inject(self, name: str | None = None, does: str | None = None, **fields: Any) -> Iterator[str]:
        """Add a fault as `add` does, and remove it at the end of the block. Blocked tasks then continue."""
        fault = self.add(name, does, **fields)
        try:
            yield fault
        finally:
            if any(each["id"] == fault for each in self.list()):
                self.remove(fault)

    def list(self) -> list[dict[str, Any]]:
        """All faults, with how often each was triggered."""
        return faults.list_faults(self._world)

    def remove(self, fault: str) -> None:
        """Remove faults by id or name. Blocked tasks continue. NotFound if no fault matches."""
        faults.remove_faults(self._world, fault)

    def clear(self) -> None:
        """Remove all faults."""
        faults.clear_faults(self._world)
