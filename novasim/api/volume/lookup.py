"""Shared parts of the volume service: look-up, permission to write, action bodies, saving."""

from __future__ import annotations

from typing import Any, TypeVar

from novasim.api.collections import count_matching
from novasim.api.context import Context
from novasim.api.policy.roles import require_member
from novasim.api.request import Response
from novasim.errors import BadRequest, NotFound, NotSimulated, NovaFault
from novasim.records import GroupSnapshot, Record, Volume, VolumeBackup, VolumeGroup, VolumeSnapshot
from novasim.strutils import bool_from_string

R = TypeVar("R", bound=Record)
V = TypeVar("V", Volume, VolumeSnapshot, VolumeGroup, GroupSnapshot, VolumeBackup)

COUNT_SINCE = 45  # microversion 3.45
HANDLED_FILTERS = frozenset(
    ("all_tenants", "project_id", "cascade", "force", "bootable", "glance_metadata", "metadata")
)
"""Query keys that `list_visible` and the handlers of volumes interpret."""


def get_volume(ctx: Context, volume_id: str) -> Volume:
    """
    Return a volume of the caller's project, or any for an administrator.

    Raises:
        NotFound: it does not exist, or is not visible (404).
    """
    return _get_visible(ctx, Volume, "Volume", volume_id)


def get_snapshot(ctx: Context, snapshot_id: str) -> VolumeSnapshot:
    """
    Return a snapshot of the caller's project, or any for an administrator.

    Raises:
        NotFound: it does not exist, or is not visible (404).
    """
    return _get_visible(ctx, VolumeSnapshot, "Snapshot", snapshot_id)


def get_backup(ctx: Context, backup_id: str) -> VolumeBackup:
    """
    Return a backup of the caller's project, or any for an administrator.

    Raises:
        NotFound: it does not exist, or is not visible (404).
    """
    return _get_visible(ctx, VolumeBackup, "Backup", backup_id)


def get_group(ctx: Context, group_id: str) -> VolumeGroup:
    """
    Return a group of the caller's project, or any for an administrator.

    Raises:
        NotFound: it does not exist, or is not visible (404).
    """
    return _get_visible(ctx, VolumeGroup, "Group", group_id)


def get_group_snapshot(ctx: Context, group_snapshot_id: str) -> GroupSnapshot:
    """
    Return a group snapshot of the caller's project, or any for an administrator.

    Raises:
        NotFound: it does not exist, or is not visible (404).
    """
    return _get_visible(ctx, GroupSnapshot, "GroupSnapshot", group_snapshot_id)


def _get_visible(ctx: Context, kind: type[V], noun: str, id: str) -> V:
    record = ctx.world.tx.get(kind, id)
    if record is None or not (record.project_id == ctx.caller.project_id or ctx.caller.is_admin):
        raise NotFound(reason=f"{noun} {id} could not be found.")
    return record


def list_visible(ctx: Context, kind: type[R]) -> list[R]:
    """Return the records of the caller's project; administrators can list another project, or all (all_tenants)."""
    if not ctx.caller.is_admin:
        return ctx.world.tx.query(kind, {"project_id": ctx.caller.project_id})
    project = ctx.query("project_id")
    if project is None and bool_from_string(ctx.query("all_tenants")):
        return ctx.world.tx.query(kind)
    return ctx.world.tx.query(kind, {"project_id": project or ctx.caller.project_id})


def read_is_public(ctx: Context) -> bool | None:
    """
    Which types of volumes or groups the query of an administrator selects: public or private ones, or None for both.

    Raises:
        BadRequest: it is neither a boolean nor "none" (400).

    Source: cinder/api/api_utils.py, _parse_is_public.
    """
    text = ctx.query("is_public")
    if text is None or text.lower() == "none":
        return True if text is None else None
    try:
        return bool_from_string(text, strict=True)
    except ValueError:
        raise BadRequest(reason=f"Invalid is_public filter [{text}]") from None


def read_flag(ctx: Context, name: str) -> bool:
    """
    Return a flag of the query, False without it.

    Raises:
        BadRequest: it is not a boolean (400).

    Source: cinder/utils.py, get_bool_param.
    """
    if (text := ctx.query(name)) is None:
        return False
    try:
        return bool_from_string(text, strict=True)
    except ValueError:
        raise BadRequest(reason=f"Value '{text}' for '{name}' is not a boolean.") from None


def count_view(ctx: Context, views: list[dict[str, Any]], handled: frozenset[str] = HANDLED_FILTERS) -> dict[str, int]:
    """
    The number of records that match the query, if it requests that. From 3.45 on.

    Args:
        handled: Query keys that *views* already match.

    Raises:
        BadRequest: with_count is not a boolean (400).
    """
    if ctx.minor < COUNT_SINCE or not read_flag(ctx, "with_count"):
        return {}
    return {"count": count_matching(ctx, views, handled)}


def read_action(ctx: Context) -> tuple[str, dict[str, Any]]:
    """
    Return the name and the arguments of the action in the body; clients send null or "" for no arguments.

    Raises:
        BadRequest: the arguments are not an object (400).
    """
    name, arguments = next(iter(ctx.body.items()))
    if arguments and not isinstance(arguments, dict):
        raise BadRequest(reason=f"Invalid input for field/attribute {name}. Value: {arguments}. It must be an object.")
    return name, arguments or {}


def refuse_action(key: str, not_simulated: tuple[str, ...] = ()) -> NovaFault:
    """
    The refusal of an action: 501 if the volume service has it, otherwise 400.

    Source: cinder/api/openstack/wsgi.py, _process_stack.
    """
    if key in not_simulated:
        return NotSimulated(reason=f"The action {key} of the volume service is not simulated.")
    return BadRequest(reason=f"There is no such action: {key}")


def require_writer(ctx: Context, rule: str) -> None:
    """
    Require a role that may write.

    Raises:
        Forbidden: the caller has only read-only roles (403).
    """
    require_member(ctx, f"Policy doesn't allow {rule} to be performed.")


def save(ctx: Context, record: Any) -> None:
    """Store a changed volume, snapshot or group, with the time of the change."""
    record.updated_at = ctx.world.time
    ctx.world.tx.put(record)


def save_and_respond(ctx: Context, volume: Volume, code: int = 202) -> Response:
    """Store a changed volume, and answer without a body."""
    save(ctx, volume)
    return Response(code)


def require_status(volume: Volume, *expected: str) -> None:
    """Raises BadRequest (400): the volume has none of the expected statuses."""
    if volume.status not in expected:
        raise BadRequest(
            reason=f"Invalid volume: Volume {volume.id} status must be {' or '.join(expected)}, but current status is: "
            f"{volume.status}."
        )
