"""Requests of one server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from novasim.errors import UsageError
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.microversions import NEWEST

if TYPE_CHECKING:
    from novasim.api.request import Response
    from novasim.library.client import Client


class ServerRequests:
    """A server that requests can be sent to. Only its id is stored."""

    def __init__(self, cloud: Client, id: str) -> None:
        self._cloud = cloud
        self.id = id

    def act(self, action: str, arguments: Any = None) -> Response:
        """
        Send any action of POST /servers/{id}/action, by the name of its command ("shelve", "reset-state").

        Args:
            arguments: What the API takes under the key of the action.

        Raises:
            NovaFault: the action is refused. UsageError: no such action.
        """
        row = ACTIONS.get(action)
        if row is None or not row.api_key:
            names = sorted(name for name, each in ACTIONS.items() if each.api_key)
            raise UsageError(f"There is no action {action!r}. Actions: {', '.join(names)}.")
        return self._send(action, {row.api_key: arguments})

    def _send(self, action: str, body: Any = None, **parts: str) -> Response:
        """Send the request of a row of the action table. *parts* are those of its path besides the server's id."""
        row = ACTIONS[action]
        path = row.path.format(server_id=self.id, **parts)
        return self._cloud.request(row.method, path, body, version=_newest_version(row))

    def _id_of(self, noun: str, name: str) -> str:
        return self._cloud.id_of(noun, name)


def without_none(**fields: Any) -> dict[str, Any]:
    """The fields that are not None."""
    return {name: value for name, value in fields.items() if value is not None}


def _newest_version(action: Action) -> str:
    return f"2.{min(action.until, NEWEST)}"
