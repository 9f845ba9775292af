"""Records that a compute request refers to: flavors, key pairs, hosts, projects. Images are in api/image/lookup.py."""

from __future__ import annotations

from novasim.api.context import Context
from novasim.errors import BadRequest, NotFound
from novasim.records import Flavor, Host, Image, Keypair, Project


def find_flavor(ctx: Context, flavor_id: str) -> Flavor | None:
    """The flavor, if it exists and the caller may use it. Administrators may use every flavor."""
    flavor = ctx.world.tx.get(Flavor, flavor_id)
    return flavor if flavor and (ctx.caller.is_admin or is_accessible(flavor, ctx.caller.project_id)) else None


def is_accessible(flavor: Flavor, project_id: str) -> bool:
    """Whether members of the project may use the flavor: a private flavor needs an entry in its access list."""
    return flavor.is_public or project_id in flavor.access


def get_flavor(ctx: Context, flavor_id: str) -> Flavor:
    """A flavor that the caller may use. Raises NotFound (404)."""
    flavor = find_flavor(ctx, flavor_id)
    if flavor is None:
        raise NotFound(reason=f"Flavor {flavor_id} could not be found.")
    return flavor


def find_keypair(ctx: Context, user_id: str, name: str) -> Keypair | None:
    """A user's key pair by name."""
    return ctx.world.tx.get(Keypair, f"{user_id}/{name}")


def copy_keypair(ctx: Context, user_id: str, name: str | None) -> dict[str, str] | None:
    """What a server keeps of a user's key pair; None without one."""
    keypair = find_keypair(ctx, user_id, name) if name else None
    return {"type": keypair.type, "public_key": keypair.public_key} if keypair else None


def find_host(ctx: Context, name: str | None) -> Host | None:
    """A compute host by name."""
    return ctx.world.tx.get(Host, name) if name else None


def get_project(ctx: Context, project_id: str) -> Project:
    """A project that a request names. Raises BadRequest (400), as Nova does for a project unknown to Keystone."""
    project = ctx.world.tx.get(Project, project_id)
    if project is None:
        raise BadRequest(reason=f"Project ID {project_id} is not a valid project.")
    return project


def id_of_reference(ref: str) -> str:
    """The id in a reference, which may be a URL."""
    return ref.rstrip("/").rpartition("/")[2]


def flavor_snapshot(flavor: Flavor) -> dict[str, object]:
    """The copy of a flavor that a server keeps."""
    return {
        "id": flavor.id,
        "name": flavor.name,
        "vcpus": flavor.vcpus,
        "ram": flavor.ram,
        "disk": flavor.disk,
        "ephemeral": flavor.ephemeral,
        "swap": flavor.swap,
        "extra_specs": dict(flavor.extra_specs),
        "number": flavor.number,
    }


def new_image_snapshot(image: Image | None, disk: int) -> dict[str, object]:
    """What a new server keeps of its image: also from which image a snapshot comes. Args as for `image_snapshot`."""
    base = image.properties.get("base_image_ref") if image else None
    return image_snapshot(image, disk) | ({"base_image_ref": base} if base else {})


def image_snapshot(image: Image | None, disk: int) -> dict[str, object]:
    """
    What a server keeps of its image; nothing without an image.

    Args:
        disk: Of the present flavor, in GiB. What the server is resized to later has at least as much.

    Source: nova/utils.py, get_system_metadata_from_image.
    """
    if image is None:
        return {}
    return {"min_disk": max(image.min_disk, disk), "min_ram": image.min_ram, "properties": dict(image.properties)}
