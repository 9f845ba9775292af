"""Which servers a list query selects: who may filter by what, and which project is looked at."""

from __future__ import annotations

from novasim.api.compute.servers.listing.conditions import CONDITIONS, Asked, truth
from novasim.api.context import Context
from novasim.api.schemas import Query
from novasim.errors import BadRequest
from novasim.records import Server

MEMBERS_MAY = {
    **dict.fromkeys(("all_tenants", "changes-since", "flavor", "image", "ip", "name", "reservation_id", "status"), 1),
    "ip6": 5,
    **dict.fromkeys(("tags", "tags-any", "not-tags", "not-tags-any"), 26),
    "changes-before": 66,
    "locked": 73,
    **dict.fromkeys(
        (
            "availability_zone",
            "config_drive",
            "created_at",
            "key_name",
            "launched_at",
            "power_state",
            "progress",
            "task_state",
            "terminated_at",
            "user_id",
            "vm_state",
        ),
        83,
    ),
    "hostname": 90,
}
"""Filters open to all, and the microversion 2.N since which they are. Others are dropped without a word."""

JOINED = frozenset(
    ("block_device_mapping", "info_cache", "metadata", "pci_devices", "security_groups", "services", "system_metadata")
)
"""Names that Nova knows from other tables, and refuses to filter by."""


def chosen_servers(ctx: Context, pairs: Query, all_tenants_rule: str) -> list[Server]:
    """
    The servers that a list query selects, in no order.

    Args:
        pairs: The query, without what Nova drops at this microversion.
        all_tenants_rule: The policy rule that lets the caller look into all projects.

    Raises:
        BadRequest: a filter's value means nothing (400).
        Forbidden: deleted servers, or those of all projects, for a caller who may not see them (403).
    """
    asked = Asked(ctx, _allowed(ctx, pairs), tuple(value for name, value in pairs if name == "status"))
    tests = [test for condition in CONDITIONS for test in condition(asked)]
    return [server for server in _scope(asked, all_tenants_rule) if all(test(server) for test in tests)]


def _allowed(ctx: Context, pairs: Query) -> dict[str, str]:
    """The last value of every filter that the caller may use."""
    if not ctx.is_allowed("os_compute_api:servers:allow_all_filters"):
        return {name: value for name, value in pairs if name in MEMBERS_MAY and MEMBERS_MAY[name] <= ctx.minor}
    for name, _ in pairs:
        if name in JOINED or name.startswith("_"):
            raise BadRequest(reason=f"Invalid filter field: {name}.")
    return dict(pairs)


def _scope(asked: Asked, all_tenants_rule: str) -> list[Server]:
    """The servers of the caller's project; of all, or of the one named, if all tenants are asked for."""
    ctx, values = asked.ctx, asked.values
    everywhere = values.get("all_tenants")
    if everywhere is None or (everywhere and not truth(everywhere)):
        return ctx.world.tx.query(Server, {"project_id": ctx.caller.project_id})
    ctx.can(all_tenants_rule)
    project = values.get("project_id", values.get("tenant_id"))
    return ctx.world.tx.query(Server) if project is None else ctx.world.tx.query(Server, {"project_id": project})
