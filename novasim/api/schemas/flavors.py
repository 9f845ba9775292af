"""Flavors, who may use them, and their extra specs."""

from __future__ import annotations

from novasim.api.schemas.form import P, V, body, obj, query
from novasim.api.schemas.types import (
    BOOLEAN,
    FLAVOR_DESCRIPTION,
    NAME,
    SIZE,
    SIZE_OR_ZERO,
    TEXT,
    choice,
    metadata,
    page,
    repeatable,
    text,
)

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
TENANT = P("tenant", text(1, 255), required=True)

BODIES = {
    "flavors.create": body(
        "flavor",
        P("name", NAME, required=True),
        P("id", FLAVOR_ID),
        P("ram", SIZE, required=True),
        P("vcpus", SIZE, required=True),
        P("disk", SIZE_OR_ZERO, required=True),
        P("OS-FLV-EXT-DATA:ephemeral", SIZE_OR_ZERO),
        P("swap", SIZE_OR_ZERO),
        P("rxtx_factor", RXTX_FACTOR, until=101),
        P("os-flavor-access:is_public", BOOLEAN),
        P("description", FLAVOR_DESCRIPTION, since=55),
    ),
    "flavors.update": body("flavor", P("description", FLAVOR_DESCRIPTION, required=True)),
    "flavor_extra_specs.create": obj(P("extra_specs", metadata("string", "number"), required=True)),
    "flavor_extra_specs.update": metadata("string", "number", minProperties=1, maxProperties=1),
    "flavor_access.add": body("addTenantAccess", TENANT),
    "flavor_access.remove": body("removeTenantAccess", TENANT),
}

SORT_KEY = choice(
    *("created_at", "description", "disabled", "ephemeral_gb", "flavorid", "id", "is_public", "memory_mb", "name"),
    *("root_gb", V("rxtx_factor", until=101), "swap", "updated_at", "vcpu_weight", "vcpus"),
)
LIST = query(
    *page(),
    *repeatable(TEXT, "is_public", "minRam", "minDisk"),
    *repeatable(SORT_KEY, "sort_key"),
    *repeatable(choice("asc", "desc"), "sort_dir"),
    *repeatable(TEXT, "name", since=102),
    strict=75,
)
WITHOUT_PARAMETERS = ("flavors.show", "flavor_access.list", "flavor_extra_specs.list", "flavor_extra_specs.show")

QUERIES = {"flavors.list": LIST, "flavors.detail": LIST, **dict.fromkeys(WITHOUT_PARAMETERS, query(strict=102))}
