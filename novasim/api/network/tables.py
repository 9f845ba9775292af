"""The attributes of every network resource. Source: the network service's API reference (v2.0)."""

from __future__ import annotations

from typing import Any

from novasim.api.network.attributes import Attribute as A
from novasim.api.network.attributes import Table, outside
from novasim.api.schemas.types import BOOLEAN, IP_ADDRESS, UUID, array, choice, number, or_null, text
from novasim.api.schemas.versioned import Property, object_schema

NAME = or_null(text(0, 255))
WHOLE = number(0, "^[0-9]+$") | {"type": ["integer", "string", "null"]}
WORDS, ADDRESSES = or_null(array(text(0, 255))), or_null(array(IP_ADDRESS))
ADDRESS_OR_NULL = {"oneOf": [{"type": "null"}, IP_ADDRESS]}
ID_OR_NULL = or_null(UUID)
MAC = {"type": "string", "pattern": "^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$"}
ANY_OBJECT: dict[str, Any] = {"type": "object"}
OBJECTS = array(ANY_OBJECT)
POOLS = or_null(
    array(object_schema(Property("start", IP_ADDRESS, required=True), Property("end", IP_ADDRESS, required=True)))
)
HOP = object_schema(Property("destination", text(1, 64), required=True), Property("nexthop", IP_ADDRESS, required=True))
HOPS = or_null(array(HOP))
FIXED_IPS = or_null(array(object_schema(Property("subnet_id", UUID), Property("ip_address", text(1, 64)))))
PROJECT = (
    A("project_id", text(0, 255), put=False, special=True),
    A("tenant_id", text(0, 255), put=False, special=True),
)
NAMED = (A("name", NAME, "", "name"), A("description", NAME, "", "description"))
STATE = A("admin_state_up", BOOLEAN, True, "admin_state_up")
ZONES = A("availability_zone_hints", WORDS, [], put=False)

NETWORK: Table = (
    *NAMED,
    STATE,
    ZONES,
    *PROJECT,
    A("shared", BOOLEAN, False, "shared", admin=True),
    A("router:external", BOOLEAN, False, "external", admin=True),
    A("mtu", WHOLE | {"maximum": 65535}, 1450, "mtu"),
    A("port_security_enabled", BOOLEAN, True, "port_security_enabled"),
    A("dns_domain", NAME, ""),
    A("is_default", BOOLEAN, False, admin=True),
    A(
        "provider:network_type",
        choice("flat", "vlan", "vxlan", "gre", "geneve", "local"),
        "geneve",
        put=False,
        admin=True,
        private=True,
    ),
    A("provider:physical_network", NAME, None, put=False, admin=True, private=True),
    A("provider:segmentation_id", WHOLE, 1, put=False, admin=True, private=True),
    *outside("qos_policy_id", "ipv4_address_scope", "ipv6_address_scope"),
)

SUBNET: Table = (
    *NAMED,
    *PROJECT,
    A("network_id", UUID, put=False, special=True),
    A("cidr", or_null(text(1, 64)), put=False, special=True),
    A("ip_version", {"type": ["integer", "string"], "enum": [4, 6, "4", "6"]}, put=False, special=True),
    A("gateway_ip", ADDRESS_OR_NULL, special=True),
    A("allocation_pools", POOLS, special=True),
    A("enable_dhcp", BOOLEAN, True, "enable_dhcp"),
    A("dns_nameservers", ADDRESSES, [], "dns_nameservers"),
    A("host_routes", HOPS, [], "host_routes"),
    A("ipv6_address_mode", or_null(choice("slaac", "dhcpv6-stateful", "dhcpv6-stateless", None)), None, put=False),
    A("ipv6_ra_mode", or_null(choice("slaac", "dhcpv6-stateful", "dhcpv6-stateless", None)), None, put=False),
    A("service_types", WORDS, []),
    A("dns_publish_fixed_ip", BOOLEAN, False),
    *outside("subnetpool_id", "segment_id", "prefixlen", "use_default_subnetpool"),
)

PORT: Table = (
    *NAMED,
    STATE,
    *PROJECT,
    A("network_id", UUID, put=False, special=True),
    A("fixed_ips", FIXED_IPS, special=True),
    A("mac_address", or_null(MAC), special=True),
    A("security_groups", or_null(array(UUID)), special=True),
    A("device_id", NAME, "", "device_id"),
    A("device_owner", NAME, "", "device_owner"),
    A("port_security_enabled", BOOLEAN, True),
    A("allowed_address_pairs", or_null(OBJECTS), []),
    A("extra_dhcp_opts", or_null(OBJECTS), []),
    A(
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
    A("binding:host_id", NAME, "", "host", admin=True, private=True),
    A("binding:profile", or_null(ANY_OBJECT), {}, admin=True, private=True),
    A("dns_name", NAME, ""),
    A("dns_domain", NAME, ""),
    A("propagate_uplink_status", BOOLEAN, True),
    A("numa_affinity_policy", or_null(choice("required", "preferred", "legacy", "socket", None)), None, admin=True),
    *outside("qos_policy_id", "device_profile", "data_plane_status"),
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
    A("external_gateway_info", {"anyOf": [GATEWAY, {"type": "object", "maxProperties": 0}]}, special=True),
    A("routes", HOPS, []),
    A("distributed", BOOLEAN, False, admin=True),
    A("ha", BOOLEAN, False, admin=True),
    A("enable_ndp_proxy", BOOLEAN, False),
    *outside("flavor_id"),
)

FLOATING_IP: Table = (
    NAMED[1],
    *PROJECT,
    A("floating_network_id", UUID, put=False, special=True),
    A("floating_ip_address", ADDRESS_OR_NULL, put=False, special=True),
    A("fixed_ip_address", ADDRESS_OR_NULL, special=True),
    A("port_id", ID_OR_NULL, special=True),
    A("subnet_id", ID_OR_NULL, put=False, special=True),
    A("dns_name", NAME, "", put=False),
    A("dns_domain", NAME, "", put=False),
    *outside("qos_policy_id"),
)

SECURITY_GROUP: Table = (
    *NAMED,
    *PROJECT,
    A("stateful", BOOLEAN, True),
)

PORT_NUMBER: dict[str, Any] = {"type": ["integer", "string", "null"]}
RULE: Table = (
    NAMED[1],
    *PROJECT,
    A("security_group_id", UUID, put=False, special=True),
    A("direction", choice("ingress", "egress"), put=False, special=True),
    A("ethertype", {"enum": ["IPv4", "IPv6", None]}, put=False, special=True),
    A("protocol", {"type": ["string", "integer", "null"]}, put=False, special=True),
    A("port_range_min", PORT_NUMBER, put=False, special=True),
    A("port_range_max", PORT_NUMBER, put=False, special=True),
    A("remote_ip_prefix", or_null(text(0, 64)), put=False, special=True),
    A("remote_group_id", ID_OR_NULL, put=False, special=True),
    *outside("remote_address_group_id"),
)

NEEDED = {
    "subnet": ("network_id",),
    "port": ("network_id",),
    "floatingip": ("floating_network_id",),
    "security_group_rule": ("security_group_id", "direction"),
}

TABLES: dict[str, tuple[str, Table]] = {  # name in bodies -> plural, attributes
    "network": ("networks", NETWORK),
    "subnet": ("subnets", SUBNET),
    "port": ("ports", PORT),
    "router": ("routers", ROUTER),
    "floatingip": ("floatingips", FLOATING_IP),
    "security_group": ("security_groups", SECURITY_GROUP),
    "security_group_rule": ("security_group_rules", RULE),
}
