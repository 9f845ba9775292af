"""Finding what a compute request refers to: flavors, images, key pairs, hosts."""

from __future__ import annotations

from novasim.api.context import Context
from novasim.errors import BadRequest
from novasim.records import Flavor, Host, Image, Keypair, Project


def find_flavor(ctx: Context, ref: str) -> Flavor | None:
    """A flavor by its id, if the caller may use it: private ones need access, unless an administrator asks."""
    flavor = ctx.world.tx.get(Flavor, ref)
    if flavor is None or flavor.is_public or ctx.caller.is_admin or ctx.caller.project_id in flavor.access:
        return flavor
    return None


def find_keypair(ctx: Context, user_id: str, name: str) -> Keypair | None:
    """A user's key pair by name."""
    return ctx.world.tx.get(Keypair, f"{user_id}/{name}")


def find_host(ctx: Context, name: str | None) -> Host | None:
    """A compute host by name."""
    return ctx.world.tx.get(Host, name) if name else None


def id_of_reference(ref: str) -> str:
    """The id in a reference that may be a URL."""
    return ref.rstrip("/").rpartition("/")[2]


def flavor_snapshot(flavor: Flavor) -> dict[str, object]:
    """What a server remembers of its flavor, whatever becomes of the flavor."""
    return {
        "id": flavor.id,
        "name": flavor.name,
        "vcpus": flavor.vcpus,
        "ram": flavor.ram,
        "disk": flavor.disk,
        "ephemeral": flavor.ephemeral,
        "swap": flavor.swap,
        "extra_specs": dict(flavor.extra_specs),
    }


def image_snapshot(image: Image | None) -> dict[str, object]:
    """What a server remembers of its image."""
    if image is None:
        return {}
    return {"min_disk": image.min_disk, "min_ram": image.min_ram, "properties": dict(image.properties)}


def get_project(ctx: Context, project_id: str) -> Project:
    """A project that a request names. Raises BadRequest (400), as Nova does when the identity service has none such."""
    found = ctx.world.tx.get(Project, project_id)
    if found is None:
        raise BadRequest(reason=f"Project ID {project_id} is not a valid project.")
    return found
