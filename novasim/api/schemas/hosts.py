"""What only administrators touch: services, hypervisors, aggregates and zones, and events from other services."""

from __future__ import annotations

from novasim.api.schemas.form import P, V, body, obj, query
from novasim.api.schemas.types import (
    BOOLEAN,
    FQDN,
    LOOSE_NAME,
    NAME,
    NOT_NEGATIVE,
    NULL,
    TEXT,
    UUID,
    array,
    choice,
    metadata,
    page,
    repeatable,
    single,
    text,
)

ZONE_OR_NULL = {"oneOf": [text(1, 255, format="az_name"), NULL]}
HOST = P("host", FQDN, required=True)

EVENT = obj(
    P(
        "name",
        choice(
            *("network-changed", "network-vif-plugged", "network-vif-unplugged", "network-vif-deleted"),
            V("volume-extended", since=51),
            V("power-update", since=76),
            V("accelerator-request-bound", since=82),
            V("volume-reimaged", since=93),
        ),
        required=True,
    ),
    P("server_uuid", UUID, required=True),
    P("status", choice("failed", "completed", "in-progress")),
    P("tag", text(0, 255)),
)

BODIES = {
    "aggregates.create": body("aggregate", P("name", NAME, required=True), P("availability_zone", ZONE_OR_NULL)),
    "aggregates.update": obj(
        P(
            "aggregate",
            obj(
                P("name", LOOSE_NAME),
                P("availability_zone", ZONE_OR_NULL),
                anyOf=[{"required": ["name"]}, {"required": ["availability_zone"]}],
            ),
            required=True,
        )
    ),
    "aggregates.add_host": body("add_host", HOST),
    "aggregates.remove_host": body("remove_host", HOST),
    "aggregates.set_metadata": body("set_metadata", P("metadata", metadata("string", "null"), required=True)),
    # Here Nova looks for unknown keys before it misses the id.
    "aggregates.images": obj(P("cache", array(obj(P("id", UUID), required=["id"]), minItems=1), required=True)),
    "external_events.create": obj(P("events", array(EVENT, minItems=1), required=True)),
    # Before 2.53 the path says what to do (enable, disable, ...), and the body names the service.
    "services.update": obj(
        P("host", FQDN, required=True, until=52),
        P("binary", text(1, 255), required=True, until=52),
        P("status", choice("enabled", "disabled"), since=53),
        P("disabled_reason", text(1, 255)),
        P("forced_down", BOOLEAN, since=11),
    ),
}

HYPERVISORS = query(
    *page(since=33, until=52),
    *single(NOT_NEGATIVE, "limit", since=53),
    *single(TEXT, "marker", since=53),
    *single(FQDN, "hypervisor_hostname_pattern", since=53),
    *single(BOOLEAN, "with_servers", since=53),
    strict=53,
)
WITHOUT_PARAMETERS = ("aggregates.list", "aggregates.show", "availability_zones.list", "availability_zones.detail")

QUERIES = {
    **dict.fromkeys(WITHOUT_PARAMETERS, query(strict=102)),
    "hypervisors.list": HYPERVISORS,
    "hypervisors.detail": HYPERVISORS,
    "hypervisors.show": query(*single(BOOLEAN, "with_servers", since=53), strict=53),
    "services.list": query(*repeatable(TEXT, "host", "binary"), strict=75),
}
