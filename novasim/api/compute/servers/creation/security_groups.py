"""Security groups of a create request."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.errors import BadRequest, Conflict
from novasim.records import SecurityGroup


def read_security_groups(ctx: Context, body: dict[str, Any]) -> list[str]:
    """
    Return the ids of the requested security groups; "default" stays a name, and is the name of one without.

    Raises:
        BadRequest: the caller's project has no such group (400). Conflict: several groups have the name (409).

    Source: nova/compute/api.py, _check_requested_secgroups; nova/network/security_group_api.py, validate_name.
    """
    names = dict.fromkeys(group.get("name", "default") for group in body.get("security_groups") or [])
    return list(dict.fromkeys(name if name == "default" else _find_group(ctx, name) for name in names))


def _find_group(ctx: Context, name: str) -> str:
    """The id of a group by id or name. Raises the same errors as `read_security_groups`."""
    groups = ctx.world.tx.query(SecurityGroup, {"project_id": ctx.caller.project_id})
    matching = [group.id for group in groups if group.id == name] or [g.id for g in groups if g.name == name]
    if len(matching) > 1:
        raise Conflict(
            reason=f"Multiple security_group matches found for name '{name}', use an ID to be more specific."
        )
    if not matching:
        raise BadRequest(reason=f"Security group {name} not found for project {ctx.caller.project_id}.")
    return matching[0]
