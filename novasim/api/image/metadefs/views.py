"""Namespaces, properties, objects and tags as the image service shows them. Fields without a value are left out."""

from __future__ import annotations

from typing import Any

from novasim.records import MetadefNamespace
from novasim.strutils import without_fraction

View = dict[str, Any]
FIELDS = ("display_name", "description", "visibility", "protected", "owner", "created_at", "updated_at")
TIMES = ("created_at", "updated_at")
PATH = "/v2/metadefs/namespaces"


def namespace_view(record: MetadefNamespace) -> View:
    """A namespace without its parts."""
    view = {"namespace": record.id, **{name: getattr(record, name) for name in FIELDS}}
    view |= {name: without_fraction(view[name]) for name in TIMES}
    return _without_null(view) | {"self": f"{PATH}/{record.id}", "schema": "/v2/schemas/metadefs/namespace"}


def association_views(record: MetadefNamespace) -> View:
    """The associations of a namespace with types of resources, as a field of its view if it has any."""
    return {"resource_type_associations": record.resource_types} if record.resource_types else {}


def full_view(record: MetadefNamespace, resource_type: str | None = None) -> View:
    """
    A namespace with its parts.

    Args:
        resource_type: The type of resource whose prefix the names of the properties get.
    """
    associations = (each for each in record.resource_types if each["name"] == resource_type)
    prefix = next(associations, {}).get("prefix", "")
    parts = {
        "properties": add_prefix(prefix, record.properties),
        "objects": [object_view(record, each, prefix) for each in record.objects],
        "tags": [{"name": tag["name"]} for tag in record.tags],
    }
    return namespace_view(record) | association_views(record) | {name: part for name, part in parts.items() if part}


def object_view(record: MetadefNamespace, item: View, prefix: str = "") -> View:
    """An object of a namespace."""
    return _without_null(item) | {
        "required": [prefix + name for name in item.get("required") or ()],
        "properties": add_prefix(prefix, item.get("properties") or {}),
        "self": f"{PATH}/{record.id}/objects/{item['name']}",
        "schema": "/v2/schemas/metadefs/object",
    }


def add_prefix(prefix: str, properties: View) -> View:
    """Properties with a prefix before their names."""
    return {prefix + name: value for name, value in properties.items()}


def _without_null(view: View) -> View:
    return {name: value for name, value in view.items() if value is not None}
