"""Finding what a request to the volume service names, and who may do what with it."""

from __future__ import annotations

from typing import Any, TypeVar

from novasim.api.collections import is_full, next_page
from novasim.api.context import Context
from novasim.api.policy.roles import require_member
from novasim.errors import BadRequest, NotFound
from novasim.records import Record, Volume, VolumeSnapshot
from novasim.strutils import bool_from_string

R = TypeVar("R", bound=Record)

OTHERWISE = frozenset(("all_tenants", "project_id", "cascade", "force", "bootable", "glance_metadata", "metadata"))


def get_volume(ctx: Context, volume_id: str) -> Volume:
    """A volume of the caller's project, or any for an administrator (404 otherwise)."""
    volume = ctx.world.tx.get(Volume, volume_id)
    if volume is None or not _visible(ctx, volume.project_id):
        raise NotFound(reason=f"Volume {volume_id} could not be found.")
    return volume


def get_snapshot(ctx: Context, snapshot_id: str) -> VolumeSnapshot:
    """A snapshot of the caller's project, or any for an administrator (404 otherwise)."""
    snapshot = ctx.world.tx.get(VolumeSnapshot, snapshot_id)
    if snapshot is None or not _visible(ctx, snapshot.project_id):
        raise NotFound(reason=f"Snapshot {snapshot_id} could not be found.")
    return snapshot


def _visible(ctx: Context, project: str) -> bool:
    return project == ctx.caller.project_id or ctx.caller.is_admin


def all_of(ctx: Context, kind: type[R]) -> list[R]:
    """Those of the caller's project; for an administrator who asks for it, those of all projects or of another."""
    wanted = ctx.query("project_id") or ctx.caller.project_id
    everybody = ctx.caller.is_admin and bool_from_string(ctx.query("all_tenants"))
    if everybody and ctx.query("project_id") is None:
        return ctx.world.tx.query(kind)
    return ctx.world.tx.query(kind, {"project_id": wanted if ctx.caller.is_admin else ctx.caller.project_id})


def action_asked(ctx: Context) -> tuple[str, dict[str, Any]]:
    """The one action of a request's body, and its arguments; most clients send null or "" where there are none."""
    key, given = next(iter(ctx.body.items()))
    if given and not isinstance(given, dict):
        raise BadRequest(reason=f"Invalid input for field/attribute {key}. Value: {given}. It must be an object.")
    return key, given or {}


def writer(ctx: Context, rule: str) -> None:
    """Refuse (403) a caller who may only read."""
    require_member(ctx, f"Policy doesn't allow {rule} to be performed.")


def keep(ctx: Context, record: Any) -> None:
    """Save a changed volume or snapshot."""
    record.updated_at = ctx.world.time
    ctx.world.tx.put(record)


def page(ctx: Context, plural: str, views: list[dict[str, Any]]) -> dict[str, Any]:
    """The answer to a list; a full page says where the next one is."""
    answer: dict[str, Any] = {plural: views}
    if is_full(ctx, views):
        href = f"{ctx.request.endpoint}/volume{ctx.request.path}?{next_page(ctx, views[-1]['id'])}"
        answer[f"{plural}_links"] = [{"rel": "next", "href": href}]
    return answer
