"""Attributes of a server that users may change: name and description, metadata, tags."""

from __future__ import annotations

from typing import Any

from novasim.records import Server
from novasim.simulation.effects import Effect
from novasim.simulation.world import World


def change_fields(world: World, server: Server, args: dict[str, Any]) -> str:
    """Change fields of the server. Args: changes (new values by field of the record)."""
    for field, value in args["changes"].items():
        setattr(server, field, value)
    world.touch(server)
    return ""


def replace_metadata(world: World, server: Server, args: dict[str, Any]) -> str:
    """Replace the metadata of the server. Args: metadata (all new items)."""
    server.metadata = args["metadata"]
    world.touch(server)
    return ""


def replace_tags(world: World, server: Server, args: dict[str, Any]) -> str:
    """Replace the tags of the server. Args: tags (all new tags, in any order)."""
    server.tags = sorted(set(args["tags"]))
    world.touch(server)
    return ""


_METADATA, _TAGS = Effect(on_accept=replace_metadata), Effect(on_accept=replace_tags)
EFFECTS = {
    "set": Effect(on_accept=change_fields),
    "metadata-create": _METADATA,
    "metadata-replace": _METADATA,
    "metadata-set-item": _METADATA,
    "metadata-delete-item": _METADATA,
    "tag-add": _TAGS,
    "tag-replace": _TAGS,
    "tag-delete": _TAGS,
    "tag-delete-all": _TAGS,
}
