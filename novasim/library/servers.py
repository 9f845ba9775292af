"""Servers, for programs: made, listed, and taken through their lives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from novasim.errors import NotFound, StillWaiting, UsageError, WentToError
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.status import STATUSES, has_failed
from novasim.simulation.time import clock

if TYPE_CHECKING:
    from novasim.api.request import Response
    from novasim.library.client import Client

GONE = "deleted"
PAUSE = 0.1  # seconds of real time between two looks


class Servers:
    """The servers that the cloud's caller may see."""

    def __init__(self, cloud: Client) -> None:
        self._cloud = cloud

    def create(self, name: str, flavor: str, image: str | None = None, **fields: Any) -> Server:
        """
        Make a server; it is being built when this returns, unless the clock is instant.

        Args:
            flavor, image: Names or ids. fields: more of what the API takes, such as key_name="k" or
                networks=[{"uuid": ...}]; networks is "auto" by default.

        Raises:
            NovaFault: refused, for example 403 over quota.
        """
        body = {"name": name, "flavorRef": self._cloud.id_of("flavor", flavor), "networks": "auto", **fields}
        if image is not None:
            body["imageRef"] = self._cloud.id_of("image", image)
        answer = self._cloud.request("POST", "/servers", {"server": body})
        return Server(self._cloud, answer.body["server"]["id"])

    def get(self, name: str) -> Server:
        """
        A server by name or id.

        Raises:
            NotFound: there is none, or there are several.
        """
        return Server(self._cloud, self._cloud.id_of("server", name))

    def list(self, **filters: str) -> list[Server]:
        """All servers that pass the API's filters, such as status="ACTIVE" or all_tenants="1"; newest first."""
        found = self._cloud.request("GET", "/servers", query=tuple(filters.items())).body["servers"]
        return [Server(self._cloud, each["id"]) for each in found]


class Server:
    """One server. It holds only the id; whatever is asked of it is looked up then."""

    def __init__(self, cloud: Client, id: str) -> None:
        self._cloud = cloud
        self.id = id

    def __repr__(self) -> str:
        return f"<Server {self.id}>"

    @property
    def details(self) -> dict[str, Any]:
        """The server as the API shows it, in full."""
        shown: dict[str, Any] = self._cloud.request("GET", f"/servers/{self.id}").body["server"]
        return shown

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.details["name"])

    @property
    def status(self) -> str:
        """What users see, such as ACTIVE or VERIFY_RESIZE."""
        return str(self.details["status"])

    def act(self, action: str, arguments: Any = None) -> Response:
        """
        Any action by the name of its command ("shelve", "reset-state") with the arguments of the API.

        Raises:
            NovaFault: refused. UsageError: there is no such action.
        """
        row = _row(action)
        return self._cloud.request("POST", f"/servers/{self.id}/action", {row.api: arguments}, version=_newest(row))

    def start(self) -> None:
        """Switch it on."""
        self.act("start")

    def stop(self) -> None:
        """Switch it off."""
        self.act("stop")

    def reboot(self, hard: bool = False) -> None:
        """Restart it: ask the guest, or cut the power."""
        self.act("hard-reboot" if hard else "reboot", {"type": "HARD" if hard else "SOFT"})

    def resize(self, flavor: str) -> None:
        """Give it another flavor (name or id); `confirm_resize` or `revert_resize` follows."""
        self.act("resize", {"flavorRef": self._cloud.id_of("flavor", flavor)})

    def confirm_resize(self) -> None:
        """Keep the new flavor or host."""
        self.act("confirm-resize")

    def revert_resize(self) -> None:
        """Go back to the old flavor or host."""
        self.act("revert-resize")

    def rebuild(self, image: str, **fields: Any) -> None:
        """Put a fresh disk from an image (name or id) under it."""
        self.act("rebuild", {"imageRef": self._cloud.id_of("image", image), **fields})

    def lock(self, reason: str | None = None) -> None:
        """Protect it against changes."""
        self.act("lock", None if reason is None else {"locked_reason": reason})

    def unlock(self) -> None:
        """Lift the lock."""
        self.act("unlock")

    def delete(self) -> None:
        """Remove it."""
        self._cloud.request("DELETE", f"/servers/{self.id}")

    def wait(self, status: str = "ACTIVE", timeout: float = 600.0) -> Server:
        """
        Wait until it has a status, or, with "deleted", until it is gone.

        Args:
            timeout: Seconds of the cloud's time.

        Raises:
            StillWaiting: the time is over, or the clock stands and must be advanced. WentToError: it failed.
            UsageError: there is no such status.
        """
        if status not in {*STATUSES, GONE}:
            raise UsageError(f"There is no status {status!r}.")
        begun = self._moment()[0]
        while not self._has_come_to(status):
            now, mode = self._moment()
            if mode != "real":
                raise StillWaiting(f"{self.id} is not {status} yet, and the clock is {mode}.")
            if now - begun >= timeout:
                raise StillWaiting(f"{self.id} is not {status} after {timeout:g} s.")
            clock.sleep(PAUSE)
        return self

    def _has_come_to(self, status: str) -> bool:
        try:
            shown = self.details
        except NotFound:
            if status != GONE:
                raise
            return True
        reached = bool(shown["status"] == status)
        if not reached and has_failed(shown["status"], shown["OS-EXT-STS:task_state"]):
            raise WentToError(f"{shown['name']} went to ERROR: {shown.get('fault', {}).get('message', 'no reason')}")
        return reached

    def _moment(self) -> tuple[float, str]:
        with self._cloud.world.reading() as world:
            return world.now, clock.get_mode(world.settings)


def _row(action: str) -> Action:
    if action not in ACTIONS or not ACTIONS[action].api:
        raise UsageError(f"There is no action {action!r}; there are: {', '.join(sorted(ACTIONS))}.")
    return ACTIONS[action]


def _newest(action: Action) -> str:
    from novasim.lifecycle.microversions import NEWEST

    return f"2.{min(action.until, NEWEST)}"
