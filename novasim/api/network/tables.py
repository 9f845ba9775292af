"""The attributes of every network resource. Source: the network service's API reference (v2.0)."""

from __future__ import annotations

from typing import Any

from novasim.api.network.attributes import Attribute, Table, not_simulated
from novasim.api.schemas.types import BOOLEAN, IP_ADDRESS, UUID, array, choice, number, or_null, text
from novasim.api.schemas.versioned import Property, object_schema

NAME = or_null(text(0, 255))
WHOLE_NUMBER = number(0, "^[0-9]+$") | {"type": ["integer", "string", "null"]}
PREFIX_LENGTH = number(0, "^[0-9]+$")
IP_VERSION = {"type": ["integer", "string"], "enum": [4, 6, "4", "6"]}
TEXT_LIST, ADDRESS_LIST = or_null(array(text(0, 255))), or_null(array(IP_ADDRESS))
ADDRESS_OR_NULL = {"oneOf": [{"type": "null"}, IP_ADDRESS]}
ID_OR_NULL = or_null(UUID)
MAC = {"type": "string", "pattern": "^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$"}
ANY_OBJECT: dict[str, Any] = {"type": "object"}
OBJECT_LIST = array(ANY_OBJECT)
POOLS = or_null(
    array(object_schema(Property("start", IP_ADDRESS, required=True), Property("end", IP_ADDRESS, required=True)))
)
ROUTE = object_schema(
    Property("destination", text(1, 64), required=True), Property("nexthop", IP_ADDRESS, required=True)
)
ROUTE_LIST = or_null(array(ROUTE))
FIXED_IPS = or_null(array(object_schema(Property("subnet_id", UUID), Property("ip_address", text(1, 64)))))
PROJECT = (
    Attribute("project_id", text(0, 255), put=False, custom=True),
    Attribute("tenant_id", text(0, 255), put=False, custom=True),
)
NAMED = (Attribute("name", NAME, "", "name"), Attribute("description", NAME, "", "description"))
STATE = Attribute("admin_state_up", BOOLEAN, True, "admin_state_up")
ZONES = Attribute("availability_zone_hints", TEXT_LIST, [], put=False)

NETWORK: Table = (
    *NAMED,
    STATE,
    ZONES,
    *PROJECT,
    Attribute("shared", BOOLEAN, False, "shared", set_by_admin=True),
    Attribute("router:external", BOOLEAN, False, "external", set_by_admin=True),
    Attribute("mtu", WHOLE_NUMBER | {"maximum": 65535}, 1450, "mtu"),
    Attribute("port_security_enabled", BOOLEAN, True, "port_security_enabled"),
    Attribute("dns_domain", NAME, ""),
    Attribute("is_default", BOOLEAN, False, set_by_admin=True),
    Attribute(
        "provider:network_type",
        choice("flat", "vlan", "vxlan", "gre", "geneve", "local"),
        "geneve",
        put=False,
        set_by_admin=True,
        shown_to_admin=True,
    ),
    Attribute("provider:physical_network", NAME, None, put=False, set_by_admin=True, shown_to_admin=True),
    Attribute("provider:segmentation_id", WHOLE_NUMBER, 1, put=False, set_by_admin=True, shown_to_admin=True),
    *not_simulated("qos_policy_id"),
)

SUBNET: Table = (
    *NAMED,
    *PROJECT,
    Attribute("network_id", UUID, put=False, custom=True),
    Attribute("cidr", or_null(text(1, 64)), put=False, custom=True),
    Attribute("ip_version", IP_VERSION, put=False, custom=True),
    Attribute("gateway_ip", ADDRESS_OR_NULL, custom=True),
    Attribute("allocation_pools", POOLS, custom=True),
    Attribute("enable_dhcp", BOOLEAN, True, "enable_dhcp"),
    Attribute("dns_nameservers", ADDRESS_LIST, [], "dns_nameservers"),
    Attribute("host_routes", ROUTE_LIST, [], "host_routes"),
    Attribute(
        "ipv6_address_mode", or_null(choice("slaac", "dhcpv6-stateful", "dhcpv6-stateless", None)), None, put=False
    ),
    Attribute("ipv6_ra_mode", or_null(choice("slaac", "dhcpv6-stateful", "dhcpv6-stateless", None)), None, put=False),
    Attribute("service_types", TEXT_LIST, []),
    Attribute("dns_publish_fixed_ip", BOOLEAN, False),
    Attribute("subnetpool_id", ID_OR_NULL, put=False, custom=True),
    Attribute("prefixlen", PREFIX_LENGTH, put=False, custom=True),
    Attribute("use_default_subnetpool", BOOLEAN, put=False, custom=True),
    *not_simulated("segment_id"),
)

SUBNET_POOL: Table = (
    Attribute("name", text(1, 255), "", "name"),
    NAMED[1],
    *PROJECT,
    Attribute("prefixes", array(text(1, 64)), custom=True),
    Attribute("min_prefixlen", PREFIX_LENGTH, custom=True),
    Attribute("max_prefixlen", PREFIX_LENGTH, custom=True),
    Attribute("default_prefixlen", PREFIX_LENGTH, custom=True),
    Attribute("default_quota", PREFIX_LENGTH, custom=True),
    Attribute("address_scope_id", ID_OR_NULL, custom=True),
    Attribute("shared", BOOLEAN, False, "shared", put=False, set_by_admin=True),
    Attribute("is_default", BOOLEAN, False, "is_default", set_by_admin=True),
)

ADDRESS_SCOPE: Table = (
    NAMED[0],
    *PROJECT,
    Attribute("ip_version", IP_VERSION, put=False, custom=True),
    Attribute("shared", BOOLEAN, False, "shared", set_by_admin=True),
)

PORT: Table = (
    *NAMED,
    STATE,
    *PROJECT,
    Attribute("network_id", UUID, put=False, custom=True),
    Attribute("fixed_ips", FIXED_IPS, custom=True),
    Attribute("mac_address", or_null(MAC), custom=True),
    Attribute("security_groups", or_null(array(UUID)), custom=True),
    Attribute("device_id", NAME, "", "device_id"),
    Attribute("device_owner", NAME, "", "device_owner"),
    Attribute("port_security_enabled", BOOLEAN, True),
    Attribute("allowed_address_pairs", or_null(OBJECT_LIST), []),
    Attribute("extra_dhcp_opts", or_null(OBJECT_LIST), []),
    Attribute(
        "binding:vnic_type",
        choice(
            "normal",
            "macvtap",
            "direct",
            "baremetal",
            "direct-physical",
            "virtio-forwarder",
            "smart-nic",
            "vdpa",
            "accelerator-direct",
            "remote-managed",
        ),
        "normal",
    ),
    Attribute("binding:host_id", NAME, "", "host", set_by_admin=True, shown_to_admin=True),
    Attribute("binding:profile", or_null(ANY_OBJECT), {}, set_by_admin=True, shown_to_admin=True),
    Attribute("dns_name", NAME, ""),
    Attribute("dns_domain", NAME, ""),
    Attribute("propagate_uplink_status", BOOLEAN, True),
    Attribute(
        "numa_affinity_policy",
        or_null(choice("required", "preferred", "legacy", "socket", None)),
        None,
        set_by_admin=True,
    ),
    *not_simulated("qos_policy_id", "device_profile", "data_plane_status"),
)

GATEWAY = object_schema(
    Property("network_id", UUID, required=True),
    Property("enable_snat", BOOLEAN),
    Property("external_fixed_ips", FIXED_IPS),
    Property("qos_policy_id", {"type": "null"}),
    nullable=True,
)
ROUTER: Table = (
    *NAMED,
    STATE,
    ZONES,
    *PROJECT,
    Attribute("external_gateway_info", {"anyOf": [GATEWAY, {"type": "object", "maxProperties": 0}]}, custom=True),
    Attribute("routes", ROUTE_LIST, []),
    Attribute("distributed", BOOLEAN, False, set_by_admin=True, shown_to_admin=True),
    Attribute("ha", BOOLEAN, False, set_by_admin=True, shown_to_admin=True),
    Attribute("enable_ndp_proxy", BOOLEAN, False),
    *not_simulated("flavor_id"),
)

FLOATING_IP: Table = (
    NAMED[1],
    *PROJECT,
    Attribute("floating_network_id", UUID, put=False, custom=True),
    Attribute("floating_ip_address", ADDRESS_OR_NULL, put=False, custom=True),
    Attribute("fixed_ip_address", ADDRESS_OR_NULL, custom=True),
    Attribute("port_id", ID_OR_NULL, custom=True),
    Attribute("subnet_id", ID_OR_NULL, put=False, custom=True),
    Attribute("dns_name", NAME, "", put=False),
    Attribute("dns_domain", NAME, "", put=False),
    *not_simulated("qos_policy_id"),
)

SECURITY_GROUP: Table = (
    *NAMED,
    *PROJECT,
    Attribute("stateful", BOOLEAN, True),
)

PORT_NUMBER: dict[str, Any] = {"type": ["integer", "string", "null"]}
RULE: Table = (
    NAMED[1],
    *PROJECT,
    Attribute("security_group_id", text(0, 36), put=False, custom=True),
    Attribute("direction", choice("ingress", "egress"), put=False, custom=True),
    Attribute("ethertype", {}, put=False, custom=True),
    Attribute("protocol", {"type": ["string", "integer", "null"]}, put=False, custom=True),
    Attribute("port_range_min", PORT_NUMBER, put=False, custom=True),
    Attribute("port_range_max", PORT_NUMBER, put=False, custom=True),
    Attribute("remote_ip_prefix", or_null(text(0, 64)), put=False, custom=True),
    Attribute("remote_group_id", or_null(text(0, 255)), put=False, custom=True),
    *not_simulated("remote_address_group_id"),
)

REQUIRED = {
    "subnet": ("network_id", "ip_version"),
    "port": ("network_id",),
    "floatingip": ("floating_network_id",),
    "security_group_rule": ("security_group_id", "direction"),
    "subnetpool": ("name", "prefixes"),
    "address_scope": ("ip_version",),
}

TABLES: dict[str, tuple[str, Table]] = {  # name in bodies -> plural, attributes
    "network": ("networks", NETWORK),
    "subnet": ("subnets", SUBNET),
    "port": ("ports", PORT),
    "router": ("routers", ROUTER),
    "floatingip": ("floatingips", FLOATING_IP),
    "security_group": ("security_groups", SECURITY_GROUP),
    "security_group_rule": ("security_group_rules", RULE),
    "subnetpool": ("subnetpools", SUBNET_POOL),
    "address_scope": ("address_scopes", ADDRESS_SCOPE),
}
