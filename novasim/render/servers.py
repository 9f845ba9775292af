"""A server in words for people: networks, image and power state as a line each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from novasim.lifecycle.states import POWER_STATES

Names = Mapping[str, str]
FROM_VOLUME = "(booted from volume)"


def row_of(server: Mapping[str, Any], images: Names, flavors: Names) -> dict[str, Any]:
    """A server as a line of a list. *images* and *flavors* are names by id, as far as they are known."""
    image, flavor = server["image"], server["flavor"]
    return {
        **server,
        "networks": networks(server),
        "image": images.get(image["id"], image["id"]) if image else FROM_VOLUME,
        "flavor": flavor.get("original_name") or flavors.get(flavor["id"], flavor["id"]),
        "power": power(server),
    }


def fields_of(server: Mapping[str, Any], images: Names) -> dict[str, Any]:
    """A server as fields and values."""
    image = server["image"]
    shown = f"{images[image['id']]} ({image['id']})" if image and image["id"] in images else image and image["id"]
    return {**server, "addresses": networks(server), "image": shown or FROM_VOLUME}


def networks(server: Mapping[str, Any]) -> str:
    """Addresses by network: private=192.0.2.5, 2001:db8::5; public=198.51.100.7."""
    found = {name: ", ".join(entry["addr"] for entry in entries) for name, entries in server["addresses"].items()}
    return "; ".join(f"{name}={addresses}" for name, addresses in found.items())


def power(server: Mapping[str, Any]) -> str:
    """The power state in a word."""
    number = server["OS-EXT-STS:power_state"]
    return POWER_STATES.get(number, str(number))
