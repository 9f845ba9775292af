"""Image attributes: which may be set, their schemas and fields. Source: the image service's API (v2)."""

from __future__ import annotations

from typing import Any, NamedTuple

from novasim.api.context import Context
from novasim.api.schemas.types import UUID, array, choice, or_null, text
from novasim.api.schemas.validator import first_error
from novasim.errors import BadRequest, Forbidden
from novasim.records import Image
from novasim.strutils import without_fraction

WHOLE_NUMBER: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
BOOLEAN: dict[str, Any] = {"type": "boolean"}
CONTAINERS = ("ami", "ari", "aki", "bare", "ovf", "ova", "docker", "compressed")
DISKS = ("ami", "ari", "aki", "vhd", "vhdx", "vmdk", "raw", "qcow2", "vdi", "iso", "ploop")


class Attribute(NamedTuple):
    """An attribute that requests may set: the record's field, the schema, a description."""

    field: str
    schema: dict[str, Any]
    description: str


SETTABLE = {
    "name": Attribute("name", or_null(text(0, 255)), "Descriptive name for the image"),
    "visibility": Attribute("visibility", choice("public", "private", "shared", "community"), "Who may see the image"),
    "min_disk": Attribute("min_disk", WHOLE_NUMBER, "Amount of disk space (in GB) required to boot image."),
    "min_ram": Attribute("min_ram", WHOLE_NUMBER, "Amount of ram (in MB) required to boot image."),
    "container_format": Attribute("container_format", or_null(choice(*CONTAINERS, None)), "Format of the container"),
    "disk_format": Attribute("disk_format", or_null(choice(*DISKS, None)), "Format of the disk"),
    "protected": Attribute("protected", BOOLEAN, "If true, image will not be deletable."),
    "os_hidden": Attribute("hidden", BOOLEAN, "If true, image will not appear in default image list response."),
    "tags": Attribute("tags", array(text(1, 255), maxItems=128), "List of strings related to the image"),
    "owner": Attribute("owner", or_null(text(0, 255)), "Owner of the image"),
}
READ_ONLY = frozenset("status size virtual_size checksum os_hash_algo os_hash_value created_at updated_at".split())
RESERVED = frozenset("id self file schema direct_url location deleted deleted_at locations".split())
RESERVED_PREFIX = "os_glance_"
PROPERTY = text(0, 65535)
PROPERTY_NAME = text(1, 255)
MAX_PROPERTIES = 128

NEW_ID = UUID


def check_settable(name: str) -> None:
    """
    Check that clients may set an attribute.

    Raises:
        Forbidden: only Glance may (403).

    Source: glance/api/v2/images.py, RequestDeserializer.
    """
    if name in READ_ONLY:
        raise Forbidden(reason=f"Attribute '{name}' is read-only.")
    if name in RESERVED or name.startswith(RESERVED_PREFIX):
        raise Forbidden(reason=f"Attribute '{name}' is reserved.")


def set_attribute(ctx: Context, image: Image, name: str, value: Any) -> None:
    """
    Set an attribute or a property of an image.

    Raises:
        Forbidden: the caller may not set it (403). BadRequest: the value is invalid (400).
    """
    check_settable(name)
    if name in SETTABLE:
        _check(name, SETTABLE[name].schema, value)
        _check_rights(ctx, image, name, value)
        setattr(image, SETTABLE[name].field, list(dict.fromkeys(value)) if name == "tags" else value)
        return
    _check("name", PROPERTY_NAME, name)
    _check(name, PROPERTY, value)
    image.properties[name] = value
    if len(image.properties) > MAX_PROPERTIES:
        raise BadRequest(
            reason=f"The limit has been exceeded on the number of allowed image properties: {MAX_PROPERTIES}."
        )


def _check(name: str, schema: dict[str, Any], value: Any) -> None:
    if error := first_error(schema, value):
        raise BadRequest(reason=f"Provided object does not match schema 'image': {error.message}. Attribute: {name}.")


def _check_rights(ctx: Context, image: Image, name: str, value: Any) -> None:
    if ctx.caller.is_admin:
        return
    if name == "visibility" and value == "public":
        raise Forbidden(reason="You are not authorized to complete publicize_image action.")
    if name == "owner" and value != ctx.caller.project_id:
        raise Forbidden(reason="You are not permitted to change the owner of an image.")


def image_view(image: Image) -> dict[str, Any]:
    """An image as the service shows it: attributes and properties side by side."""
    return {
        **{name: value for name, value in image.properties.items() if value is not None},
        **{name: getattr(image, attribute.field) for name, attribute in SETTABLE.items()},
        "id": image.id,
        "status": image.status,
        "size": image.size,
        "virtual_size": None,
        "checksum": image.checksum,
        "os_hash_algo": "sha512" if image.sha512 else None,
        "os_hash_value": image.sha512,
        "created_at": without_fraction(image.created_at),
        "updated_at": without_fraction(image.updated_at),
        "file": f"/v2/images/{image.id}/file",
        "self": f"/v2/images/{image.id}",
        "schema": "/v2/schemas/image",
    }
