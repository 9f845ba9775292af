"""The bodies of the network service's requests, made from its tables of attributes."""

from __future__ import annotations

from typing import Any

from novasim.api.network.tables import HOPS, NEEDED, TABLES
from novasim.api.schemas.form import P, body, obj
from novasim.api.schemas.types import UUID, array, text
from novasim.simulation.options import NETWORK_QUOTAS

TAGS = array(text(1, 255))
INTERFACE = obj(P("subnet_id", UUID), P("port_id", UUID), minProperties=1)
LIMIT = {"type": ["integer", "string"], "pattern": "^(-1|[0-9]+)$", "minimum": -1, "maximum": 2**31 - 1}


def _create(name: str) -> Any:
    """One, or several at once."""
    plural, table = TABLES[name]
    attributes = [P(a.name, a.schema, required=a.name in NEEDED.get(name, ())) for a in table if a.post]
    one = obj(*attributes)
    return obj(P(name, one), P(plural, array(one, minItems=1)), minProperties=1, maxProperties=1)


def _update(name: str) -> Any:
    return body(name, *(P(a.name, a.schema) for a in TABLES[name][1] if a.put))


BODIES = {
    **{f"network.create_{name}": _create(name) for name in TABLES},
    **{f"network.update_{name}": _update(name) for name in TABLES},
    "network.set_tags": obj(P("tags", TAGS, required=True)),
    "network.interface": INTERFACE,
    "network.routes": body("router", P("routes", HOPS, required=True)),
    "network.update_quota": body(
        "quota",
        *(P(name, LIMIT) for name in NETWORK_QUOTAS),
        P("force", {"type": "boolean"}),
        P("check_limit", {"type": "boolean"}),
    ),
}
QUERIES: dict[str, Any] = {}
