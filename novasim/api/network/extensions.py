"""/v2.0/extensions and /v2.0/availability_zones."""

from __future__ import annotations

from typing import Any

from novasim.api.collections import apply_query
from novasim.api.context import Context
from novasim.errors import NotFound

ALIASES = {
    "address-scope": "Address scope",
    "agent": "agent",
    "allowed-address-pairs": "Allowed Address Pairs",
    "availability_zone": "Availability Zone",
    "binding": "Port Binding",
    "default-subnetpools": "Default Subnetpools",
    "dvr": "Distributed Virtual Router",
    "ext-gw-mode": "Neutron L3 Configurable external gateway mode",
    "external-net": "Neutron external network",
    "extra_dhcp_opt": "Neutron Extra DHCP options",
    "extraroute": "Neutron Extra Route",
    "extraroute-atomic": "Atomically add/remove extra routes",
    "filter-validation": "Filter parameters validation",
    "fip-port-details": "Floating IP Port Details Extension",
    "floatingip-pools": "Floating IP Pools Extension",
    "l3-ha": "HA Router extension",
    "net-mtu": "Network MTU",
    "net-mtu-writable": "Network MTU (writable)",
    "network_availability_zone": "Network Availability Zone",
    "network-ip-availability": "Network IP Availability",
    "pagination": "Pagination support",
    "port-security": "Port Security",
    "project-id": "project_id field enabled",
    "provider": "Provider Network",
    "quota_details": "Quota details management support",
    "quotas": "Quota management support",
    "revision-if-match": "If-Match constraints based on revision_number",
    "router": "Neutron L3 Router",
    "router_availability_zone": "Router Availability Zone",
    "security-group": "security-group",
    "sorting": "Sorting support",
    "standard-attr-description": "standard-attr-description",
    "standard-attr-revisions": "Resource revision numbers",
    "standard-attr-tag": "Tag support for resources with standard attribute: network, port, router, ...",
    "standard-attr-timestamp": "Resource timestamps",
    "stateful-security-group": "Stateful security group",
    "subnet-service-types": "Subnet service types",
    "subnet_allocation": "Subnet Allocation",
}


def index(ctx: Context) -> dict[str, Any]:
    """GET /v2.0/extensions: all extensions."""
    return {"extensions": [_view(alias) for alias in ALIASES]}


def show(ctx: Context, alias: str) -> dict[str, Any]:
    """GET /v2.0/extensions/{alias}: one extension. 404."""
    if alias not in ALIASES:
        raise NotFound(reason=f"Extension with alias {alias} could not be found.", type="ExtensionNotFound")
    return {"extension": _view(alias)}


def _view(alias: str) -> dict[str, Any]:
    return {
        "alias": alias,
        "name": ALIASES[alias],
        "description": ALIASES[alias],
        "links": [],
        "updated": "2015-01-01T10:00:00-00:00",
    }


def list_zones(ctx: Context) -> dict[str, Any]:
    """GET /v2.0/availability_zones: the only zone, for networks and for routers."""
    zones = [{"name": "nova", "resource": kind, "state": "available"} for kind in ("network", "router")]
    return {"availability_zones": apply_query(ctx, zones)}
