"""The commands `image`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import show_item
from novasim.cli.openstack.rows import Row

FIELDS = """
    checksum container_format created_at disk_format file id min_disk min_ram name owner properties||dict protected
    schema size status tags||list updated_at virtual_size visibility
"""
BASE = frozenset(part.partition("|")[0] for part in FIELDS.split()) | {"self"}


def show_image(image: Mapping[str, Any]) -> Output:
    """Show an image: attributes without a value are left out, and others than the basic ones are properties."""
    properties = {key: value for key, value in image.items() if key not in BASE and value is not None}
    item = {**image, "properties": properties or None}
    fields = [field for field in FIELDS.split() if item.get(field.partition("|")[0]) is not None]
    return show_item(item, " ".join(fields))


ROWS: tuple[Row, ...] = ()
