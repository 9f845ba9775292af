"""
The actions on a volume that migrate it. The simulated service has one backend, so no migration can succeed.

Source: Cinder, volume/api.py, migrate_volume and migrate_volume_completion; scheduler/manager.py, migrate_volume.
"""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.api.request import Response
from novasim.api.volume.lookup import get_volume, save_and_respond
from novasim.api.volume.views import HOST
from novasim.errors import BadRequest, NotSimulated
from novasim.lifecycle.volumes import is_migrating
from novasim.records import Volume, VolumeSnapshot

RULE = "volume_extension:volume_admin_actions:"


def migrate(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    """
    os-migrate_volume: no other backend is there, so the only host that is accepted is another pool. 400, 403.

    The scheduler finds no such pool, and the migration fails.
    """
    require_admin(ctx, f"Policy doesn't allow {RULE}migrate_volume to be performed.")
    host = str(arguments.get("host") or arguments.get("cluster") or "")
    if host.partition("#")[0] != HOST.partition("#")[0]:
        raise BadRequest(reason=f"Invalid host: No available service named '{host}'")
    has_snapshots = bool(ctx.world.tx.query(VolumeSnapshot, {"volume_id": volume.id}))
    is_bound = is_migrating(volume) or volume.group_id or has_snapshots
    if volume.status not in ("available", "in-use") or is_bound or host == HOST:
        raise BadRequest(
            reason=f"Invalid volume: Volume {volume.id} status must be available or in-use, must not be migrating, "
            "have snapshots, be replicated, be part of a group and destination host/cluster must be different than the "
            "current one"
        )
    volume.migration_status = "error"
    return save_and_respond(ctx, volume)


def complete(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    """
    os-migrate_volume_completion: no volume is the target of a migration. 400, 403, 404.

    Raises:
        NotSimulated: neither volume is migrating, and the old one is attached (501).
    """
    require_admin(ctx, f"Policy doesn't allow {RULE}migrate_volume_completion to be performed.")
    new = get_volume(ctx, str(arguments.get("new_volume")))
    if not (volume.migration_status or new.migration_status):
        if volume.attachments and not arguments.get("error"):
            raise NotSimulated(reason="Moving attachments from one volume to another is not simulated.")
        return Response(200, {"save_volume_id": new.id})
    if not volume.migration_status:
        raise BadRequest(reason="Invalid volume: Source volume not mid-migration.")
    if not new.migration_status:
        raise BadRequest(reason="Invalid volume: Destination volume not mid-migration.")
    raise BadRequest(
        reason=f"Invalid volume: Destination has migration_status {new.migration_status}, expected target:{volume.id}."
    )
