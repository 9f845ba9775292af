"""Security groups of a create request."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.security_groups import find_groups
from novasim.api.context import Context
from novasim.errors import BadRequest
from novasim.lifecycle.networks import ambiguous_group


def read_security_groups(ctx: Context, body: dict[str, Any]) -> list[str]:
    """
    Return the ids of the requested security groups. "default", the group of a request without any, stays a name.

    Raises:
        BadRequest: no such group (400). Conflict: several groups have the name (409).

    Source: nova/compute/api.py, _check_requested_secgroups; nova/network/security_group_api.py, validate_name.
    """
    names = dict.fromkeys(group.get("name", "default") for group in body.get("security_groups") or [])
    return list(dict.fromkeys(name if name == "default" else _find_id(ctx, name) for name in names))


def _find_id(ctx: Context, name: str) -> str:
    """The id of a group by id or name. Raises the same errors as `read_security_groups`."""
    groups = find_groups(ctx, name)
    if len(groups) > 1:
        raise ambiguous_group(name)
    if groups:
        return groups[0].id
    raise BadRequest(reason=f"Unable to find security_group with name or id '{name}'")
