"""Servers of a cloud: create, list and change them."""

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

DELETED = "deleted"
PAUSE = 0.1  # seconds of real time between two checks


class Servers:
    """The servers that the cloud's caller is allowed to see."""

    def __init__(self, cloud: Client) -> None:
        self._cloud = cloud

    def create(self, name: str, flavor: str, image: str | None = None, **fields: Any) -> Server:
        """
        Create a server. Unless the clock is instant, it is still being built when this returns.

        Args:
            flavor, image: Names or ids.
            fields: More fields of the request, such as key_name="k" or networks=[{"uuid": ...}]; networks is "auto" by
                default.

        Raises:
            NovaFault: the request is refused, for example with 403 if a quota is exceeded.
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
            NotFound: no such server, or several.
        """
        return Server(self._cloud, self._cloud.id_of("server", name))

    def list(self, **filters: str) -> list[Server]:
        """The servers that match the API's filters, such as status="ACTIVE" or all_tenants="1"; newest first."""
        items = self._cloud.request("GET", "/servers", query=tuple(filters.items())).body["servers"]
        return [Server(self._cloud, each["id"]) for each in items]


class Server:
    """A server. Only its id is stored; each attribute is read from the cloud when it is used."""

    def __init__(self, cloud: Client, id: str) -> None:
        self._cloud = cloud
        self.id = id

    def __repr__(self) -> str:
        return f"<Server {self.id}>"

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

    def act(self, action: str, arguments: Any = None) -> Response:
        """
        Send any action, by the name of its command ("shelve", "reset-state"), with the arguments of the API.

        Raises:
            NovaFault: the action is refused. UsageError: no such action.
        """
        row = _find_action(action)
        return self._cloud.request(
            "POST", f"/servers/{self.id}/action", {row.api_key: arguments}, version=_newest_version(row)
        )

    def start(self) -> None:
        """Start it."""
        self.act("start")

    def stop(self) -> None:
        """Stop it."""
        self.act("stop")

    def reboot(self, hard: bool = False) -> None:
        """Reboot it, softly or (*hard*) by a power cycle."""
        self.act("hard-reboot" if hard else "reboot", {"type": "HARD" if hard else "SOFT"})

    def resize(self, flavor: str) -> None:
        """Change its flavor (name or id). `confirm_resize` or `revert_resize` follows."""
        self.act("resize", {"flavorRef": self._cloud.id_of("flavor", flavor)})

    def confirm_resize(self) -> None:
        """Confirm a resize or a cold migration."""
        self.act("confirm-resize")

    def revert_resize(self) -> None:
        """Revert a resize or a cold migration."""
        self.act("revert-resize")

    def rebuild(self, image: str, **fields: Any) -> None:
        """Rebuild it from an image (name or id)."""
        self.act("rebuild", {"imageRef": self._cloud.id_of("image", image), **fields})

    def lock(self, reason: str | None = None) -> None:
        """Lock it against changes."""
        self.act("lock", None if reason is None else {"locked_reason": reason})

    def unlock(self) -> None:
        """Unlock it."""
        self.act("unlock")

    def delete(self) -> None:
        """Delete it."""
        self._cloud.request("DELETE", f"/servers/{self.id}")

    def wait(self, status: str = "ACTIVE", timeout: float = 600.0) -> Server:
        """
        Wait until it has a status, or, with "deleted", until it is deleted.

        Args:
            timeout: Seconds of the cloud's time.

        Raises:
            StillWaiting: the wait timed out, or the task cannot finish until the clock is changed.
            WentToError: the server went to ERROR. UsageError: no such status.
        """
        if status not in {*STATUSES, DELETED}:
            raise UsageError(f"There is no status {status!r}.")
        start = before = self._now_and_mode()[0]
        while not self._has_reached(status):
            now, mode = self._now_and_mode()
            if mode == clock.STEPPING and now > before:
                before = now
                continue
            if mode != "real":
                raise StillWaiting(f"{self.id} is not {status}, and the clock is {mode}.")
            if now - start >= timeout:
                raise StillWaiting(f"Timed out after {timeout:g} s: {self.id} is not {status}.")
            clock.sleep(PAUSE)
        return self

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


def _find_action(action: str) -> Action:
    if action not in ACTIONS or not ACTIONS[action].api_key:
        raise UsageError(f"There is no action {action!r}. Actions: {', '.join(sorted(ACTIONS))}.")
    return ACTIONS[action]


def _newest_version(action: Action) -> str:
    from novasim.lifecycle.microversions import NEWEST

    return f"2.{min(action.until, NEWEST)}"
