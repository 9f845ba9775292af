"""A server of a cloud."""

from __future__ import annotations

from typing import Any

from novasim.control.guests import apply_guest_event
from novasim.errors import NotFound, StillWaiting, UsageError, WentToError
from novasim.library.actions.builds import BuildActions
from novasim.library.actions.devices import DeviceActions
from novasim.library.actions.learning import LearningActions
from novasim.library.actions.moves import MoveActions
from novasim.library.actions.power import PowerActions
from novasim.lifecycle.status import STATUSES, has_failed, status_of
from novasim.records import Server as ServerRecord
from novasim.simulation.time import clock
from novasim.suggestions import suggest_names

DELETED = "deleted"
GUEST_EVENTS = ("shutdown", "crash", "reboot")
PAUSE = 0.1  # seconds of real time between two checks


class Server(PowerActions, BuildActions, DeviceActions, MoveActions, LearningActions):
    """
    A server. Only its id is stored; each attribute is read from the cloud when it is used.

    Every action is a method, which sends one request at the newest microversion that has it. A refusal raises a
    NovaFault.
    """

    def __repr__(self) -> str:
        """Name and status, without a request, so that the clock does not move."""
        with self._cloud.world.reading() as world:
            server = world.tx.get(ServerRecord, self.id)
        if server is None:
            return f"<Server {self.id}>"
        return f"<Server {server.name} {status_of(server.vm_state, server.task_state)}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Server) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def details(self) -> dict[str, Any]:
        """The server in Nova's representation."""
        server: dict[str, Any] = self._cloud.request("GET", f"/servers/{self.id}").body["server"]
        return server

    @property
    def name(self) -> str:
        """The name; "" while the server's cell cannot be reached."""
        return str(self.details.get("name", ""))

    @property
    def status(self) -> str:
        """The status, such as ACTIVE or VERIFY_RESIZE."""
        return str(self.details["status"])

    @property
    def host(self) -> str:
        """The name of its compute host, which Nova shows to administrators only; "" without a host."""
        with self._cloud.world.reading() as world:
            server = world.tx.get(ServerRecord, self.id)
        if server is None:
            raise NotFound(reason=f"There is no server {self.id}.")
        return server.host or ""

    def guest_event(self, event: str) -> None:
        """
        Make its guest shut down, crash or reboot by itself, without a request.

        Args:
            event: shutdown, crash or reboot.

        Raises:
            UsageError: no such event. Conflict: the guest is not running.
        """
        if event not in GUEST_EVENTS:
            raise UsageError(f"There is no event {event!r} of a guest; choose one of: {', '.join(GUEST_EVENTS)}.")
        apply_guest_event(self._cloud.world, self.id, event)

    def wait(self, status: str = "ACTIVE", timeout: float = 600.0) -> Server:
        """
        Wait until it has a status, in capitals or not, or, with "deleted", until it is deleted.

        Args:
            timeout: Seconds of the cloud's time.

        Raises:
            StillWaiting: the wait timed out, or the task cannot finish until the clock is changed.
            WentToError: the server went to ERROR. UsageError: no such status.
        """
        if status.upper() not in STATUSES and status != DELETED:
            known = sorted({*STATUSES, DELETED})
            raise UsageError(f"There is no status {status!r}.{suggest_names(status.upper(), known)}")
        status = status if status == DELETED else status.upper()
        start = before = self._now_and_mode()[0]
        while not self._has_reached(status):
            now, mode = self._now_and_mode()
            if mode == clock.STEPPING and now > before:
                before = now
                continue
            if mode != "real":
                advance = " Advance it: cloud.clock.advance(30)." if mode == "manual" else ""
                raise StillWaiting(f"{self._describe_wait(status)}, and the clock is {mode}.{advance}")
            if now - start >= timeout:
                raise StillWaiting(f"Timed out after {timeout:g} s: {self._describe_wait(status)}.")
            clock.sleep(PAUSE)
        return self

    def _describe_wait(self, status: str) -> str:
        """The name, the present status and the awaited one, such as "web1 is still BUILD, not ACTIVE"."""
        details = self.details
        return f"{details.get('name') or self.id} is still {details['status']}, not {status}"

    def _has_reached(self, status: str) -> bool:
        try:
            server = self.details
        except NotFound:
            if status != DELETED:
                raise
            return True
        reached = bool(server["status"] == status)
        if not reached and has_failed(server["status"], server.get("OS-EXT-STS:task_state")):
            raise WentToError(f"{server['name']} went to ERROR: {server.get('fault', {}).get('message', 'no reason')}")
        return reached

    def _now_and_mode(self) -> tuple[float, str]:
        with self._cloud.world.reading() as world:
            return world.now, clock.get_mode(world.settings)
