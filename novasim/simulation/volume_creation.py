"""
New volumes of users and of servers: the requirements of their source, and the fields that they copy from it.

Source: Cinder, volume/flows/api/create_volume.py, _extract_size; volume/volume_utils.py, check_image_metadata and
get_volume_image_metadata.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from novasim.errors import BadRequest, NovaFault
from novasim.records import Attachment, Image, Server, Volume, VolumeBackup, VolumeSnapshot, VolumeType
from novasim.simulation.failures import BuildAborted
from novasim.simulation.hosts.volume_services import choose_status
from novasim.simulation.volume_quotas import check_quota
from novasim.simulation.world import World

GIB = 1024**3
OWN_ATTRIBUTES = frozenset(
    ("image_id", "image_name", "size", "checksum", "container_format", "disk_format", "min_ram", "min_disk")
)  # those of an image that are not properties
ENCRYPTION_SETTINGS = ("provider", "control_location", "cipher", "key_size")
INVALID_INPUT = "Invalid input received: "
NOT_CREATED = (
    "Volume {} did not finish being created even after we waited 0 seconds or 1 attempts. And its status is error."
)


class Source(NamedTuple):
    """The source of a new volume; a blank volume has no source."""

    image: Image | None = None
    snapshot: VolumeSnapshot | None = None
    volume: Volume | None = None
    backup: VolumeBackup | None = None

    @property
    def smallest_size(self) -> int:
        """The size, in GiB, that the source needs."""
        image = max(self.image.min_disk, _size_in_gib(self.image)) if self.image else 1
        return max(image, *(each.size for each in (self.snapshot, self.volume, self.backup) if each), 1)


def _size_in_gib(image: Image) -> int:
    return -(-(image.size or 0) // GIB)


def check_source(source: Source, size: int) -> None:
    """Raises BadRequest (400): a volume of *size* GiB cannot be created from the source."""
    for reason in list_obstacles(source, size):
        raise BadRequest(reason=INVALID_INPUT + reason)


def list_obstacles(source: Source, size: int) -> list[str]:
    """Why a volume of *size* GiB cannot be created from a source; empty if it can."""
    obstacles = []
    if size < 1:
        obstacles.append(f"Volume size '{size}' must be an integer and greater than 0")
    if source.snapshot and size < source.snapshot.size:
        obstacles.append(
            f"Volume size '{size}'GB cannot be smaller than the snapshot size {source.snapshot.size}GB. "
            "They must be >= original snapshot size."
        )
    if source.volume and size < source.volume.size:
        obstacles.append(
            f"Volume size '{size}'GB cannot be smaller than original volume size  {source.volume.size}GB. "
            "They must be >= original volume size."
        )
    if source.backup and size < source.backup.size:
        obstacles.append(
            f"Volume size {size}GB cannot be smaller than the backup size {source.backup.size}GB. "
            "It must be >= backup size."
        )
    return obstacles + (_list_image_obstacles(source.image, size) if source.image else [])


def _list_image_obstacles(image: Image, size: int) -> list[str]:
    obstacles = []
    if image.status != "active":
        obstacles.append(f"Image {image.id} is not active.")
    if _size_in_gib(image) > size:
        obstacles.append(f"Size of specified image {_size_in_gib(image)}GB is larger than volume size {size}GB.")
    if size < image.min_disk:
        obstacles.append(f"Volume size {size}GB cannot be smaller than the image minDisk size {image.min_disk}GB.")
    return obstacles


def check_image(image: Image, size: int) -> None:
    """Raises BadRequest (400): an image cannot be written to a volume of *size* GiB."""
    check_source(Source(image=image), size)


def read_source(world: World, source: Source) -> dict[str, Any]:
    """The fields of a volume that come from its source."""
    if source.image:
        return {"image_metadata": describe_image(source.image), "bootable": True}
    if source.backup:
        return {"bootable": source.backup.bootable, "image_metadata": dict(source.backup.image_metadata)}
    origin = source.volume or world.tx.get(Volume, source.snapshot.volume_id if source.snapshot else "")
    fields: dict[str, Any] = {"snapshot_id": source.snapshot.id} if source.snapshot else {}
    if source.volume:
        fields["source_volid"] = source.volume.id
    if origin:
        fields |= {"bootable": origin.bootable, "image_metadata": dict(origin.image_metadata)}
        fields["volume_type"] = origin.volume_type
    return fields


def describe_image(image: Image) -> dict[str, str]:
    """The fields that a volume keeps of the image that it was created from."""
    own = {name: str(value) for name, value in image.properties.items()}
    return own | {
        "image_id": image.id,
        "image_name": image.name or "",
        "min_disk": str(image.min_disk),
        "min_ram": str(image.min_ram),
        "size": str(image.size or 0),
        "checksum": image.checksum or "",
        "container_format": image.container_format or "",
        "disk_format": image.disk_format or "",
    }


def read_image(volume: Volume) -> Image:
    """
    What a volume keeps of its image, as an image of the volume's size.

    Source: nova/block_device.py, get_image_metadata_from_volume.
    """
    kept = volume.image_metadata
    return Image(
        id="",
        name=None,
        size=volume.size * GIB,
        min_disk=int(kept.get("min_disk") or 0),
        min_ram=int(kept.get("min_ram") or 0),
        properties={name: value for name, value in kept.items() if name not in OWN_ATTRIBUTES},
        created_at=volume.created_at,
        updated_at=volume.updated_at,
    )


def find_type(world: World, name: str) -> VolumeType | None:
    """Find the volume type with a name. An unchanged default type is not stored."""
    return next(iter(world.tx.query(VolumeType, {"name": name})), None)


def is_multiattach_type(world: World, name: str) -> bool:
    """Whether volumes of a type can be attached to several servers. Source: Cinder, _is_multiattach."""
    volume_type = find_type(world, name)
    return volume_type is not None and volume_type.extra_specs.get("multiattach") == "<is> True"


def create_encryption_key(world: World, name: str) -> str | None:
    """
    Create the ID of the key of a new volume of a type; None if the type has no encryption.

    Raises:
        BadRequest: the type has encryption, and its volumes can be attached to several servers (400).

    Source: cinder/volume/flows/api/create_volume.py, ExtractVolumeRequestTask.
    """
    volume_type = find_type(world, name)
    if volume_type is None or not volume_type.encryption:
        return None
    if is_multiattach_type(world, name):
        raise BadRequest(reason="Invalid volume: Multiattach cannot be used with encrypted volumes.")
    return world.ids.uuid()


def is_encryption_different(world: World, *names: str) -> bool:
    """Whether volume types differ in encryption. Source: Cinder, volume_types_encryption_changed."""
    types = [find_type(world, name) for name in names]
    encryptions = [volume_type.encryption if volume_type else {} for volume_type in types]
    settings = [{key: each.get(key) for key in ENCRYPTION_SETTINGS} for each in encryptions]
    return any(each != settings[0] for each in settings)


def create_server_volume(world: World, server: Server, attachment: Attachment) -> Volume:
    """
    Create the volume that a server is built with. Like Nova's, only a blank one has a name.

    Raises:
        BuildAborted: its source no longer exists, or the volume service refuses it because of its size or a quota.

    Source: nova/virt/block_device.py, DriverVolSnapshotBlockDevice and those below.
    """
    size = attachment.volume_size or 1
    source = _find_source(world, server, attachment)
    try:
        check_source(source, size)
    except NovaFault as fault:
        raise BuildAborted(server.id, INVALID_INPUT + str(fault)) from None
    try:
        volume = create_volume_from(world, source, server.project_id, server.user_id, size, attachment.volume_type)
    except NovaFault as fault:
        raise BuildAborted(server.id, str(fault)) from None
    volume.name = "" if any(source) else f"{server.id}-blank-vol"
    volume.description = ""
    world.tx.put(volume)
    if volume.status == "error":
        _abort_build(world, server, attachment, volume)
    return volume


def _abort_build(world: World, server: Server, attachment: Attachment, volume: Volume) -> None:
    """
    End a build whose volume has failed. The volume stays unless it is to be deleted together with the server.

    Source: nova/virt/block_device.py, _call_wait_func; the text is that of VolumeNotCreated at the first attempt.
    """
    if attachment.delete_on_termination:
        world.tx.delete(volume)
    raise BuildAborted(server.id, NOT_CREATED.format(volume.id))


def create_volume_from(
    world: World,
    source: Source,
    project_id: str,
    user_id: str,
    size: int = 0,
    volume_type: str | None = None,
    is_scheduled: bool = True,
) -> Volume:
    """
    Create a volume without a name from a source that has been checked.

    Args:
        size: In GiB; 0 for the smallest that the source allows.
        volume_type: Its name; None for that of the source volume, or the default.
        is_scheduled: Whether the scheduler chooses its backend, rather than that of the source.

    Raises:
        OverLimit: a quota is exceeded (413). BadRequest: the type cannot have volumes (400).
    """
    fields = read_source(world, source)
    fields["volume_type"] = volume_type = volume_type or fields.get("volume_type", Volume.volume_type)
    size = size or source.smallest_size
    check_quota(world, project_id, volume_type, volumes=1, gigabytes=size)
    key = create_encryption_key(world, volume_type)
    volume = Volume(
        id=world.ids.uuid(),
        size=size,
        project_id=project_id,
        user_id=user_id,
        encryption_key_id=key,
        created_at=world.time,
        updated_at=world.time,
        **fields,
    )
    volume.status = choose_status(world) if is_scheduled else volume.status
    volume.multiattach = is_multiattach_type(world, volume_type)
    world.tx.put(volume)
    return volume


def _find_source(world: World, server: Server, attachment: Attachment) -> Source:
    """Raises BuildAborted: the source has been deleted since the request."""
    id, kind = attachment.source_id or "", attachment.source_type
    source = Source(
        image=world.tx.get(Image, id) if kind == "image" else None,
        snapshot=world.tx.get(VolumeSnapshot, id) if kind == "snapshot" else None,
    )
    if kind in ("image", "snapshot") and not any(source):
        raise BuildAborted(server.id, f"{kind.capitalize()} {id} could not be found.")
    return source
