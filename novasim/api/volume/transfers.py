"""
/v3/{project}/os-volume-transfer and volume-transfers: offers of volumes to other projects.

Source: cinder/api/v3/volume_transfer.py; cinder/transfer/api.py.
"""

from __future__ import annotations

from typing import Any

from novasim.api.collections import apply_query, collection_view
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.volume.lookup import HANDLED_FILTERS, get_volume, list_visible, require_writer, save
from novasim.api.volume.views import format_time, links
from novasim.errors import BadRequest, NotFound
from novasim.records import Volume, VolumeSnapshot, VolumeTransfer
from novasim.simulation.keys.passwords import hash_password, verify_password
from novasim.simulation.volume_quotas import check_quota
from novasim.strutils import bool_from_string

PATH = "os-volume-transfer"  # the older of the two paths, which also the links of the newer have
SNAPSHOTS, HISTORY, ENCRYPTED = 55, 57, 70  # microversions 3.N
OFFERED = "awaiting-transfer"
KEY_BYTES = 8


def index(ctx: Context, project: str) -> dict[str, Any]:
    """GET .../volume-transfers: ids, names and volumes of the visible transfers. 400."""
    return _list(ctx, _summary)


def detail(ctx: Context, project: str) -> dict[str, Any]:
    """GET .../volume-transfers/detail: the visible transfers with all attributes. 400."""
    return _list(ctx, _view)


def _list(ctx: Context, view: Any) -> dict[str, Any]:
    volumes = {volume.id for volume in list_visible(ctx, Volume)}
    transfers = [each for each in ctx.world.tx.query(VolumeTransfer) if each.volume_id in volumes]
    views = [view(ctx, transfer) for transfer in transfers]
    return collection_view(ctx, "transfers", apply_query(ctx, views, HANDLED_FILTERS))


def _summary(ctx: Context, transfer: VolumeTransfer) -> dict[str, Any]:
    return {
        "id": transfer.id,
        "volume_id": transfer.volume_id,
        "name": transfer.name,
        "links": links(ctx, PATH, transfer.id),
    }


def _view(ctx: Context, transfer: VolumeTransfer) -> dict[str, Any]:
    view = _summary(ctx, transfer) | {"created_at": format_time(transfer.created_at)}
    if ctx.minor >= SNAPSHOTS:
        view["no_snapshots"] = transfer.no_snapshots
    if ctx.minor >= HISTORY:
        view |= {"source_project_id": transfer.source_project_id, "destination_project_id": None, "accepted": False}
    return view


def show(ctx: Context, project: str, transfer_id: str) -> dict[str, Any]:
    """GET .../volume-transfers/{id}: one transfer. 404."""
    return {"transfer": _view(ctx, _get_own(ctx, transfer_id)[0])}


def _get_own(ctx: Context, id: str) -> tuple[VolumeTransfer, Volume]:
    """Return a transfer that the caller's project offers, or any for an administrator, and its volume. 404."""
    transfer, volume = _get(ctx, id)
    if not (ctx.caller.is_admin or volume.project_id == ctx.caller.project_id):
        raise _not_found(id)
    return transfer, volume


def _get(ctx: Context, id: str) -> tuple[VolumeTransfer, Volume]:
    transfer = ctx.world.tx.get(VolumeTransfer, id)
    volume = ctx.world.tx.get(Volume, transfer.volume_id) if transfer else None
    if transfer is None or volume is None:
        raise _not_found(id)
    return transfer, volume


def _not_found(id: str) -> NotFound:
    return NotFound(reason=f"Transfer {id} could not be found.")


def create(ctx: Context, project: str) -> Response:
    """POST .../volume-transfers: offer an available volume, usually with its snapshots. 400, 403, 404."""
    require_writer(ctx, "volume:create_transfer")
    body = ctx.body["transfer"]
    volume, without_snapshots = get_volume(ctx, body["volume_id"]), bool_from_string(body.get("no_snapshots"))
    _check_offer(ctx, volume, without_snapshots)
    id, key = ctx.world.ids.uuid(), ctx.world.ids.octets(KEY_BYTES).hex()
    transfer = VolumeTransfer(
        id=id,
        volume_id=volume.id,
        name=(body.get("name") or "").strip() or None,
        auth_key_hash=hash_password(key, ctx.world.settings.token_key, id),
        no_snapshots=without_snapshots,
        source_project_id=volume.project_id,
        created_at=ctx.world.time,
    )
    ctx.world.tx.put(transfer)
    volume.status = OFFERED
    save(ctx, volume)
    return Response(202, {"transfer": _view(ctx, transfer) | {"auth_key": key}})


def _check_offer(ctx: Context, volume: Volume, without_snapshots: bool) -> None:
    """Raises BadRequest (400): a volume cannot be offered."""
    if volume.status != "available":
        raise BadRequest(reason="Invalid volume: status must be available")
    can_be_encrypted = ctx.minor >= ENCRYPTED and PATH not in ctx.request.path
    if volume.encryption_key_id and not can_be_encrypted:
        raise BadRequest(reason="Invalid volume: transferring encrypted volume is not supported")
    if volume.encryption_key_id and without_snapshots:
        raise BadRequest(
            reason="Invalid volume: transferring an encrypted volume without its snapshots is not supported"
        )
    for snapshot in () if without_snapshots else ctx.world.tx.query(VolumeSnapshot, {"volume_id": volume.id}):
        if snapshot.status != "available":
            raise BadRequest(reason=f"Invalid snapshot: snapshot: {snapshot.id} status must be available")


def accept(ctx: Context, project: str, transfer_id: str) -> Response:
    """POST .../volume-transfers/{id}/accept: take an offered volume with the key of the offer. 400, 403, 404, 413."""
    require_writer(ctx, "volume:accept_transfer")
    transfer, volume = _get(ctx, transfer_id)
    if not verify_password(str(ctx.body["accept"]["auth_key"]), transfer.auth_key_hash):
        raise BadRequest(reason=f"Invalid auth key: Attempt to transfer {transfer_id} with invalid auth key.")
    if volume.group_id:
        raise BadRequest(reason=f"Invalid volume: Volume {volume.id} must not be part of a consistency group.")
    if volume.status != OFFERED:
        raise BadRequest(
            reason=f"Invalid volume: Transfer {transfer_id}: Volume id {volume.id} expected in awaiting-transfer state."
        )
    _move(ctx, transfer, volume)
    summary = _summary(ctx, transfer)
    ctx.world.tx.delete(transfer)
    return Response(202, {"transfer": summary})


def _move(ctx: Context, transfer: VolumeTransfer, volume: Volume) -> None:
    """Give a volume, with its snapshots if they are offered, to the caller's project. 400, 413."""
    new_owner = ctx.caller.project_id
    snapshots = [] if transfer.no_snapshots else ctx.world.tx.query(VolumeSnapshot, {"volume_id": volume.id})
    if volume.project_id != new_owner:
        check_quota(ctx.world, new_owner, volume.volume_type, volumes=1, gigabytes=volume.size)
        size = volume.size + sum(snapshot.size for snapshot in snapshots)
        check_quota(ctx.world, new_owner, volume.volume_type, snapshots=len(snapshots), gigabytes=size)
    for snapshot in snapshots:
        if snapshot.status != "available":
            raise BadRequest(
                reason=f"Invalid snapshot: Transfer {transfer.id}: Snapshot {snapshot.id} is not in the expected "
                "available state."
            )
        snapshot.project_id, snapshot.user_id = new_owner, ctx.caller.user_id
        snapshot.group_snapshot_id = None  # the old project keeps the group snapshot, and could delete this one with it
        save(ctx, snapshot)
    volume.project_id, volume.user_id, volume.status = new_owner, ctx.caller.user_id, "available"
    save(ctx, volume)


def delete(ctx: Context, project: str, transfer_id: str) -> Response:
    """DELETE .../volume-transfers/{id}: withdraw an offer. 403, 404."""
    require_writer(ctx, "volume:delete_transfer")
    transfer, volume = _get_own(ctx, transfer_id)
    if volume.status == OFFERED:
        volume.status = "available"
        save(ctx, volume)
    ctx.world.tx.delete(transfer)
    return Response(202)
