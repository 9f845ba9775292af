"""What each action's arguments mean: facts for the judge, arguments for the effect, the answer's body."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from novasim.api.compute import references
from novasim.api.compute.servers import address_actions as addresses
from novasim.api.compute.servers.consoles import console_of, console_text
from novasim.api.compute.servers.facts import facts
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest, Forbidden, NovaFault
from novasim.lifecycle.check import Facts
from novasim.records import Server
from novasim.simulation import quotas, volumes
from novasim.simulation.effects.move import build_request_spec
from novasim.simulation.migrations import find_latest_migration
from novasim.simulation.scheduling.placement import get_zone, is_service_up, list_zones
from novasim.simulation.scheduling.scheduler import list_candidates
from novasim.strutils import bool_from_string

Read = tuple[Facts, dict[str, Any]]
IDLE = {"nothing": True}


def is_idle(args: dict[str, Any]) -> bool:
    """Whether the request was accepted but there is nothing to begin."""
    return bool(args.get("nothing"))


def mover(ctx: Context) -> dict[str, str]:
    """Who asked for a move, as its migration record shows it."""
    return {"user_id": ctx.caller.user_id, "project_id": ctx.caller.project_id}


# --- locks ---------------------------------------------------------------------------------------------------


def lock(ctx: Context, server: Server, given: Any) -> Read:
    """An owner's lock on a locked server is accepted and changes nothing; a reason counts from 2.73."""
    owner = ctx.caller.project_id == server.project_id
    reason = given.get("locked_reason") if ctx.minor >= 73 and isinstance(given, dict) else None
    args = {"side": "owner" if owner else "admin", "reason": reason}
    return facts(ctx, server), IDLE if owner and server.locked_by else args


# --- resize and rebuild --------------------------------------------------------------------------------------


def resize(ctx: Context, server: Server, given: Any) -> Read:
    """The new flavor, and the quota for what it has more than the present one."""
    ref = given["flavorRef"]
    flavor = references.flavor_by_ref(ctx, ref)
    over = None
    if flavor:
        more = {"cores": flavor.vcpus - server.flavor["vcpus"], "ram": flavor.ram - server.flavor["ram"]}
        over = quotas.find_quota_excess(ctx.world, server.project_id, more)
    source = references.host(ctx, server.host)
    read = facts(ctx, server, flavor_ref=ref, flavor=flavor, quota_refusal=over, source_host=source)
    if given.get("OS-DCF:diskConfig"):
        server.disk_config = given["OS-DCF:diskConfig"]
    return read, {"flavor": references.flavor_as_kept(flavor) if flavor else {}, **mover(ctx)}


def waiting_move(ctx: Context, server: Server, given: Any) -> Read:
    """The resize or migration that waits for its confirmation."""
    return facts(ctx, server, needs_migration=True, migration=find_latest_migration(ctx.world, server, "finished")), {}


REBUILD_FIELDS = {
    "name": "name",
    "description": "description",
    "accessIPv4": "access_ip_v4",
    "accessIPv6": "access_ip_v6",
    "OS-DCF:diskConfig": "disk_config",
    "metadata": "metadata",
    "user_data": "user_data",
    "key_name": "key_name",
    "hostname": "hostname",
    "trusted_image_certificates": "trusted_certs",
}


def rebuild(ctx: Context, server: Server, given: Any) -> Read:
    """The image to boot from and the fields to change with it."""
    ref = references.last_part(given["imageRef"])
    image = references.image_by_ref(ctx, ref)
    key = given.get("key_name")
    changes = {field: given[name] for name, field in REBUILD_FIELDS.items() if name in given}
    if "name" in changes:
        changes["name"] = changes["name"].strip()
    if "trusted_certs" in changes:
        ctx.can("os_compute_api:servers:rebuild:trusted_certs", vars(server))
        changes["trusted_certs"] = list(changes["trusted_certs"] or [])
    if not volumes.is_volume_backed(server):
        changes |= {"image_id": ref, "image": references.image_as_kept(image)}
    elif ctx.minor < 93 and image and image.id != _boot_image_id(ctx, server):
        raise BadRequest(reason="Unable to rebuild with a different image for a volume-backed server.")
    key_missing = bool(key) and references.keypair(ctx, server.user_id, key) is None
    check_metadata_quota(ctx, server.project_id, given.get("metadata") or {})
    password = given.get("adminPass") or ctx.world.ids.password(ctx.world.option("password_length"))
    ctx.world.cache["password"] = password
    args = {"changes": changes, "preserve_ephemeral": bool_from_string(given.get("preserve_ephemeral"))}
    return facts(ctx, server, image_ref=ref, image=image, key_missing=key_missing), args


def _boot_image_id(ctx: Context, server: Server) -> str | None:
    root = volumes.find_root_volume(ctx.world, server)
    return root.image_metadata.get("image_id") if root else None


def check_metadata_quota(ctx: Context, project_id: str, metadata: dict[str, str]) -> None:
    """Refuse (403) more metadata items than the project's quota."""
    limit = quotas.get_limit(ctx.world, project_id, "metadata_items")
    if limit != quotas.UNLIMITED and len(metadata) > limit:
        raise Forbidden(reason=f"Maximum number of metadata items exceeds {limit}")


def answer_rebuild(ctx: Context, server: Server, args: dict[str, Any]) -> Response:
    """The server as it is being rebuilt, with its new password, shown this once."""
    from novasim.api.views.servers import rebuilt_view

    location = f"{ctx.request.endpoint}/v2.1/servers/{server.id}"
    return Response(202, {"server": rebuilt_view(ctx, server, ctx.world.cache["password"])}, {"Location": location})


# --- rescue and shelve ---------------------------------------------------------------------------------------


def rescue(ctx: Context, server: Server, given: Any) -> Read:
    """A rescue image of one's own, and the password of the rescue system."""
    given = given or {}
    ref = given.get("rescue_image_ref")
    password = given.get("adminPass") or ctx.world.ids.password(ctx.world.option("password_length"))
    ctx.world.cache["password"] = password
    image = references.image_by_ref(ctx, ref) if ref else None
    if volumes.is_volume_backed(server) and ctx.minor < 87:
        raise BadRequest(reason=f"Instance {server.id} cannot be rescued: Cannot rescue a volume-backed instance")
    return facts(ctx, server, image_ref=ref, image=image), {"image": ref}


def answer_rescue(ctx: Context, server: Server, args: dict[str, Any]) -> Response:
    """The password of the rescue system, shown this once."""
    return Response(200, {"adminPass": ctx.world.cache["password"]})


def unshelve(ctx: Context, server: Server, given: Any) -> Read:
    """Zone (2.77) and host (2.91) to come back to; before 2.77 the arguments are not looked at."""
    given = (given or {}) if ctx.minor >= 77 else {}
    asked, name = "availability_zone" in given, given.get("host") or None
    zone = given.get("availability_zone") if asked else server.pinned_availability_zone
    host = references.host(ctx, name)
    read = facts(
        ctx,
        server,
        host_name=name,
        host=host,
        zone=zone,
        zone_known=not asked or zone is None or zone in list_zones(ctx.world),
        requests_placement=asked or bool(name),
        host_in_zone=host is None or get_zone(ctx.world, host.name) == zone,
    )
    return read, {"host": name, "zone": zone, "pin": asked}


def restore(ctx: Context, server: Server, given: Any) -> Read:
    """A soft-deleted server does not count, so its return needs room in the quota."""
    wanted = {"instances": 1, "cores": server.flavor["vcpus"], "ram": server.flavor["ram"]}
    over = quotas.find_quota_excess(ctx.world, server.project_id, wanted)
    return facts(ctx, server, quota_refusal=over), {}


# --- images --------------------------------------------------------------------------------------------------


def create_image(ctx: Context, server: Server, given: Any) -> Read:
    """A snapshot's name and metadata."""
    return _image(ctx, server, given, {"image_type": "snapshot"}, {})


def create_backup(ctx: Context, server: Server, given: Any) -> Read:
    """A backup's name, type and how many of its type to keep."""
    kind, rotation = given["backup_type"], int(given["rotation"])
    if volumes.is_volume_backed(server):
        raise BadRequest(reason="Backup is not supported for volume-backed instances.")
    more = {"backup_type": kind, "rotation": rotation}
    return _image(ctx, server, given, {"image_type": "backup", "backup_type": kind}, more)


def _image(ctx: Context, server: Server, given: Any, properties: dict[str, Any], more: dict[str, Any]) -> Read:
    metadata = given.get("metadata") or {}
    limit = quotas.get_limit(ctx.world, server.project_id, "metadata_items")
    if ctx.minor < 39 and quotas.UNLIMITED != limit < len(metadata):
        raise Forbidden(reason="Image metadata limit exceeded")
    return facts(ctx, server), {"name": given["name"].strip(), "properties": {**properties, **metadata}, **more}


def answer_image(ctx: Context, server: Server, args: dict[str, Any]) -> Response:
    """The image's id: in the body from 2.45, before that as its address in a header; a rotation of 0 makes none."""
    image_id = args["image"]
    if args.get("rotation") == 0:
        return Response(202)
    if ctx.minor >= 45:
        return Response(202, {"image_id": image_id})
    return Response(202, None, {"Location": f"{ctx.request.endpoint}/v2.1/images/{image_id}"})


# --- moves ---------------------------------------------------------------------------------------------------


def migrate(ctx: Context, server: Server, given: Any) -> Read:
    """A target host may be named from 2.56."""
    name = (given or {}).get("host") if ctx.minor >= 56 else None
    source = references.host(ctx, server.host)
    read = facts(ctx, server, host_name=name, host=references.host(ctx, name), source_host=source)
    return read, {"flavor": dict(server.flavor), "host": name, **mover(ctx)}


def live_migrate(ctx: Context, server: Server, given: Any) -> Read:
    """Target host, and whether it is forced (2.30 to 2.67; before 2.30 a named host always is)."""
    name = given["host"]
    force = bool_from_string(given.get("force"))
    if force and name is None:
        raise BadRequest(reason="Can't force to a non-provided destination")
    forced = name is not None and (ctx.minor < 30 or force)
    refusal = _target_refusal(ctx, server, name, forced) if ctx.minor < 34 else None
    read = facts(ctx, server, host_name=name, host=references.host(ctx, name), target_refusal=refusal)
    return read, {"host": name, "forced": forced, "waits": ctx.minor < 34, **mover(ctx)}


def _target_refusal(ctx: Context, server: Server, name: str | None, forced: bool) -> NovaFault | None:
    if server.host is None:
        return None
    source = references.host(ctx, server.host)
    if source is not None and not is_service_up(source):
        return BadRequest(reason=f"Compute service of {source.name} is unavailable at this time.")
    if name == server.host:
        return BadRequest(reason=f"Unable to migrate instance ({server.id}) to current host ({name}).")
    if not list_candidates(ctx.world, build_request_spec(ctx.world, server, name, forced)):
        return BadRequest(reason="No valid host was found. There are not enough hosts available.")
    return None


def evacuate(ctx: Context, server: Server, given: Any) -> Read:
    """Target host, force (2.29 to 2.67), and from 2.95 the server stays stopped at the end."""
    name = given.get("host")
    forced = ctx.minor >= 29 and bool_from_string(given.get("force"))
    if forced and name is None:
        raise BadRequest(reason="Can't force to a non-provided destination")
    source = references.host(ctx, server.host)
    read = facts(ctx, server, host_name=name, host=references.host(ctx, name), source_host=source, has_arguments=True)
    ctx.world.cache["password"] = given.get("adminPass") or ctx.world.ids.password(12)
    args = {"host": name, "forced": forced or (name is not None and ctx.minor < 29), "stopped": ctx.minor >= 95}
    return read, {**args, **mover(ctx)}


def answer_evacuate(ctx: Context, server: Server, args: dict[str, Any]) -> Response:
    """Before 2.14 the new password, shown this once."""
    return Response(200, {"adminPass": ctx.world.cache["password"]} if ctx.minor < 14 else None)


def reset_state(ctx: Context, server: Server, given: Any) -> Read:
    """The state to write into the record."""
    return facts(ctx, server), {"state": given["state"]}


# --- consoles ------------------------------------------------------------------------------------------------


def answer_console_log(ctx: Context, server: Server, args: dict[str, Any]) -> Response:
    """What the guest printed, or its last lines."""
    given = ctx.body["os-getConsoleOutput"] or {}
    length = given.get("length")
    return Response(200, {"output": console_text(server, None if length in (None, "") else int(length))})


def console(ctx: Context, server: Server, given: Any) -> Read:
    """The type of console, as the older requests name it."""
    return facts(ctx, server), IDLE


def answer_console(ctx: Context, server: Server, args: dict[str, Any]) -> Response:
    """Where the console can be reached."""
    ((key, asked),) = ctx.body.items()
    kind = "rdp-html5" if key == "os-getRDPConsole" else asked["type"]  # Nova refuses that one whatever it asks for
    return Response(200, {"console": {"type": kind, "url": console_of(ctx, server, kind)}})


# --- addresses and groups ------------------------------------------------------------------------------------


def add_floating_ip(ctx: Context, server: Server, given: Any) -> Read:
    """A floating address and, optionally, the fixed one it shall stand for."""
    addresses.add_floating_ip(ctx, server, given["address"], given.get("fixed_address"))
    return facts(ctx, server), IDLE


def remove_floating_ip(ctx: Context, server: Server, given: Any) -> Read:
    """A floating address of the server."""
    addresses.remove_floating_ip(ctx, server, given["address"])
    return facts(ctx, server), IDLE


def add_fixed_ip(ctx: Context, server: Server, given: Any) -> Read:
    """Another address on one of the server's networks."""
    return facts(ctx, server), {"network": given["networkId"]}


def remove_fixed_ip(ctx: Context, server: Server, given: Any) -> Read:
    """An address of the server."""
    return facts(ctx, server), {"address": given["address"]}


def add_security_group(ctx: Context, server: Server, given: Any) -> Read:
    """A group of the caller's own project, by name or id."""
    addresses.add_group(ctx, server, given["name"])
    return facts(ctx, server), IDLE


def remove_security_group(ctx: Context, server: Server, given: Any) -> Read:
    """A group that the server's ports are in."""
    addresses.remove_group(ctx, server, given["name"])
    return facts(ctx, server), IDLE


def _known_floating_ip(ctx: Context, given: Any) -> None:
    addresses.find_floating_ip(ctx, given["address"], "Floating IP not found for address {}.")


BEFORE_THE_SERVER: dict[Callable[..., Any] | None, Callable[[Context, Any], None]] = {
    remove_floating_ip: _known_floating_ip
}
