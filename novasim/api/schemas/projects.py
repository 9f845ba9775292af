"""What a project has: key pairs, server groups, quotas and limits."""

from __future__ import annotations

from novasim.api.schemas.form import P, V, body, obj, query
from novasim.api.schemas.types import (
    BOOLEAN,
    MAX_INT,
    NAME,
    NOT_NEGATIVE,
    POSITIVE,
    TEXT,
    choice,
    number,
    page,
    repeatable,
    text,
)

KEY_NAME = {"allOf": [NAME, text(1, 255, pattern=r"^[_\- a-zA-Z0-9]+$")]}
KEY_NAME_WITH_DOTS = {"allOf": [NAME, text(1, 255, pattern=r"^[_\-\@\. a-zA-Z0-9]+$")]}

POLICY = choice("anti-affinity", "affinity", V("soft-anti-affinity", since=15), V("soft-affinity", since=15))
ONE_POLICY = {"type": "array", "prefixItems": [POLICY], "uniqueItems": True, "minItems": 1, "maxItems": 1}

QUOTA = number(-1, "^-?[0-9]+$", maximum=MAX_INT)


def quotas(network_until: int) -> tuple[P, ...]:
    """The quotas that can be set; those of the network were given up before those of injected files."""
    return (
        *(P(name, QUOTA) for name in ("instances", "cores", "ram")),
        *(P(name, QUOTA, until=network_until) for name in ("floating_ips", "fixed_ips")),
        *(P(name, QUOTA) for name in ("metadata_items", "key_pairs")),
        *(P(name, QUOTA, until=network_until) for name in ("security_groups", "security_group_rules")),
        P("injected_files", QUOTA, until=56),
        P("injected_file_content_bytes", QUOTA, until=56),
        P("injected_file_path_bytes", QUOTA, until=56),
        *(P(name, QUOTA) for name in ("server_groups", "server_group_members")),
    )


BODIES = {
    "keypairs.create": body(
        "keypair",
        P("name", KEY_NAME, required=True, until=91),
        P("name", KEY_NAME_WITH_DOTS, required=True, since=92),
        P("type", choice("ssh", "x509"), since=2),
        P("public_key", TEXT, until=91),
        P("public_key", TEXT, required=True, since=92),
        P("user_id", TEXT, since=10),
    ),
    "server_groups.create": body(
        "server_group",
        P("name", NAME, required=True),
        P("policies", ONE_POLICY, required=True, until=63),
        P("policy", POLICY, required=True, since=64),
        P("rules", obj(P("max_server_per_host", POSITIVE)), since=64),
    ),
    "quota_sets.update": body("quota_set", *quotas(network_until=35), P("force", BOOLEAN)),
    "quota_class_sets.update": body("quota_class_set", *quotas(network_until=49)),
}

USER = repeatable(TEXT, "user_id", since=10)
QUOTA_QUERY = query(*repeatable(TEXT, "user_id"), strict=75)

QUERIES = {
    "keypairs.list": query(*USER, *page(since=35), strict=75),
    "keypairs.show": query(*USER, strict=75),
    "keypairs.delete": query(*USER, strict=75),
    "server_groups.list": query(
        *repeatable(TEXT, "all_projects"), *repeatable(NOT_NEGATIVE, "limit", "offset"), strict=75
    ),
    "server_groups.show": query(strict=102),
    "limits.show": query(*repeatable(TEXT, "tenant_id"), strict=75),
    "quota_sets.show": QUOTA_QUERY,
    "quota_sets.detail": QUOTA_QUERY,
    "quota_sets.update": QUOTA_QUERY,
    "quota_sets.delete": QUOTA_QUERY,
    "quota_sets.defaults": query(),
    "quota_class_sets.show": query(strict=102),
}
