"""/os-instance_usage_audit_log: which hosts have reported their usage. No simulated host reports any."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import unquote

from novasim.api.context import Context
from novasim.errors import BadRequest
from novasim.records import Host

RULE = "os_compute_api:os-instance-usage-audit-log:"


def index(ctx: Context) -> dict[str, Any]:
    """GET /os-instance_usage_audit_log: the audit log of the last period. 403."""
    ctx.can(RULE + "list", {})
    return {"instance_usage_audit_logs": _log_view(ctx, datetime.fromtimestamp(ctx.world.now, timezone.utc))}


def show(ctx: Context, before: str) -> dict[str, Any]:
    """
    GET /os-instance_usage_audit_log/{before}: the last period before a time such as 2026-01-31 00:00:00. 400, 403.

    Raises:
        BadRequest: *before* is not a time (400).
    """
    ctx.can(RULE + "show", {})
    text = unquote(before)
    try:
        form = "%Y-%m-%d %H:%M:%S.%f" if "." in text else "%Y-%m-%d %H:%M:%S"
        end = datetime.strptime(text, form).replace(tzinfo=timezone.utc)
        return {"instance_usage_audit_log": _log_view(ctx, end)}
    except (ValueError, OverflowError):  # not a time, or one without a period before it
        raise BadRequest(reason=f"Invalid timestamp for date {text}") from None


def _find_period(before: datetime) -> tuple[datetime, datetime]:
    """The last month that was over before a time. Source: nova/utils.py, last_completed_audit_period."""
    end = _month_of(before - timedelta(microseconds=1))
    return _month_of(end - timedelta(days=1)), end


def _month_of(time: datetime) -> datetime:
    return time.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _log_view(ctx: Context, before: datetime) -> dict[str, Any]:
    begin, end = _find_period(before)
    hosts = sorted(host.name for host in ctx.world.tx.query(Host))
    return {
        "hosts_not_run": hosts,
        "log": {},
        "num_hosts": len(hosts),
        "num_hosts_done": 0,
        "num_hosts_not_run": len(hosts),
        "num_hosts_running": 0,
        "overall_status": f"0 of {len(hosts)} hosts done. 0 errors.",
        "period_beginning": f"{begin:%Y-%m-%d %H:%M:%S}",
        "period_ending": f"{end:%Y-%m-%d %H:%M:%S}",
        "total_errors": 0,
        "total_instances": 0,
    }
