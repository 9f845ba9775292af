"""The commands that list resources of Neutron which other commands of the real client would create."""

from __future__ import annotations

from novasim.cli.openstack.operations import list_path
from novasim.cli.openstack.rows import LIST, Row

LISTS = (
    ("network agent list", "agents", "agents", "ID, Agent Type, Host, Availability Zone, Alive, State, Binary"),
    ("network rbac list", "RBAC policies", "rbac-policies", "ID, Object Type, Object ID"),
    ("network qos policy list", "QoS policies", "qos/policies", "ID, Name, Shared, Default, Project"),
    ("network segment list", "network segments", "segments", "ID, Name, Network, Network Type, Segment"),
    ("network flavor list", "network flavors", "flavors", "ID, Name, Enabled, Service Type, Description"),
    (
        "network flavor profile list",
        "profiles of network flavors",
        "service_profiles",
        "ID, Driver, Enabled, Metainfo, Description",
    ),
    ("network meter list", "meters of traffic", "metering/metering-labels", "ID, Name, Description, Shared"),
    (
        "network meter rule list",
        "rules of meters",
        "metering/metering-label-rules",
        "ID, Excluded, Direction, Remote IP Prefix, Source IP Prefix, Destination IP Prefix",
    ),
    ("network service provider list", "providers of services", "service-providers", "Service Type, Name, Default"),
    ("subnet pool list", "subnet pools", "subnetpools", "ID, Name, Prefixes||list"),
    ("address group list", "address groups", "address-groups", "ID, Name, Description, Project, Addresses"),
    ("address scope list", "address scopes", "address-scopes", "ID, Name, IP Version, Shared, Project|project_id"),
    (
        "local ip list",
        "local IPs",
        "local_ips",
        "ID, Name, Description, Project, Local Port ID, Network, Local IP address, IP mode",
    ),
    ("router ndp proxy list", "NDP proxies", "ndp_proxies", "ID, Name, Router ID, IP Address, Project"),
)
"""Command, what it lists, path below /v2.0 and columns."""

ROWS = tuple(
    Row(
        words,
        "",
        f"List {noun}.",
        list_path("network", f"/v2.0/{path}", path.rpartition("/")[2].replace("-", "_"), columns),
        LIST,
    )
    for words, noun, path, columns in LISTS
)
