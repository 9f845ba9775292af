"""The bodies of the network service, derived from its attribute tables."""

from __future__ import annotations

from typing import Any

from novasim.api.network.tables import REQUIRED, ROUTE_LIST, TABLES
from novasim.api.schemas.types import UUID, array, text
from novasim.api.schemas.versioned import Property, object_schema, wrapped_object
from novasim.simulation.options import NETWORK_QUOTAS

TAGS = array(text(1, 255))
INTERFACE = object_schema(Property("subnet_id", UUID), Property("port_id", UUID), minProperties=1)
LIMIT = {"type": ["integer", "string"], "pattern": "^(-1|[0-9]+)$", "minimum": -1, "maximum": 2**31 - 1}


def _create(name: str) -> Any:
    """A body that creates one resource or several."""
    plural, table = TABLES[name]
    attributes = [Property(a.name, a.schema, required=a.name in REQUIRED.get(name, ())) for a in table if a.post]
    one = object_schema(*attributes)
    return object_schema(
        Property(name, one), Property(plural, array(one, minItems=1)), minProperties=1, maxProperties=1
    )


def _update(name: str) -> Any:
    return wrapped_object(name, *(Property(a.name, a.schema) for a in TABLES[name][1] if a.put))


BODIES = {
    **{f"network.create_{name}": _create(name) for name in TABLES},
    **{f"network.update_{name}": _update(name) for name in TABLES},
    "network.set_tags": object_schema(Property("tags", TAGS, required=True)),
    "network.interface": INTERFACE,
    "network.routes": wrapped_object("router", Property("routes", ROUTE_LIST, required=True)),
    "network.update_quota": wrapped_object(
        "quota",
        *(Property(name, LIMIT) for name in NETWORK_QUOTAS),
        Property("force", {"type": "boolean"}),
        Property("check_limit", {"type": "boolean"}),
    ),
}
