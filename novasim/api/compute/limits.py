"""/limits: quotas and usage of a project in one flat object. Source: nova/api/openstack/compute/views/limits.py."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.lifecycle.microversions import NEWEST
from novasim.simulation.quotas import count_usage, get_limit

LIMITS = (  # name in the response, resource ("used ..." for what is in use), last microversion 2.N
    ("maxServerMeta", "metadata_items", NEWEST),
    ("maxImageMeta", "metadata_items", 38),
    ("maxPersonality", "injected_files", 56),
    ("maxPersonalitySize", "injected_file_content_bytes", 56),
    ("maxTotalInstances", "instances", NEWEST),
    ("maxTotalCores", "cores", NEWEST),
    ("maxTotalRAMSize", "ram", NEWEST),
    ("maxTotalKeypairs", "key_pairs", NEWEST),
    ("maxServerGroups", "server_groups", NEWEST),
    ("maxServerGroupMembers", "server_group_members", NEWEST),
    ("maxTotalFloatingIps", "floating_ips", 35),
    ("maxSecurityGroups", "security_groups", 35),
    ("maxSecurityGroupRules", "security_group_rules", 35),
    ("totalInstancesUsed", "used instances", NEWEST),
    ("totalCoresUsed", "used cores", NEWEST),
    ("totalRAMUsed", "used ram", NEWEST),
    ("totalServerGroupsUsed", "used server_groups", NEWEST),
    ("totalFloatingIpsUsed", "used floating_ips", 35),
    ("totalSecurityGroupsUsed", "used security_groups", 35),
)


def show(ctx: Context) -> dict[str, Any]:
    """GET /limits?tenant_id=: limits and usage of the caller's project, or of another one. 403."""
    ctx.can("os_compute_api:limits")
    project = ctx.caller.project_id
    if other := ctx.query("tenant_id"):
        ctx.can("os_compute_api:limits:other_project", {})
        project = other
    used = count_usage(ctx.world, project)
    absolute = {key: _find_value(ctx, project, used, name) for key, name, until in LIMITS if ctx.minor <= until}
    return {"limits": {"rate": [], "absolute": absolute}}


def _find_value(ctx: Context, project_id: str, used: dict[str, int], name: str) -> int:
    if name.startswith("used "):
        return used.get(name.removeprefix("used "), 0)
    return get_limit(ctx.world, project_id, name)
