"""Whether a server has a flavor."""

from __future__ import annotations

from novasim.records import Flavor, Server


def has_flavor(server: Server, flavor: Flavor) -> bool:
    """
    Whether a server has this flavor. A new flavor with the ID of a deleted one is another flavor.

    Source: nova/compute/api.py, resize, which compares the internal numbers of flavors.
    """
    own = server.flavor
    return bool(own["id"] == flavor.id and own.get("number", flavor.number) == flavor.number)
