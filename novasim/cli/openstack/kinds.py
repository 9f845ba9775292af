"""The kinds of resources that commands name: where the API has them and at which microversion the real client asks."""

from __future__ import annotations

from typing import NamedTuple

VOLUMES = "/v3/{project}"


class Kind(NamedTuple):
    """
    One kind of resource.

    Args:
        service, path: Where the list is; {project} stands for the caller's project.
        one, many: The keys of bodies around one resource ("" if it has none) and around the list.
        word: The name of the class in openstacksdk, which its messages name.
        minor: The microversion at which openstacksdk asks for it, 2.*minor* for compute.
        detail: What to add to *path* for a list with all attributes.
        query: Name and value of the filter of a look-up by name; the value is a template. () lists all.
        name: The attribute by which users know it.
        item: The key around each item of the list, if there is one.
    """

    service: str
    path: str
    one: str
    many: str
    word: str
    minor: int = 1
    detail: str = ""
    query: tuple[str, str] | tuple[()] = ("name", "{}")
    name: str = "name"
    item: str = ""


KINDS = {
    "server": Kind("compute", "/servers", "server", "servers", "Server", 100, "/detail"),
    "flavor": Kind("compute", "/flavors", "flavor", "flavors", "Flavor", 61, "/detail", ("is_public", "None")),
    "keypair": Kind("compute", "/os-keypairs", "keypair", "keypairs", "Keypair", 10, query=(), item="keypair"),
    "server group": Kind("compute", "/os-server-groups", "server_group", "server_groups", "ServerGroup", 64, query=()),
    "aggregate": Kind("compute", "/os-aggregates", "aggregate", "aggregates", "Aggregate", 81, query=()),
    "hypervisor": Kind(
        "compute",
        "/os-hypervisors",
        "hypervisor",
        "hypervisors",
        "Hypervisor",
        88,
        "/detail",
        (),
        "hypervisor_hostname",
    ),
    "compute service": Kind("compute", "/os-services", "service", "services", "Service", 69, query=()),
    "migration": Kind("compute", "/os-migrations", "migration", "migrations", "Migration", 80, query=()),
    "extension": Kind("network", "/v2.0/extensions", "extension", "extensions", "Extension", query=()),
    "image": Kind("image", "/v2/images", "", "images", "Image"),
    "network": Kind("network", "/v2.0/networks", "network", "networks", "Network"),
    "subnet": Kind("network", "/v2.0/subnets", "subnet", "subnets", "Subnet"),
    "port": Kind("network", "/v2.0/ports", "port", "ports", "Port"),
    "router": Kind("network", "/v2.0/routers", "router", "routers", "Router"),
    "floating ip": Kind(
        "network",
        "/v2.0/floatingips",
        "floatingip",
        "floatingips",
        "FloatingIP",
        query=("floating_ip_address", "{}"),
        name="floating_ip_address",
    ),
    "security group": Kind("network", "/v2.0/security-groups", "security_group", "security_groups", "SecurityGroup"),
    "security group rule": Kind(
        "network",
        "/v2.0/security-group-rules",
        "security_group_rule",
        "security_group_rules",
        "SecurityGroupRule",
        query=(),
        name="id",
    ),
    "volume": Kind("volume", VOLUMES + "/volumes", "volume", "volumes", "Volume", 71, "/detail"),
    "volume snapshot": Kind("volume", VOLUMES + "/snapshots", "snapshot", "snapshots", "Snapshot", 65, "/detail"),
    "volume type": Kind(
        "volume", VOLUMES + "/types", "volume_type", "volume_types", "Type", 71, query=("is_public", "none")
    ),
    "volume backup": Kind("volume", VOLUMES + "/backups", "backup", "backups", "Backup", 64, "/detail"),
    "volume transfer": Kind("volume", VOLUMES + "/volume-transfers", "transfer", "transfers", "Transfer", 55, query=()),
    "volume qos": Kind("volume", VOLUMES + "/qos-specs", "qos_specs", "qos_specs", "QoSSpec", 0, query=()),
    "volume group": Kind("volume", VOLUMES + "/groups", "group", "groups", "Group", 38, "/detail", ()),
    "volume group snapshot": Kind(
        "volume", VOLUMES + "/group_snapshots", "group_snapshot", "group_snapshots", "GroupSnapshot", 29, "/detail", ()
    ),
    "volume group type": Kind(
        "volume", VOLUMES + "/group_types", "group_type", "group_types", "GroupType", 11, query=("is_public", "none")
    ),
    "project": Kind("identity", "/v3/projects", "project", "projects", "Project"),
    "user": Kind("identity", "/v3/users", "user", "users", "User"),
    "role": Kind("identity", "/v3/roles", "role", "roles", "Role"),
    "domain": Kind("identity", "/v3/domains", "domain", "domains", "Domain"),
    "group": Kind("identity", "/v3/groups", "group", "groups", "Group"),
    "trust": Kind("identity", "/v3/OS-TRUST/trusts", "trust", "trusts", "Trust", query=()),
    "credential": Kind("identity", "/v3/credentials", "credential", "credentials", "Credential", query=()),
    "service": Kind("identity", "/v3/services", "service", "services", "Service"),
    "endpoint": Kind("identity", "/v3/endpoints", "endpoint", "endpoints", "Endpoint", query=()),
    "region": Kind("identity", "/v3/regions", "region", "regions", "Region", query=()),
}
