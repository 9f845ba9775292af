"""The clouds of a server that is running already."""

from __future__ import annotations

import json
from http.client import HTTPException
from typing import Any

from novasim.errors import UsageError
from novasim.remote.address import parse_address

TIMEOUT = 10  # seconds
IDENTITY = "/identity/v3"


def list_running_clouds(address: str) -> list[tuple[str, str]]:
    """
    The URL of each cloud at the address of a server, and its name; the name is "" if the address is that of one cloud.

    Raises:
        UsageError: the address is malformed, or no server with clouds answers there.
    """
    url = parse_address(address).url
    found = _get(url, "/")
    if clouds := found.get("clouds"):
        return [(str(each["auth_url"]).removesuffix(IDENTITY), str(each["name"])) for each in clouds]
    if "version" not in _get(url, IDENTITY):
        raise UsageError(f"There is no cloud at {url}. 'novasim serve' prints the URL of its cloud.")
    return [(url, "")]


def _get(url: str, path: str) -> dict[str, Any]:
    """The JSON object at a path below a URL; {} if the server answers otherwise. Raises UsageError."""
    address = parse_address(url)
    connection = address.create_connection(TIMEOUT)
    try:
        connection.request("GET", address.path + path, headers={"Accept": "application/json"})
        found = json.loads(connection.getresponse().read())
    except (OSError, HTTPException) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise UsageError(f"The server at {url} cannot be reached: {reason}.") from None
    except ValueError:
        return {}
    finally:
        connection.close()
    return found if isinstance(found, dict) else {}
