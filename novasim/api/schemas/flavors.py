"""Flavors, flavor access and extra specs."""

from __future__ import annotations

from novasim.api.schemas.types import (
    BOOLEAN,
    FLAVOR_DESCRIPTION,
    NAME,
    SIZE,
    SIZE_OR_ZERO,
    TEXT,
    choice,
    metadata,
    multi_params,
    page_params,
    text,
)
from novasim.api.schemas.versioned import Property, Value, object_schema, query_schema, wrapped_object

FLAVOR_ID = {
    "type": ["string", "number", "null"],
    "minLength": 1,
    "maxLength": 255,
    "pattern": "^(?! )[a-zA-Z0-9. _-]+(?<! )$",
}
RXTX_FACTOR = {
    "type": ["number", "string"],
    "pattern": r"^[0-9]+(\.[0-9]+)?$",
    "exclusiveMinimum": 0,
    "maximum": 3.40282e38,
}
TENANT = Property("tenant", text(1, 255), required=True)

BODIES = {
    "flavors.create": wrapped_object(
        "flavor",
        Property("name", NAME, required=True),
        Property("id", FLAVOR_ID),
        Property("ram", SIZE, required=True),
        Property("vcpus", SIZE, required=True),
        Property("disk", SIZE_OR_ZERO, required=True),
        Property("OS-FLV-EXT-DATA:ephemeral", SIZE_OR_ZERO),
        Property("swap", SIZE_OR_ZERO),
        Property("rxtx_factor", RXTX_FACTOR, until=101),
        Property("os-flavor-access:is_public", BOOLEAN),
        Property("description", FLAVOR_DESCRIPTION, since=55),
    ),
    "flavors.update": wrapped_object("flavor", Property("description", FLAVOR_DESCRIPTION, required=True)),
    "flavor_extra_specs.create": object_schema(Property("extra_specs", metadata("string", "number"), required=True)),
    "flavor_extra_specs.update": metadata("string", "number", minProperties=1, maxProperties=1),
    "flavor_access.add": wrapped_object("addTenantAccess", TENANT),
    "flavor_access.remove": wrapped_object("removeTenantAccess", TENANT),
}

SORT_KEY = choice(
    *("created_at", "description", "disabled", "ephemeral_gb", "flavorid", "id", "is_public", "memory_mb", "name"),
    *("root_gb", Value("rxtx_factor", until=101), "swap", "updated_at", "vcpu_weight", "vcpus"),
)
LIST = query_schema(
    *page_params(),
    *multi_params(TEXT, "is_public", "minRam", "minDisk"),
    *multi_params(SORT_KEY, "sort_key"),
    *multi_params(choice("asc", "desc"), "sort_dir"),
    *multi_params(TEXT, "name", since=102),
    strict_since=75,
)
WITHOUT_PARAMETERS = ("flavors.show", "flavor_access.list", "flavor_extra_specs.list", "flavor_extra_specs.show")

QUERIES = {
    "flavors.list": LIST,
    "flavors.detail": LIST,
    **dict.fromkeys(WITHOUT_PARAMETERS, query_schema(strict_since=102)),
}
