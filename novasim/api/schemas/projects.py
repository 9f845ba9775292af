"""Resources of a project: key pairs, server groups, quotas and limits."""

from __future__ import annotations

from novasim.api.schemas.types import (
    BOOLEAN,
    MAX_INT,
    NAME,
    NOT_NEGATIVE,
    POSITIVE,
    TEXT,
    choice,
    multi_params,
    number,
    page_params,
    text,
)
from novasim.api.schemas.versioned import Property, Value, object_schema, query_schema, wrapped_object

KEY_NAME = {"allOf": [NAME, text(1, 255, pattern=r"^[_\- a-zA-Z0-9]+$")]}
KEY_NAME_WITH_DOTS = {"allOf": [NAME, text(1, 255, pattern=r"^[_\-\@\. a-zA-Z0-9]+$")]}

POLICY = choice("anti-affinity", "affinity", Value("soft-anti-affinity", since=15), Value("soft-affinity", since=15))
ONE_POLICY = {"type": "array", "prefixItems": [POLICY], "uniqueItems": True, "minItems": 1, "maxItems": 1}

QUOTA = number(-1, "^-?[0-9]+$", maximum=MAX_INT)


def quotas(network_until: int) -> tuple[Property, ...]:
    """The quotas that can be set; those of the network were removed before those of injected files."""
    return (
        *(Property(name, QUOTA) for name in ("instances", "cores", "ram")),
        *(Property(name, QUOTA, until=network_until) for name in ("floating_ips", "fixed_ips")),
        *(Property(name, QUOTA) for name in ("metadata_items", "key_pairs")),
        *(Property(name, QUOTA, until=network_until) for name in ("security_groups", "security_group_rules")),
        Property("injected_files", QUOTA, until=56),
        Property("injected_file_content_bytes", QUOTA, until=56),
        Property("injected_file_path_bytes", QUOTA, until=56),
        *(Property(name, QUOTA) for name in ("server_groups", "server_group_members")),
    )


BODIES = {
    "keypairs.create": wrapped_object(
        "keypair",
        Property("name", KEY_NAME, required=True, until=91),
        Property("name", KEY_NAME_WITH_DOTS, required=True, since=92),
        Property("type", choice("ssh", "x509"), since=2),
        Property("public_key", TEXT, until=91),
        Property("public_key", TEXT, required=True, since=92),
        Property("user_id", TEXT, since=10),
    ),
    "server_groups.create": wrapped_object(
        "server_group",
        Property("name", NAME, required=True),
        Property("policies", ONE_POLICY, required=True, until=63),
        Property("policy", POLICY, required=True, since=64),
        Property("rules", object_schema(Property("max_server_per_host", POSITIVE)), since=64),
    ),
    "quota_sets.update": wrapped_object("quota_set", *quotas(network_until=35), Property("force", BOOLEAN)),
    "quota_class_sets.update": wrapped_object("quota_class_set", *quotas(network_until=49)),
}

USER = multi_params(TEXT, "user_id", since=10)
QUOTA_QUERY = query_schema(*multi_params(TEXT, "user_id"), strict_since=75)

QUERIES = {
    "keypairs.list": query_schema(*USER, *page_params(since=35), strict_since=75),
    "keypairs.show": query_schema(*USER, strict_since=75),
    "keypairs.delete": query_schema(*USER, strict_since=75),
    "server_groups.list": query_schema(
        *multi_params(TEXT, "all_projects"),
        *multi_params(NOT_NEGATIVE, "limit", "offset"),
        strict_since=75,
    ),
    "server_groups.show": query_schema(strict_since=102),
    "limits.show": query_schema(*multi_params(TEXT, "tenant_id"), strict_since=75),
    "quota_sets.show": QUOTA_QUERY,
    "quota_sets.detail": QUOTA_QUERY,
    "quota_sets.update": QUOTA_QUERY,
    "quota_sets.delete": QUOTA_QUERY,
    "quota_sets.defaults": query_schema(),
    "quota_class_sets.show": query_schema(strict_since=102),
}
