"""The log of the actions on a server, which takes several requests to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def read_action_log(get: Callable[[str], Any], server_id: str) -> list[dict[str, Any]]:
    """
    The log of a server with the events of each action, oldest first, as Nova returns it.

    Args:
        get: Returns the body of the response to a GET request for a path.

    Raises:
        NovaFault: as *get* does.
    """
    path = f"/servers/{server_id}/os-instance-actions"
    newest_first = get(path)["instanceActions"]
    return [get(f"{path}/{entry['request_id']}")["instanceAction"] for entry in reversed(newest_first)]
