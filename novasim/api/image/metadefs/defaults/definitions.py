"""The form of the default namespaces, and functions that return properties and associations."""

from __future__ import annotations

from typing import Any, NamedTuple

View = dict[str, Any]
Named = tuple[str, View]

IMAGE, FLAVOR, AGGREGATE = "OS::Glance::Image", "OS::Nova::Flavor", "OS::Nova::Aggregate"
SERVER, VOLUME = "OS::Nova::Server", "OS::Cinder::Volume"
VOLUME_TYPE, SNAPSHOT = "OS::Cinder::VolumeType", "OS::Cinder::Snapshot"


class Definition(NamedTuple):
    """
    A default namespace.

    Args:
        types: Its associations with types of resources.
        properties: Schemas by name. objects: Named groups of properties.
    """

    namespace: str
    display_name: str
    description: str
    types: tuple[View, ...]
    properties: tuple[Named, ...] = ()
    objects: tuple[View, ...] = ()


def target(name: str, prefix: str = "", properties_target: str = "") -> View:
    """
    An association with a type of resource.

    Args:
        prefix: Precedes the names of the properties where they are set.
        properties_target: The kind of metadata if a resource has several.
    """
    more = {"prefix": prefix, "properties_target": properties_target}
    return {"name": name, **{key: value for key, value in more.items() if value}}


IMAGE_ONLY = (target(IMAGE),)
FLAVOR_ONLY = (target(FLAVOR),)
AGGREGATE_ONLY = (target(AGGREGATE),)
HARDWARE = (target(FLAVOR, "hw:"), target(IMAGE, "hw_"), target(VOLUME, "hw_", "image"))
GUEST_DATA = (target(IMAGE), target(VOLUME, properties_target="image"), target(SERVER, properties_target="metadata"))


def text(name: str, title: str, description: str, **more: Any) -> Named:
    """A property with any text."""
    return name, {"title": title, "description": description, "type": "string", **more}


def choice(name: str, title: str, description: str, *values: str, **more: Any) -> Named:
    """A property with one of several texts."""
    return text(name, title, description, enum=list(values), **more)


def number(name: str, title: str, description: str, minimum: int | None = None, **more: Any) -> Named:
    """A property with a whole number."""
    least = {} if minimum is None else {"minimum": minimum}
    return name, {"title": title, "description": description, "type": "integer", **least, **more}


def ratio(name: str, title: str, description: str) -> Named:
    """A property with a number."""
    return name, {"title": title, "description": description, "type": "number"}


def flag(name: str, title: str, description: str) -> Named:
    """A property that is true or false."""
    return name, {"title": title, "description": description, "type": "boolean"}


def group(name: str, description: str, *properties: Named) -> View:
    """An object: a named group of properties."""
    return {"name": name, "description": description, "required": [], "properties": dict(properties)}
