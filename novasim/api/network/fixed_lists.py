"""Resources of the network service that cannot be created here: their lists do not change, and no ID is known."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, NamedTuple

from novasim.api.context import Context
from novasim.api.network.floating_ips import floating_ips
from novasim.api.network.networks import networks
from novasim.api.network.routers import routers
from novasim.api.policy.roles import require_admin
from novasim.errors import NotFound


class FixedList(NamedTuple):
    """
    A resource without records.

    Args:
        key: The key of its list. missing: The type and text of the refusal of an ID.
        items: What its list contains.
    """

    key: str
    missing: str
    items: tuple[dict[str, Any], ...] = ()


ROUTER_PROVIDERS = tuple(
    {"service_type": "L3_ROUTER_NAT", "name": name, "default": False} for name in ("dvrha", "dvr", "ha", "single_node")
)
"""Neutron's own providers of routers: neutron/services/l3_router/service_providers/driver_controller.py."""

RESOURCES = {  # path
    "trunks": FixedList("trunks", "TrunkNotFound: Trunk {} could not be found."),
    "address-groups": FixedList("address_groups", "AddressGroupNotFound: Address group {} could not be found."),
    "rbac-policies": FixedList("rbac_policies", "RbacPolicyNotFound: RBAC policy of type None with ID {} not found"),
    "qos/policies": FixedList("policies", "QosPolicyNotFound: QoS policy {} could not be found."),
    "qos/rule-types": FixedList("rule_types", "QosRuleTypeNotFound: QoS rule type {} could not be found."),
    "segments": FixedList("segments", "SegmentNotFound: Segment {} could not be found."),
    "metering/metering-labels": FixedList("metering_labels", "MeteringLabelNotFound: Metering label {} does not exist"),
    "metering/metering-label-rules": FixedList(
        "metering_label_rules", "MeteringLabelRuleNotFound: Metering label rule {} does not exist"
    ),
    "flavors": FixedList("flavors", "FlavorNotFound: Flavor {} could not be found."),
    "service_profiles": FixedList("service_profiles", "ServiceProfileNotFound: Service Profile {} could not be found."),
    "service-providers": FixedList(
        "service_providers", "HTTPNotFound: The resource could not be found.", ROUTER_PROVIDERS
    ),
    "network_segment_ranges": FixedList(
        "network_segment_ranges", "NetworkSegmentRangeNotFound: Network Segment Range {} could not be found."
    ),
    "local_ips": FixedList("local_ips", "LocalIPNotFound: Local IP {} could not be found."),
    "ndp_proxies": FixedList("ndp_proxies", "NDPProxyNotFound: NDP proxy {} could not be found."),
    "log/logs": FixedList("logs", "LogResourceNotFound: Log resource {} could not be found."),
    "agents": FixedList("agents", "AgentNotFound: Agent {} could not be found."),
}


class Handlers:
    """The handlers of such a resource."""

    def __init__(self, path: str, resource: FixedList) -> None:
        self.path, self.resource = path, resource

    def index(self, ctx: Context) -> dict[str, Any]:
        """GET /v2.0/{resources}: the fixed list, even if only administrators may see the resources."""
        return {self.resource.key: [dict(item) for item in self.resource.items]}

    def refuse_id(self, ctx: Context, id: str) -> None:
        """GET, PUT, DELETE /v2.0/{resources}/{id}: 404."""
        kind, _, text = self.resource.missing.partition(": ")
        raise NotFound(reason=text.format(id), type=kind)


HANDLERS = SimpleNamespace(
    **{path.replace("/", "_").replace("-", "_"): Handlers(path, resource) for path, resource in RESOURCES.items()}
)


def port_forwardings(ctx: Context, id: str) -> dict[str, Any]:
    """GET /v2.0/floatingips/{id}/port_forwardings: an empty list. 404."""
    floating_ips.get_or_404(ctx, id)
    return {"port_forwardings": []}


def conntrack_helpers(ctx: Context, id: str) -> dict[str, Any]:
    """GET /v2.0/routers/{id}/conntrack_helpers: an empty list. 404."""
    routers.get_or_404(ctx, id)
    return {"conntrack_helpers": []}


def loggable_resources(ctx: Context) -> dict[str, Any]:
    """GET /v2.0/log/loggable-resources: an empty list."""
    return {"loggable_resources": []}


def dhcp_agents(ctx: Context, id: str) -> dict[str, Any]:
    """GET /v2.0/networks/{id}/dhcp-agents: an empty list. 403, 404."""
    require_admin(ctx, "(rule:get_dhcp-agents) is disallowed by policy")
    networks.get_or_404(ctx, id)
    return {"agents": []}


def l3_agents(ctx: Context, id: str) -> dict[str, Any]:
    """GET /v2.0/routers/{id}/l3-agents: an empty list. 403, 404."""
    require_admin(ctx, "(rule:get_l3-agents) is disallowed by policy")
    routers.get_or_404(ctx, id)
    return {"agents": []}
