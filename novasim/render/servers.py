"""A server in words: names of networks, images and power states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from novasim.lifecycle.states import POWER_STATES

Names = Mapping[str, str]
FROM_VOLUME = "(booted from volume)"


def server_texts(server: Mapping[str, Any], images: Names, flavors: Names, owners: Names) -> dict[str, Any]:
    """
    The texts of attributes of a server, by key.

    Args:
        images, flavors, owners: The known names by id; *owners* are projects and users.
    """
    if "name" not in server:  # its cell cannot be reached
        return {}
    image, flavor = server["image"], server["flavor"]
    return {
        "addresses": format_addresses(server),
        "image": images.get(image["id"], image["id"]) if image else FROM_VOLUME,
        "flavor": flavor.get("original_name") or flavors.get(flavor["id"], flavor["id"]),
        "OS-EXT-STS:power_state": power_state_name(server),
        **{key: owners[server[key]] for key in ("tenant_id", "user_id") if server[key] in owners},
    }


def server_fields(server: Mapping[str, Any], images: Names) -> dict[str, Any]:
    """A server as fields and values. *images* are the known names by id."""
    image, addresses = server["image"], {"addresses": format_addresses(server)} if "addresses" in server else {}
    image_text = f"{images[image['id']]} ({image['id']})" if image and image["id"] in images else image and image["id"]
    return {**server, **addresses, "image": image_text or FROM_VOLUME}


def format_addresses(server: Mapping[str, Any]) -> str:
    """Addresses by network: private=192.0.2.5, 2001:db8::5; public=198.51.100.7."""
    networks = {name: ", ".join(entry["addr"] for entry in entries) for name, entries in server["addresses"].items()}
    return "; ".join(f"{name}={addresses}" for name, addresses in networks.items())


def power_state_name(server: Mapping[str, Any]) -> str:
    """The power state as a word."""
    number = server["OS-EXT-STS:power_state"]
    return POWER_STATES.get(number, str(number))
