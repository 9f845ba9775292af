"""The action on a volume that changes its type. Source: Cinder, volume/api.py and volume/manager.py, retype."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.volume.lookup import save_and_respond
from novasim.api.volume.types import find_type_name
from novasim.errors import BadRequest
from novasim.lifecycle.volumes import is_migrating
from novasim.records import Volume
from novasim.simulation.hosts.volume_services import VOLUME, is_enabled
from novasim.simulation.volume_creation import create_encryption_key, is_encryption_different, is_multiattach_type
from novasim.simulation.volume_quotas import check_type_quota


def retype(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    """
    os-retype: change the type of a volume. 400, 404, 413.

    A volume with another encryption than before is a copy, so the migration policy has to allow one.
    """
    if not arguments.get("new_type"):
        raise BadRequest(reason="New volume type not specified.")
    new_type = find_type_name(ctx, arguments["new_type"])
    is_shared = is_multiattach_type(ctx.world, new_type)
    _check_retype(volume, new_type, is_shared)
    check_type_quota(ctx.world, volume.project_id, new_type, volumes=1, gigabytes=volume.size)
    if not is_enabled(ctx.world, VOLUME):  # the scheduler finds no backend: the volume keeps its type
        return Response(202)
    if is_encryption_different(ctx.world, volume.volume_type, new_type):
        if arguments.get("migration_policy") != "on-demand":
            return Response(202)  # only a copy can be encrypted otherwise: the volume keeps its type
        volume.encryption_key_id = create_encryption_key(ctx.world, new_type)
    volume.volume_type, volume.multiattach = new_type, is_shared
    return save_and_respond(ctx, volume)


def _check_retype(volume: Volume, new_type: str, is_shared: bool) -> None:
    if is_shared != volume.multiattach and volume.status != "available":
        raise BadRequest(
            reason="Invalid input received: Invalid volume_type passed, retypes affecting multiattach are only allowed "
            f"on available volumes, the specified volume however currently has a status of: {volume.status}."
        )
    is_bound = is_migrating(volume) or volume.group_id
    if volume.status not in ("available", "in-use") or is_bound or volume.volume_type == new_type:
        raise BadRequest(
            reason="Invalid volume: Retype needs volume to be in available or in-use state, not be part of an active "
            "migration or a consistency group, requested type has to be different that the one from the volume, and "
            "for in-use volumes front-end qos specs cannot change."
        )
