"""Requests of administrators and services: services, hypervisors, aggregates, availability zones, external events."""

from __future__ import annotations

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
    multi_params,
    page_params,
    single_params,
    text,
)
from novasim.api.schemas.versioned import Property, Value, object_schema, query_schema, wrapped_object

ZONE_OR_NULL = {"oneOf": [text(1, 255, format="az_name"), NULL]}
HOST = Property("host", FQDN, required=True)

EVENT = object_schema(
    Property(
        "name",
        choice(
            *("network-changed", "network-vif-plugged", "network-vif-unplugged", "network-vif-deleted"),
            Value("volume-extended", since=51),
            Value("power-update", since=76),
            Value("accelerator-request-bound", since=82),
            Value("volume-reimaged", since=93),
        ),
        required=True,
    ),
    Property("server_uuid", UUID, required=True),
    Property("status", choice("failed", "completed", "in-progress")),
    Property("tag", text(0, 255)),
)

BODIES = {
    "aggregates.create": wrapped_object(
        "aggregate", Property("name", NAME, required=True), Property("availability_zone", ZONE_OR_NULL)
    ),
    "aggregates.update": object_schema(
        Property(
            "aggregate",
            object_schema(
                Property("name", LOOSE_NAME),
                Property("availability_zone", ZONE_OR_NULL),
                anyOf=[{"required": ["name"]}, {"required": ["availability_zone"]}],
            ),
            required=True,
        )
    ),
    "aggregates.add_host": wrapped_object("add_host", HOST),
    "aggregates.remove_host": wrapped_object("remove_host", HOST),
    "aggregates.set_metadata": wrapped_object(
        "set_metadata", Property("metadata", metadata("string", "null"), required=True)
    ),
    # Nova checks this "required" after unknown keys, so it is a keyword here.
    "aggregates.images": object_schema(
        Property("cache", array(object_schema(Property("id", UUID), required=["id"]), minItems=1), required=True)
    ),
    "external_events.create": object_schema(Property("events", array(EVENT, minItems=1), required=True)),
    # Before 2.53 the path contains the operation (enable, disable, ...), and the body names the service.
    "services.update": object_schema(
        Property("host", FQDN, required=True, until=52),
        Property("binary", text(1, 255), required=True, until=52),
        Property("status", choice("enabled", "disabled"), since=53),
        Property("disabled_reason", text(1, 255)),
        Property("forced_down", BOOLEAN, since=11),
    ),
}

HYPERVISORS = query_schema(
    *page_params(since=33, until=52),
    *single_params(NOT_NEGATIVE, "limit", since=53),
    *single_params(TEXT, "marker", since=53),
    *single_params(FQDN, "hypervisor_hostname_pattern", since=53),
    *single_params(BOOLEAN, "with_servers", since=53),
    strict_since=53,
)
WITHOUT_PARAMETERS = ("aggregates.list", "aggregates.show", "availability_zones.list", "availability_zones.detail")

QUERIES = {
    **dict.fromkeys(WITHOUT_PARAMETERS, query_schema(strict_since=102)),
    "hypervisors.list": HYPERVISORS,
    "hypervisors.detail": HYPERVISORS,
    "hypervisors.show": query_schema(*single_params(BOOLEAN, "with_servers", since=53), strict_since=53),
    "services.list": query_schema(*multi_params(TEXT, "host", "binary"), strict_since=75),
}
