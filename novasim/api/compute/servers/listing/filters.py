"""The servers that a list query selects: which filters the caller may use, and in which projects."""

from __future__ import annotations

import re

from novasim.api.compute.servers.listing.conditions import CONDITIONS, Filters, Test, parse_boolean
from novasim.api.compute.servers.listing.reads import TableReads
from novasim.api.context import Context
from novasim.api.schemas import Query
from novasim.errors import BadRequest

MEMBER_FILTERS = {
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
"""Filters for all callers, with the first microversion 2.N. Others are ignored, unless the policy allows them."""

JOINED_TABLES = frozenset(
    ("block_device_mapping", "info_cache", "metadata", "pci_devices", "security_groups", "services", "system_metadata")
)
"""Names of joined tables, by which Nova refuses to filter."""


PAGING_AND_SORTING = frozenset({"limit", "marker", "sort_dir", "sort_key"})


def list_ignored(ctx: Context, pairs: Query) -> list[str]:
    """The filters of a query that Nova ignores, because the caller may not use them."""
    kept = keep_permitted(ctx, pairs)
    return sorted({name for name, _ in pairs} - kept.keys() - PAGING_AND_SORTING)


def read_filters(ctx: Context, pairs: Query, reads: TableReads) -> Filters:
    """
    The filters of a query.

    Args:
        pairs: The query without the parameters that Nova ignores at this microversion.

    Raises:
        BadRequest: the caller may use all filters, and one of them is invalid (400).
    """
    statuses = tuple(value for name, value in pairs if name == "status")
    values = {name: value for name, value in keep_permitted(ctx, pairs).items() if name not in PAGING_AND_SORTING}
    return Filters(values, statuses, ctx.minor, ctx.caller.is_admin, reads)


def create_tests(filters: Filters) -> list[Test]:
    """
    The tests that a server has to pass.

    Raises:
        BadRequest: the value of a filter is invalid (400).
        Forbidden: the caller may not see deleted servers (403).
    """
    return [test for condition in CONDITIONS for test in condition(filters)]


def keep_permitted(ctx: Context, pairs: Query) -> dict[str, str]:
    """The last value of each filter that the caller may use."""
    if not ctx.is_allowed("os_compute_api:servers:allow_all_filters"):
        return {name: value for name, value in pairs if name in MEMBER_FILTERS and MEMBER_FILTERS[name] <= ctx.minor}
    for name, _ in pairs:
        if name in JOINED_TABLES or name.startswith("_"):
            raise BadRequest(reason=f"Invalid filter field: {name}.")
    return dict(pairs)


def read_scope(ctx: Context, filters: Filters, all_tenants_rule: str) -> dict[str, str]:
    """
    Values of fields that all servers of a list have: the caller's project or, with all_tenants, the named one if any.

    Args:
        all_tenants_rule: The policy rule for servers of all projects.

    Raises:
        BadRequest: all_tenants is not a boolean (400).
        Forbidden: the caller may not see servers of all projects (403).
    """
    values = filters.values
    where = {} if (name := find_exact_name(values.get("name", ""))) is None else {"name": name}
    all_tenants = values.get("all_tenants")
    if all_tenants is None or (all_tenants and not parse_boolean(all_tenants)):
        return {**where, "project_id": ctx.caller.project_id}
    ctx.can(all_tenants_rule)
    project = values.get("project_id", values.get("tenant_id"))
    return where if project is None else {**where, "project_id": project}


def find_exact_name(pattern: str) -> str | None:
    """
    The only name that a regular expression matches, if it is a whole name as `re.escape` writes it.

    The store finds such a server without a look at the others.
    """
    name = re.sub(r"\\(.)", r"\1", pattern[1:-1])
    return name if name and pattern == f"^{re.escape(name)}$" else None
