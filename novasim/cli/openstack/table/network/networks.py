"""The commands `network`."""

from __future__ import annotations

from novasim.cli.openstack.call import Call
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import delete, flag, opt, show, show_items, switch
from novasim.cli.openstack.rows import LIST, OBJECT, Row
from novasim.cli.openstack.table.network.common import (
    ADMIN_STATE,
    OWNER,
    PAGE,
    PROJECT,
    TAG,
    TAG_FILTERS,
    TAGS,
    UNTAG,
    change_item,
    create_item,
    list_items,
    unset_tags,
)

COLUMNS = "ID, Name, Subnets||list"
LONG = """
    ID, Name, Status, Project|project_id, State|admin_state_up|admin, Shared, Subnets||list,
    Network Type|provider:network_type, Router Type|router:external|external, Availability Zones||list, Tags||list
"""
FIELDS = """
    admin_state_up||admin availability_zone_hints||list availability_zones||list created_at description dns_domain id
    ipv4_address_scope ipv6_address_scope is_default is_vlan_qinq|vlan_qinq is_vlan_transparent|vlan_transparent
    l2_adjacency mtu name port_security_enabled project_id provider:network_type provider:physical_network
    provider:segmentation_id pvlan qos_policy_id revision_number router:external|router:external|external segments
    shared status subnets||list tags||list updated_at
"""
TRUNKS = "ID, Name, Parent Port|port_id, Description"
OPTIONS = (
    "[--share | --no-share] [--enable | --disable] [--description <description>] [--mtu <mtu>]"
    " [--enable-port-security | --disable-port-security] [--external | --internal] [--default | --no-default]"
    " [--provider-network-type <type>] [--provider-physical-network <network>] [--provider-segment <segment>]"
    " [--dns-domain <domain>]"
)
ATTRIBUTES = {
    "name": opt("name"),
    "admin_state_up": ADMIN_STATE,
    "shared": switch("share", "no_share"),
    "description": opt("description"),
    "mtu": opt("mtu"),
    "port_security_enabled": switch("enable_port_security", "disable_port_security"),
    "router:external": switch("external", "internal"),
    "is_default": switch("default", "no_default"),
    "provider:network_type": opt("provider_network_type"),
    "provider:physical_network": opt("provider_physical_network"),
    "provider:segmentation_id": opt("provider_segment"),
    "dns_domain": opt("dns_domain"),
}
QUERY = {
    "router:external": switch("external", "internal"),
    "admin_state_up": ADMIN_STATE,
    "shared": switch("share", "no_share"),
    "name": opt("name"),
    "status": opt("status"),
    "project_id": OWNER,
    "provider:network_type": opt("provider_network_type"),
    "provider:physical_network": opt("provider_physical_network"),
    "provider:segmentation_id": opt("provider_segment"),
}


def unset_network(call: Call) -> None:
    """Remove tags of a network."""
    unset_tags(call, "network", call.find("network", call.args.network))


def list_trunks(call: Call) -> Output:
    """List trunks, of which a simulated network has none."""
    return show_items(call.send("GET", "/v2.0/trunks", service="network").body["trunks"], TRUNKS)


ROWS = (
    Row(
        "network list",
        f"[--external | --internal] [--long] [--name <name>] [--enable | --disable] {PROJECT} [--share | --no-share]"
        " [--status {ACTIVE,BUILD,DOWN,ERROR}] [--provider-network-type <type>]"
        f" [--provider-physical-network <network>] [--provider-segment <segment>] {TAG_FILTERS} {PAGE}",
        "List networks.",
        list_items("network", COLUMNS, LONG, QUERY),
        LIST,
    ),
    Row("network show", "<network>", "Show a network.", show("network", FIELDS), OBJECT),
    Row(
        "network create",
        f"<name> {OPTIONS} {PROJECT} [--availability-zone-hint <zone>]... {TAG}",
        "Create a network.",
        create_item(
            "network",
            {
                **ATTRIBUTES,
                "admin_state_up": flag("disable", False, True),
                "project_id": OWNER,
                "availability_zone_hints": opt("availability_zone_hint"),
            },
            FIELDS,
        ),
        OBJECT,
    ),
    Row(
        "network set",
        f"<network> [--name <name>] {OPTIONS} {TAGS}",
        "Change a network.",
        change_item("network", ATTRIBUTES),
    ),
    Row("network unset", f"<network> {UNTAG}", "Remove tags of a network.", unset_network),
    Row("network trunk list", "[--long]", "List trunks.", list_trunks, LIST),
    Row("network delete", "<network>...", "Delete networks.", delete("network", "network")),
)
