"""/servers/{server_id}/os-instance-actions: the instance-action log of a server."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.page_links import skip_to_marker
from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.api.schemas.formats import parse_time
from novasim.errors import BadRequest, NotFound, ServerNotFound
from novasim.records import InstanceAction, Server
from novasim.simulation.hosts.host_id import host_id
from novasim.simulation.instance_actions import entry_id, list_entries
from novasim.simulation.time.clock import format_time

UNKNOWN_MARKER = "Marker None could not be found."  # Nova's text, whatever the marker is
RULE = "os_compute_api:os-instance-actions:"
FIELDS = ("action", "instance_uuid", "request_id", "user_id", "project_id", "start_time", "message")


def index(ctx: Context, server_id: str) -> dict[str, Any]:
    """
    GET /servers/{server_id}/os-instance-actions: all entries, newest first. 400, 403, 404.

    Paged and filtered by changes-since from 2.58, by changes-before from 2.66.
    """
    server = _get_server(ctx, server_id)
    ctx.can(RULE + "list", target_of(server))
    entries = list_entries(ctx.world, server.id)
    if ctx.minor < 58:
        return {"instanceActions": [_view(ctx, entry) for entry in entries]}
    return _page_view(ctx, server, _filter_by_time(ctx, entries))


def show(ctx: Context, server_id: str, request_id: str) -> dict[str, Any]:
    """GET /servers/{server_id}/os-instance-actions/{request_id}: one entry with its events. 403, 404."""
    server = _get_server(ctx, server_id)
    ctx.can(RULE + "show", target_of(server))
    entry = ctx.world.tx.get(InstanceAction, entry_id(server.id, request_id))
    if entry is None:
        raise NotFound(reason=f"Action {request_id} not found")
    view = _view(ctx, entry)
    in_full = ctx.is_allowed(RULE + "events", target_of(server))
    if ctx.minor >= 51 or in_full:
        with_details = ctx.minor >= 84 and ctx.is_allowed(RULE + "events:details", target_of(server))
        events = reversed(entry.events)
        view["events"] = [_event_view(ctx, entry, event, in_full, with_details) for event in events]
    return {"instanceAction": view}


def _get_server(ctx: Context, server_id: str) -> Server:
    """A server of the caller's project, also a deleted one from 2.21."""
    server = ctx.world.tx.get(Server, server_id)
    if server is None or not server.deleted or ctx.minor < 21:
        return get_server(ctx, server_id)
    if server.project_id != ctx.caller.project_id and not ctx.caller.is_admin:
        raise ServerNotFound(server=server_id)
    return server


def _filter_by_time(ctx: Context, entries: list[InstanceAction]) -> list[InstanceAction]:
    """Raises BadRequest: changes-since is later than changes-before (400)."""
    since, before = ctx.query("changes-since"), ctx.query("changes-before") if ctx.minor >= 66 else None
    if since and before and parse_time(since) > parse_time(before):
        raise BadRequest(reason="The value of changes-since must be less than or equal to changes-before.")
    if since:
        entries = [entry for entry in entries if entry.updated_at >= format_time(parse_time(since))]
    if before:
        entries = [entry for entry in entries if entry.updated_at <= format_time(parse_time(before))]
    return entries


def _page_view(ctx: Context, server: Server, entries: list[InstanceAction]) -> dict[str, Any]:
    limit = min(int(ctx.query("limit") or ctx.world.option("max_limit")), ctx.world.option("max_limit"))
    page = skip_to_marker(entries, ctx.query("marker") or None, "request_id", UNKNOWN_MARKER)[:limit]
    answer: dict[str, Any] = {"instanceActions": [_view(ctx, entry) for entry in page]}
    if page and len(page) == limit:
        base = f"{ctx.request.endpoint}/v2.1/servers/{server.id}/os-instance-actions"
        answer["links"] = [{"rel": "next", "href": f"{base}?limit={limit}&marker={page[-1].request_id}"}]
    return answer


def _view(ctx: Context, entry: InstanceAction) -> dict[str, Any]:
    fields = {**vars(entry), "instance_uuid": entry.server_id, "message": entry.message}
    view = {name: fields[name] for name in FIELDS}
    view["start_time"] = _time_without_zone(entry.start_time)
    if ctx.minor >= 58:
        view["updated_at"] = _time_without_zone(entry.updated_at)
    return view


def _event_view(
    ctx: Context, entry: InstanceAction, event: dict[str, Any], in_full: bool, with_details: bool
) -> dict[str, Any]:
    """
    The representation of an event.

    Args:
        in_full: With traceback and host. with_details: With the error's text.
    """
    view = {
        "event": event["event"],
        "start_time": _time_without_zone(event["start_time"]),
        "finish_time": _time_without_zone(event["finish_time"]) if event["finish_time"] else None,
        "result": event["result"],
    }
    if in_full:
        view["traceback"] = event["traceback"]
    if ctx.minor >= 62:
        view["hostId"] = host_id(entry.project_id, event["host"])
        if in_full:
            view["host"] = event["host"]
    if with_details:
        view["details"] = event["details"]
    return view


def _time_without_zone(text: str) -> str:
    """A time of the log: without the Z that other times have."""
    return text.rstrip("Z")
