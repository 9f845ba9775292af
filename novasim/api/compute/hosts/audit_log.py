"""/os-instance_usage_audit_log: which hosts have reported their usage. No simulated host reports any."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.errors import BadRequest
from novasim.records import Host
from novasim.simulation.time.clock import format_time

RULE = "os_compute_api:os-instance-usage-audit-log:"
MONTH = 30 * 86400


def index(ctx: Context) -> dict[str, Any]:
    """GET /os-instance_usage_audit_log: the audit log of the last period. 403."""
    ctx.can(RULE + "list", {})
    return {"instance_usage_audit_logs": _log_view(ctx, ctx.world.now)}


def show(ctx: Context, before: str) -> dict[str, Any]:
    """
    GET /os-instance_usage_audit_log/{before}: the period before a time such as 2026-01-31 00:00:00. 400, 403.

    Raises:
        BadRequest: *before* is not a time (400).
    """
    from datetime import datetime, timezone
    from urllib.parse import unquote

    ctx.can(RULE + "show", {})
    try:
        end = datetime.strptime(unquote(before), "%Y-%m-%d %H:%M:%S").replace(tzinfo=timezone.utc)
    except ValueError:
        raise BadRequest(reason=f"Invalid timestamp for date {before}") from None
    return {"instance_usage_audit_log": _log_view(ctx, end.timestamp())}


def _log_view(ctx: Context, end: float) -> dict[str, Any]:
    hosts = sorted(host.name for host in ctx.world.tx.query(Host))
    return {
        "hosts_not_run": hosts,
        "log": {},
        "num_hosts": len(hosts),
        "num_hosts_done": 0,
        "num_hosts_not_run": len(hosts),
        "num_hosts_running": 0,
        "overall_status": f"0 of {len(hosts)} hosts done. 0 errors.",
        "period_beginning": format_time(end - MONTH)[:19].replace("T", " "),
        "period_ending": format_time(end)[:19].replace("T", " "),
        "total_errors": 0,
        "total_instances": 0,
    }
